//! Pushes checkpoints of the history to where whoever writes the database cannot reach them (N11).

use std::{
    fmt, fs,
    io::{self, Write},
    net::{ToSocketAddrs, UdpSocket},
    path::PathBuf,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use ureq::{Agent, config::Config};

use crate::{metrics, ops, store::Store};

/// How often the newest checkpoint is pushed, where there is another one.
pub const EVERY: Duration = Duration::from_secs(60 * 60);
/// How soon it is tried again with a target that failed.
const AGAIN: Duration = Duration::from_secs(60);
/// How long a receiver may take, all in all.
const PATIENCE: Duration = Duration::from_secs(10);
/// What syslog is told (RFC 5424): facility 13, log audit, and severity 5, notice.
const PRIORITY: u8 = 13 * 8 + 5;

/// Where checkpoints are pushed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A line at the end of a file.
    File(PathBuf),
    /// A request, with a JSON object in its body.
    Web(String),
    /// A datagram as in RFC 5424 and 5426.
    Syslog(String),
}

/// The text is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is none of file:PATH, https://…, http://… and syslog:HOST:PORT")]
pub struct InvalidTarget(pub String);

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let invalid = || InvalidTarget(text.to_owned());
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(("syslog", address)) => {
                let (host, port) = address.rsplit_once(':').ok_or_else(invalid)?;
                if host.is_empty() || port.parse::<u16>().is_err() {
                    return Err(invalid());
                }
                Ok(Self::Syslog(address.to_owned()))
            }
            Some(("http" | "https", _)) => {
                let uri: http::Uri = text.parse().map_err(|_| invalid())?;
                if uri.host().is_none() {
                    return Err(invalid());
                }
                Ok(Self::Web(text.to_owned()))
            }
            _ => Err(invalid()),
        }
    }
}

/// For the log: of an address, what follows its host may be secret.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Syslog(address) => write!(f, "syslog:{address}"),
            Self::Web(url) => {
                let uri: Option<http::Uri> = url.parse().ok();
                f.write_str(uri.as_ref().and_then(http::Uri::host).unwrap_or("?"))
            }
        }
    }
}

/// Why a checkpoint did not reach its target.
#[derive(Debug, thiserror::Error)]
enum PushError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("no answer")]
    Request,
}

/// Pushes checkpoints.
#[derive(Clone)]
pub struct Pusher {
    store: Store,
    targets: Arc<[Target]>,
    agent: Agent,
}

impl Pusher {
    /// To these targets.
    #[must_use]
    pub fn new(store: &Store, targets: &[Target]) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections(0)
            .user_agent(concat!("license-portal/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            store: store.by_itself(),
            targets: targets.into(),
            agent: config.new_agent(),
        }
    }

    /// Pushes until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut pushed = vec![None; self.targets.len()];
        loop {
            let done = self.round(&mut pushed).await;
            metrics::round("checkpoints", done);
            let pause = if done { EVERY } else { AGAIN };
            if stop
                .run_until_cancelled(tokio::time::sleep(pause))
                .await
                .is_none()
            {
                return;
            }
        }
    }

    /// Pushes the newest checkpoint to the targets that do not have it, as `pushed` says; whether all have it then.
    pub async fn round(&self, pushed: &mut [Option<String>]) -> bool {
        if self.targets.is_empty() {
            return true;
        }
        let newest = match ops::history::chain::newest_checkpoint(&self.store).await {
            Ok(Some(newest)) => newest,
            Ok(None) => return true,
            Err(error) => {
                tracing::warn!(%error, "cannot read the newest checkpoint of the history");
                return false;
            }
        };
        let mut all = true;
        for (target, pushed) in self.targets.iter().zip(pushed) {
            if pushed.as_ref() == Some(&newest) {
                continue;
            }
            match self.push(target.clone(), newest.clone()).await {
                Ok(()) => *pushed = Some(newest.clone()),
                Err(error) => {
                    tracing::warn!(%target, %error, "a checkpoint of the history was not taken; it is pushed again");
                    all = false;
                }
            }
        }
        all
    }

    async fn push(&self, target: Target, checkpoint: String) -> Result<(), PushError> {
        let (agent, now) = (self.agent.clone(), self.store.sources.now());
        let pushed = tokio::task::spawn_blocking(move || match target {
            Target::File(path) => Ok(append(&path, &checkpoint)?),
            Target::Syslog(address) => Ok(send(&address, &checkpoint, now)?),
            Target::Web(url) => post(&agent, &url, &checkpoint),
        });
        pushed.await.map_err(io::Error::other)?
    }
}

fn append(path: &std::path::Path, checkpoint: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(format!("{checkpoint}\n").as_bytes())?;
    file.sync_all()
}

fn send(address: &str, checkpoint: &str, now: Timestamp) -> io::Result<()> {
    let to = address.to_socket_addrs()?.next().ok_or(io::ErrorKind::NotFound)?;
    let from = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let message = format!("<{PRIORITY}>1 {now:.3} - license-portal - history-checkpoint - {checkpoint}");
    UdpSocket::bind(from)?.send_to(message.as_bytes(), to)?;
    Ok(())
}

fn post(agent: &Agent, url: &str, checkpoint: &str) -> Result<(), PushError> {
    let body = serde_json::json!({ "checkpoint": checkpoint }).to_string();
    let answer = agent.post(url).content_type("application/json").send(body);
    // What an error says may quote the address.
    let status = answer.map_err(|_| PushError::Request)?.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(PushError::Status(status.as_u16()))
    }
}
