//! Every metric that the portal has, once: name, kind, unit, labels, and what it says.

/// How a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only rises, from zero at the start of the process on.
    Counter,
    /// Rises and falls.
    Gauge,
    /// How often something took how long, in buckets.
    Histogram,
}

/// What a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Seconds.
    Seconds,
}

/// A metric. The values of its labels are known when the portal is built, or are routes and jobs of it: there are never more
/// series than those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    pub name: &'static str,
    pub kind: Kind,
    pub unit: Unit,
    pub labels: &'static [&'static str],
    /// What it says, in one sentence without markup.
    pub help: &'static str,
}

macro_rules! table {
    ($($constant:ident: $kind:ident, $unit:ident, $name:literal, [$($label:literal),*], $help:literal;)*) => {
        $(
            #[doc = $help]
            pub(super) const $constant: &str = $name;
        )*
        /// All of them.
        pub const TABLE: &[Metric] = &[$(Metric {
            name: $name,
            kind: Kind::$kind,
            unit: Unit::$unit,
            labels: &[$($label),*],
            help: $help,
        }),*];
    };
}

table! {
    BUILD: Gauge, Count, "portal_build_info", ["version"],
        "Always 1; the label says which version runs.";

    REQUEST_SECONDS: Histogram, Seconds, "portal_request_seconds", ["method", "route", "status"],
        "How long requests took, from their head to that of the answer, by the pattern of the route and the class of the status.";
    UNAVAILABLE: Counter, Count, "portal_unavailable_total", ["reason"],
        "Requests that were answered with 503, by what there was too little of.";
    CONNECTIONS: Gauge, Count, "portal_connections", ["listener"],
        "Connections that are open.";

    DATABASE_UP: Gauge, Count, "portal_database_up", [],
        "Whether the database answered when it was last asked for these figures: 1 or 0.";
    DATABASE_CONNECTIONS: Gauge, Count, "portal_database_connections", ["state"],
        "Connections to the database, by whether they are in use.";
    DATABASE_CONNECTIONS_MOST: Gauge, Count, "portal_database_connections_most", [],
        "Most connections to the database that this process may have.";
    DATABASE_WAITING: Gauge, Count, "portal_database_waiting", [],
        "Transactions that wait for a connection, or on SQLite for the one writer.";
    DATABASE_WAIT_SECONDS: Histogram, Seconds, "portal_database_wait_seconds", ["kind"],
        "How long transactions waited until they began.";
    TRANSACTION_SECONDS: Histogram, Seconds, "portal_transaction_seconds", ["kind", "outcome"],
        "How long transactions took from their begin to their end.";
    TRANSACTION_REPEATS: Counter, Count, "portal_transaction_repeats_total", ["reason"],
        "Transactions that began again: they had lost against others, or the database went away.";
    HEAVY_READS: Gauge, Count, "portal_heavy_reads", ["state"],
        "Reads that look at much: those that run, and those that wait for a turn.";
    HEAVY_READS_MOST: Gauge, Count, "portal_heavy_reads_most", [],
        "Most reads that look at much which run at the same time.";

    LIVE_PAGES: Gauge, Count, "portal_live_pages", [],
        "Open pages that are told what changes.";
    LIVE_EVENTS: Counter, Count, "portal_live_events_total", [],
        "Messages to open pages that something changed.";

    LEASES: Gauge, Count, "portal_leases", [],
        "Leases that hold a place, of the whole database.";
    LEASES_TAKEN: Counter, Count, "portal_leases_taken_total", ["binding"],
        "Leases that machines took.";
    LEASES_RENEWED: Counter, Count, "portal_leases_renewed_total", ["binding"],
        "Leases that machines renewed.";
    LEASES_REFUSED: Counter, Count, "portal_leases_refused_total", ["reason"],
        "Requests of machines that were refused, by the reason that they were told.";

    QUEUE_LENGTH: Gauge, Count, "portal_queue_length", ["queue"],
        "What waits: mails that requests asked for, digests, deliveries of webhooks, events that are not sealed.";
    QUEUE_OLDEST_SECONDS: Gauge, Seconds, "portal_queue_oldest_seconds", ["queue"],
        "For how long the oldest in that queue has waited; 0 where nothing waits.";

    JOB_STARTS: Counter, Count, "portal_job_starts_total", ["job_name"],
        "How often a job was started: once, and again after each failure.";
    JOB_FAILURES: Counter, Count, "portal_job_failures_total", ["job_name", "how"],
        "How often a job failed: it panicked, ended before it was told to, or hung.";
    JOB_ROUNDS: Counter, Count, "portal_job_rounds_total", ["job_name", "outcome"],
        "What a job did again and again, by whether it succeeded.";
    JOB_SINCE_SUCCESS: Gauge, Seconds, "portal_job_since_success_seconds", ["job_name"],
        "How long ago a round of the job succeeded last; since its start where none has.";
    JOB_LOST: Gauge, Count, "portal_job_lost", ["job_name"],
        "Whether the job does not come back, as /readyz says: 1 or 0.";

    SEATS_USED: Gauge, Count, "portal_seats_used", [],
        "Active accounts, of which each has a seat.";
    SEATS: Gauge, Count, "portal_seats", [],
        "Seats that the licence of the instance grants.";

    COMPUTING: Gauge, Count, "portal_computing", ["kind", "state"],
        "Hashes of passwords (argon2id) and photos: those that are computed, and those that wait for a thread.";
    LOGINS: Counter, Count, "portal_logins_total", ["way", "outcome"],
        "Attempts to log in, by how and with what outcome.";

    BACKUP_AGE: Gauge, Seconds, "portal_backup_age_seconds", [],
        "How long ago the last backup was begun that was completed; -1 where none is known.";
}
