//! Personal access tokens: what programs of a person show instead of a login, to do a part of what the person may.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::texts::enum_of_texts;

/// How many tokens a person has at most, expired ones among them.
pub const MAX_TOKENS: usize = 20;
/// How many days a token is good for at most.
pub const MAX_TOKEN_DAYS: u32 = 365;
/// What every token begins with, so that whoever searches files for secrets finds it.
pub const TOKEN_PREFIX: &str = "lpt_";

enum_of_texts! {
    /// A part of the portal.
    Area, else UnknownArea;
    /// The tree: groups and their members.
    Groups = "groups",
    /// Accounts, and people who leave.
    Users = "users",
    /// Tickets: listing, moving, creating.
    Tickets = "tickets",
    /// What is in the tickets: licences, containers, credentials.
    Licenses = "licenses",
    /// The catalogue, and what partners may create of it.
    Products = "products",
    /// What happened, and reports about it.
    History = "history",
    /// Where what happens is sent to.
    Webhooks = "webhooks",
    /// The instance: seats, logins, files in and out.
    Instance = "instance",
}

/// What may be done in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// To look.
    Read,
    /// To look, and to change.
    Write,
}

impl Level {
    /// From less to more.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
        })
    }
}

/// What something demands of a token: `tickets:write`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The part of the portal it is about.
    pub area: Area,
    /// What is done in it.
    pub level: Level,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.area, self.level)
    }
}

/// What a token is good for: a level in each of some areas. In forms it is a field for each area (`scopes[tickets]=write`,
/// empty for nothing there), in the database a text (`tickets:write users:read`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "BTreeMap<String, String>", try_from = "BTreeMap<String, String>")]
pub struct Scopes(BTreeMap<Area, Level>);

impl Scopes {
    /// Writing in every area.
    #[must_use]
    pub fn all() -> Self {
        Self(Area::ALL.iter().map(|area| (*area, Level::Write)).collect())
    }

    /// What may be done in an area.
    #[must_use]
    pub fn level(&self, area: Area) -> Option<Level> {
        self.0.get(&area).copied()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes, by area.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().map(|(area, level)| Scope {
            area: *area,
            level: *level,
        })
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(
            scopes
                .into_iter()
                .map(|scope| (scope.area, scope.level))
                .collect(),
        )
    }
}

/// The text was not a set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not scopes: expected an area and read or write")]
pub struct InvalidScopes;

fn scope(area: &str, level: &str) -> Result<Scope, InvalidScopes> {
    let area = area.parse().map_err(|_| InvalidScopes)?;
    let level = Level::ALL.into_iter().find(|known| known.to_string() == level);
    Ok(Scope {
        area,
        level: level.ok_or(InvalidScopes)?,
    })
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.iter().enumerate() {
            write!(f, "{}{scope}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Scopes {
    type Err = InvalidScopes;

    fn from_str(text: &str) -> Result<Self, InvalidScopes> {
        let read = |text: &str| {
            let (area, level) = text.split_once(':').ok_or(InvalidScopes)?;
            scope(area, level)
        };
        text.split_whitespace().map(read).collect()
    }
}

impl From<Scopes> for BTreeMap<String, String> {
    fn from(scopes: Scopes) -> Self {
        let texts = |scope: Scope| (scope.area.to_string(), scope.level.to_string());
        scopes.iter().map(texts).collect()
    }
}

impl TryFrom<BTreeMap<String, String>> for Scopes {
    type Error = InvalidScopes;

    fn try_from(fields: BTreeMap<String, String>) -> Result<Self, InvalidScopes> {
        let given = fields.iter().filter(|(_, level)| !level.is_empty());
        given.map(|(area, level)| scope(area, level)).collect()
    }
}

/// Why there is no such token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidToken {
    /// It would never expire, or too late.
    #[error("a token is good for 1 to {MAX_TOKEN_DAYS} days")]
    Days,
    /// It would be good for nothing.
    #[error("a token needs a scope")]
    NoScope,
    /// The person has [`MAX_TOKENS`] already.
    #[error("there are {MAX_TOKENS} tokens at most")]
    TooMany,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_have_one_text() {
        for text in ["", "groups:read", "users:write tickets:read"] {
            assert_eq!(
                text.parse::<Scopes>().map(|scopes| scopes.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in [
            "tickets",
            "tickets:",
            "tickets:delete",
            "everything:read",
            ":read",
        ] {
            assert_eq!(text.parse::<Scopes>(), Err(InvalidScopes), "{text:?}");
        }
    }

    #[test]
    fn a_form_has_a_field_for_each_area() {
        let fields = |fields: &[(&str, &str)]| {
            let owned = fields
                .iter()
                .map(|(area, level)| ((*area).to_owned(), (*level).to_owned()));
            Scopes::try_from(owned.collect::<BTreeMap<_, _>>()).map(|scopes| scopes.to_string())
        };
        assert_eq!(
            fields(&[("tickets", "write"), ("users", ""), ("groups", "read")]),
            Ok("groups:read tickets:write".to_owned())
        );
        assert_eq!(fields(&[("tickets", "x")]), Err(InvalidScopes));
        assert_eq!(fields(&[("x", "read")]), Err(InvalidScopes));
    }

    #[test]
    fn all_scopes_are_those_of_every_area() {
        let all = Scopes::all();
        assert!(!all.is_empty() && Scopes::default().is_empty());
        for area in Area::ALL {
            assert_eq!(all.level(*area), Some(Level::Write), "{area}");
        }
    }

    #[test]
    fn scopes_go_into_a_form_as_they_come_out_of_it() {
        let scopes: Scopes = "tickets:write users:read".parse().unwrap();
        let json = serde_json::to_string(&scopes).unwrap();
        assert_eq!(json, r#"{"tickets":"write","users":"read"}"#);
        assert_eq!(serde_json::from_str::<Scopes>(&json).unwrap(), scopes);
    }
}
