//! Containers that are machines: a device, known by its fingerprint, or a dongle, known by its serial number. They come to
//! the portal by the exchange of signed texts alone (N10): what is decided here is how far an activation on one of them
//! has come, and which texts of a machine count. Pure, and without a clock.
//!
//! A machine holds a signed text that says how long it may go on. Until then, or until the machine itself confirms that it
//! gave a licence up, the unit is nobody else's: there are never more out than were granted. The one exception is the
//! approval of an admin of the ticket for a lost machine, who answers for it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{licensing::containers::ContainerKind, texts::enum_of_texts, time::days};

/// How long a machine may go on without another update.
pub const DEVICE_LIFETIME: SignedDuration = days(90);
/// Longest serial number of a dongle, and longest fingerprint, in characters.
pub const MAX_HARDWARE: usize = 128;
/// Longest name that a machine can have for itself, in characters.
pub const MAX_HOST: usize = 120;

enum_of_texts! {
    /// How far an activation has come.
    ActivationState, else UnknownActivationState;
    /// The machine has yet to collect it.
    Assigned = "assigned",
    /// It is in an update for the machine, which has yet to confirm it.
    Collected = "collected",
    /// The container has it. A cloud container is the portal's own: in it, everything is confirmed at once.
    Confirmed = "confirmed",
    /// Given back, which the machine has yet to confirm.
    Returning = "returning",
    /// Taken back by who administers the ticket, which the machine has yet to confirm.
    Withdrawing = "withdrawing",
    /// Given back.
    Returned = "returned",
    /// Taken back by who administers the ticket.
    Withdrawn = "withdrawn",
    /// Recovered from a machine that was lost.
    Replaced = "replaced",
}

impl ActivationState {
    /// Whether the unit is free again.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Returned | Self::Withdrawn | Self::Replaced)
    }

    /// Whether it was taken or given back, and is still on the machine.
    #[must_use]
    pub const fn is_leaving(self) -> bool {
        matches!(self, Self::Returning | Self::Withdrawing)
    }
}

/// An activation, as far as the exchange with its machine is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// How far it has come; only the transitions below lead on.
    pub state: ActivationState,
    /// Until when a machine may use it, whatever the portal does. `None` while no machine ever got it.
    pub signed_until: Option<Timestamp>,
}

/// Why a transition cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidTransition {
    /// The activation is over.
    #[error("the activation is over")]
    Over,
    /// It was given or taken back already; the machine has yet to confirm that.
    #[error("it was asked back already")]
    AskedAlready,
    /// A lost machine may go on until then; only an admin of the ticket can have it back before.
    #[error("a lost machine may use it until {0}")]
    Held(Timestamp),
}

impl Custody {
    /// Begins an activation: confirmed where the portal keeps the container itself, to be collected where a machine does.
    #[must_use]
    pub const fn begin(kind: ContainerKind) -> Self {
        Self {
            state: match kind {
                ContainerKind::Cloud => ActivationState::Confirmed,
                ContainerKind::Device | ContainerKind::Dongle => ActivationState::Assigned,
            },
            signed_until: None,
        }
    }

    /// Whether a machine may be using it.
    #[must_use]
    pub fn is_held(self, now: Timestamp) -> bool {
        self.signed_until.is_some_and(|until| now < until)
    }

    /// It goes into an update that is good until then. `None` when it must not: it is leaving the machine.
    ///
    /// # Errors
    /// [`InvalidTransition::Over`].
    pub fn collect(self, until: Timestamp) -> Result<Option<Self>, InvalidTransition> {
        // What was signed before stays good: a clock that was set back makes nothing shorter.
        let signed_until = Some(self.signed_until.map_or(until, |before| before.max(until)));
        match self.state {
            ActivationState::Assigned | ActivationState::Collected => Ok(Some(Self {
                state: ActivationState::Collected,
                signed_until,
            })),
            ActivationState::Confirmed => Ok(Some(Self { signed_until, ..self })),
            ActivationState::Returning | ActivationState::Withdrawing => Ok(None),
            _ => Err(InvalidTransition::Over),
        }
    }

