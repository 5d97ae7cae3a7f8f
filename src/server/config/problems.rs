//! Why settings cannot be used, in sentences for the operator. What is secret is in none of them.

use std::{fmt, path::PathBuf};

use crate::{jobs::certificate::PairError, store::encryption::InvalidVariable};

/// Why a setting cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings file {0:?}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The file is no TOML. The line itself is not shown: a password may stand in it.
    #[error("in line {1} of the settings file {0:?}: {2}")]
    Parse(PathBuf, usize, String),
    /// The file has something that is no setting: probably a typing error.
    #[error("in line {1} of the settings file {0:?}: there is no setting {2}")]
    Unknown(PathBuf, usize, String),
    /// A setting is of another type.
    #[error("in line {1} of the settings file {0:?}: {2} must be {3}")]
    Value(PathBuf, usize, String, &'static str),
    /// A file with a secret cannot be read.
    #[error("{0}: cannot read the file {1:?}: {2}")]
    Secret(&'static str, PathBuf, std::io::Error),
    /// It holds nothing, or too much.
    #[error("{0}: the file {1:?} must hold one line or a few, of 64 KiB at most")]
    SecretSize(&'static str, PathBuf),
    /// Two places are named for one setting, and none of them comes before the other.
    #[error("{0} and {0}_file are both set in the same place: which one counts?")]
    Twice(&'static str),
    /// What is logged is no filter.
    #[error("log: {0:?} is not a filter, such as info,sqlx=warn")]
    Log(String),
    /// Both listeners want the same address.
    #[error("metrics: {0} is the address of the portal itself (listen)")]
    SameAddress(std::net::SocketAddr),
    /// The address of the mail server is none. It holds a password, and is not shown.
    #[error("smtp: not the address of a mail server, such as smtps://USER:PASSWORD@HOST")]
    Smtp,
    /// The vendor's key is none.
    #[error("maker-key: {0:?} is not a public key: expected base64url of 32 bytes")]
    VendorKey(String),
    /// The idle time is no time, or one that does not fit.
    #[error("idle: {0:?} is not a time between 65s and 12h, such as 30m or 1h 15m")]
    Idle(String),
    /// Leases would be too short to be renewed in time, or longer than a day.
    #[error("lease: {0} is not a number of seconds between 3 and 86400")]
    Lease(u32),
    /// One of certificate and key is missing.
    #[error("{0}: a certificate and its key go together: set {1}, too")]
    HalfPair(&'static str, &'static str),
    /// The certificate cannot be shown.
    #[error("tls-cert: {0}")]
    Certificate(#[from] PairError),
    /// There is a certificate, and no https.
    #[error("https: it cannot be false where the portal speaks TLS itself (tls-cert)")]
    TlsWithoutHttps,
    /// There is a certificate, and links would lead to where nobody speaks plain HTTP.
    #[error("url: {0:?} must begin with https:// where the portal speaks TLS itself (tls-cert)")]
    UrlWithoutTls(String),
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
    /// Checkpoints cannot be pushed to such a thing. What it is may be secret.
    #[error("push-checkpoints: number {0} is none of file:PATH, https://…, http://… and syslog:HOST:PORT")]
    Target(usize),
    /// An address of a mail is none.
    #[error("{0}: {1:?} is not a mail address")]
    MailAddress(&'static str, String),
    /// An environment variable with the portal's prefix that it does not know: probably a typing error.
    #[error("unknown setting {0} in the environment; known are {1}")]
    UnknownVariable(String, String),
}

/// All that is wrong with the settings, a line for each.
#[derive(Debug)]
pub struct Problems(pub Vec<SettingsError>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            let before = if number == 0 { "" } else { "\n" };
            write!(f, "{before}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
