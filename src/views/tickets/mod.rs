//! What is told of tickets.

pub mod bulk;
pub mod facets;
pub mod layout;
pub mod saved;
pub mod splits;
pub mod viewers;

use domain::{
    access::{Place, TicketFacts},
    groups::tree::Node,
    history::events::EventKind,
    ids::TicketId,
    licensing::{licenses::License, products::ProductName},
    tickets::{Holder, codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use crate::views::tickets::facets::Facets;

/// A ticket as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TicketRow {
    /// The facts the policy needs, as far as the reader may know them.
    pub facts: TicketFacts,
    pub code: TicketCode,
    /// What is in it.
    pub licenses: Vec<License>,
    /// Name of the person, for a personal ticket.
    pub person: Option<String>,
    /// Names of the groups down to the group or group context, beginning at the reader's own level (S4).
    pub path: Vec<String>,
    /// Since when the present owner has it.
    pub since: Timestamp,
}

impl TicketRow {
    #[must_use]
    pub const fn id(&self) -> TicketId {
        self.facts.id
    }

    /// Its owner.
    #[must_use]
    pub fn owner(&self) -> Owner {
        self.facts.place.owner()
    }

    /// Whether some of its licences are activated: a move asks what becomes of them.
    #[must_use]
    pub fn is_activated(&self) -> bool {
        self.licenses.iter().any(|license| license.activated > 0)
    }
}

#[cfg(test)]
impl TicketRow {
    /// A ticket of the last of these groups, with nothing in it.
    #[must_use]
    pub fn of_group(id: i64, groups: &[i64]) -> Self {
        let groups = groups.iter().map(|group| domain::ids::GroupId(*group));
        let level = domain::groups::Lineage::new(groups.collect()).unwrap();
        Self {
            facts: TicketFacts {
                id: TicketId(id),
                place: Place::Group(level),
                protected: false,
            },
            code: TicketCode::from_random([0; 24]),
            licenses: Vec::new(),
            person: None,
            path: Vec::new(),
            since: Timestamp::UNIX_EPOCH,
        }
    }
}

/// By what a list of tickets is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Since when the owner has them; the newest first unless reversed.
    #[default]
    Since,
    /// By code.
    Code,
    /// By the first product in them.
    Product,
    /// By the name of the owner.
    Owner,
}

/// Tickets on one page of a list.
pub const PAGE: u32 = 50;

/// Longest search, in characters; of longer ones, the beginning counts.
pub const MAX_SEARCH: usize = 100;

/// Which tickets, in what order, which page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TicketQuery {
    pub node: Node,
    /// For a group: with those of the groups and people below it.
    #[serde(default)]
    pub below: bool,
    /// Only those with each of these words in code, product or owner; empty for all.
    #[serde(default)]
    pub search: String,
    /// What of these is wanted: `state:free,ends:30`.
    #[serde(default, skip_serializing_if = "Facets::is_empty")]
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub facets: Facets,
    /// The order.
    #[serde(default)]
    pub sort: Sort,
    /// The other way round.
    #[serde(default)]
    pub reverse: bool,
    /// The page, from 0.
    #[serde(default)]
    pub page: u32,
}

impl TicketQuery {
    /// The first page of a node, newest first, with everything below it.
    #[must_use]
    pub const fn of(node: Node) -> Self {
        Self {
            node,
            below: true,
            search: String::new(),
            facets: Facets::NONE,
            sort: Sort::Since,
            reverse: false,
            page: 0,
        }
    }

    /// Whether only some of what is there is asked for: words, or facets.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || !self.facets.is_empty()
    }
}

/// Tickets beyond this number are not counted one by one: one more stands for all that are more.
pub const COUNTED: u32 = 10_000;

/// A page of a list of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TicketPage {
    /// At most [`PAGE`] tickets.
    pub rows: Vec<TicketRow>,
    /// How many there are on all pages together; [`COUNTED`] + 1 stands for more than that.
    pub total: u64,
    /// Names of the node and of the visible groups above it; empty for the fixed nodes.
    pub path: Vec<String>,
}

/// A move that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Moved {
    /// The idempotency key of the move; names it when it is taken back.
    pub key: String,
    /// How many tickets it moved.
    pub tickets: u32,
}

/// A new owner that the policy permits for some of the tickets, with its full visible path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Target {
    /// The owner, and where it stands as far as the reader sees.
    pub place: Place,
    /// Name of the person, for a person.
    pub person: Option<String>,
    /// Names of the groups down to the group or group context.
    pub path: Vec<String>,
    /// How many of the tickets may go there.
    pub permitted: u32,
}

/// Who does something without being one of the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum NoPerson {
    /// The operator of the server.
    Operator,
    /// A machine, with a credential.
    Machine,
}

/// An entry of a ticket's history, as one reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct HistoryRow {
    /// When.
    pub at: Timestamp,
    pub kind: EventKind,
    /// Who; `None` where the reader may not know, and for whom `by` names.
    pub actor: Option<String>,
    /// What did it, where it was no person.
    pub by: Option<NoPerson>,
    /// From where; `None` where it came from nowhere, or the reader may not know.
    pub from: Option<Holder>,
    /// To where; likewise.
    pub to: Option<Holder>,
    /// Of licences: how many, and the name of the container and of its person where the reader reaches it.
    pub licenses: Option<(u32, Option<(String, String)>)>,
    /// What those are of.
    pub product: Option<ProductName>,
}