    /// The machine confirmed its last update: whether this was in it, and whether the machine holds it now.
    ///
    /// # Errors
    /// [`InvalidTransition::Over`].
    pub const fn confirm(self, in_update: bool, held: bool) -> Result<Self, InvalidTransition> {
        let state = match (self.state, in_update, held) {
            (ActivationState::Collected, true, true) => ActivationState::Confirmed,
            (ActivationState::Returning, false, false) => ActivationState::Returned,
            (ActivationState::Withdrawing, false, false) => ActivationState::Withdrawn,
            (state, ..) if state.is_over() => return Err(InvalidTransition::Over),
            (state, ..) => state,
        };
        Ok(Self { state, ..self })
    }

    /// It is given back (or taken back, by who administers the ticket). At once, where no machine holds it; otherwise as soon as
    /// the machine confirms. A lost one never will: its time is waited for, or an admin answers for it.
    ///
    /// # Errors
    /// [`InvalidTransition`].
    pub fn take_back(self, withdrawn: bool, lost: bool, now: Timestamp) -> Result<Self, InvalidTransition> {
        let state = match (self.state, withdrawn) {
            (state, _) if state.is_over() => return Err(InvalidTransition::Over),
            _ if lost && (withdrawn || !self.is_held(now)) => ActivationState::Replaced,
            (_, true) if !self.is_held(now) => ActivationState::Withdrawn,
            (_, false) if !self.is_held(now) => ActivationState::Returned,
            _ if lost => return Err(InvalidTransition::Held(self.signed_until.unwrap_or(now))),
            (ActivationState::Withdrawing, _) | (ActivationState::Returning, false) => {
                return Err(InvalidTransition::AskedAlready);
            }
            (_, true) => ActivationState::Withdrawing,
            (_, false) => ActivationState::Returning,
        };
        Ok(Self { state, ..self })
    }
}

/// How far an activation has come, as pages show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// How far it has come, and until when a machine may use it.
    pub custody: Custody,
    /// Whether that is still to come.
    pub held: bool,
    /// Whether the machine is reported lost.
    pub lost: bool,
}

impl Stage {
    /// How far it has come at a moment.
    #[must_use]
    pub fn at(custody: Custody, lost: bool, now: Timestamp) -> Self {
        Self {
            custody,
            held: custody.is_held(now),
            lost,
        }
    }

    /// Whether a machine has yet to confirm its end, or will never do so: then there is nothing to give back.
    #[must_use]
    pub const fn waits(self) -> bool {
        self.held && (self.lost || self.custody.state.is_leaving())
    }
}

/// What the portal knows of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// Fingerprint, or serial number; `None` for a device that has not come yet.
    pub hardware: Option<String>,
    /// Its public key, from its first request on.
    pub key: Option<String>,
    /// Whether it is reported lost.
    pub lost: bool,
    /// The number of its last request; 0 before the first.
    pub number: u32,
    /// The nonce of its last request, which tells a repeated request from another with its number.
    pub nonce: Option<String>,
    /// The update that answered its last request: the only one that a receipt can confirm.
    pub update: Option<i64>,
}

/// What a machine asks with, once its signature is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The public key that the request is signed with.
    pub key: &'a str,
    /// Its fingerprint, or serial number.
    pub hardware: &'a str,
    /// The machine counts its requests, and never back.
    pub number: u32,
    /// Random: no two requests have the same.
    pub nonce: &'a str,
}

/// What is to be done about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A new update.
    Fresh,
    /// The one that it got already: the request came twice.
    Again,
}

