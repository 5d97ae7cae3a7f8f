//! A part of a ticket becomes a ticket of its own, and two tickets of one owner become one (N17).
//!
//! Neither makes licences more or fewer, and neither touches what is activated: a part that is split off is free, or it is a
//! licence as a whole, which goes on as it is in the other ticket. Pure, and without a clock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{LicenseId, ProductId},
    instance::imports::MAX_LICENSES,
    licensing::{
        amendments::Grant,
        licenses::{Binding, MAX_QUANTITY, Standing, Validity},
    },
};

/// Why a ticket is not split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidSplit {
    /// Nothing is to be split off, or more of a licence than there are.
    #[error("nothing that can be split off")]
    Quantity,
    /// More are wanted than are free.
    #[error("only {free} are free")]
    NotEnough {
        /// So many are.
        free: u32,
    },
    /// Nothing would be left.
    #[error("nothing would be left in the ticket")]
    Everything,
    /// A part of a licence that is suspended or revoked.
    #[error("the licence is suspended or revoked")]
    Stopped,
    /// A part of a licence for which an amendment is planned: what is planned was meant for all of it.
    #[error("an amendment of the licence is planned")]
    Planned,
}

/// Why two tickets do not become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidJoin {
    /// They are the same.
    #[error("a ticket is not joined to itself")]
    Same,
    /// They do not have the same owner.
    #[error("the tickets do not have the same owner")]
    Apart,
    /// One of them is protected, the other is not.
    #[error("one of the tickets is protected")]
    Protected,
    /// The one that would be no more is asked back.
    #[error("the ticket is asked back")]
    AskedBack,
    /// There would be more than [`MAX_LICENSES`] in one ticket.
    #[error("a ticket has at most {MAX_LICENSES} licences")]
    TooMany,
}

/// A licence of a ticket, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Which.
    pub license: LicenseId,
    /// What it is of.
    pub product: ProductId,
    /// What it is bound to while it is in use.
    pub binding: Binding,
    /// How often it may still be given back; as often as one likes where there is none.
    pub returns_left: Option<u32>,
    /// When it was activated first, if it was.
    pub started: Option<Timestamp>,
    /// How it stands.
    pub grant: Grant,
    /// How many of it are activated.
    pub activated: u32,
    /// Whether an amendment of it is planned.
    pub planned: bool,
    /// Whether nothing was ever done with it: it was not activated, amended or asked for by a machine.
    pub untouched: bool,
}

/// What becomes of a licence of which something is split off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It goes over as it is, with all that is activated and planned.
    Whole(LicenseId),
    /// So many of it become a licence of their own.
    Units {
        /// The licence that has fewer afterwards.
        of: LicenseId,
        /// How many.
        off: u32,
        /// How often the new one may be given back; those are no longer the other's.
        returns: Option<u32>,
    },
}

/// What becomes of a licence of a ticket that is joined to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// It goes over as it is, with all that is activated and planned.
    Whole(LicenseId),
    /// Its like in the other ticket has so many more, and it is no more.
    Units {
        /// The licence that is no more.
        of: LicenseId,
        /// The licence that has more.
        into: LicenseId,
        /// How many.
        more: u32,
        /// How much more often that one may be given back.
        returns: Option<u32>,
    },
    /// It goes over, and its like in the other ticket becomes a part of it and is no more: of that one nothing is known.
    Takes {
        /// The licence that goes over and has more.
        license: LicenseId,
        /// The licence that is no more.
        of: LicenseId,
        /// How many.
        more: u32,
        /// How much more often the one may be given back.
        returns: Option<u32>,
    },
}

impl Position {
    const fn is_stopped(&self) -> bool {
        Standing::stopped(self.grant.suspended, self.grant.revoked).is_some()
    }

