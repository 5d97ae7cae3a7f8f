//! Settings as given by flag or in the environment: clap reads both, and knows which of them it was.
//!
//! Each field is called as the setting in the file and, behind `PORTAL_`, in the environment; a test holds it.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use jiff::SignedDuration;

/// Settings as given on the command line or in the environment.
#[derive(Debug, Clone, Default, Args)]
pub struct Given {
    /// Settings file (TOML): each setting under the name of its flag, with _ for -
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
    /// File with the address of the database, instead of --database
    #[arg(long, env = "PORTAL_DATABASE_FILE", value_name = "FILE", global = true)]
    pub database_file: Option<PathBuf>,
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
    /// Address to tell metrics at, for Prometheus: GET /metrics, without a password [default: nowhere]
    #[arg(long, env = "PORTAL_METRICS", value_name = "ADDRESS:PORT")]
    pub metrics: Option<SocketAddr>,
    /// Folder of the built site [default: target/site]
    #[arg(long, env = "PORTAL_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,
    /// Certificate to show where the portal speaks TLS itself (PEM, the server's own first), with --tls-key; read again when the file
    /// changes, and then https counts as given [default: none, and plain HTTP]
    #[arg(long, env = "PORTAL_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of that certificate (PEM, without a password)
    #[arg(long, env = "PORTAL_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
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
    /// File with the address of the mail server, instead of --smtp
    #[arg(long, env = "PORTAL_SMTP_FILE", value_name = "FILE")]
    pub smtp_file: Option<PathBuf>,
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
    /// File with what --push-checkpoints takes, a line for each target
    #[arg(long, env = "PORTAL_PUSH_CHECKPOINTS_FILE", value_name = "FILE")]
    pub push_checkpoints_file: Option<PathBuf>,
    /// Where requests for more seats are mailed to [default: the vendor's address that is built in, if any]
    #[arg(long, env = "PORTAL_MAKER_MAIL", value_name = "ADDRESS")]
    pub maker_mail: Option<String>,
    /// Load the demo data first, the example organisation with a year of use, and list its people on the login page
    #[arg(long, env = "PORTAL_DEMO", num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub demo: Option<bool>,
    #[command(flatten)]
    pub password: DemoPassword,
}

/// What the people of the demo log in with.
#[derive(Debug, Clone, Default, Args)]
pub struct DemoPassword {
    /// What all demo people log in with [default: made up and printed]
    #[arg(
        long,
        env = "PORTAL_DEMO_PASSWORD",
        value_name = "PASSWORD",
        hide_env_values = true
    )]
    pub demo_password: Option<String>,
    /// File with what all demo people log in with, instead of --demo-password
    #[arg(long, env = "PORTAL_DEMO_PASSWORD_FILE", value_name = "FILE")]
    pub demo_password_file: Option<PathBuf>,
}
