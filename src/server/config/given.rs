//! Settings: by flag, then environment, then file, then default.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use clap::Args;
use domain::{accounts::sessions, history::webhooks::Receivers, licensing::leases};
use ed25519_dalek::VerifyingKey;
use ipnet::IpNet;
use jiff::SignedDuration;
use lettre::message::Mailbox;
use serde::Deserialize;

use crate::{
    auth::client_address::TrustedProxies,
    jobs::checkpoints::{InvalidTarget, Target},
    ops::instance::signed,
    server::{hosts, security_txt},
    store::{
        self, Way,
        encryption::{InvalidVariable, KeySource},
    },
};

/// Settings as given on the command line or in the environment.
#[derive(Debug, Clone, Default, Args)]
pub struct Given {
    /// Settings file (TOML: listen, database, key_file, connections, behind_pooler, maker_key, site, https, behind_proxy,
    /// trusted_proxies, idle, lease, url, security_contact, smtp, mail_from, mail_folder, maker_mail,
    /// webhooks_to_private_addresses, push_checkpoints, log)
    #[arg(long, env = "PORTAL_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME [default: sqlite:data/portal.db]
    #[arg(
        long,
        env = "PORTAL_DATABASE",
        value_name = "URL",
        global = true,
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// File with the key that secrets in the database are encrypted with, made at the first start; instead of a file, PORTAL_KEY may
    /// hold the key itself [default: portal.key beside an SQLite database, data/portal.key otherwise]
    #[arg(long, env = "PORTAL_KEY_FILE", value_name = "FILE", global = true)]
    pub key_file: Option<PathBuf>,
    /// Most database connections of this process [default: 8]
    #[arg(long, env = "PORTAL_CONNECTIONS", value_name = "N", global = true)]
    pub connections: Option<u32>,
    /// A pooler in transaction mode (pgbouncer) stands before PostgreSQL: leave nothing behind in its sessions
    #[arg(long, env = "PORTAL_BEHIND_POOLER", num_args = 0..=1, default_missing_value = "true", value_name = "true|false", global = true)]
    pub behind_pooler: Option<bool>,
    /// Public key of the vendor who issues licences for this instance [default: the one built in, if any]
    #[arg(long, env = "PORTAL_MAKER_KEY", value_name = "KEY", global = true)]
    pub maker_key: Option<String>,
    /// What is logged: error, warn, info, debug, or a filter such as info,sqlx=warn [default: info]
    #[arg(long, env = "PORTAL_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

/// Settings of the server as given on the command line or in the environment.
#[derive(Debug, Clone, Default, Args)]
pub struct GivenServer {
    /// Address to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "PORTAL_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Folder of the built site [default: target/site]
    #[arg(long, env = "PORTAL_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,
    /// TLS ends in front of the portal: cookies become Secure, and browsers are told to stay with https
    #[arg(long, env = "PORTAL_HTTPS", num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub https: Option<bool>,
    /// A proxy of yours sets X-Forwarded-For, and nothing else reaches the portal: rate limits count its last address
    #[arg(long, env = "PORTAL_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub behind_proxy: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed, as addresses or networks: 10.0.0.0/8,fd00::/8 [default: none; with
    /// --behind-proxy whoever connects]
    #[arg(
        long,
        env = "PORTAL_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    pub trusted_proxies: Option<Vec<String>>,
    /// Log people out who do nothing for so long: 30m, 1h 15m, 90s [default: 30m]
    #[arg(long, env = "PORTAL_IDLE", value_name = "TIME")]
    pub idle: Option<SignedDuration>,
    /// How many seconds a machine keeps a floating licence without renewing it: 3 to 86400 [default: 300]
    #[arg(long, env = "PORTAL_LEASE", value_name = "SECONDS")]
    pub lease: Option<u32>,
    /// Address at which people and machines reach the portal, for links in mails and for credential files [default: http://
    /// and the address listened on]
    #[arg(long, env = "PORTAL_URL", value_name = "URL")]
    pub url: Option<String>,
    /// Where to report a vulnerability of this instance, for /.well-known/security.txt: mailto:ADDRESS or https://… [default:
    /// none, and no such file]
    #[arg(long, env = "PORTAL_SECURITY_CONTACT", value_name = "ADDRESS")]
    pub security_contact: Option<String>,
    /// Mail server: smtps://USER:PASSWORD@HOST or smtp://HOST:PORT?tls=required [default: none; mails become files]
    #[arg(long, env = "PORTAL_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Sender of the portal's mails [default: license-portal@localhost]
    #[arg(long, env = "PORTAL_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Folder for mails while there is no mail server [default: data/mail]
    #[arg(long, env = "PORTAL_MAIL_FOLDER", value_name = "FOLDER")]
    pub mail_folder: Option<PathBuf>,
    /// Webhooks may reach private networks and this machine, and on this machine without TLS
    #[arg(long, env = "PORTAL_WEBHOOKS_TO_PRIVATE_ADDRESSES", num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub webhooks_to_private_addresses: Option<bool>,
    /// Where checkpoints of the history are pushed to, every hour: file:PATH, https://… or syslog:HOST:PORT, several with commas
    /// [default: nowhere]
    #[arg(
        long,
        env = "PORTAL_PUSH_CHECKPOINTS",
        value_name = "TARGETS",
        value_delimiter = ',',
        hide_env_values = true
    )]
    pub push_checkpoints: Option<Vec<String>>,
    /// Where requests for more seats are mailed to [default: the vendor's address that is built in, if any]
    #[arg(long, env = "PORTAL_MAKER_MAIL", value_name = "ADDRESS")]
    pub maker_mail: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    database: Option<String>,
    key_file: Option<PathBuf>,
    connections: Option<u32>,
    behind_pooler: Option<bool>,
    maker_key: Option<String>,
    site: Option<PathBuf>,
    https: Option<bool>,
    behind_proxy: Option<bool>,
    trusted_proxies: Option<Vec<String>>,
    idle: Option<String>,
    lease: Option<u32>,
    url: Option<String>,
    security_contact: Option<String>,
    smtp: Option<String>,
    mail_from: Option<String>,
    mail_folder: Option<PathBuf>,
    maker_mail: Option<String>,
    webhooks_to_private_addresses: Option<bool>,
    push_checkpoints: Option<Vec<String>>,
    log: Option<String>,
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Database address.
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
    /// TLS ends in front of the portal.
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
    /// What is logged.
    pub log: String,
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

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings file {0:?}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The file contains something else than settings. The line itself is not shown: a password may stand in it.
    #[error("in line {1} of the settings file {0:?}: {2}")]
    Parse(PathBuf, usize, String),
    /// The vendor's key is none.
    #[error("maker-key: {0:?} is not a public key: expected base64url of 32 bytes")]
    VendorKey(String),
    /// The idle time is no time, or one that does not fit.
    #[error("idle: {0:?} is not a time between 65s and 12h, such as 30m or 1h 15m")]
    Idle(String),
    /// Leases would be too short to be renewed in time, or longer than a day.
    #[error("lease: {0} is not a number of seconds between 3 and 86400")]
    Lease(u32),
    /// The address of the portal is none.
    #[error("url: {0:?} is not an address of a portal, such as https://portal.example.org")]
    Url(String),
    /// A contact is none.
    #[error(
        "security-contact: {0:?} is not an address such as mailto:security@example.org or https://example.org/report"
    )]
    Contact(String),
    /// What is to be the key is none.
    #[error("PORTAL_KEY: {0}; license-portal encryption-key new makes a key")]
    Key(#[from] InvalidVariable),
    /// Two places are named where the key comes from.
    #[error("PORTAL_KEY and a key file (--key-file) are both given: which one holds the key?")]
    TwoKeys,
    /// A trusted proxy is no address.
    #[error("trusted-proxies: {0:?} is neither an address nor a network, such as 10.0.0.1 or 10.0.0.0/8")]
    Proxy(String),
    /// Checkpoints cannot be pushed to such a thing.
    #[error("push-checkpoints: {0}")]
    Target(#[from] InvalidTarget),
    /// An address of a mail is none.
    #[error("{0}: {1:?} is not a mail address")]
    MailAddress(&'static str, String),
    /// An environment variable with the portal's prefix that it does not know: probably a typing error.
    #[error("unknown setting {0} in the environment; known are {known}", known = KNOWN.join(", "))]
    UnknownVariable(String),
}

const KNOWN: [&str; 24] = [
    "PORTAL_CONFIG",
    "PORTAL_DATABASE",
    "PORTAL_KEY",
    "PORTAL_KEY_FILE",
    "PORTAL_CONNECTIONS",
    "PORTAL_BEHIND_POOLER",
    "PORTAL_MAKER_KEY",
    "PORTAL_LOG",
    "PORTAL_LISTEN",
    "PORTAL_SITE",
    "PORTAL_HTTPS",
    "PORTAL_BEHIND_PROXY",
    "PORTAL_TRUSTED_PROXIES",
    "PORTAL_SECURITY_CONTACT",
    "PORTAL_IDLE",
    "PORTAL_LEASE",
    "PORTAL_URL",
    "PORTAL_SMTP",
    "PORTAL_MAIL_FROM",
    "PORTAL_MAIL_FOLDER",
    "PORTAL_MAKER_MAIL",
    "PORTAL_WEBHOOKS_TO_PRIVATE_ADDRESSES",
    "PORTAL_PUSH_CHECKPOINTS",
    "PORTAL_DEMO_PASSWORD",
];
/// Variables of the project's own scripts and tests, which the portal itself does not read.
const SCRIPTS: [&str; 3] = ["PORTAL_BIN", "PORTAL_E2E_ENGINE", "PORTAL_TEST_POSTGRES"];

fn not_settings(path: &Path, text: &str, error: &toml::de::Error) -> SettingsError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    SettingsError::Parse(path.to_owned(), line, error.message().to_owned())
}

fn security_contact(text: String) -> Result<String, SettingsError> {
    if security_txt::is_contact(&text) {
        Ok(text)
    } else {
        Err(SettingsError::Contact(text))
    }
}

/// Where the key comes from: the variable, or a file; by default one beside the database.
fn key_source(
    variable: Option<&str>,
    file: Option<PathBuf>,
    database: &str,
) -> Result<KeySource, SettingsError> {
    match (variable, file) {
        (Some(_), Some(_)) => Err(SettingsError::TwoKeys),
        (Some(text), None) => Ok(KeySource::from_variable(text)?),
        (None, Some(path)) => Ok(KeySource::File(path)),
        (None, None) => Ok(KeySource::File(match store::file_of(database) {
            Some(database) => database.with_file_name("portal.key"),
            None => PathBuf::from("data/portal.key"),
        })),
    }
}

/// The proxies that are trusted; a bare address is a network of one.
fn proxies(networks: &[String]) -> Result<Vec<IpNet>, SettingsError> {
    let read = |text: &String| {
        let network = text.parse().ok();
        network
            .or_else(|| Some(IpNet::from(text.parse::<IpAddr>().ok()?)))
            .ok_or_else(|| SettingsError::Proxy(text.clone()))
    };
    networks.iter().map(read).collect()
}

/// Puts flags, environment and file together.
///
/// # Errors
/// [`SettingsError`].
pub fn settings(given: &Given, server: &GivenServer) -> Result<Settings, SettingsError> {
    let foreign = |name: &String| {
        name.starts_with("PORTAL_") && !KNOWN.contains(&name.as_str()) && !SCRIPTS.contains(&name.as_str())
    };
    if let Some(name) = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .find(foreign)
    {
        return Err(SettingsError::UnknownVariable(name));
    }
    let file = match &given.config {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| SettingsError::Read(path.clone(), error))?;
            toml::from_str(&text).map_err(|error| not_settings(path, &text, &error))?
        }
        None => File::default(),
    };
    let built_in = option_env!("LICENSE_PORTAL_MAKER_KEY").map(str::to_owned);
    let maker_key = given
        .maker_key
        .clone()
        .or(file.maker_key)
        .or(built_in)
        .map(|text| signed::public_key(&text).map_err(SettingsError::VendorKey))
        .transpose()?;
    let idle = match (server.idle, &file.idle) {
        (Some(idle), _) => idle,
        (None, Some(text)) => text.parse().map_err(|_| SettingsError::Idle(text.clone()))?,
        (None, None) => sessions::IDLE,
    };
    // People are warned a minute before; and no login lives longer than that anyway.
    if !(65..=sessions::LIFETIME.as_secs()).contains(&idle.as_secs()) {
        return Err(SettingsError::Idle(format!("{idle:#}")));
    }
    let lease = match server.lease.or(file.lease) {
        Some(seconds) if (3..=86_400).contains(&seconds) => SignedDuration::from_secs(seconds.into()),
        Some(seconds) => return Err(SettingsError::Lease(seconds)),
        None => leases::LIFETIME,
    };
    let listen = server
        .listen
        .or(file.listen)
        .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
    let given_url = server.url.clone().or(file.url);
    let host = given_url.as_deref().and_then(hosts::host_of);
    let url = match given_url {
        Some(url) => portal_url(url)?,
        None => format!("http://{listen}"),
    };
    let mail = Mail {
        smtp: server.smtp.clone().or(file.smtp),
        from: server
            .mail_from
            .clone()
            .or(file.mail_from)
            .unwrap_or_else(|| "license-portal@localhost".to_owned()),
        folder: server
            .mail_folder
            .clone()
            .or(file.mail_folder)
            .unwrap_or_else(|| PathBuf::from("data/mail")),
    };
    let maker_mail = server
        .maker_mail
        .clone()
        .or(file.maker_mail)
        .or(option_env!("LICENSE_PORTAL_MAKER_MAIL").map(str::to_owned));
    for (name, address) in [
        ("mail-from", Some(&mail.from)),
        ("maker-mail", maker_mail.as_ref()),
    ] {
        if let Some(address) = address.filter(|address| address.parse::<Mailbox>().is_err()) {
            return Err(SettingsError::MailAddress(name, address.clone()));
        }
    }
    let database = given
        .database
        .clone()
        .or(file.database)
        .unwrap_or_else(|| "sqlite:data/portal.db".to_owned());
    let key = std::env::var("PORTAL_KEY").ok();
    let key_file = given.key_file.clone().or(file.key_file);
    Ok(Settings {
        listen,
        key: key_source(key.as_deref(), key_file, &database)?,
        database,
        connections: given.connections.or(file.connections).unwrap_or(8).max(2),
        way: if given.behind_pooler.or(file.behind_pooler).unwrap_or(false) {
            Way::Pooler
        } else {
            Way::Sessions
        },
        maker_key,
        site: server
            .site
            .clone()
            .or(file.site)
            .unwrap_or_else(|| PathBuf::from("target/site")),
        https: server.https.or(file.https).unwrap_or(false),
        proxies: match server.trusted_proxies.clone().or(file.trusted_proxies) {
            Some(networks) => TrustedProxies::These(proxies(&networks)?),
            None if server.behind_proxy.or(file.behind_proxy).unwrap_or(false) => TrustedProxies::Any,
            None => TrustedProxies::None,
        },
        idle: SignedDuration::from_secs(idle.as_secs()),
        lease,
        url,
        host,
        security_contact: server
            .security_contact
            .clone()
            .or(file.security_contact)
            .map(security_contact)
            .transpose()?,
        mail,
        maker_mail,
        receivers: if server
            .webhooks_to_private_addresses
            .or(file.webhooks_to_private_addresses)
            .unwrap_or(false)
        {
            Receivers::Private
        } else {
            Receivers::Public
        },
        checkpoints: match server.push_checkpoints.clone().or(file.push_checkpoints) {
            Some(targets) => targets
                .iter()
                .map(|target| target.parse())
                .collect::<Result<_, _>>()?,
            None => Vec::new(),
        },
        log: given
            .log
            .clone()
            .or(file.log)
            .unwrap_or_else(|| "info,sqlx=warn".to_owned()),
    })
}

/// Checks the address at which people reach the portal: no path, no query, http or https.
fn portal_url(text: String) -> Result<String, SettingsError> {
    let uri: Option<http::Uri> = text.parse().ok();
    let fits = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some()
            && uri.path() == "/"
            && uri.query().is_none()
    });
    if fits {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(SettingsError::Url(text))
    }
}
