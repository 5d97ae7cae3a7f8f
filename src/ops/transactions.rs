//! Writing transactions, tried again where they lost against another one, or where the database went away under them.

/// Runs the block in a writing transaction, from the beginning again when it lost against another one, or when the connection
/// broke before the end. The block yields a `Result` whose error is an [`OpError`](crate::ops::OpError); an error leaves nothing
/// behind.
///
/// Where the connection breaks during the commit, nobody knows whether it happened. With `keyed`, the block begins by looking
/// for what was done under its idempotency key, and so it is tried again, too. With `holding`, the rights are held from the
/// first moment on ([`Tx::hold_rights`](crate::store::Tx::hold_rights)), without a statement of its own.
macro_rules! in_transaction {
    ($store:expr, |$tx:ident| $work:block) => {
        $crate::ops::transactions::in_transaction!(@ $store, begin_write, false, |$tx| $work)
    };
    ($store:expr, keyed |$tx:ident| $work:block) => {
        $crate::ops::transactions::in_transaction!(@ $store, begin_write, true, |$tx| $work)
    };
    ($store:expr, keyed holding |$tx:ident| $work:block) => {
        $crate::ops::transactions::in_transaction!(@ $store, begin_holding_rights, true, |$tx| $work)
    };
    (@ $store:expr, $begin:ident, $keyed:literal, |$tx:ident| $work:block) => {{
        let mut attempts = $crate::ops::transactions::Attempts::new($keyed);
        loop {
            let mut $tx = $store.$begin().await?;
            let outcome: Result<_, $crate::ops::OpError> = async { $work }.await;
            let (error, committing) = match outcome {
                Ok(value) => match $store.commit($tx).await {
                    Ok(()) => break Ok(value),
                    Err(error) => ($crate::ops::OpError::from(error), true),
                },
                Err(error) => (error, false),
            };
            match attempts.pause_after(&error, committing, &$store.sources) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break Err(error),
            }
        }
    }};
}

use std::time::Duration;

pub(crate) use in_transaction;
use tokio::time::Instant;

use crate::{
    metrics::{self, Repeat},
    ops::OpError,
    store::sources::Sources,
};

/// Most attempts at a transaction that loses against others.
const LOST: u32 = 20;
/// Most attempts at one under which the database goes away: each waits for a connection by itself.
const AWAY: u32 = 3;
/// How long to wait before the next of these, in milliseconds.
const AWAY_PAUSE: u64 = 200;
/// No attempt begins later than this after the first that failed so: whoever waits has an answer within twenty seconds.
const LATEST: Duration = Duration::from_secs(5);

/// The attempts at one transaction.
pub(crate) struct Attempts {
    keyed: bool,
    lost: u32,
    away: u32,
    /// When the database went away for the first time.
    away_since: Option<Instant>,
}

impl Attempts {
    /// None yet.
    pub(crate) const fn new(keyed: bool) -> Self {
        Self {
            keyed,
            lost: 0,
            away: 0,
            away_since: None,
        }
    }

    /// How long to wait before the next attempt; `None` where there is to be none.
    pub(crate) fn pause_after(
        &mut self,
        error: &OpError,
        committing: bool,
        sources: &Sources,
    ) -> Option<Duration> {
        if error.is_transient() {
            self.lost += 1;
            // Losers that start again at once would meet again; the more there are, the longer they have to spread.
            let longest = 4_u64 << self.lost.min(7);
            let pause = u64::from(u16::from_le_bytes(sources.random())) % longest;
            return (self.lost < LOST).then(|| {
                metrics::repeated(Repeat::Conflict);
                Duration::from_millis(pause)
            });
        }
        let may_repeat = !committing || self.keyed;
        if error.is_away() && may_repeat {
            self.away += 1;
            let since = *self.away_since.get_or_insert_with(Instant::now);
            return (self.away < AWAY && since.elapsed() <= LATEST).then(|| {
                metrics::repeated(Repeat::Away);
                Duration::from_millis(AWAY_PAUSE << self.away)
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    fn away() -> OpError {
        StoreError::Sql(sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into())).into()
    }

    #[test]
    fn what_may_have_happened_is_repeated_under_a_key_alone() {
        let sources = Sources::new(|| jiff::Timestamp::UNIX_EPOCH, |bytes| bytes.fill(0xFF));
        let repeated = |keyed, committing| {
            let mut attempts = Attempts::new(keyed);
            std::iter::repeat_with(|| attempts.pause_after(&away(), committing, &sources))
                .take_while(Option::is_some)
                .count()
        };
        assert_eq!(repeated(false, true), 0);
        for (keyed, committing) in [(true, true), (true, false), (false, false)] {
            assert_eq!(repeated(keyed, committing), 2, "{keyed} {committing}");
        }
        let refused = OpError::NoSuchActor;
        assert_eq!(Attempts::new(true).pause_after(&refused, false, &sources), None);
    }

    #[test]
    fn nobody_waits_for_one_attempt_after_the_other_for_long() {
        let sources = Sources::new(|| jiff::Timestamp::UNIX_EPOCH, |bytes| bytes.fill(0xFF));
        let mut attempts = Attempts::new(true);
        attempts.away_since = Instant::now().checked_sub(LATEST + Duration::from_millis(1));
        assert!(attempts.away_since.is_some());
        assert_eq!(attempts.pause_after(&away(), false, &sources), None);
    }
}
