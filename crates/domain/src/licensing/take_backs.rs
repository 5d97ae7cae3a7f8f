//! Taking back what nobody uses (N18): whoever has the ticket is asked, and on a day it moves, unless something ends that before.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    ids::TakeBackId,
    time::{days, later},
};

/// Most tickets that are asked for at once.
pub const MAX_ASKED: usize = 100;
/// How many days whoever has the ticket has to answer, where nothing else is said.
pub const WAIT_DAYS: u32 = 14;
/// Most of these.
pub const MAX_WAIT_DAYS: u32 = 60;
/// How long it is remembered how one ended.
pub const ENDED_KEPT: SignedDuration = days(90);
/// Most admins of a group who are mailed about a ticket of it.
pub const MAX_TOLD: usize = 20;

crate::texts::enum_of_texts! {
    /// How far a request to take a ticket back has come. All but the first are ends.
    TakeBackState, else UnknownTakeBackState;
    /// Whoever has the ticket was asked; it moves on the day.
    Asked = "asked",
    /// Whoever has it keeps it.
    Kept = "kept",
    /// Who asked no longer wants it.
    Cancelled = "cancelled",
    /// It was used after all.
    Used = "used",
    /// It moved.
    Done = "done",
    /// It was not carried out: the ticket had moved meanwhile.
    Moved = "failed_moved",
    /// It was not carried out: who asked may no longer move the ticket there.
    NotPermitted = "failed_not_permitted",
    /// It was not carried out: licences of it are out, where they cannot be given back from.
    StillHeld = "failed_still_held",
}

/// Something that happens to a request while it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeBackStep {
    /// Whoever has the ticket says no.
    Keep,
    /// Who asked takes it back.
    Cancel,
    /// A machine leased a licence of it.
    Use,
    /// The ticket moved as was asked for.
    CarryOut,
    /// The ticket moved elsewhere.
    Move,
    /// It was to be carried out, and was refused.
    Refuse(RefusedTakeBack),
}

/// Why one was not carried out on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedTakeBack {
    /// The policy said no.
    NotPermitted,
    /// Licences could not be given back.
    StillHeld,
}

/// Why a ticket cannot be asked for like that, or the request not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidTakeBack {
    /// Fewer than one day, or more than [`MAX_WAIT_DAYS`].
    #[error("a ticket is taken back after 1 to {MAX_WAIT_DAYS} days")]
    Days,
    /// The ticket belongs to no group, and none was named.
    #[error("say to which group the ticket goes")]
    NoGroup,
    /// Nobody has the ticket who could be asked.
    #[error("nobody has the ticket")]
    Unowned,
    /// The ticket is asked for already.
    #[error("the ticket is asked for already")]
    AskedAlready,
    /// It has ended.
    #[error("the request has ended")]
    Over,
}

impl TakeBackState {
    /// Whether it waits.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked)
    }

    /// Whether it was to be carried out, and could not.
    #[must_use]
    pub const fn has_failed(self) -> bool {
        matches!(self, Self::Moved | Self::NotPermitted | Self::StillHeld)
    }

    /// Where the step leads.
    ///
    /// # Errors
    /// [`InvalidTakeBack::Over`]: an end is for good.
    pub const fn after(self, step: TakeBackStep) -> Result<Self, InvalidTakeBack> {
        if !self.is_open() {
            return Err(InvalidTakeBack::Over);
        }
        Ok(match step {
            TakeBackStep::Keep => Self::Kept,
            TakeBackStep::Cancel => Self::Cancelled,
            TakeBackStep::Use => Self::Used,
            TakeBackStep::CarryOut => Self::Done,
            TakeBackStep::Move => Self::Moved,
            TakeBackStep::Refuse(RefusedTakeBack::NotPermitted) => Self::NotPermitted,
            TakeBackStep::Refuse(RefusedTakeBack::StillHeld) => Self::StillHeld,
        })
    }
}

/// The day on which a ticket that is asked for now moves.
///
/// # Errors
/// [`InvalidTakeBack::Days`].
pub fn due_after(wait: u32, now: Timestamp) -> Result<Timestamp, InvalidTakeBack> {
    if (1..=MAX_WAIT_DAYS).contains(&wait) {
        Ok(later(now, days(wait)))
    } else {
        Err(InvalidTakeBack::Days)
    }
}

/// What has come to pass by itself with a ticket that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeBackFacts {
    /// The moment at which it is to move.
    pub due_at: Timestamp,
    /// It is no longer where it was, or came back there.
    pub moved: bool,
    /// A licence of it was leased since.
    pub used: bool,
}

