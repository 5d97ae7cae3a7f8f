//! Typed identifiers.
//!
//! An id is a positive 62-bit number, ordered by the time of its making and otherwise random, so that it tells
//! nobody how many others there are (S4).

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};

/// The text was not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a positive number")]
pub struct InvalidId;

/// The number of an id, written as a text of digits, because JavaScript rounds numbers that large; or as a number.
struct Digits;

impl Visitor<'_> for Digits {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the digits of an id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
        // `+7` and `007` parse as numbers, and would be second spellings of the same id.
        match text.parse::<i64>() {
            Ok(id) if id.to_string() == text => Ok(id),
            _ => Err(E::custom(InvalidId)),
        }
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<i64, E> {
        Ok(id)
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<i64, E> {
        i64::try_from(id).map_err(|_| E::custom(InvalidId))
    }
}

/// An id of one kind or another, written as a text like those of a known kind.
pub mod as_text {
    use serde::{Deserializer, Serializer};

    /// Writes the digits.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(id: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    /// Reads the digits.
    ///
    /// # Errors
    /// Those of the deserializer; what is no number.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        deserializer.deserialize_any(super::Digits)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Digits).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match Digits.visit_str::<de::value::Error>(text) {
                    Ok(id) if id > 0 => Ok(Self(id)),
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
    /// A request to the vendor of the portal (N12).
    RequestId;
    /// A product of the catalogue (S8).
    ProductId;
    /// So many of a product in a ticket (S8).
    LicenseId;
    /// A change of what a licence grants (N17).
    AmendmentId;
    /// A request to take a ticket back that nobody uses (N18).
    TakeBackId;
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
    /// What a program of a person shows instead of a login.
    PersonalTokenId;
    /// Who signs people in besides the portal itself (N26).
    IdentityProviderId;
    /// Where what happens is sent to.
    WebhookId;
    /// Something that a webhook sends.
    DeliveryId;
    /// A saved view of the list of tickets.
    ViewId;
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

    #[test]
    fn an_id_is_read_from_a_text_and_from_a_number() {
        let read = |json: &str| serde_json::from_str::<GroupId>(json).map_err(|why| why.to_string());
        assert_eq!(serde_json::to_string(&GroupId(7)).unwrap(), r#""7""#);
        for (json, id) in [(r#""7""#, 7), ("7", 7), (r#""-7""#, -7), ("-7", -7)] {
            assert_eq!(read(json), Ok(GroupId(id)), "{json}");
        }
        for json in [r#""07""#, r#""x""#, "9223372036854775808"] {
            let why = read(json).unwrap_err();
            assert!(why.starts_with(&InvalidId.to_string()), "{json}: {why}");
        }
        assert!(read("true").unwrap_err().contains("expected the digits of an id"));
    }

    #[test]
    fn an_id_of_any_kind_is_a_text_too() {
        #[derive(Serialize, Deserialize)]
        struct Any {
            #[serde(with = "as_text")]
            id: i64,
        }
        let text = serde_json::to_string(&Any { id: 1 << 60 }).unwrap();
        assert_eq!(text, r#"{"id":"1152921504606846976"}"#);
        assert_eq!(serde_json::from_str::<Any>(&text).unwrap().id, 1 << 60);
    }
}
