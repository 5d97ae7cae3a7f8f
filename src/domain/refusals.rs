//! Why the portal did not do what it was asked: the one list of reasons, for every layer.

use serde::{Deserialize, Serialize};

use super::{
    access::Denied,
    codes::{InvalidCode, TicketCode},
    names::InvalidName,
    tickets::Holder,
};

/// A reason that the person can understand and act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A name cannot be used.
    #[error(transparent)]
    InvalidName(#[from] InvalidName),
    /// There is a group of that name there already.
    #[error("there is a group of that name already")]
    NameTaken,
    /// The ticket is no longer where the actor saw it.
    #[error("somebody else was faster")]
    Overtaken {
        /// Which ticket.
        code: TicketCode,
        /// Where it is now, as far as the actor may know.
        now: Holder,
        /// Who moved it, if the actor may know.
        by: Option<String>,
    },
    /// The move to be taken back does not exist, or is not the actor's.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The key was used for a different request.
    #[error("the idempotency key belongs to another request")]
    KeyReused,
    /// The n-th code (from 1) is mistyped.
    #[error("code {at} is mistyped: {why}")]
    InvalidCode {
        /// Which of the codes, from 1.
        at: u32,
        /// What is wrong with it.
        why: InvalidCode,
    },
    /// The n-th code (from 1) is well formed, and is not one that can be redeemed. Whether it exists is not told.
    #[error("code {at} cannot be redeemed")]
    UnknownCode {
        /// Which of the codes, from 1.
        at: u32,
    },
    /// No code was given, or more than can be redeemed at once.
    #[error("enter one to 50 codes")]
    NoCodes,
    /// The group still holds something, and nobody was named to get it.
    #[error("the group is not empty")]
    NotEmpty,
    /// The request does not have the form of such a request.
    #[error("the request is malformed")]
    Malformed,
}
