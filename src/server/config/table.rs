//! Every setting, once: its name and type in the file, and whether it is secret.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use toml::Spanned;

use crate::server::config::problems::SettingsError;

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// As the file calls it.
    pub name: &'static str,
    /// Its value is never shown.
    pub secret: bool,
}

impl Setting {
    /// As the environment calls it.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("PORTAL_{}", self.name.to_ascii_uppercase())
    }

    /// As the command line calls it.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}

macro_rules! settings {
    ($($name:ident: $type:ty, $secret:ident, $expected:literal;)*) => {
        /// All of them.
        pub const SETTINGS: &[Setting] = &[
            $(Setting { name: stringify!($name), secret: settings!(@ $secret) }),*
        ];

        /// What stands in the file.
        #[derive(Debug, Default)]
        pub(super) struct File {
            $(pub(super) $name: Option<$type>),*
        }

        impl File {
            /// Takes over what stands under that key; `None` where it is no setting, else what was expected, where that is not what
            /// stands there.
            fn take(&mut self, key: &str, value: toml::Value) -> Option<Result<(), &'static str>> {
                match key {
                    $(stringify!($name) => Some(match value.try_into() {
                        Ok(value) => {
                            self.$name = Some(value);
                            Ok(())
                        }
                        Err(_) => Err($expected),
                    }),)*
                    _ => None,
                }
            }
        }
    };
    (@ secret) => { true };
    (@ open) => { false };
}

settings! {
    listen: SocketAddr, open, "an address and port, such as \"127.0.0.1:3000\"";
    metrics: SocketAddr, open, "an address and port, such as \"127.0.0.1:9464\"";
    database: String, secret, "an address of a database in quotes";
    database_file: PathBuf, open, "the name of a file in quotes";
    key_file: PathBuf, open, "the name of a file in quotes";
    connections: u32, open, "a number";
    behind_pooler: bool, open, "true or false";
    maker_key: String, open, "a public key in quotes";
    site: PathBuf, open, "the name of a folder in quotes";
    tls_cert: PathBuf, open, "the name of a file in quotes";
    tls_key: PathBuf, open, "the name of a file in quotes";
    https: bool, open, "true or false";
    behind_proxy: bool, open, "true or false";
    trusted_proxies: Vec<String>, open, "a list of networks, such as [\"10.0.0.0/8\"]";
    idle: String, open, "a time in quotes, such as \"30m\"";
    lease: u32, open, "a number of seconds";
    url: String, open, "an address in quotes";
    security_contact: String, open, "an address in quotes";
    smtp: String, secret, "an address of a mail server in quotes";
    smtp_file: PathBuf, open, "the name of a file in quotes";
    mail_from: String, open, "a mail address in quotes";
    mail_folder: PathBuf, open, "the name of a folder in quotes";
    maker_mail: String, open, "a mail address in quotes";
    webhooks_to_private_addresses: bool, open, "true or false";
    push_checkpoints: Vec<String>, secret, "a list of targets in quotes";
    push_checkpoints_file: PathBuf, open, "the name of a file in quotes";
    demo: bool, open, "true or false";
    demo_password: String, secret, "a password in quotes";
    demo_password_file: PathBuf, open, "the name of a file in quotes";
    log: String, open, "a filter in quotes, such as \"info\"";
}

/// Reads the file, and says of everything in it that is no setting in which line it stands.
pub(super) fn read(path: &Path, problems: &mut Vec<SettingsError>) -> File {
    let mut file = File::default();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(SettingsError::Read(path.to_owned(), error));
            return file;
        }
    };
    let line = |at: usize| {
        text.get(..at)
            .map_or(1, |before| before.matches('\n').count() + 1)
    };
    match toml::from_str::<BTreeMap<Spanned<String>, Spanned<toml::Value>>>(&text) {
        Ok(lines) => {
            for (key, value) in lines {
                let at = line(key.span().start);
                let key = key.into_inner();
                match file.take(&key, value.into_inner()) {
                    Some(Ok(())) => {}
                    Some(Err(expected)) => {
                        problems.push(SettingsError::Value(path.to_owned(), at, key, expected));
                    }
                    None => problems.push(SettingsError::Unknown(path.to_owned(), at, key)),
                }
            }
        }
        Err(error) => {
            let at = error.span().map_or(1, |span| line(span.start));
            problems.push(SettingsError::Parse(
                path.to_owned(),
                at,
                error.message().to_owned(),
            ));
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (File, Vec<String>) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("it is written");
        let mut problems = Vec::new();
        let read = read(file.path(), &mut problems);
        let name = file.path().display().to_string();
        (
            read,
            problems
                .iter()
                .map(|problem| problem.to_string().replace(&name, "FILE"))
                .collect(),
        )
    }

    #[test]
    fn whatever_is_no_setting_is_told_with_its_line_and_nothing_of_what_it_is_set_to() {
        let (file, problems) =
            found("listen = \"[::1]:80\"\n\nlisen = \"secret\"\nlease = \"secret\"\n[smtp]\nx = 'secret'\n");
        assert_eq!(file.listen, "[::1]:80".parse().ok());
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(
            problems.iter().all(|problem| !problem.contains("secret")),
            "{problems:?}"
        );
        for (part, line) in [("lisen", 3), ("lease", 4), ("smtp", 5)] {
            let told = problems
                .iter()
                .any(|problem| problem.contains(part) && problem.contains(&format!("line {line} ")));
            assert!(told, "{part}: {problems:?}");
        }
        let (_, problems) = found("listen = \"a\"\nsmtp = secret\n");
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].contains("line 2 ") && !problems[0].contains("= secret"),
            "{problems:?}"
        );
    }
}
