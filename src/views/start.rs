//! With which page the portal begins.

use std::str::FromStr;

use crate::views::addresses;

/// The cookie in which a browser remembers it.
pub const START_COOKIE: &str = "start";

/// A page that one can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// The tree and the tickets.
    #[default]
    Desk,
    Overview,
}

/// There is no such page to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no page of that name to begin with")]
pub struct NoStart;

impl Start {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Overview, Self::Desk];

    /// Its name in the cookie and in the document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Overview => "overview",
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::Desk => addresses::HOME,
            Self::Overview => addresses::OVERVIEW,
        }
    }
}

impl FromStr for Start {
    type Err = NoStart;

    fn from_str(name: &str) -> Result<Self, NoStart> {
        let mut all = Self::ALL.iter();
        all.find(|start| start.name() == name).copied().ok_or(NoStart)
    }
}