    /// How often the part may be given back: its share, so that the sum stays what it was.
    fn returns_of(&self, off: u32) -> Option<u32> {
        let share =
            |returns: u32| u64::from(returns) * u64::from(off) / u64::from(self.grant.quantity.max(1));
        self.returns_left
            .map(|returns| u32::try_from(share(returns)).unwrap_or(returns))
    }

    fn split(&self, off: u32) -> Result<Part, InvalidSplit> {
        let free = self.grant.quantity.saturating_sub(self.activated);
        if off == self.grant.quantity {
            return Ok(Part::Whole(self.license));
        }
        if off > self.grant.quantity {
            return Err(InvalidSplit::Quantity);
        }
        if self.is_stopped() {
            return Err(InvalidSplit::Stopped);
        }
        if self.planned {
            return Err(InvalidSplit::Planned);
        }
        if off > free {
            return Err(InvalidSplit::NotEnough { free });
        }
        Ok(Part::Units {
            of: self.license,
            off,
            returns: self.returns_of(off),
        })
    }

    /// Whether this licence, of which nothing is known but how many there are, can become a part of the other one.
    fn becomes_part_of(&self, other: &Self) -> bool {
        let term = |one: &Self| match one.grant.validity {
            Validity::Days(_) => (one.grant.validity, one.started),
            validity => (validity, None),
        };
        let all = self.grant.quantity.checked_add(other.grant.quantity);
        self.untouched
            && [self, other].iter().all(|one| !one.is_stopped() && !one.planned)
            && self.product == other.product
            && self.binding == other.binding
            && self.returns_left.is_some() == other.returns_left.is_some()
            && term(self) == term(other)
            && other.activated <= other.grant.quantity
            && all.is_some_and(|all| all <= MAX_QUANTITY)
    }
}

/// What becomes of the licences of a ticket of which that is split off, in their order.
///
/// # Errors
/// [`InvalidSplit`], with the first reason against it.
pub fn split(positions: &[Position], wanted: &BTreeMap<LicenseId, u32>) -> Result<Vec<Part>, InvalidSplit> {
    let of = |position: &Position| wanted.get(&position.license).copied().unwrap_or_default();
    let parts = positions.iter().filter(|position| of(position) > 0);
    let parts: Vec<Part> = parts
        .map(|position| position.split(of(position)))
        .collect::<Result<_, _>>()?;
    let known = |license: &LicenseId| positions.iter().any(|position| position.license == *license);
    if parts.is_empty() || !wanted.keys().all(known) {
        return Err(InvalidSplit::Quantity);
    }
    let whole = parts.iter().filter(|part| matches!(part, Part::Whole(_)));
    if whole.count() == positions.len() {
        return Err(InvalidSplit::Everything);
    }
    Ok(parts)
}

/// What becomes of the licences of a ticket that is joined to another one, in their order.
///
/// # Errors
/// [`InvalidJoin::TooMany`].
pub fn join(from: &[Position], into: &[Position]) -> Result<Vec<Joined>, InvalidJoin> {
    let mut kept = into.to_vec();
    let mut joined = Vec::with_capacity(from.len());
    for position in from {
        let mut others = kept.iter_mut();
        if let Some(other) = others.find(|other| position.becomes_part_of(other)) {
            other.grant.quantity += position.grant.quantity;
            other.untouched = false;
            joined.push(Joined::Units {
                of: position.license,
                into: other.license,
                more: position.grant.quantity,
                returns: position.returns_left,
            });
        } else if let Some(other) = kept.iter_mut().find(|other| other.becomes_part_of(position)) {
            joined.push(Joined::Takes {
                license: position.license,
                of: other.license,
                more: other.grant.quantity,
                returns: other.returns_left,
            });
            let quantity = other.grant.quantity + position.grant.quantity;
            *other = *position;
            other.grant.quantity = quantity;
        } else {
            kept.push(*position);
            joined.push(Joined::Whole(position.license));
        }
    }
    if kept.len() > MAX_LICENSES {
        return Err(InvalidJoin::TooMany);
    }
    Ok(joined)
}
