//! What a search over everything finds.

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::ids::{GroupId, UserId};
use serde::{Deserialize, Serialize};

use crate::views::{
    licensing::containers::ContainerRow, resellers::customers::CustomerRow, tickets::TicketRow,
};

/// How many of each kind are told.
pub const FOUND: usize = 5;

/// What was found, of each kind the best first, as far as the reader may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Found {
    pub tickets: Vec<TicketRow>,
    pub people: Vec<FoundPerson>,
    pub groups: Vec<FoundGroup>,
    pub containers: Vec<ContainerRow>,
    pub customers: Vec<FoundCustomer>,
    /// Of which kinds there are more than [`FOUND`].
    pub more: Vec<FoundKind>,
}

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum FoundKind {
    Tickets,
    People,
    Groups,
    Containers,
    Customers,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FoundPerson {
    pub id: UserId,
    pub name: String,
    /// The name they log in with.
    pub login: String,
    /// Names of the groups down to one of theirs, as far as the reader sees them.
    pub path: Vec<String>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FoundGroup {
    pub id: GroupId,
    /// Names of the groups down to it, as far as the reader sees them.
    pub path: Vec<String>,
}

/// A customer for whom the reader may create tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FoundCustomer {
    pub customer: CustomerRow,
    /// The group in whose branch they are a customer.
    pub partner: Option<GroupId>,
    /// The group that was made for them, where the reader sees it.
    pub group: Option<GroupId>,
}
