//! Many tickets at once (N3): which are meant, and what the policy says of each before they move.
//!
//! A list of thousands is named by what it asks for, not ticket by ticket. So between the look at it and the move it may
//! have become another one. What holds it fast is [`Seen`]: the fingerprint of what the preview said, ticket by ticket. The
//! move carries it, and happens only if every ticket, its owner and the verdict on it are still the same.

use std::{fmt, str::FromStr};

use domain::{
    access::Denied,
    groups::tree::Node,
    serialized_as_text,
    tickets::{Holder, InvalidSelection, SelectedTickets, codes::TicketCode},
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use crate::views::tickets::{MAX_SEARCH, Sort, TicketQuery, facets::Facets};

/// Codes of refused tickets that a preview names for each reason.
pub const EXAMPLES: usize = 3;

/// All tickets of a list, beyond the page of it that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    pub node: Node,
    /// For a group: with those of the groups and people below it.
    pub below: bool,
    /// Only those with each of these words in code, product or owner; empty for all.
    pub search: String,
    /// What of these is wanted.
    pub facets: Facets,
    /// How many there were when they were chosen: what people are told until a preview counts again.
    pub count: u32,
}

impl Matching {
    /// All that the query lists, of which there were so many.
    #[must_use]
    pub fn of(query: &TicketQuery, count: u32) -> Self {
        Self {
            node: query.node,
            below: query.below,
            search: query.search.clone(),
            facets: query.facets.clone(),
            count,
        }
    }

    /// The first page of them.
    #[must_use]
    pub fn query(&self) -> TicketQuery {
        TicketQuery {
            node: self.node,
            below: self.below,
            search: self.search.clone(),
            facets: self.facets.clone(),
            sort: Sort::default(),
            reverse: false,
            page: 0,
        }
    }
}

/// Tickets chosen to be moved.
///
/// Text form: that of a [`SelectedTickets`], or `matching COUNT below|only NODE SEARCH`; facets stand behind
/// `below` or `only`, as in `only+state:free,ends:30`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum TicketSelection {
    /// These, each with the owner the chooser saw.
    These(SelectedTickets),
    /// All that a list holds.
    Matching(Matching),
}

const MATCHING: &str = "matching ";

impl fmt::Display for TicketSelection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::These(selection) => selection.fmt(f),
            Self::Matching(Matching {
                node,
                below,
                search,
                facets,
                count,
            }) => {
                let below = if *below { "below" } else { "only" };
                let separator = if facets.is_empty() { "" } else { "+" };
                write!(f, "{MATCHING}{count} {below}{separator}{facets} {node} {search}")
            }
        }
    }
}

impl FromStr for TicketSelection {
    type Err = InvalidSelection;

    fn from_str(text: &str) -> Result<Self, InvalidSelection> {
        let Some(list) = text.strip_prefix(MATCHING) else {
            return text.parse().map(Self::These);
        };
        let matching = || {
            let mut parts = list.splitn(4, ' ');
            let count = parts.next()?.parse().ok()?;
            let how = parts.next()?;
            let (below, facets) = how.split_once('+').unwrap_or((how, ""));
            let facets = facets.parse().ok()?;
            let below = match below {
                "below" => true,
                "only" => false,
                _ => return None,
            };
            let node = parts.next()?.parse().ok()?;
            let search = parts.next().unwrap_or_default();
            // No name contains one.
            if search.contains(char::is_control) {
                return None;
            }
            Some(Matching {
                node,
                below,
                search: search.chars().take(MAX_SEARCH).collect(),
                facets,
                count,
            })
        };
        matching().map(Self::Matching).ok_or(InvalidSelection::Malformed)
    }
}

serialized_as_text!(TicketSelection);

impl TicketSelection {
    /// How many were chosen, as far as the chooser saw.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::These(selection) => selection.tickets().len(),
            Self::Matching(matching) => matching.count as usize,
        }
    }
}

/// The fingerprint of a preview: SHA-256, in hexadecimal, over the new owner and, of every ticket that is seen, its id,
/// its owner, protected mode, whether licences of it are activated, and the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Seen([u8; 32]);

impl Seen {
    /// From the hash.
    #[must_use]
    pub const fn new(hash: [u8; 32]) -> Self {
        Self(hash)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is no fingerprint of a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the fingerprint of a preview")]
pub struct InvalidSeen;

impl FromStr for Seen {
    type Err = InvalidSeen;

    fn from_str(text: &str) -> Result<Self, InvalidSeen> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidSeen);
        }
        let mut hash = [0; 32];
        for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| InvalidSeen)?;
        }
        Ok(Self(hash))
    }
}

serialized_as_text!(Seen);

/// Why a ticket does not move with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Reason {
    /// It is no longer where the chooser saw it.
    Overtaken,
    /// The policy says no.
    Denied(Denied),
}

/// Tickets that are refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Refused {
    /// The reason.
    pub reason: Reason,
    pub tickets: u32,
    /// Codes of the first [`EXAMPLES`] that the reader sees.
    pub examples: Vec<TicketCode>,
}

/// What a move would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The new owner, as the reader knows it.
    pub to: Holder,
    /// How many tickets may move.
    pub allowed: u32,
    /// How many of these have activated licences.
    pub activated: u32,
    /// Those that may not, by reason, the most frequent first; what is not seen last.
    pub refused: Vec<Refused>,
    /// To be given with the move.
    pub seen: Seen,
}

impl Preview {
    /// How many tickets may not move.
    #[must_use]
    pub fn refused_tickets(&self) -> u32 {
        self.refused.iter().map(|refused| refused.tickets).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::GroupId;

    #[test]
    fn what_is_chosen_has_a_text() {
        let matching = Matching {
            node: Node::Group(GroupId(7)),
            below: true,
            search: "Field  Analyzer;1".to_owned(),
            facets: Facets::NONE,
            count: 1240,
        };
        let text = "matching 1240 below group:7 Field  Analyzer;1";
        assert_eq!(TicketSelection::Matching(matching.clone()).to_string(), text);
        assert_eq!(text.parse(), Ok(TicketSelection::Matching(matching.clone())));
        let all = TicketSelection::Matching(Matching {
            search: String::new(),
            below: false,
            ..matching.clone()
        });
        assert_eq!(all.to_string().parse(), Ok(all));
        let free = TicketSelection::Matching(Matching {
            facets: Facets::NONE.with("state", "full").with("state", "free"),
            ..matching
        });
        assert_eq!(
            free.to_string(),
            "matching 1240 below+state:free,state:full group:7 Field  Analyzer;1"
        );
        assert_eq!(free.to_string().parse(), Ok(free));
        let these = "12=group:7;13=user:4@7";
        assert_eq!(
            these.parse::<TicketSelection>().map(|c| c.to_string()),
            Ok(these.to_owned())
        );
        for bad in [
            "matching",
            "matching ",
            "matching x below all ",
            "matching 1 above all ",
            "matching 1 only+state:x all ",
            "matching 1 only x ",
            "matching 1 only all a\0",
        ] {
            assert_eq!(
                bad.parse::<TicketSelection>(),
                Err(InvalidSelection::Malformed),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_fingerprint_is_64_digits() {
        let seen = Seen::new([0xa7; 32]);
        assert_eq!(seen.to_string().parse(), Ok(seen));
        for bad in ["", "a7", &"x".repeat(64), &"é".repeat(32)] {
            assert_eq!(bad.parse::<Seen>(), Err(InvalidSeen));
        }
    }
}
