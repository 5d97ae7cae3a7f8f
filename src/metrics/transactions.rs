//! Transactions: how long they wait and take, and how often they begin again.

use ::metrics::{counter, gauge, histogram};
use tokio::time::Instant;

use super::{labels::labels, state::is_on, table};

labels! {
    /// What a transaction is for.
    Kind {
        Read = "read",
        /// It looks at much, and waits for a turn.
        HeavyRead = "heavy_read",
        Write = "write",
        /// It seals the history.
        Seal = "seal",
    }
}

labels! {
    /// How one ends.
    Outcome {
        Committed = "committed",
        RolledBack = "rolled_back",
        /// It only read.
        Ended = "ended",
    }
}

labels! {
    /// Why one begins again.
    Repeat {
        /// It lost against others.
        Conflict = "conflict",
        /// The database went away.
        Away = "away",
    }
}

impl Kind {
    const fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::HeavyRead)
    }
}

/// A transaction that waits, until it begins or is dropped.
pub struct Waiting {
    kind: Kind,
    /// `None` where nothing is counted.
    since: Option<Instant>,
}

impl Waiting {
    /// It waits from here on.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        let since = is_on().then(Instant::now);
        if since.is_some() {
            gauge!(table::DATABASE_WAITING).increment(1.0);
        }
        Self { kind, since }
    }

    /// It runs from here on.
    #[must_use]
    pub fn begins(self) -> Running {
        if let Some(since) = self.since {
            histogram!(table::DATABASE_WAIT_SECONDS, "kind" => self.kind.text()).record(since.elapsed());
        }
        Running {
            kind: self.kind,
            since: self.since.map(|_| Instant::now()),
            committed: false,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.since.is_some() {
            gauge!(table::DATABASE_WAITING).decrement(1.0);
        }
    }
}

/// A transaction that runs, until it is dropped.
pub struct Running {
    kind: Kind,
    since: Option<Instant>,
    committed: bool,
}

impl Running {
    /// What it did lasts.
    pub const fn committed(&mut self) {
        self.committed = true;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(since) = self.since else {
            return;
        };
        let outcome = match self.committed {
            _ if self.kind.only_reads() => Outcome::Ended,
            true => Outcome::Committed,
            false => Outcome::RolledBack,
        };
        histogram!(
            table::TRANSACTION_SECONDS,
            "kind" => self.kind.text(),
            "outcome" => outcome.text(),
        )
        .record(since.elapsed());
    }
}

pub(super) fn begin() {
    for kind in Kind::ALL {
        let _ = histogram!(table::DATABASE_WAIT_SECONDS, "kind" => kind.text());
        for outcome in Outcome::ALL {
            if (*outcome == Outcome::Ended) == kind.only_reads() {
                let (kind, outcome) = (kind.text(), outcome.text());
                let _ = histogram!(table::TRANSACTION_SECONDS, "kind" => kind, "outcome" => outcome);
            }
        }
    }
    gauge!(table::DATABASE_WAITING).set(0.0);
    for why in Repeat::ALL {
        counter!(table::TRANSACTION_REPEATS, "reason" => why.text()).increment(0);
    }
}

/// A transaction begins again.
pub fn repeated(why: Repeat) {
    counter!(table::TRANSACTION_REPEATS, "reason" => why.text()).increment(1);
}
