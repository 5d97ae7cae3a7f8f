//! Reads what happens, and tells those who listen.
//!
//! The database is asked twice a second, and at once after a commit of this process; so several processes on one
//! PostgreSQL see each other's events.

use std::{collections::HashMap, time::Duration};

use domain::ids::EventId;

use crate::{
    ops::history::live::{self, Live},
    store::{Store, sources::Sources},
};

/// How often the database is asked for what other processes did.
const POLL: Duration = Duration::from_millis(400);
/// Ids are ordered by the clock of the process that made them and become visible at commit; so the last milliseconds are
/// read again each time. Longer than any clock is off, or a transaction takes.
const OVERLAP: i64 = 10_000;

/// Reads new events until the process ends.
pub async fn run(store: Store, live: Live) {
    let mut commits = store.commits();
    let mut seen: HashMap<EventId, i64> = HashMap::new();
    let mut first = true;
    loop {
        let now = store.sources.now();
        match live::since(&store, EventId(Sources::first_id_at(now - OVERLAP))).await {
            Ok(events) => {
                for event in events {
                    if seen.insert(event.id, now).is_none() && !first {
                        live.tell(event);
                    }
                }
                first = false;
                seen.retain(|_, at| now - *at < 2 * OVERLAP);
            }
            Err(error) => tracing::warn!(%error, "cannot read the history"),
        }
        let _ = tokio::time::timeout(POLL, commits.changed()).await;
    }
}
