//! What a ticket holds (S2, S8), and how lists of tickets are asked for and shown.

pub mod bulk;
pub mod codes;
pub mod owners;
pub mod viewers;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    access::{Place, TicketFacts},
    groups::tree::Node,
    history::events::EventKind,
    ids::TicketId,
    licensing::{licenses::License, products::ProductName},
    texts::serialized_as_text,
    tickets::{codes::TicketCode, owners::Owner},
};

/// A ticket as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TicketRow {
    /// The facts the policy needs, as far as the reader may know them.
    pub facts: TicketFacts,
    /// Its code.
    pub code: TicketCode,
    /// What is in it.
    pub licenses: Vec<License>,
    /// Name of the person, for a personal ticket.
    pub person: Option<String>,
    /// Names of the groups down to the group or group context, beginning at the reader's own level (S4).
    pub path: Vec<String>,
    /// Since when the present owner has it, in milliseconds since 1970 (UTC).
    pub since: i64,
}

impl TicketRow {
    /// Its id.
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
    /// Where.
    pub node: Node,
    /// For a group: with those of the groups and people below it.
    #[serde(default)]
    pub below: bool,
    /// Only those whose code, product or owner contains this; empty for all.
    #[serde(default)]
    pub search: String,
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
            sort: Sort::Since,
            reverse: false,
            page: 0,
        }
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

/// Tickets chosen to be moved, each with the owner the chooser saw.
///
/// Text form: `12=group:7;13=user:4@7`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Selection(Vec<(TicketId, Owner)>);

/// Most tickets in one move.
pub const MAX_SELECTION: usize = 500;

/// Why a text is no selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSelection {
    /// It names no ticket.
    #[error("no ticket is selected")]
    Empty,
    /// More than [`MAX_SELECTION`].
    #[error("at most {MAX_SELECTION} tickets can be moved at once")]
    TooMany,
    /// The same ticket twice.
    #[error("a ticket is selected twice")]
    Twice,
    /// Not of the form `ID=OWNER;…`.
    #[error("not a selection of tickets")]
    Malformed,
}

impl Selection {
    /// From tickets and the owners seen.
    ///
    /// # Errors
    /// [`InvalidSelection`] when there are none, too many, or one twice.
    pub fn new(mut tickets: Vec<(TicketId, Owner)>) -> Result<Self, InvalidSelection> {
        // One order for everybody, so that two moves of the same tickets cannot wait for each other.
        tickets.sort_unstable_by_key(|(ticket, _)| *ticket);
        match tickets.len() {
            0 => Err(InvalidSelection::Empty),
            n if n > MAX_SELECTION => Err(InvalidSelection::TooMany),
            _ if tickets.windows(2).any(|two| two[0].0 == two[1].0) => Err(InvalidSelection::Twice),
            _ => Ok(Self(tickets)),
        }
    }

    /// The tickets, by id, with the owners seen.
    #[must_use]
    pub fn tickets(&self) -> &[(TicketId, Owner)] {
        &self.0
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (ticket, owner)) in self.0.iter().enumerate() {
            write!(f, "{}{ticket}={owner}", if at == 0 { "" } else { ";" })?;
        }
        Ok(())
    }
}

impl FromStr for Selection {
    type Err = InvalidSelection;

    fn from_str(text: &str) -> Result<Self, InvalidSelection> {
        if text.is_empty() {
            return Err(InvalidSelection::Empty);
        }
        let one = |part: &str| {
            let (ticket, owner) = part.split_once('=')?;
            Some((ticket.parse().ok()?, owner.parse().ok()?))
        };
        let tickets = text
            .split(';')
            .take(MAX_SELECTION + 1)
            .map(one)
            .collect::<Option<Vec<_>>>();
        Self::new(tickets.ok_or(InvalidSelection::Malformed)?)
    }
}

serialized_as_text!(Selection);

/// What becomes of the activated licences of a ticket that moves (settled reading).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Activated {
    /// They stay where they are in use.
    Keep,
    /// They are taken back first.
    Deactivate,
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

/// An entry of a ticket's history, as one reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct HistoryRow {
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// What.
    pub kind: EventKind,
    /// Who; `None` where the reader may not know.
    pub actor: Option<String>,
    /// From where; `None` where it came from nowhere, or the reader may not know.
    pub from: Option<Holder>,
    /// To where; likewise.
    pub to: Option<Holder>,
    /// Of licences: how many, and the name of the container and of its person where the reader reaches it.
    pub licenses: Option<(u32, Option<(String, String)>)>,
    /// What those are of.
    pub product: Option<ProductName>,
}

/// An owner in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Holder {
    /// Nobody.
    Unassigned,
    /// A group, by its visible path.
    Group(Vec<String>),
    /// A person, with the visible path of the group context.
    Person(String, Vec<String>),
    /// The reader may not know, or it no longer exists.
    Elsewhere,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selections_are_checked() {
        let text = "12=group:7;13=user:4@7;15=none";
        assert_eq!(
            text.parse::<Selection>().map(|s| s.to_string()),
            Ok(text.to_owned())
        );
        assert_eq!("".parse::<Selection>(), Err(InvalidSelection::Empty));
        assert_eq!(
            "12=none;12=none".parse::<Selection>(),
            Err(InvalidSelection::Twice)
        );
        assert_eq!("12".parse::<Selection>(), Err(InvalidSelection::Malformed));
        assert_eq!("12=none;".parse::<Selection>(), Err(InvalidSelection::Malformed));
        let many = (1..=501)
            .map(|i| format!("{i}=none"))
            .collect::<Vec<_>>()
            .join(";");
        assert_eq!(many.parse::<Selection>(), Err(InvalidSelection::TooMany));
    }
}
