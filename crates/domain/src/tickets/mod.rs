//! What a ticket holds (S2, S8), and how lists of tickets are asked for and shown.

pub mod codes;
pub mod owners;
pub mod splits;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ids::TicketId, serialized_as_text, tickets::owners::Owner};

/// Tickets chosen to be moved, each with the owner the chooser saw.
///
/// Text form: `12=group:7;13=user:4@7`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SelectedTickets(Vec<(TicketId, Owner)>);

/// Most tickets that are named one by one in a move.
pub const MAX_SELECTION: usize = 500;
/// Most tickets in a move of all that a query finds.
pub const MAX_TICKETS: usize = 10_000;
/// Most tickets in one move whose activated licences are taken back first.
pub const MAX_CLEARED: usize = 500;

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

impl SelectedTickets {
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

impl fmt::Display for SelectedTickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (ticket, owner)) in self.0.iter().enumerate() {
            write!(f, "{}{ticket}={owner}", if at == 0 { "" } else { ";" })?;
        }
        Ok(())
    }
}

impl FromStr for SelectedTickets {
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

serialized_as_text!(SelectedTickets);

/// What becomes of the activated licences of a ticket that moves (settled reading).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activated {
    /// They stay where they are in use.
    Keep,
    /// They are taken back first.
    Deactivate,
}

/// An owner in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    use crate::ids::GroupId;

    #[test]
    fn selections_are_checked() {
        let text = "12=group:7;13=user:4@7;15=none";
        assert_eq!(
            text.parse::<SelectedTickets>().map(|s| s.to_string()),
            Ok(text.to_owned())
        );
        assert_eq!("".parse::<SelectedTickets>(), Err(InvalidSelection::Empty));
        assert_eq!(
            "12=none;12=none".parse::<SelectedTickets>(),
            Err(InvalidSelection::Twice)
        );
        assert_eq!("12".parse::<SelectedTickets>(), Err(InvalidSelection::Malformed));
        assert_eq!(
            "12=none;".parse::<SelectedTickets>(),
            Err(InvalidSelection::Malformed)
        );
        let many = (1..=501)
            .map(|i| format!("{i}=none"))
            .collect::<Vec<_>>()
            .join(";");
        assert_eq!(many.parse::<SelectedTickets>(), Err(InvalidSelection::TooMany));
    }

    #[test]
    fn a_selection_is_in_the_order_of_ids() {
        let selected: SelectedTickets = "13=none;12=group:7".parse().unwrap();
        let group = Owner::Group(GroupId(7));
        let expected = [(TicketId(12), group), (TicketId(13), Owner::Unassigned)];
        assert_eq!(selected.tickets(), expected);
    }
}
