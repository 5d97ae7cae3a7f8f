//! Reads what happens, and tells those who listen.
//!
//! The database is asked twice a second, and at once after a commit of this process; so several processes on one
//! PostgreSQL see each other's events.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{ids::EventId, time::earlier};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::{
    ops::{
        OpError,
        history::live::{self, Live},
    },
    store::{Store, sources::Sources},
};

/// How often the database is asked for what other processes did.
const POLL: Duration = Duration::from_millis(400);
/// Ids are ordered by the clock of the process that made them and become visible at commit; so the last seconds are
/// read again each time. Longer than any clock is off, or a transaction takes.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);

/// Reads events for those who listen.
#[derive(Clone)]
pub struct Feed {
    store: Store,
    live: Live,
    read: Arc<Mutex<Read>>,
}

/// What was read. It outlives a failure: what happens until the next read is told then.
#[derive(Default)]
struct Read {
    /// When it was read last. What was recorded before the first time is the past, and not told.
    at: Option<Timestamp>,
    /// Events that will be read again, with the time at which they were read.
    events: HashMap<EventId, Timestamp>,
}

impl Feed {
    /// Has read nothing yet.
    #[must_use]
    pub fn new(store: Store, live: Live) -> Self {
        Self {
            store,
            live,
            read: Arc::default(),
        }
    }

    /// Reads until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut commits = self.store.commits();
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(%error, "cannot read the history");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tokio::time::timeout(POLL, commits.changed()) => {}
            }
        }
    }

    async fn round(&self) -> Result<(), OpError> {
        let now = self.store.sources.now();
        let before = self.read(|read| read.at);
        let since = earlier(before.map_or(now, |before| before.min(now)), OVERLAP);
        let events = live::since(&self.store, EventId(Sources::first_id_at(since))).await?;
        self.read(|read| {
            for event in events {
                if read.events.insert(event.id, now).is_none() && before.is_some() {
                    self.live.tell(event);
                }
            }
            read.at = Some(now);
            read.events.retain(|_, at| now.duration_since(*at) < 2 * OVERLAP);
        });
        Ok(())
    }

    fn read<T>(&self, look: impl FnOnce(&mut Read) -> T) -> T {
        look(&mut self.read.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
