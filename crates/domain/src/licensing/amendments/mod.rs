//! Amendments: a licence is renewed, extended, made larger or smaller, suspended, reinstated, revoked (N17).
//!
//! What a licence grants at an instant follows from how it began and from its amendments. Each has a moment from which it is
//! in force, now or on a day. What was granted before that moment never changes; so nothing that was signed by then becomes
//! wrong. Pure, and without a clock.

pub mod timeline;

use jiff::{Span, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    licensing::licenses::{MAX_DAYS, MAX_QUANTITY, Standing, Validity},
    resellers::quotas::Period,
    texts::enum_of_texts,
    time::{days, later},
};

/// Most amendments of one licence, those taken back included.
pub const MAX_AMENDMENTS: u32 = 1_000;
/// Most amendments of a licence that is still split or joined: whoever may only move it leaves as many to those who amend it.
pub const MAX_OF_SPLIT: u32 = MAX_AMENDMENTS / 2;
/// Longest new term, in months.
pub const MAX_MONTHS: u32 = 1_200;
/// Longest reason, in characters.
pub const MAX_REASON: usize = 500;

/// How long a new term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Term {
    /// So many days of 24 hours.
    Days(u32),
    /// So many months of the calendar (UTC). From a day that the last month does not have, until its last day.
    Months(u32),
}

impl Term {
    /// The first moment after a term that begins at `begin`. `None` beyond the calendar, and where it has no length.
    #[must_use]
    pub fn after(self, begin: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Days(length @ 1..=MAX_DAYS) => Some(later(begin, days(length))),
            Self::Months(length @ 1..=MAX_MONTHS) => {
                let begin = begin.to_zoned(TimeZone::UTC);
                let end = begin.checked_add(Span::new().months(i64::from(length))).ok()?;
                Some(end.timestamp())
            }
            Self::Days(_) | Self::Months(_) => None,
        }
    }
}

enum_of_texts! {
    /// When a new term begins.
    RenewFrom, else UnknownRenewFrom;
    /// When the old one ends, even if that has been.
    End = "end",
    /// When the renewal comes into force.
    Now = "now",
    /// When the old one ends; when the renewal comes into force, if it has ended by then.
    NowIfEnded = "now_if_ended",
}

/// What is done to a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Amendment {
    /// It gets another term.
    Renew {
        /// How long that is.
        term: Term,
        /// When it begins.
        from: RenewFrom,
    },
    /// Its present term ends later.
    Extend {
        /// The first moment at which it cannot be used any more.
        until: Timestamp,
    },
    /// There are more of them, or fewer.
    Quantity {
        /// How many there are afterwards.
        to: u32,
    },
    /// It cannot be used until it is reinstated. Its time goes on.
    Suspend,
    /// It can be used again.
    Reinstate,
    /// It cannot be used any more, for good.
    Revoke,
    /// So many of it became a licence of another ticket ([`splits`](crate::tickets::splits)).
    Split {
        /// How many.
        off: u32,
    },
    /// So many that were a licence of another ticket came to it.
    Join {
        /// How many.
        more: u32,
    },
}

/// Why a licence cannot be amended like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidAmendment {
    /// It has no end that could come later.
    #[error("the licence has no end")]
    NoEnd,
    /// Its time begins with its first activation, which has not been.
    #[error("the time of the licence has not begun")]
    NotBegun,
    /// It would end no later than it does anyway.
    #[error("the licence would not end later")]
    NotLater,
    /// It would end before the amendment comes into force.
    #[error("the licence would have ended already")]
    OverAlready,
    /// The term has no length, or is longer than any may be.
    #[error("a term has 1 to {MAX_DAYS} days, or 1 to {MAX_MONTHS} months")]
    Term,
    /// It is none of 1 to [`MAX_QUANTITY`].
    #[error("the quantity is none of 1 to {MAX_QUANTITY}")]
    Quantity,
    /// There are as many as that.
    #[error("there are as many already")]
    SameQuantity,
    /// It is suspended by then.
    #[error("the licence is suspended")]
    Suspended,
    /// It is not suspended by then.
    #[error("the licence is not suspended")]
    NotSuspended,
    /// It is revoked by then.
    #[error("the licence is revoked")]
    Revoked,
    /// The day from which it is to be in force lies in the past.
    #[error("the day has been")]
    InThePast,
    /// A day is neither one of the calendar nor a moment.
    #[error("not a day")]
    Day,
    /// The reason is too long ([`MAX_REASON`]), or has characters that cannot be shown.
    #[error("a reason has at most {MAX_REASON} characters")]
    Reason,
    /// It has as many as any licence may have ([`MAX_AMENDMENTS`]).
    #[error("the licence has been amended {MAX_AMENDMENTS} times")]
    TooMany,
    /// It has so many ([`MAX_OF_SPLIT`]) that it is not split or joined any more.
    #[error("the licence has been amended {MAX_OF_SPLIT} times, and is not split any more")]
    TooOften,
    /// What is planned for later could not be done any more.
    #[error("amendment {with} is planned, and could not be done any more")]
    Conflict {
        /// The number of the one that is planned.
        with: u32,
    },
    /// Somebody amended it since the actor looked.
    #[error("the licence was amended meanwhile")]
    Overtaken,
    /// There is no such amendment, or it was taken back.
    #[error("there is no such amendment any more")]
    Gone,
    /// Another one came after it, or something happened that would not have been possible without it.
    #[error("something followed from the amendment")]
    Followed,
    /// It is about two tickets: a split is taken back by joining them, a join by splitting off again.
    #[error("the amendment is about two tickets")]
    OfTwoTickets,
}

