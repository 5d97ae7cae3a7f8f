//! Settings: by flag, then environment, then file, then default.
//!
//! `table` has all of them, `given` reads flags and environment, `origins` decides which place counts, `checks` what a setting
//! must be, `problems` what is said otherwise, `told` shows them.

mod checks;
mod given;
mod origins;
mod problems;
mod table;
pub mod told;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use domain::{accounts::sessions, history::webhooks::Receivers};
use ed25519_dalek::VerifyingKey;
use jiff::SignedDuration;

use crate::{
    auth::client_address::TrustedProxies,
    jobs::{certificate::Pair, checkpoints::Target},
    ops::instance::signed,
    server::{
        config::{origins::Picking, table::File},
        hosts,
    },
    store::{Way, encryption::KeySource},
};

pub use self::{
    given::{DemoPassword, Given, GivenServer},
    origins::{Origin, Origins},
    problems::{Problems, SettingsError},
    table::{SETTINGS, Setting},
};

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address to tell metrics at.
    pub metrics: Option<SocketAddr>,
    /// Database address, with its password: not for showing.
    pub database: String,
    /// Where the key comes from that secrets in it are encrypted with.
    pub key: KeySource,
    /// Most database connections.
    pub connections: u32,
    /// How statements reach the database.
    pub way: Way,
    /// Public key of the vendor who issues licences for this instance.
    pub maker_key: Option<VerifyingKey>,
    /// Folder of the built site.
    pub site: PathBuf,
    /// What to show, where TLS ends in the portal.
    pub tls: Option<Pair>,
    /// TLS ends in the portal, or in front of it.
    pub https: bool,
    /// Whose `X-Forwarded-For` counts.
    pub proxies: TrustedProxies,
    /// After how long of doing nothing a login ends (S20).
    pub idle: SignedDuration,
    /// How long a lease lasts without being renewed (N9).
    pub lease: SignedDuration,
    /// Address at which people and machines reach the portal.
    pub url: String,
    /// The only name under which it answers, besides addresses, where `url` is set.
    pub host: Option<String>,
    /// Where to report a vulnerability.
    pub security_contact: Option<String>,
    /// How mails leave.
    pub mail: Mail,
    /// Where requests to the vendor are mailed to.
    pub maker_mail: Option<String>,
    /// Which receivers webhooks may have.
    pub receivers: Receivers,
    /// Where checkpoints of the history are pushed to.
    pub checkpoints: Vec<Target>,
    /// Load the demo data first.
    pub demo: bool,
    /// What the people of the demo log in with.
    pub demo_password: DemoSecret,
    /// What is logged.
    pub log: String,
    /// Files that hold nothing but a secret, by the settings that name them.
    pub secret_files: BTreeMap<&'static str, PathBuf>,
    /// Where each is set.
    pub from: BTreeMap<&'static str, Origin>,
}

/// How mails leave the portal.
#[derive(Clone)]
pub struct Mail {
    /// The mail server, with its password: not for showing.
    pub smtp: Option<String>,
    /// The sender.
    pub from: String,
    /// Where mails lie while there is no mail server.
    pub folder: PathBuf,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("smtp", &self.smtp.is_some())
            .field("from", &self.from)
            .field("folder", &self.folder)
            .finish()
    }
}

/// A password, which does not show.
#[derive(Clone, Default)]
pub struct DemoSecret(pub Option<String>);

impl std::fmt::Debug for DemoSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("DemoSecret").field(&self.0.is_some()).finish()
    }
}

/// Variables of the project's own scripts and tests, which the portal itself does not read.
const SCRIPTS: [&str; 3] = ["PORTAL_BIN", "PORTAL_E2E_ENGINE", "PORTAL_TEST_POSTGRES"];

/// The variables that the portal reads.
fn variables() -> Vec<String> {
    let settings = SETTINGS.iter().map(Setting::variable);
    let others = ["PORTAL_CONFIG", "PORTAL_KEY"].map(str::to_owned);
    others.into_iter().chain(settings).collect()
}

