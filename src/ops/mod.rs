//! What can be done: one function per intent, one transaction, one event.
//!
//! Rights are read inside the transaction that acts on them, and judged by `domain::access` alone.

pub mod accounts;
pub mod find;
pub mod groups;
pub mod history;
pub(crate) mod idempotency;
pub mod instance;
pub mod licensing;
pub mod outbox;
pub mod overview;
pub mod reach;
pub mod readers;
pub mod resellers;
pub mod tickets;
pub mod tokens;
pub(crate) mod transactions;
pub mod workers;

use domain::{
    access::{Actor, Denied},
    ids::UserId,
    refusals::Refusal,
};
use jiff::SignedDuration;

use crate::{
    errors::ApiError,
    metrics::{Unavailable, unavailable},
    store::{self, StoreError, Tx},
};

/// How long to wait for a database that does not answer: a replica takes over within ten seconds.
const DATABASE_RETRY_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How long to wait for mails to be written: that takes milliseconds, and a minute is enough where even the mail server was
/// away.
const MAILS_RETRY_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Why an operation did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// For a reason that the person can understand and act on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The person who asks does not exist any more.
    #[error("the account does not exist")]
    NoSuchActor,
    /// More mails wait than are written in a while.
    #[error(transparent)]
    TooManyMails(#[from] outbox::Full),
    /// More computing waits than is done in a while.
    #[error(transparent)]
    Overloaded(#[from] workers::Full),
    /// A fault of the database, or a defect.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OpError {
    /// Whether the same transaction may well succeed when tried again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }

    /// Whether the database does not answer.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_away())
    }
}

impl From<Denied> for OpError {
    fn from(denied: Denied) -> Self {
        Self::Refused(denied.into())
    }
}

impl From<OpError> for ApiError {
    fn from(error: OpError) -> Self {
        match error {
            OpError::Refused(refusal) => Self::Refused(refusal),
            OpError::NoSuchActor => Self::NotLoggedIn,
            OpError::TooManyMails(_) => Self::too_many(MAILS_RETRY_AFTER),
            OpError::Overloaded(workers::Full) => {
                unavailable(Unavailable::Computing);
                Self::overloaded(workers::RETRY_AFTER)
            }
            OpError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::OnlyImpersonated) {
            return Self::Refused(Refusal::ViewingAs);
        }
        if matches!(error, StoreError::Overloaded) {
            unavailable(Unavailable::HeavyReads);
            return Self::overloaded(workers::RETRY_AFTER);
        }
        if error.is_away() {
            tracing::warn!(%error, "the database does not answer");
            unavailable(Unavailable::Database);
            return Self::DatabaseAway {
                seconds: DATABASE_RETRY_AFTER.as_secs().unsigned_abs(),
            };
        }
        if error.is_transient() {
            tracing::warn!(%error, "a transaction lost against others too often");
            unavailable(Unavailable::Conflicts);
            return Self::overloaded(workers::RETRY_AFTER);
        }
        tracing::error!(%error, "the database failed");
        Self::Internal
    }
}

/// Whoever asks, with all that they were granted, as it is inside this transaction.
pub(crate) async fn actor(tx: &mut Tx, user: UserId) -> Result<Actor, OpError> {
    store::accounts::people::actor(tx, user)
        .await?
        .ok_or(OpError::NoSuchActor)
}
