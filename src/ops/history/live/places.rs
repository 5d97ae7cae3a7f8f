//! What stands on a screen and may change.

use std::fmt;

use domain::{
    groups::tree::Node,
    ids::{ContainerId, TicketId},
};

/// Something on a screen that may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Everything: what happened is not known.
    All,
    /// The tree of groups and people.
    Tree,
    /// The list of tickets there.
    Node(Node),
    /// A ticket.
    Ticket(TicketId),
    /// A container.
    Container(ContainerId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Tree => f.write_str("tree"),
            Self::Node(node) => node.fmt(f),
            Self::Ticket(ticket) => write!(f, "ticket:{ticket}"),
            Self::Container(container) => write!(f, "container:{container}"),
        }
    }
}