impl TakeBackFacts {
    /// What follows now: a ticket that moved is no longer whose it was, whatever else happened to it; one that is used stays.
    #[must_use]
    pub fn step(self, now: Timestamp) -> Option<TakeBackStep> {
        if self.moved {
            Some(TakeBackStep::Move)
        } else if self.used {
            Some(TakeBackStep::Use)
        } else if now >= self.due_at {
            Some(TakeBackStep::CarryOut)
        } else {
            None
        }
    }
}

/// The idempotency key of the move that carries a request out: it is undone by it.
#[must_use]
pub fn move_key(id: TakeBackId) -> String {
    format!("take-back-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const STEPS: [TakeBackStep; 7] = [
        TakeBackStep::Keep,
        TakeBackStep::Cancel,
        TakeBackStep::Use,
        TakeBackStep::CarryOut,
        TakeBackStep::Move,
        TakeBackStep::Refuse(RefusedTakeBack::NotPermitted),
        TakeBackStep::Refuse(RefusedTakeBack::StillHeld),
    ];

    #[test]
    fn every_step_ends_it_and_every_end_is_reached_by_one() {
        let ends: Vec<TakeBackState> = STEPS
            .iter()
            .filter_map(|step| TakeBackState::Asked.after(*step).ok())
            .collect();
        assert_eq!(ends, TakeBackState::ALL[1..]);
        for end in ends {
            assert!(!end.is_open());
            for step in STEPS {
                assert_eq!(end.after(step), Err(InvalidTakeBack::Over), "{end} {step:?}");
            }
        }
    }

    #[test]
    fn one_that_could_not_be_carried_out_has_failed() {
        let failed = TakeBackState::ALL.iter().filter(|state| state.has_failed());
        let texts: Vec<String> = failed.map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["failed_moved", "failed_not_permitted", "failed_still_held"]
        );
    }

    #[test]
    fn one_waits_for_one_to_sixty_days() {
        assert_eq!(due_after(0, NOW), Err(InvalidTakeBack::Days));
        assert_eq!(due_after(1, NOW), Ok(later(NOW, days(1))));
        assert_eq!(due_after(60, NOW), Ok(later(NOW, days(60))));
        assert_eq!(due_after(61, NOW), Err(InvalidTakeBack::Days));
        assert!(due_after(WAIT_DAYS, NOW).is_ok());
    }

    #[test]
    fn what_came_to_pass_decides_in_this_order() {
        let facts = |moved, used| TakeBackFacts {
            due_at: later(NOW, days(1)),
            moved,
            used,
        };
        let (before, then) = (later(NOW, SignedDuration::from_hours(23)), later(NOW, days(1)));
        for (moved, used, at, step) in [
            (false, false, before, None),
            (false, false, then, Some(TakeBackStep::CarryOut)),
            (false, true, before, Some(TakeBackStep::Use)),
            (false, true, then, Some(TakeBackStep::Use)),
            (true, false, before, Some(TakeBackStep::Move)),
            (true, true, then, Some(TakeBackStep::Move)),
        ] {
            assert_eq!(facts(moved, used).step(at), step, "{moved} {used} {at}");
        }
    }

    /// Whatever happens, in whatever order: it ends once, and a ticket that was used or moved is never taken back.
    #[test]
    fn nothing_that_was_used_or_moved_is_taken_back() {
        let mut dice = 0x2545_F491_4F6C_DD1D_u64;
        let mut roll = |of: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice % of
        };
        for seed in 0..10_000 {
            let mut state = TakeBackState::Asked;
            let mut facts = TakeBackFacts {
                due_at: later(NOW, days(14)),
                moved: false,
                used: false,
            };
            for hour in 0..30 * 24 {
                let now = later(NOW, SignedDuration::from_hours(hour));
                match roll(2_000) {
                    0 => facts.moved = true,
                    1 => facts.used = true,
                    2 => state = state.after(TakeBackStep::Keep).unwrap_or(state),
                    3 => state = state.after(TakeBackStep::Cancel).unwrap_or(state),
                    _ => {}
                }
                let Some(step) = facts.step(now).filter(|_| state.is_open()) else {
                    continue;
                };
                assert!(step != TakeBackStep::CarryOut || now >= facts.due_at, "{seed}");
                state = state.after(step).unwrap_or(state);
                if state == TakeBackState::Done {
                    assert!(!facts.moved && !facts.used, "{seed}");
                }
            }
            assert!(!state.is_open(), "{seed}");
        }
    }
}