/// Why a text of a machine does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidExchange {
    /// It is no request, and no receipt: not text, or not signed in the right way.
    #[error("neither a request nor a receipt of a machine")]
    Unreadable,
    /// There is no QR code to be found in the picture.
    #[error("no QR code in the picture")]
    NoCode,
    /// The picture has more pixels than are looked at.
    #[error("the picture is too large")]
    TooLarge,
    /// Its signature is wrong.
    #[error("it was altered on the way")]
    Altered,
    /// It is of another machine, or for another container or portal.
    #[error("it belongs to another machine, container or portal")]
    Foreign,
    /// A later request of the machine is known.
    #[error("it was used before, or a later one was")]
    Replayed,
    /// The machine has not asked yet, or the update that it confirms is not its last one.
    #[error("it does not confirm the last update")]
    NotExpected,
    /// The machine is reported lost.
    #[error("the machine is reported lost")]
    Lost,
    /// The portal was restored from a backup: other machines may hold what this one would get.
    #[error("the portal was restored, and other machines may hold what this one would get")]
    Restored,
}

impl Device {
    /// What is to be done about a request. The first one binds: from then on, no other machine is this one.
    ///
    /// # Errors
    /// [`InvalidExchange`], with the first reason against it.
    pub fn judge(&self, asked: &Asked) -> Result<Answer, InvalidExchange> {
        if self.lost {
            return Err(InvalidExchange::Lost);
        }
        let other = |known: &Option<String>, told: &str| known.as_deref().is_some_and(|known| known != told);
        if other(&self.key, asked.key) || other(&self.hardware, asked.hardware) {
            return Err(InvalidExchange::Foreign);
        }
        if asked.number == self.number && self.nonce.as_deref() == Some(asked.nonce) {
            Ok(Answer::Again)
        } else if asked.number > self.number {
            Ok(Answer::Fresh)
        } else {
            Err(InvalidExchange::Replayed)
        }
    }

