//! What can be done: one function per intent, one transaction, one event.
//!
//! Rights are read inside the transaction that acts on them, and judged by `domain::access` alone.

pub mod access_tokens;
pub mod accounts;
pub mod bulk;
pub mod chain;
pub mod containers;
pub mod creations;
pub mod credentials;
pub mod customers;
pub mod demo;
pub mod devices;
pub mod digests;
pub mod expiry;
pub mod groups;
pub mod history;
pub(crate) mod idempotency;
pub mod imports;
pub mod instance;
pub mod leases;
pub mod leavers;
pub mod license_targets;
pub mod licenses;
pub mod nodes;
pub mod organisation;
pub mod partners;
pub mod password_links;
pub mod passwords;
pub mod personal_tokens;
pub mod products;
mod qr_codes;
pub mod readers;
pub mod reports;
pub mod requests;
pub mod second_factors;
pub mod sessions;
pub mod signed;
pub mod signing_keys;
pub mod targets;
pub mod tickets;
pub mod tokens;
pub mod tree;
pub mod users;
pub mod view_as;
pub mod viewers;
pub mod webhooks;

use crate::{
    domain::{
        access::{Actor, Denied},
        ids::UserId,
        refusals::Refusal,
    },
    store::{self, StoreError, Tx},
};

/// Why an operation did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpError {
    /// For a reason that the person can understand and act on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The person who asks does not exist any more.
    #[error("the account does not exist")]
    NoSuchActor,
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
}

impl From<Denied> for OpError {
    fn from(denied: Denied) -> Self {
        Self::Refused(denied.into())
    }
}

/// Whoever asks, with all that they were granted, as it is inside this transaction.
pub(crate) async fn actor(tx: &mut Tx, user: UserId) -> Result<Actor, OpError> {
    store::users::actor(tx, user).await?.ok_or(OpError::NoSuchActor)
}
