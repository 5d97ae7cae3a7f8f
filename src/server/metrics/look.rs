//! What is looked at when somebody asks for metrics: the database every ten seconds at most, everything else each time.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    jobs::supervisor::Health,
    metrics::{self, Computing, Queue},
    ops::{
        history::live::Live,
        instance::{Vendor, figures},
        outbox::Outbox,
        workers::{PASSWORDS, PHOTOS, Workers},
    },
    store::Store,
};

/// For how long what the database said holds, whoever asks how often.
const HOLDS: Duration = Duration::from_secs(10);
/// How long the database may take. Whoever asks is told everything else in time (Prometheus waits for ten seconds).
const PATIENCE: Duration = Duration::from_secs(4);

/// Where it is looked.
#[derive(Clone)]
pub struct Look {
    pub store: Store,
    /// Whose licence says how many seats there are.
    pub vendor: Vendor,
    pub live: Live,
    pub outbox: Outbox,
    pub health: Health,
    /// When the database was asked last. Held while it is: whoever comes meanwhile waits for the same answer.
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Look {
    /// The database was not asked yet.
    #[must_use]
    pub fn new(store: Store, vendor: Vendor, live: Live, outbox: Outbox, health: Health) -> Self {
        Self {
            store,
            vendor,
            live,
            outbox,
            health,
            asked: Arc::default(),
        }
    }

    /// Looks, and writes down what it sees.
    pub async fn at_all(&self) {
        metrics::database(self.store.load());
        metrics::live_pages(self.live.open_pages());
        let (length, oldest) = self.outbox.waiting();
        metrics::queue(Queue::Mails, length, oldest);
        for (kind, workers) in [(Computing::Passwords, &PASSWORDS), (Computing::Photos, &PHOTOS)] {
            let (running, waiting) = Workers::load(workers);
            metrics::computing(kind, running, waiting);
        }
        self.health.write_down();
        self.at_database().await;
    }

    async fn at_database(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < HOLDS) {
            return;
        }
        *asked = Some(Instant::now());
        match timeout(PATIENCE, figures::read(&self.store, &self.vendor)).await {
            Ok(Ok((figures, queues))) => {
                metrics::figures(figures);
                for figures::Waiting {
                    queue,
                    length,
                    oldest,
                } in queues
                {
                    metrics::queue(queue, length, oldest);
                }
                metrics::database_is_up(true);
            }
            Ok(Err(error)) => {
                tracing::debug!(%error, "the database does not tell what the metrics need");
                metrics::database_is_up(false);
            }
            Err(_) => metrics::database_is_up(false),
        }
    }
}
