//! What the screen shows on the left: the tree as one reader sees it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{GroupId, UserId},
    serialized_as_text,
    tickets::owners::Owner,
};

/// A place on the left of the screen whose tickets can be listed.
///
/// Its text form (`all`, `mine`, `none`, `loose`, `group:7`, `user:4@7`, `user:4`) stands in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Node {
    /// Every ticket the reader may see.
    All,
    /// The reader's own tickets, in every context.
    Mine,
    /// Tickets that are nobody's yet; ISV admins only.
    Unassigned,
    /// Personal tickets without group context, and people without a group; ISV admins only.
    Loose,
    /// A group, with or without those below it.
    Group(GroupId),
    /// A person as a member of a group: the tickets that came through that group. Without a group, those that came
    /// through none.
    Person {
        /// The person whose tickets are listed.
        user: UserId,
        /// The group in which the person stands here.
        group: Option<GroupId>,
    },
}

impl Node {
    /// The owner that a ticket dropped here gets; `None` where the node is not one owner.
    #[must_use]
    pub const fn owner(self) -> Option<Owner> {
        match self {
            Self::All | Self::Mine | Self::Loose => None,
            Self::Unassigned => Some(Owner::Unassigned),
            Self::Group(group) => Some(Owner::Group(group)),
            Self::Person { user, group } => Some(Owner::User { user, context: group }),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Mine => f.write_str("mine"),
            Self::Unassigned => f.write_str("none"),
            Self::Loose => f.write_str("loose"),
            Self::Group(group) => Owner::Group(*group).fmt(f),
            Self::Person { user, group } => Owner::User {
                user: *user,
                context: *group,
            }
            .fmt(f),
        }
    }
}

/// The text names no node.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the tree")]
pub struct InvalidNode;

impl FromStr for Node {
    type Err = InvalidNode;

    fn from_str(text: &str) -> Result<Self, InvalidNode> {
        match text {
            "all" => Ok(Self::All),
            "mine" => Ok(Self::Mine),
            "loose" => Ok(Self::Loose),
            _ => match text.parse().map_err(|_| InvalidNode)? {
                Owner::Unassigned => Ok(Self::Unassigned),
                Owner::Group(group) => Ok(Self::Group(group)),
                Owner::User { user, context } => Ok(Self::Person { user, group: context }),
            },
        }
    }
}

serialized_as_text!(Node);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for text in ["all", "mine", "none", "loose", "group:7", "user:4@7", "user:4"] {
            assert_eq!(
                text.parse::<Node>().map(|node| node.to_string()),
                Ok(text.to_owned())
            );
        }
        assert_eq!("group".parse::<Node>(), Err(InvalidNode));
    }

    #[test]
    fn what_is_dropped_on_a_node_gets_its_owner() {
        for text in ["none", "group:7", "user:4@7", "user:4"] {
            let node: Node = text.parse().unwrap();
            assert_eq!(node.owner(), Some(text.parse().unwrap()), "{text}");
        }
        for node in [Node::All, Node::Mine, Node::Loose] {
            assert_eq!(node.owner(), None, "{node}");
        }
    }
}