/// How a licence stands: what amendments change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// How many there are, while it can be used.
    pub quantity: u32,
    /// The time in which it can be used.
    pub validity: Validity,
    /// Since when it is suspended, if it is.
    pub suspended: Option<Timestamp>,
    /// Since when it is revoked, if it is.
    pub revoked: Option<Timestamp>,
}

impl Grant {
    /// Of a licence that was not amended.
    #[must_use]
    pub const fn new(quantity: u32, validity: Validity) -> Self {
        Self {
            quantity,
            validity,
            suspended: None,
            revoked: None,
        }
    }

    /// Where the licence stands that was activated first at `started`, if it was.
    #[must_use]
    pub fn at(&self, now: Timestamp, started: Option<Timestamp>) -> Standing {
        Standing::stopped(self.suspended, self.revoked).unwrap_or_else(|| self.validity.at(now, started))
    }

    /// How many of it can be in use at a moment.
    #[must_use]
    pub fn places(&self, now: Timestamp, started: Option<Timestamp>) -> u32 {
        match self.at(now, started) {
            Standing::Usable(_) => self.quantity,
            _ => 0,
        }
    }

    /// How it stands once an amendment has come into force at a moment.
    ///
    /// # Errors
    /// [`InvalidAmendment`], with the first reason against it.
    pub fn amended(
        self,
        amendment: Amendment,
        at: Timestamp,
        started: Option<Timestamp>,
    ) -> Result<Self, InvalidAmendment> {
        if self.revoked.is_some() {
            return Err(InvalidAmendment::Revoked);
        }
        match amendment {
            Amendment::Renew { term, from } => {
                let end = self.end(started)?;
                let begin = match from {
                    RenewFrom::End => end,
                    RenewFrom::Now => at,
                    RenewFrom::NowIfEnded => end.max(at),
                };
                let until = term.after(begin).ok_or(InvalidAmendment::Term)?;
                self.until(until, end, at, started)
            }
            Amendment::Extend { until } => self.until(until, self.end(started)?, at, started),
            Amendment::Quantity { to } if !(1..=MAX_QUANTITY).contains(&to) => {
                Err(InvalidAmendment::Quantity)
            }
            Amendment::Quantity { to } if to == self.quantity => Err(InvalidAmendment::SameQuantity),
            Amendment::Quantity { to } => Ok(Self { quantity: to, ..self }),
            Amendment::Split { off } => self.of_other_size(self.quantity.checked_sub(off)),
            Amendment::Join { more } => self.of_other_size(self.quantity.checked_add(more)),
            Amendment::Suspend if self.suspended.is_some() => Err(InvalidAmendment::Suspended),
            Amendment::Suspend => Ok(Self {
                suspended: Some(at),
                ..self
            }),
            Amendment::Reinstate if self.suspended.is_none() => Err(InvalidAmendment::NotSuspended),
            Amendment::Reinstate => Ok(Self {
                suspended: None,
                ..self
            }),
            Amendment::Revoke => Ok(Self {
                revoked: Some(at),
                ..self
            }),
        }
    }

    /// There are so many of it, beside those that are in another ticket.
    fn of_other_size(self, quantity: Option<u32>) -> Result<Self, InvalidAmendment> {
        let quantity = quantity.filter(|to| (1..=MAX_QUANTITY).contains(to));
        let quantity = quantity.ok_or(InvalidAmendment::Quantity)?;
        Ok(Self { quantity, ..self })
    }

    /// The end that can come later.
    fn end(&self, started: Option<Timestamp>) -> Result<Timestamp, InvalidAmendment> {
        match (self.validity, self.validity.end(started)) {
            (_, Some(end)) => Ok(end),
            (Validity::Days(_), None) => Err(InvalidAmendment::NotBegun),
            (Validity::Perpetual | Validity::Between(..), None) => Err(InvalidAmendment::NoEnd),
        }
    }

