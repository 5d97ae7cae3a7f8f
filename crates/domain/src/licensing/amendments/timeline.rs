//! The amendments of a licence in their order, and what it grants at every instant because of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::licensing::{
    amendments::{Amendment, Grant, InvalidAmendment, MAX_AMENDMENTS, MAX_OF_SPLIT},
    licenses::Standing,
};

/// An amendment as it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Which of the amendments of its licence, from 1. Of those in force from the same moment, the later one follows.
    pub number: u32,
    /// What is done.
    pub amendment: Amendment,
    /// The first moment at which it is in force.
    pub from: Timestamp,
    /// The first moment at which it is so no more, because it was taken back. One that was planned may never have been.
    pub undone: Option<Timestamp>,
}

/// What relies on what a licence grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InUse {
    /// How many of it are activated, wherever that is.
    pub activated: u32,
    /// How many of it machines hold.
    pub out: u32,
    /// The latest moment until which one does; `None` where none does.
    pub signed_until: Option<Timestamp>,
}

/// The place of a machine among all that the licence has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which it is, from 1: behind those of the activations that are older, each as large as it is or as many as are held of it,
    /// and behind what older machines hold of its own.
    pub number: u32,
    /// How many are activated, wherever that is.
    pub activated: u32,
    /// Whether the machine may use it already: what is in its hands is good. What is bound to a machine stays its own beyond that.
    pub holds: bool,
}

impl Place {
    /// Whether it is one of so many that are granted, when others hold `held`. Where all that is activated is granted, it does
    /// not matter which of them it is, as long as it is one.
    const fn is_within(self, granted: u32, held: u32) -> bool {
        self.number <= granted || self.activated <= granted && held < granted
    }
}

/// A licence over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// How it stands before all that is recorded here.
    base: Grant,
    /// When it was activated first, if it was.
    started: Option<Timestamp>,
    /// In the order in which they come into force.
    recorded: Vec<Recorded>,
    /// The number of the last amendment, recorded here or in `base`; 0 where there is none.
    last: u32,
}

impl Timeline {
    /// A licence, with its amendments in any order: all of them, or those that are not in `base` yet. `last` is the number of
    /// the last of all.
    #[must_use]
    pub fn new(base: Grant, started: Option<Timestamp>, mut recorded: Vec<Recorded>, last: u32) -> Self {
        recorded.sort_unstable_by_key(|one| (one.from, one.number));
        Self {
            base,
            started,
            recorded,
            last,
        }
    }

