//! What a ticket grants (S8): so many of a product, under rules; and where they are activated.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::LicenseId,
    licensing::products::ProductName,
    texts::enum_of_texts,
    time::{days, later},
};

/// Most licences of one product in a ticket.
pub const MAX_QUANTITY: u32 = 1_000_000_000;

/// Longest time from the first activation, in days.
pub const MAX_DAYS: u32 = 36_500;

/// One position of a ticket: so many of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct License {
    /// By which it is activated.
    pub id: LicenseId,
    /// Names of the product.
    pub product: ProductName,
    /// How many; at least one.
    pub quantity: u32,
    /// How many of them are activated, wherever that is.
    pub activated: u32,
    /// That it is suspended or revoked, whatever its term says; `None` of one that is neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Standing>,
    /// The time in which they can be used.
    pub validity: Validity,
    /// What they are bound to while a machine uses them.
    pub binding: Binding,
    /// When the first of them was activated first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
}

impl License {
    /// The first moment at which they cannot be used any more, if there is one.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        self.validity.end(self.started)
    }
}

enum_of_texts! {
    /// What a licence is bound to while it is in use.
    Binding, else UnknownBinding;
    /// Nothing: whoever comes first uses it for a while.
    Floating = "floating",
    /// One machine, by its fingerprint, until it is given back.
    NodeLocked = "node_locked",
}

/// From when until when a licence can be used. The end is the first moment at which it cannot be used any
/// more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Validity {
    /// Without beginning and end.
    Perpetual,
    /// From the first moment until the first one after; either may be open.
    Between(Option<Timestamp>, Option<Timestamp>),
    /// So many days from the first activation.
    Days(u32),
}

/// Whether a licence can be used at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Not yet: from then on.
    NotYet(Timestamp),
    /// It can, until then.
    Usable(Option<Timestamp>),
    /// Not any more, since then.
    Expired(Timestamp),
    /// Not until it is reinstated; since then.
    Suspended(Timestamp),
    /// Not any more, for good; since then.
    Revoked(Timestamp),
}

impl Standing {
    /// Of a licence that was suspended or revoked, whichever weighs more; `None` of one that was neither.
    #[must_use]
    pub const fn stopped(suspended: Option<Timestamp>, revoked: Option<Timestamp>) -> Option<Self> {
        match (revoked, suspended) {
            (Some(since), _) => Some(Self::Revoked(since)),
            (None, Some(since)) => Some(Self::Suspended(since)),
            (None, None) => None,
        }
    }
}

impl Validity {
    /// The first moment at which a licence cannot be used any more that was activated first at `started`, if it was.
    #[must_use]
    pub fn end(self, started: Option<Timestamp>) -> Option<Timestamp> {
        match self {
            Self::Perpetual => None,
            Self::Between(_, until) => until,
            Self::Days(length) => started.map(|started| later(started, days(length))),
        }
    }

    /// Where a licence stands that was activated first at `started`, if it was.
    #[must_use]
    pub fn at(self, now: Timestamp, started: Option<Timestamp>) -> Standing {
        let from = match self {
            Self::Between(from, _) => from,
            Self::Perpetual | Self::Days(_) => None,
        };
        match (from, self.end(started)) {
            (Some(from), _) if now < from => Standing::NotYet(from),
            (_, Some(until)) if now >= until => Standing::Expired(until),
            (_, until) => Standing::Usable(until),
        }
    }
}

/// The rules of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The time in which it can be used.
    pub validity: Validity,
    /// What it is bound to while a machine uses it.
    pub binding: Binding,
    /// How often it may still be given back; as often as one likes where it is `None`.
    pub returns_left: Option<u32>,
}

impl Terms {
    /// Of a licence about which nothing else was said.
    pub const DEFAULT: Self = Self {
        validity: Validity::Perpetual,
        binding: Binding::Floating,
        returns_left: None,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, at};

    #[test]
    fn validity_is_from_until() {
        assert_eq!(Validity::Perpetual.at(at(5), None), Standing::Usable(None));
        let year = Validity::Between(Some(at(10)), Some(at(20)));
        assert_eq!(year.at(at(9), None), Standing::NotYet(at(10)));
        assert_eq!(year.at(at(10), None), Standing::Usable(Some(at(20))));
        assert_eq!(year.at(at(19), None), Standing::Usable(Some(at(20))));
        assert_eq!(year.at(at(20), None), Standing::Expired(at(20)));
        assert_eq!(
            Validity::Between(None, Some(at(20))).at(at(0), None),
            Standing::Usable(Some(at(20)))
        );
        let trial = Validity::Days(2);
        let end = later(at(3), 2 * DAY);
        assert_eq!(trial.at(at(5), None), Standing::Usable(None));
        assert_eq!(trial.at(at(5), Some(at(3))), Standing::Usable(Some(end)));
        assert_eq!(trial.at(end, Some(at(3))), Standing::Expired(end));
    }
}
