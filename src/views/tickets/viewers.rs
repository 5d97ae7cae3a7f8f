//! Who can see a ticket, and why (N2).

use std::collections::BTreeSet;

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::{
    access::{Because, Unseen},
    ids::{GroupId, UserId},
    tickets::codes::TicketCode,
};
use serde::{Deserialize, Serialize};

/// Most people named in one answer.
pub const MOST_VIEWERS: usize = 100;

/// A person within the asker's reach, and whether they see the ticket by what the asker may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Viewer {
    pub user: UserId,
    pub name: String,
    /// Whether they can log in.
    pub active: bool,
    /// Why they see it, or what stands against it.
    #[cfg_attr(feature = "ssr", schema(value_type = crate::views::schemas::Either<BTreeSet<Because>, Unseen>))]
    pub sees: Result<BTreeSet<Because>, Unseen>,
}

/// Who can see a ticket: as far as the asker may know (S4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Sight {
    pub code: TicketCode,
    /// Name of the person who has it, if a person has it.
    pub person: Option<String>,
    /// Its group or group context and the groups above it, with their names, from the topmost one that the asker sees.
    pub path: Vec<(GroupId, String)>,
    /// At most [`MOST_VIEWERS`] people: all who see it, or all whom the search found, with the answer for each.
    pub rows: Vec<Viewer>,
    /// Whether there are more of them.
    pub more: bool,
    /// Whether nobody stands above the asker, so that the answer is the whole one.
    pub whole: bool,
}
