//! Webhooks are sent: by whichever server is first, a bounded number at a time, and to nobody whom a user must not reach
//! through the portal.

use std::{
    io::ErrorKind,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    history::webhooks::{Failure, Receivers},
    ids::WebhookId,
};
use jiff::SignedDuration;
use tokio::{
    sync::Semaphore,
    task::{JoinError, JoinSet},
    time::MissedTickBehavior,
};
use tokio_util::sync::CancellationToken;
use ureq::{Agent, http::header::RETRY_AFTER};

use crate::{
    metrics,
    ops::{
        OpError,
        history::webhooks::sending::{self, Composed, Ending, Looked, Message},
        reach::{self, NotAllowed},
    },
    store::{
        Store,
        history::deliveries::{Delivery, Hold},
    },
    views::history::webhooks::Outcome,
};

/// How often it is looked for something to send.
const LOOK: Duration = Duration::from_secs(1);
/// How long a receiver may take, all in all.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Receivers that are waited for at once, in one server.
const AT_ONCE: usize = 32;
/// Deliveries of one webhook until the others have their turn.
const IN_A_ROW: usize = 100;

/// Sends for webhooks.
#[derive(Clone)]
pub struct Sender {
    store: Store,
    url: Arc<str>,
    agent: Agent,
    looked: Arc<Mutex<Looked>>,
    places: Arc<Semaphore>,
}

impl Sender {
    /// For the portal at the address, to these receivers, which may take so long.
    #[must_use]
    pub fn new(store: &Store, url: &str, receivers: Receivers, patience: Duration) -> Self {
        Self {
            store: store.by_itself(),
            url: url.trim_end_matches('/').into(),
            agent: reach::agent(receivers, patience),
            looked: Arc::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Sends what is due until it is told to stop, and waits for what is on its way then. A receiver that is slow keeps nobody
    /// waiting but its own webhook.
    pub async fn run(self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sending = JoinSet::new();
        while stop.run_until_cancelled(look.tick()).await.is_some() {
            while let Some(ended) = sending.try_join_next() {
                log(ended);
            }
            let begun = self.begin(&mut sending, &stop).await;
            metrics::round("webhooks", begun.is_ok());
            if let Err(error) = begun {
                tracing::warn!(%error, "cannot look for what webhooks have to send");
            }
        }
        while let Some(ended) = sending.join_next().await {
            log(ended);
        }
    }

    /// Sends what is due now, and waits for all of it.
    ///
    /// # Errors
    /// [`OpError::Store`].
    pub async fn round(&self) -> Result<(), OpError> {
        let mut sending = JoinSet::new();
        self.begin(&mut sending, &CancellationToken::new()).await?;
        sending.join_all().await;
        Ok(())
    }

    async fn begin(&self, sending: &mut JoinSet<()>, stop: &CancellationToken) -> Result<(), OpError> {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ready = sending::look(&self.store, &mut looked).await?;
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = looked;
        for webhook in ready {
            // All places are taken: the next look finds it again.
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
                break;
            };
            let Some(hold) = sending::take(&self.store, webhook).await? else {
                continue;
            };
            let (sender, stop) = (self.clone(), stop.clone());
            sending.spawn(async move {
                if let Err(error) = sender.send_all(hold, &stop).await {
                    tracing::warn!(%error, webhook = webhook.0, "what a webhook sent was not noted; it is sent again");
                }
                drop(place);
            });
        }
        Ok(())
    }

    async fn send_all(&self, hold: Hold, stop: &CancellationToken) -> Result<(), OpError> {
        for _ in 0..IN_A_ROW {
            if stop.is_cancelled() {
                break;
            }
            let Some(delivery) = sending::next(&self.store, hold, self.looked(hold.webhook)).await? else {
                break;
            };
            if !self.send(hold, &delivery).await? {
                return Ok(());
            }
        }
        sending::release(&self.store, hold).await
    }

    /// Up to where nothing was found for the webhook.
    fn looked(&self, webhook: WebhookId) -> i64 {
        let looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.get(&webhook).copied().unwrap_or_default()
    }

    /// Whether the webhook is still held afterwards.
    async fn send(&self, hold: Hold, delivery: &Delivery) -> Result<bool, OpError> {
        let ending = match sending::compose(&self.store, delivery, &self.url).await? {
            None => return Ok(false),
            Some(Composed::Withheld) => Ending::Withheld,
            Some(Composed::KeeperLost) => Ending::KeeperLost,
            Some(Composed::Message(message)) => self.post(hold.webhook, *message).await,
        };
        sending::settle(&self.store, hold, delivery, ending).await
    }

    /// The address is not logged: there may be a secret in it.
    async fn post(&self, webhook: WebhookId, message: Message) -> Ending {
        let agent = self.agent.clone();
        let sent = tokio::task::spawn_blocking(move || post(&agent, message)).await;
        let (outcome, retry_after) = sent.unwrap_or((Outcome::Failure(Failure::Protocol), None));
        if outcome.is_taken() {
            tracing::debug!(webhook = webhook.0, "a webhook was sent");
        } else {
            tracing::info!(webhook = webhook.0, ?outcome, "a webhook was not taken");
        }
        Ending::Sent(outcome, retry_after)
    }
}

/// The webhook stays held for a while, and is sent again.
fn log(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "sending for a webhook failed");
    }
}

/// Sends it once. Of the answer, nothing but the status is read, and how long to wait.
fn post(agent: &Agent, message: Message) -> (Outcome, Option<SignedDuration>) {
    let answer = agent
        .post(&message.url)
        .content_type("application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.timestamp)
        .header("webhook-signature", message.signature)
        .header("webhook-key-id", message.key_id)
        .send(message.body);
    match answer {
        Ok(answer) => {
            let seconds = answer.headers().get(RETRY_AFTER);
            let seconds = seconds.and_then(|seconds| seconds.to_str().ok()?.trim().parse::<u32>().ok());
            let wait = seconds.map(|seconds| SignedDuration::from_secs(seconds.into()));
            (Outcome::Status(answer.status().as_u16()), wait)
        }
        Err(error) => (Outcome::Failure(failure(&error)), None),
    }
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        // Told alike: which names a private network knows is nothing to who makes webhooks.
        ureq::Error::HostNotFound => Failure::NoHost,
        ureq::Error::Other(other) if other.is::<NotAllowed>() => Failure::NoHost,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Failure::Tls,
        // What TLS says about what it reads.
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => Failure::Tls,
        ureq::Error::Io(_) => Failure::Unreachable,
        ureq::Error::ConnectionFailed => Failure::Unreachable,
        _ => Failure::Protocol,
    }
}