    /// The amendments, in the order in which they come into force.
    #[must_use]
    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// How the licence stands at a moment. An amendment that cannot be done has no effect: none such is accepted.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Grant {
        let until = self.recorded.partition_point(|one| one.from <= now);
        let in_force = self.recorded[..until].iter();
        in_force
            .filter(|one| one.undone.is_none_or(|undone| now < undone))
            .fold(self.base, |grant, one| {
                grant
                    .amended(one.amendment, one.from, self.started)
                    .unwrap_or(grant)
            })
    }

    /// How the licence stands before and after that one comes into force, as far as is known.
    #[must_use]
    pub fn around(&self, number: u32) -> Option<(Grant, Grant)> {
        let at = self.recorded.iter().position(|one| one.number == number)?;
        let one = self.recorded[at];
        let before = Self {
            recorded: self.recorded[..at].to_vec(),
            ..self.clone()
        };
        let before = before.at(one.from);
        let after = before.amended(one.amendment, one.from, self.started);
        Some((before, after.unwrap_or(before)))
    }

    /// How many of the licence can be in use at a moment.
    #[must_use]
    pub fn places(&self, now: Timestamp) -> u32 {
        self.at(now).places(now, self.started)
    }

    /// How the licence stands before all that is recorded here.
    #[must_use]
    pub const fn base(&self) -> Grant {
        self.base
    }

    /// When it was activated first, if it was.
    #[must_use]
    pub const fn started(&self) -> Option<Timestamp> {
        self.started
    }

    /// The next moment at which another number of places may be granted.
    #[must_use]
    pub fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        let ahead = self
            .recorded
            .iter()
            .find(|one| one.from > now && one.undone.is_none());
        let of_itself = match self.at(now).at(now, self.started) {
            Standing::Usable(until) => until,
            Standing::NotYet(from) => Some(from),
            Standing::Expired(_) | Standing::Suspended(_) | Standing::Revoked(_) => None,
        };
        ahead.map(|one| one.from).into_iter().chain(of_itself).min()
    }

    /// The first moment after `now` at which fewer places are granted than before it, as far as is planned.
    #[must_use]
    pub fn next_decrease(&self, now: Timestamp) -> Option<Timestamp> {
        let mut from = now;
        loop {
            let turn = self.next_turn(from)?;
            if self.places(turn) < self.places(from) {
                return Some(turn);
            }
            from = turn;
        }
    }

    /// Until when the licence grants a place without a gap: over the seam of a renewal, and not beyond a moment from which fewer
    /// are granted. `None` where it does not grant it now, `Some(None)` without end.
    ///
    /// Beyond such a moment, whatever is `held` of the licence by others then counts, too: there is no room for two, although
    /// the one that was there before loses its place later.
    pub fn covers(
        &self,
        now: Timestamp,
        place: Place,
        held: impl Fn(Timestamp) -> u32,
    ) -> Option<Option<Timestamp>> {
        let mut granted = self.places(now);
        // One more than there were: not while others hold all that is granted, although they lose it later.
        let joins = !place.holds && held(now) >= granted;
        if joins || !place.is_within(granted, held(now)) {
            return None;
        }
        let mut from = now;
        while let Some(turn) = self.next_turn(from) {
            let then = self.places(turn);
            let held = held(turn);
            if !place.is_within(then, held) || then < granted && then <= held {
                return Some(Some(turn));
            }
            (granted, from) = (then, turn);
        }
        Some(None)
    }

    /// Puts an amendment at its place: in force from `from`, or where there is none, from now on.
    ///
    /// # Errors
    /// [`InvalidAmendment`]; [`InvalidAmendment::Conflict`] with the first of those planned for later that could not be done
    /// any more.
    pub fn amend(
        &self,
        amendment: Amendment,
        from: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(Self, Recorded), InvalidAmendment> {
        if from.is_some_and(|from| from < now) {
            return Err(InvalidAmendment::InThePast);
        }
        if self.last >= MAX_AMENDMENTS {
            return Err(InvalidAmendment::TooMany);
        }
        if self.last >= MAX_OF_SPLIT && amendment.is_of_two_tickets() {
            return Err(InvalidAmendment::TooOften);
        }
        let new = Recorded {
            number: self.last + 1,
            amendment,
            from: from.unwrap_or(now),
            undone: None,
        };
        let mut recorded = self.recorded.clone();
        recorded.push(new);
        let amended = Self::new(self.base, self.started, recorded, new.number);
        amended.check(new.number)?;
        Ok((amended, new))
    }

    /// Takes an amendment back: one that is planned, or the last one that is in force, while nothing followed from it. What was
    /// granted until now stays as it was.
    ///
    /// # Errors
    /// [`InvalidAmendment::Gone`]; [`InvalidAmendment::OfTwoTickets`]; [`InvalidAmendment::Followed`];
    /// [`InvalidAmendment::Conflict`].
    pub fn undo(&self, number: u32, in_use: InUse, now: Timestamp) -> Result<Self, InvalidAmendment> {
        let at = self
            .recorded
            .iter()
            .position(|one| one.number == number && one.undone.is_none())
            .ok_or(InvalidAmendment::Gone)?;
        if self.recorded[at].amendment.is_of_two_tickets() {
            return Err(InvalidAmendment::OfTwoTickets);
        }
        let in_force = |one: &Recorded| one.from <= now && one.undone.is_none();
        if in_force(&self.recorded[at]) && self.recorded[at + 1..].iter().any(in_force) {
            return Err(InvalidAmendment::Followed);
        }
        let mut undone = self.clone();
        undone.recorded[at].undone = Some(now);
        undone.check(number)?;
        if undone.at(now).quantity < in_use.activated.min(self.at(now).quantity) {
            return Err(InvalidAmendment::Followed);
        }
        // What machines hold relies on every moment until it ends.
        let mut moment = Some(now);
        while let Some(then) = moment.filter(|then| in_use.signed_until.is_some_and(|until| *then < until)) {
            let left = undone.places(then);
            if left < self.places(then) && left < in_use.out {
                return Err(InvalidAmendment::Followed);
            }
            let turns = [self.next_turn(then), undone.next_turn(then)];
            moment = turns.into_iter().flatten().min();
        }
        Ok(undone)
    }

    /// Whether all that is not taken back can be done in its order.
    fn check(&self, changed: u32) -> Result<(), InvalidAmendment> {
        let mut grant = self.base;
        for one in self.recorded.iter().filter(|one| one.undone.is_none()) {
            grant = grant
                .amended(one.amendment, one.from, self.started)
                .map_err(|why| {
                    if one.number == changed {
                        why
                    } else {
                        InvalidAmendment::Conflict { with: one.number }
                    }
                })?;
        }
        Ok(())
    }

    /// What has come into force becomes part of the base: what is left is ahead, the rest in the order in which it did.
    #[must_use]
    pub fn settled(&self, now: Timestamp) -> (Self, Vec<Recorded>) {
        let until = self.recorded.partition_point(|one| one.from <= now);
        let (done, ahead) = self.recorded.split_at(until);
        let settled = Self {
            base: self.at(now),
            started: self.started,
            recorded: ahead.to_vec(),
            last: self.last,
        };
        (settled, done.to_vec())
    }
}