/// The variables with the portal's prefix that it does not know.
fn foreign() -> impl Iterator<Item = SettingsError> {
    let known = variables();
    let told = known.join(", ");
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(move |name| {
            name.starts_with("PORTAL_") && !known.contains(name) && !SCRIPTS.contains(&name.as_str())
        })
        .map(move |name| SettingsError::UnknownVariable(name, told.clone()))
}

fn lines(text: &str) -> Vec<String> {
    let parts = text.split([',', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Puts flags, environment and file together. `origins` says what of `given` and `server` came from where; for who `serves`, the
/// certificate is looked at, too.
///
/// # Errors
/// [`Problems`]: all of them.
pub fn settings(
    given: &Given,
    server: &GivenServer,
    origins: &Origins,
    serves: bool,
) -> Result<Settings, Problems> {
    let mut problems: Vec<SettingsError> = foreign().collect();
    let file = match &given.config {
        Some(path) => table::read(path, &mut problems),
        None => File::default(),
    };
    let mut picking = Picking {
        origins,
        from: BTreeMap::new(),
        secret_files: BTreeMap::new(),
        problems,
    };
    let settings = assembled(&mut picking, given, server, file, serves);
    match settings {
        Some(settings) if picking.problems.is_empty() => Ok(settings),
        _ => Err(Problems(picking.problems)),
    }
}

/// Looks at each setting, so that all problems are found; `None` only where there are some.
fn assembled(
    picking: &mut Picking<'_>,
    given: &Given,
    server: &GivenServer,
    file: File,
    serves: bool,
) -> Option<Settings> {
    let listen = picking.pick("listen", server.listen.as_ref(), file.listen);
    let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
    let metrics = picking.pick("metrics", server.metrics.as_ref(), file.metrics);
    if metrics == Some(listen) && listen.port() != 0 {
        picking.problems.push(SettingsError::SameAddress(listen));
    }
    let database = picking.secret(
        ("database", "database_file"),
        (given.database.as_ref(), given.database_file.as_ref()),
        (file.database, file.database_file),
        str::to_owned,
    );
    let database = database.unwrap_or_else(|| "sqlite:data/portal.db".to_owned());
    let variable = std::env::var("PORTAL_KEY").ok();
    let key_file = picking.pick("key_file", given.key_file.as_ref(), file.key_file);
    let key = picking.checked(checks::key_source(variable.as_deref(), key_file, &database));
    let connections = picking.pick("connections", given.connections.as_ref(), file.connections);
    let behind_pooler = picking.pick("behind_pooler", given.behind_pooler.as_ref(), file.behind_pooler);
    let maker_key = picking.pick("maker_key", given.maker_key.as_ref(), file.maker_key);
    let maker_key = maker_key.or_else(|| option_env!("LICENSE_PORTAL_MAKER_KEY").map(str::to_owned));
    let maker_key = maker_key.map(|text| signed::public_key(&text).map_err(SettingsError::VendorKey));
    let maker_key = picking.checked(maker_key.transpose());
    let site = picking.pick("site", server.site.as_ref(), file.site);
    let certificate = picking.pick("tls_cert", server.tls_cert.as_ref(), file.tls_cert);
    let tls_key = picking.pick("tls_key", server.tls_key.as_ref(), file.tls_key);
    if let Some(key) = &tls_key {
        picking.secret_files.insert("tls_key", key.clone());
    }
    let has_tls = certificate.is_some();
    let tls = picking.checked(checks::tls(certificate, tls_key, serves));
    let https = picking.pick("https", server.https.as_ref(), file.https);
    if has_tls && https == Some(false) {
        picking.problems.push(SettingsError::TlsWithoutHttps);
    }
    let behind_proxy = picking.pick("behind_proxy", server.behind_proxy.as_ref(), file.behind_proxy);
    let trusted = picking.pick(
        "trusted_proxies",
        server.trusted_proxies.as_ref(),
        file.trusted_proxies,
    );
    let proxies = match trusted {
        Some(networks) => checks::proxies(&networks).map(TrustedProxies::These),
        None if behind_proxy.unwrap_or(false) => Ok(TrustedProxies::Any),
        None => Ok(TrustedProxies::None),
    };
    let proxies = picking.checked(proxies);
    let idle_in_file = file
        .idle
        .map(|text| text.parse().map_err(|_| SettingsError::Idle(text)));
    let idle_in_file = picking.checked(idle_in_file.transpose()).flatten();
    let idle = picking.pick("idle", server.idle.as_ref(), idle_in_file);
    let idle = picking.checked(checks::idle(idle.unwrap_or(sessions::IDLE)));
    let lease = picking.pick("lease", server.lease.as_ref(), file.lease);
    let lease = picking.checked(checks::lease(lease));
    let url = picking.pick("url", server.url.as_ref(), file.url);
    let host = url.as_deref().and_then(hosts::host_of);
    let url = match url {
        Some(url) => picking.checked(checks::portal_url(url, has_tls)),
        None if has_tls => Some(format!("https://{listen}")),
        None => Some(format!("http://{listen}")),
    };
    let contact = picking.pick(
        "security_contact",
        server.security_contact.as_ref(),
        file.security_contact,
    );
    let security_contact = picking.checked(contact.map(checks::security_contact).transpose());
    let smtp = picking.secret(
        ("smtp", "smtp_file"),
        (server.smtp.as_ref(), server.smtp_file.as_ref()),
        (file.smtp, file.smtp_file),
        str::to_owned,
    );
    let smtp = picking.checked(smtp.map(checks::smtp).transpose());
    let mail_from = picking.pick("mail_from", server.mail_from.as_ref(), file.mail_from);
    let mail_from = mail_from.unwrap_or_else(|| "license-portal@localhost".to_owned());
    let mail_from = picking.checked(checks::mail_address("mail-from", mail_from));
    let mail_folder = picking.pick("mail_folder", server.mail_folder.as_ref(), file.mail_folder);
    let maker_mail = picking.pick("maker_mail", server.maker_mail.as_ref(), file.maker_mail);
    let maker_mail = maker_mail.or_else(|| option_env!("LICENSE_PORTAL_MAKER_MAIL").map(str::to_owned));
    let maker_mail = maker_mail.map(|address| checks::mail_address("maker-mail", address));
    let maker_mail = picking.checked(maker_mail.transpose());
    let private = picking.pick(
        "webhooks_to_private_addresses",
        server.webhooks_to_private_addresses.as_ref(),
        file.webhooks_to_private_addresses,
    );
    let targets = picking.secret(
        ("push_checkpoints", "push_checkpoints_file"),
        (
            server.push_checkpoints.as_ref(),
            server.push_checkpoints_file.as_ref(),
        ),
        (file.push_checkpoints, file.push_checkpoints_file),
        lines,
    );
    let checkpoints = picking.checked(checks::targets(&targets.unwrap_or_default()));
    let demo = picking.pick("demo", server.demo.as_ref(), file.demo);
    let demo_password = picking.secret(
        ("demo_password", "demo_password_file"),
        (
            server.password.demo_password.as_ref(),
            server.password.demo_password_file.as_ref(),
        ),
        (file.demo_password, file.demo_password_file),
        str::to_owned,
    );
    let log = picking.pick("log", given.log.as_ref(), file.log);
    let log = picking.checked(checks::log(log.unwrap_or_else(|| "info,sqlx=warn".to_owned())));
    Some(Settings {
        listen,
        metrics,
        database,
        key: key?,
        connections: connections.unwrap_or(8).max(2),
        way: if behind_pooler.unwrap_or(false) {
            Way::Pooler
        } else {
            Way::Sessions
        },
        maker_key: maker_key?,
        site: site.unwrap_or_else(|| PathBuf::from("target/site")),
        tls: tls?,
        https: https.unwrap_or(has_tls),
        proxies: proxies?,
        idle: idle?,
        lease: lease?,
        url: url?,
        host,
        security_contact: security_contact?,
        mail: Mail {
            smtp: smtp?,
            from: mail_from?,
            folder: mail_folder.unwrap_or_else(|| PathBuf::from("data/mail")),
        },
        maker_mail: maker_mail?,
        receivers: if private.unwrap_or(false) {
            Receivers::Private
        } else {
            Receivers::Public
        },
        checkpoints: checkpoints?,
        demo: demo.unwrap_or(false),
        demo_password: DemoSecret(demo_password),
        log: log?,
        secret_files: std::mem::take(&mut picking.secret_files),
        from: std::mem::take(&mut picking.from),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Args, Command};

    use super::*;

    #[test]
    fn each_setting_has_a_flag_a_variable_and_a_name_in_the_file() {
        let command = GivenServer::augment_args(Given::augment_args(Command::new("portal")));
        let mut found = BTreeSet::new();
        for argument in command
            .get_arguments()
            .filter(|argument| argument.get_id() != "config")
        {
            let name = argument.get_id().as_str().to_owned();
            let long = argument.get_long().map(|long| format!("--{long}"));
            let variable = argument.get_env().and_then(|name| name.to_str());
            let setting = SETTINGS.iter().find(|setting| setting.name == name);
            let setting = setting.unwrap_or_else(|| panic!("{name} is not in the table"));
            assert_eq!(long, Some(setting.flag()));
            assert_eq!(variable, Some(setting.variable().as_str()));
            assert!(
                !setting.secret || argument.is_hide_env_values_set(),
                "{name} would be shown by --help"
            );
            found.insert(name);
        }
        let known: BTreeSet<String> = SETTINGS.iter().map(|setting| setting.name.to_owned()).collect();
        assert_eq!(found, known);
        let secrets = SETTINGS.iter().filter(|setting| setting.secret);
        for Setting { name, .. } in secrets {
            assert!(
                known.contains(&format!("{name}_file")),
                "{name} cannot be set by a file of its own"
            );
        }
    }

    #[test]
    fn the_example_and_the_table_of_the_documents_have_each_setting() {
        let example = include_str!("../../../docs/operation/license-portal.toml");
        let given: Vec<&str> = example
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .collect();
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), given.join("\n")).expect("it is written");
        let mut problems = Vec::new();
        table::read(file.path(), &mut problems);
        assert!(problems.is_empty(), "{}", Problems(problems));
        let names = given.iter().filter_map(|line| Some(line.split_once(" = ")?.0));
        let names: BTreeSet<&str> = names.collect();
        let known: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(names, known);
        let document = include_str!("../../../docs/operation.md");
        for setting in SETTINGS {
            let row = format!(
                "| `{}` | `{}` | `{}` |",
                setting.flag(),
                setting.variable(),
                setting.name
            );
            assert!(document.contains(&row), "docs/operation.md lacks {row}");
        }
    }

    #[test]
    fn the_secret_of_a_setting_is_shown_nowhere() {
        let given = Given {
            database: Some("postgres://portal:hunter2@host/db".to_owned()),
            ..Given::default()
        };
        let server = GivenServer {
            smtp: Some("smtps://portal:hunter2@host".to_owned()),
            push_checkpoints: Some(vec!["https://host/?token=hunter2".to_owned()]),
            password: DemoPassword {
                demo_password: Some("hunter2".to_owned()),
                demo_password_file: None,
            },
            ..GivenServer::default()
        };
        let found = settings(&given, &server, &Origins::default(), true).expect("settings");
        let told = told::told(&found, None);
        assert!(!format!("{told:?}").contains("hunter2"), "{told:?}");
        for told in told.iter().filter(|told| told.secret) {
            assert!(told.is_set && told.from.starts_with("flag"), "{told:?}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let server = GivenServer {
            lease: Some(1),
            url: Some("portal".to_owned()),
            smtp: Some("hunter2".to_owned()),
            metrics: "127.0.0.1:3000".parse().ok(),
            ..GivenServer::default()
        };
        let problems = settings(&Given::default(), &server, &Origins::default(), true).expect_err("problems");
        let told = problems.to_string();
        assert_eq!(told.lines().count(), 4, "{told}");
        for word in [
            "lease: 1",
            "url: \"portal\"",
            "smtp: not",
            "metrics: 127.0.0.1:3000",
        ] {
            assert!(told.contains(word), "{word}: {told}");
        }
        assert!(!told.contains("hunter2"), "{told}");
    }
}