    /// It ends then, instead of at `end`.
    fn until(
        self,
        until: Timestamp,
        end: Timestamp,
        at: Timestamp,
        started: Option<Timestamp>,
    ) -> Result<Self, InvalidAmendment> {
        if until <= end {
            return Err(InvalidAmendment::NotLater);
        }
        if until <= at {
            return Err(InvalidAmendment::OverAlready);
        }
        let from = match self.validity {
            Validity::Between(from, _) => from,
            Validity::Days(_) => started,
            Validity::Perpetual => None,
        };
        Ok(Self {
            validity: Validity::Between(from, Some(until)),
            ..self
        })
    }
}

impl Amendment {
    /// Whether it is about two tickets: nobody makes or takes back such a one by itself.
    #[must_use]
    pub const fn is_of_two_tickets(self) -> bool {
        matches!(self, Self::Split { .. } | Self::Join { .. })
    }

    /// How many licences it counts for in a quota, beside those that were created. What a quota of a day, month or year bounds
    /// is what is sold in it: what comes in addition, and what is renewed or extended. A quota in total bounds how many there
    /// are: what comes in addition.
    #[must_use]
    pub fn counts(self, before: &Grant, period: Period) -> u64 {
        match (self, period) {
            (Self::Quantity { to }, _) => u64::from(to.saturating_sub(before.quantity)),
            (Self::Renew { .. } | Self::Extend { .. }, Period::Day | Period::Month | Period::Year) => {
                u64::from(before.quantity)
            }
            _ => 0,
        }
    }
}

/// How many of each activation count, the eldest first, where a licence grants fewer than are activated: the youngest lose
/// theirs first. What a machine without a network has counts as a whole, or not at all.
#[must_use]
pub fn shares(granted: u32, activations: &[(u32, bool)]) -> Vec<u32> {
    let mut elder: u32 = 0;
    let share = |(quantity, whole): &(u32, bool)| {
        let left = granted.saturating_sub(elder);
        elder = elder.saturating_add(*quantity);
        match (*quantity <= left, whole) {
            (true, _) => *quantity,
            (false, true) => 0,
            (false, false) => left,
        }
    };
    activations.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::at;

    #[test]
    fn a_term_of_months_follows_the_calendar() {
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        let after = |term: Term, begin| term.after(moment(begin));
        let leap = after(Term::Months(1), "2028-01-31T00:00:00Z");
        assert_eq!(leap, Some(moment("2028-02-29T00:00:00Z")));
        let year = after(Term::Months(12), "2026-12-01T12:30:00Z");
        assert_eq!(year, Some(moment("2027-12-01T12:30:00Z")));
        let week = after(Term::Days(7), "2026-12-28T00:00:00Z");
        assert_eq!(week, Some(moment("2027-01-04T00:00:00Z")));
        for none in [
            Term::Days(0),
            Term::Days(MAX_DAYS + 1),
            Term::Months(0),
            Term::Months(MAX_MONTHS + 1),
        ] {
            assert_eq!(none.after(at(0)), None, "{none:?}");
        }
        assert_eq!(Term::Months(MAX_MONTHS).after(Timestamp::MAX), None);
    }

    #[test]
    fn the_youngest_lose_first_and_machines_as_a_whole() {
        let activations = [(3, false), (4, true), (2, false)];
        let of = |granted| shares(granted, &activations);
        assert_eq!(of(9), [3, 4, 2]);
        assert_eq!(of(8), [3, 4, 1]);
        assert_eq!(of(7), [3, 4, 0]);
        assert_eq!(of(6), [3, 0, 0]);
        assert_eq!(of(2), [2, 0, 0]);
        assert_eq!(of(0), [0, 0, 0]);
        assert_eq!(shares(5, &[(u32::MAX, false), (u32::MAX, false)]), [5, 0]);
    }

    #[test]
    fn quotas_count_what_is_sold() {
        let grant = Grant::new(5, Validity::Perpetual);
        let counts = |amendment: Amendment| {
            [Period::Day, Period::Month, Period::Year, Period::Total]
                .map(|period| amendment.counts(&grant, period))
        };
        assert_eq!(counts(Amendment::Quantity { to: 7 }), [2, 2, 2, 2]);
        assert_eq!(counts(Amendment::Quantity { to: 3 }), [0, 0, 0, 0]);
        let renewed = Amendment::Renew {
            term: Term::Days(1),
            from: RenewFrom::End,
        };
        assert_eq!(counts(renewed), [5, 5, 5, 0]);
        assert_eq!(counts(Amendment::Extend { until: at(5) }), [5, 5, 5, 0]);
        let (split, join) = (Amendment::Split { off: 2 }, Amendment::Join { more: 2 });
        for none in [
            Amendment::Suspend,
            Amendment::Reinstate,
            Amendment::Revoke,
            split,
            join,
        ] {
            assert_eq!(counts(none), [0, 0, 0, 0]);
        }
    }
}
