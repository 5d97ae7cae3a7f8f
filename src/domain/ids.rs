//! Typed identifiers.
//!
//! An id is a positive 62-bit number, ordered by the time of its making and otherwise random, so that it tells
//! nobody how many others there are (S4).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The text was not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a positive number")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                // `+7` and `007` parse as numbers, and would be second spellings of the same id.
                match text.parse::<i64>() {
                    Ok(id) if id > 0 && id.to_string() == text => Ok(Self(id)),
                    _ => Err(InvalidId),
                }
            }
        }
    )*};
}

ids! {
    /// A group in the tree (S1).
    GroupId;
    /// A person with an account.
    UserId;
    /// A ticket: a licence in somebody's hands (S2).
    TicketId;
    /// An entry of the history.
    EventId;
    /// A login (S18).
    SessionId;
    /// A request to the maker of the portal (N12).
    RequestId;
    /// A product of the catalogue (S8).
    ProductId;
    /// So many of a product in a ticket (S8).
    LicenseId;
    /// Where licences are activated (S9).
    ContainerId;
    /// So many of a licence in a container.
    ActivationId;
    /// What a headless machine reaches a container with (S11, N8).
    CredentialId;
    /// A licence in use by a machine (N9).
    LeaseId;
    /// An uploaded file.
    ImportId;
    /// Tickets that were created together (S13).
    CreationId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!("7".parse(), Ok(GroupId(7)));
        for text in ["", "0", "-1", "+7", "07", " 7", "7 ", "9223372036854775808", "x"] {
            assert_eq!(text.parse::<GroupId>(), Err(InvalidId), "{text:?}");
        }
    }
}
