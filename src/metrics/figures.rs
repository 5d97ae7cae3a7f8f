//! What is not counted but looked at, where somebody asks.

use std::time::Duration;

use ::metrics::gauge;

use super::{labels::labels, table};

/// More than 2^53 of anything is told less exactly.
#[expect(clippy::cast_precision_loss, reason = "Prometheus knows no other numbers")]
const fn float(count: usize) -> f64 {
    count as f64
}

labels! {
    /// What waits for a job.
    Queue {
        /// Mails that requests asked for.
        Mails = "mails",
        /// Mails about what expires.
        Digests = "digests",
        /// Deliveries of webhooks.
        Webhooks = "webhooks",
        /// Events that are not sealed.
        History = "history",
    }
}

labels! {
    /// What takes a core for a while.
    Computing {
        Passwords = "passwords",
        Photos = "photos",
    }
}

/// How the connections to the database are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Database {
    /// Connections that are used.
    pub in_use: usize,
    /// Connections that wait to be used.
    pub idle: usize,
    /// Most of both.
    pub most: usize,
    /// Reads that look at much, and have their turn.
    pub heavy: usize,
    /// Those that wait for theirs.
    pub heavy_waiting: usize,
    /// Most that have their turn.
    pub heavy_most: usize,
}

/// What the database says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub leases: usize,
    pub seats_used: usize,
    pub seats: usize,
    /// How long ago the last backup was begun.
    pub backup: Option<Duration>,
}

/// What nobody looked at yet is none.
pub(super) fn begin() {
    database(Database::default());
    database_is_up(false);
    figures(Figures::default());
    live_pages(0);
    for of in Queue::ALL {
        queue(*of, 0, None);
    }
    for kind in Computing::ALL {
        computing(*kind, 0, 0);
    }
}

/// Writes down how the connections are.
pub fn database(now: Database) {
    gauge!(table::DATABASE_CONNECTIONS, "state" => "in_use").set(float(now.in_use));
    gauge!(table::DATABASE_CONNECTIONS, "state" => "idle").set(float(now.idle));
    gauge!(table::DATABASE_CONNECTIONS_MOST).set(float(now.most));
    gauge!(table::HEAVY_READS, "state" => "running").set(float(now.heavy));
    gauge!(table::HEAVY_READS, "state" => "waiting").set(float(now.heavy_waiting));
    gauge!(table::HEAVY_READS_MOST).set(float(now.heavy_most));
}

/// Writes down whether the database answered.
pub fn database_is_up(is_up: bool) {
    gauge!(table::DATABASE_UP).set(f64::from(u8::from(is_up)));
}

/// Writes down what the database said.
pub fn figures(now: Figures) {
    gauge!(table::LEASES).set(float(now.leases));
    gauge!(table::SEATS_USED).set(float(now.seats_used));
    gauge!(table::SEATS).set(float(now.seats));
    let backup = now.backup.map_or(-1.0, |age| age.as_secs_f64());
    gauge!(table::BACKUP_AGE).set(backup);
}

/// Writes down how many wait, and for how long the oldest has.
pub fn queue(queue: Queue, length: usize, oldest: Option<Duration>) {
    gauge!(table::QUEUE_LENGTH, "queue" => queue.text()).set(float(length));
    let oldest = oldest.unwrap_or_default().as_secs_f64();
    gauge!(table::QUEUE_OLDEST_SECONDS, "queue" => queue.text()).set(oldest);
}

/// Writes down how many pages are open.
pub fn live_pages(open: usize) {
    gauge!(table::LIVE_PAGES).set(float(open));
}

/// Writes down how much is computed, and how much waits.
pub fn computing(kind: Computing, running: usize, waiting: usize) {
    gauge!(table::COMPUTING, "kind" => kind.text(), "state" => "running").set(float(running));
    gauge!(table::COMPUTING, "kind" => kind.text(), "state" => "waiting").set(float(waiting));
}
