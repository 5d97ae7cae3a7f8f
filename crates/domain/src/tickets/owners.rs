//! Who holds a ticket (S2).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{GroupId, UserId},
    serialized_as_text,
};

/// The one owner of a ticket.
///
/// Its text form (`none`, `group:7`, `user:4`, `user:4@7`) serves form fields, addresses, drag data and logs alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Owner {
    /// Nobody yet: the ticket waits for whoever holds its code.
    Unassigned,
    /// A group ticket.
    Group(GroupId),
    /// A personal ticket; `context` is the group through which it came, or `None` for the user's own.
    User {
        /// The person who has it.
        user: UserId,
        /// The group through which it came, and whose admins see it (S3).
        context: Option<GroupId>,
    },
}

impl Owner {
    /// The level the ticket belongs to (S5): its group, or its group context.
    #[must_use]
    pub const fn level(self) -> Option<GroupId> {
        match self {
            Self::Unassigned => None,
            Self::Group(group) => Some(group),
            Self::User { context, .. } => context,
        }
    }

    /// The person of a personal ticket.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Unassigned | Self::Group(_) => None,
            Self::User { user, .. } => Some(user),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unassigned => f.write_str("none"),
            Self::Group(group) => write!(f, "group:{group}"),
            Self::User { user, context: None } => write!(f, "user:{user}"),
            Self::User {
                user,
                context: Some(group),
            } => write!(f, "user:{user}@{group}"),
        }
    }
}

/// The text was not an owner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an owner: expected none, group:ID, user:ID or user:ID@ID")]
pub struct InvalidOwner;

impl FromStr for Owner {
    type Err = InvalidOwner;

    fn from_str(text: &str) -> Result<Self, InvalidOwner> {
        if text == "none" {
            return Ok(Self::Unassigned);
        }
        if let Some(group) = text.strip_prefix("group:") {
            return group.parse().map(Self::Group).map_err(|_| InvalidOwner);
        }
        let user = text.strip_prefix("user:").ok_or(InvalidOwner)?;
        let (user, context) = match user.split_once('@') {
            Some((user, group)) => (user, Some(group.parse().map_err(|_| InvalidOwner)?)),
            None => (user, None),
        };
        Ok(Self::User {
            user: user.parse().map_err(|_| InvalidOwner)?,
            context,
        })
    }
}

serialized_as_text!(Owner);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        for text in ["none", "group:7", "user:4", "user:4@7"] {
            assert_eq!(
                text.parse::<Owner>().map(|owner| owner.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn forged_text_is_refused() {
        for text in [
            "",
            "None",
            "group:",
            "group:0",
            "group:-3",
            "user:4@",
            "user:@7",
            "user:4@7@8",
            "group:7 ",
            "isv",
        ] {
            assert_eq!(text.parse::<Owner>(), Err(InvalidOwner), "{text:?}");
        }
    }
}
