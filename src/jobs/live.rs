//! Reads what happens, and tells the open pages.
//!
//! The history is read at once after a commit of this process, and when another process says over PostgreSQL that it has
//! committed something. Where nobody can say so, on SQLite and behind a pooler, it is read twice a second, too.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Notify, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::{
    metrics,
    ops::{OpError, accounts::sessions::Sessions, history::live::Live},
    store::Store,
};

/// How often the history is read where no other process can be heard.
const POLL: Duration = Duration::from_millis(400);
/// How often it is read where they can, in case that a word was lost on its way.
const RARELY: Duration = Duration::from_secs(5);
/// How often the logins of a part of the open pages are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long it may take to begin to listen to others, or to tell them something.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is committed within so long is told to other processes at once.
const TOGETHER: Duration = Duration::from_millis(10);

/// Reads events for those who listen.
#[derive(Clone)]
pub struct Feed {
    store: Store,
    live: Live,
    sessions: Sessions,
    /// Another process has committed something.
    heard: Arc<Notify>,
    hears: Arc<AtomicBool>,
}

impl Feed {
    /// Has read nothing yet.
    #[must_use]
    pub fn new(store: Store, live: Live, sessions: Sessions) -> Self {
        Self {
            store,
            live,
            sessions,
            heard: Arc::default(),
            hears: Arc::default(),
        }
    }

    /// Reads until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.read() => {}
            () = self.look() => {}
            () = self.listen() => {}
            () = self.call() => {}
        }
    }

    /// Reads once.
    ///
    /// # Errors
    /// [`OpError::Store`].
    pub async fn round(&self) -> Result<(), OpError> {
        self.live.read(&self.store, &self.sessions).await
    }

    async fn read(&self) {
        let mut commits = self.store.commits();
        loop {
            let read = self.round().await;
            metrics::round("live", read.is_ok());
            if let Err(error) = read {
                tracing::warn!(%error, "cannot read the history");
            }
            let pause = if self.hears.load(Ordering::Relaxed) {
                RARELY
            } else {
                POLL
            };
            tokio::select! {
                _ = commits.changed() => {}
                () = self.heard.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn look(&self) {
        let mut next = tokio::time::interval(LOOK);
        next.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            next.tick().await;
            if let Err(error) = self.live.look(&self.store, &self.sessions).await {
                tracing::debug!(%error, "cannot look at the logins of open pages");
            }
        }
    }

    /// Listens to other processes.
    async fn listen(&self) {
        loop {
            match tokio::time::timeout(PATIENCE, self.store.listen()).await {
                Ok(Ok(Some(mut listening))) => {
                    self.hears.store(true, Ordering::Relaxed);
                    // What was committed before anybody listened.
                    self.heard.notify_one();
                    while listening.heard().await.is_ok() {
                        self.heard.notify_one();
                    }
                    self.hears.store(false, Ordering::Relaxed);
                    // Whoever waits for long is to poll from here on.
                    self.heard.notify_one();
                }
                // There is nobody to listen to.
                Ok(Ok(None)) => std::future::pending().await,
                Ok(Err(error)) => tracing::debug!(%error, "cannot listen to other servers"),
                Err(_) => tracing::debug!("nobody answers who could say what other servers do"),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Tells other processes that something was committed: afterwards and not in the transaction, whose commits
    /// PostgreSQL would let happen one after the other only.
    async fn call(&self) {
        let mut commits = self.store.commits();
        while commits.changed().await.is_ok() {
            tokio::time::sleep(TOGETHER).await;
            commits.mark_unchanged();
            match tokio::time::timeout(PATIENCE, self.store.call()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "cannot tell other servers of a commit"),
                Err(_) => tracing::debug!("cannot tell other servers of a commit in time"),
            }
        }
    }
}
