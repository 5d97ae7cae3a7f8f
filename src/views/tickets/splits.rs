//! What is told of tickets that are split and joined (N17).

use domain::ids::LicenseId;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use crate::views::tickets::TicketRow;

/// Most tickets that are offered to be joined to one.
pub const MAX_CANDIDATES: i64 = 50;

/// So many of a licence are to be split off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Wanted {
    pub license: LicenseId,
    /// How many of it; none for 0.
    pub quantity: u32,
}

/// A ticket that can be joined to another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct JoinCandidate {
    pub ticket: TicketRow,
    /// How many of its licences become one with their like; the others stand beside those of the other ticket.
    pub becomes_one: u32,
}