    /// Whether a receipt for that update counts.
    ///
    /// # Errors
    /// [`InvalidExchange::Lost`], [`InvalidExchange::NotExpected`].
    pub fn expects(&self, update: i64) -> Result<(), InvalidExchange> {
        if self.lost {
            Err(InvalidExchange::Lost)
        } else if self.update == Some(update) {
            Ok(())
        } else {
            Err(InvalidExchange::NotExpected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{at, earlier, ms};

    const NOW: Timestamp = at(1000);
    const UNTIL: Timestamp = at(2000);

    fn custody(state: ActivationState, signed_until: Option<Timestamp>) -> Custody {
        Custody { state, signed_until }
    }

    #[test]
    fn a_unit_goes_to_the_machine_and_back() {
        use ActivationState::{Assigned, Collected, Confirmed, Returned, Returning};
        let fresh = Custody::begin(ContainerKind::Device);
        assert_eq!(fresh, custody(Assigned, None));
        let sent = fresh.collect(UNTIL).expect("runs").expect("goes into the update");
        assert_eq!(sent, custody(Collected, Some(UNTIL)));
        // The machine says that it did not get it.
        assert_eq!(sent.confirm(true, false), Ok(sent));
        let there = sent.confirm(true, true).expect("runs");
        assert_eq!(there.state, Confirmed);
        let leaving = there.take_back(false, false, NOW).expect("asked back");
        assert_eq!(leaving.state, Returning);
        assert_eq!(leaving.collect(UNTIL), Ok(None));
        // A receipt for the update that it was in says nothing about its end.
        assert_eq!(leaving.confirm(true, true), Ok(leaving));
        assert_eq!(leaving.confirm(true, false), Ok(leaving));
        // Neither does a machine that goes on holding it.
        assert_eq!(leaving.confirm(false, true), Ok(leaving));
        let gone = leaving.confirm(false, false).expect("runs");
        assert_eq!(gone.state, Returned);
        assert_eq!(gone.collect(UNTIL), Err(InvalidTransition::Over));
        assert_eq!(gone.confirm(true, true), Err(InvalidTransition::Over));
        assert_eq!(gone.take_back(true, true, NOW), Err(InvalidTransition::Over));
    }

    #[test]
    fn what_no_machine_holds_comes_back_at_once() {
        use ActivationState::{Assigned, Confirmed, Returned, Returning, Withdrawn};
        for (before, withdrawn, after) in [
            (Custody::begin(ContainerKind::Cloud), false, Returned),
            (Custody::begin(ContainerKind::Cloud), true, Withdrawn),
            (custody(Assigned, None), false, Returned),
            (custody(Confirmed, Some(NOW)), false, Returned),
            (custody(Returning, Some(NOW)), false, Returned),
            (custody(Returning, Some(NOW)), true, Withdrawn),
        ] {
            let taken = before.take_back(withdrawn, false, NOW).expect("possible");
            assert_eq!(taken.state, after, "{before:?}");
        }
    }

    #[test]
    fn a_lost_machine_is_waited_for_or_answered_for() {
        use ActivationState::{Collected, Confirmed, Replaced, Returning, Withdrawing};
        for state in [Collected, Confirmed, Returning, Withdrawing] {
            let held = custody(state, Some(UNTIL));
            assert_eq!(
                held.take_back(false, true, NOW),
                Err(InvalidTransition::Held(UNTIL))
            );
            assert_eq!(
                held.take_back(true, true, NOW).map(|taken| taken.state),
                Ok(Replaced)
            );
            assert_eq!(
                held.take_back(false, true, UNTIL).map(|taken| taken.state),
                Ok(Replaced)
            );
        }
    }

    #[test]
    fn nothing_is_asked_back_twice() {
        use ActivationState::{Returning, Withdrawing};
        let leaving = custody(Returning, Some(UNTIL));
        assert_eq!(
            leaving.take_back(false, false, NOW),
            Err(InvalidTransition::AskedAlready)
        );
        let taken = leaving.take_back(true, false, NOW).expect("an admin may");
        assert_eq!(taken.state, Withdrawing);
        for withdrawn in [false, true] {
            assert_eq!(
                taken.take_back(withdrawn, false, NOW),
                Err(InvalidTransition::AskedAlready)
            );
        }
    }

    #[test]
    fn nothing_that_was_signed_becomes_shorter() {
        let held = custody(ActivationState::Confirmed, Some(UNTIL));
        let again = held
            .collect(earlier(UNTIL, ms(1)))
            .expect("runs")
            .expect("goes into the update");
        assert_eq!(again.signed_until, Some(UNTIL));
    }

    #[test]
    fn the_first_request_binds_and_none_works_twice() {
        let new = Device::default();
        let first = Asked {
            key: "k",
            hardware: "h",
            number: 1,
            nonce: "a",
        };
        assert_eq!(new.judge(&first), Ok(Answer::Fresh));
        let bound = Device {
            hardware: Some("h".to_owned()),
            key: Some("k".to_owned()),
            number: 3,
            nonce: Some("c".to_owned()),
            update: Some(9),
            lost: false,
        };
        for (asked, answer) in [
            (
                Asked {
                    number: 3,
                    nonce: "c",
                    ..first
                },
                Ok(Answer::Again),
            ),
            (
                Asked {
                    number: 4,
                    nonce: "d",
                    ..first
                },
                Ok(Answer::Fresh),
            ),
            (
                Asked {
                    number: 3,
                    nonce: "x",
                    ..first
                },
                Err(InvalidExchange::Replayed),
            ),
            (
                Asked {
                    number: 2,
                    nonce: "b",
                    ..first
                },
                Err(InvalidExchange::Replayed),
            ),
            (
                Asked {
                    key: "other",
                    number: 4,
                    ..first
                },
                Err(InvalidExchange::Foreign),
            ),
            (
                Asked {
                    hardware: "other",
                    number: 4,
                    ..first
                },
                Err(InvalidExchange::Foreign),
            ),
        ] {
            assert_eq!(bound.judge(&asked), answer, "{asked:?}");
        }
        assert_eq!(bound.expects(9), Ok(()));
        assert_eq!(bound.expects(8), Err(InvalidExchange::NotExpected));
        assert_eq!(new.expects(9), Err(InvalidExchange::NotExpected));
        let lost = Device { lost: true, ..bound };
        assert_eq!(
            lost.judge(&Asked { number: 4, ..first }),
            Err(InvalidExchange::Lost)
        );
        assert_eq!(lost.expects(9), Err(InvalidExchange::Lost));
    }
}
