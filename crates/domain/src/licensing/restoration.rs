//! After a portal was restored from a backup (N27): machines may hold what it handed out since the backup was made, and it knows
//! nothing of that. Until what they may hold has expired, nobody else gets it. Pure, and without a clock.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    licensing::{devices::DEVICE_LIFETIME, leases::NODE_LIFETIME, licenses::Binding},
    time::later,
};

/// What may have happened between the backup and the restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meanwhile {
    /// Anything.
    Unknown,
    /// Machines with a network may have got licences; those without one got no update.
    NothingOffline,
    /// Nothing: the portal was ended before the backup was made, and has not run since.
    Nothing,
}

/// A restore, and until when machines may hold what the portal does not know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// When the backup was made.
    pub made_at: Timestamp,
    /// When it was restored.
    pub at: Timestamp,
    /// Until when machines may hold floating licences.
    pub leases_until: Timestamp,
    /// Until when machines may hold node-locked licences.
    pub nodes_until: Timestamp,
    /// Until when machines without a network may hold licences of either kind.
    pub offline_until: Timestamp,
}

impl Restoration {
    /// A restore at that moment. No server signed leases for longer than `longest`; `offline` is whether there are machines
    /// without a network.
    #[must_use]
    pub fn new(
        made_at: Timestamp,
        at: Timestamp,
        meanwhile: Meanwhile,
        longest: SignedDuration,
        offline: bool,
    ) -> Self {
        let held = |applies: bool, lifetime| if applies { later(at, lifetime) } else { at };
        let ran = meanwhile != Meanwhile::Nothing;
        Self {
            made_at,
            at,
            leases_until: held(ran, longest),
            nodes_until: held(ran, NODE_LIFETIME),
            offline_until: held(meanwhile == Meanwhile::Unknown && offline, DEVICE_LIFETIME),
        }
    }

    /// Until when nobody gets a licence of that kind that has not got it already.
    #[must_use]
    pub fn holds_until(&self, binding: Binding) -> Timestamp {
        let own = match binding {
            Binding::Floating => self.leases_until,
            Binding::NodeLocked => self.nodes_until,
        };
        own.max(self.offline_until)
    }

    /// Until when anything is held back.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.leases_until.max(self.nodes_until).max(self.offline_until)
    }

    /// The same, once an operator knows what happened meanwhile. Nothing is held back for longer than before.
    #[must_use]
    pub fn knowing(self, meanwhile: Meanwhile, now: Timestamp) -> Self {
        let until = |before: Timestamp, over: bool| if over { before.min(now) } else { before };
        let nothing = meanwhile == Meanwhile::Nothing;
        Self {
            leases_until: until(self.leases_until, nothing),
            nodes_until: until(self.nodes_until, nothing),
            offline_until: until(self.offline_until, meanwhile != Meanwhile::Unknown),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{licensing::leases::LIFETIME, time::at};

    fn restored(meanwhile: Meanwhile, offline: bool) -> Restoration {
        Restoration::new(at(1_000), at(9_000), meanwhile, LIFETIME, offline)
    }

    #[test]
    fn each_kind_is_held_for_as_long_as_a_machine_may_have_it() {
        let both = restored(Meanwhile::Unknown, true);
        for binding in [Binding::Floating, Binding::NodeLocked] {
            assert_eq!(both.holds_until(binding), later(at(9_000), DEVICE_LIFETIME));
        }
        for (meanwhile, offline) in [(Meanwhile::Unknown, false), (Meanwhile::NothingOffline, true)] {
            let online = restored(meanwhile, offline);
            assert_eq!(online.holds_until(Binding::Floating), later(at(9_000), LIFETIME));
            assert_eq!(
                online.holds_until(Binding::NodeLocked),
                later(at(9_000), NODE_LIFETIME)
            );
            assert_eq!(online.ends_at(), later(at(9_000), NODE_LIFETIME));
        }
        assert_eq!(restored(Meanwhile::Nothing, true).ends_at(), at(9_000));
    }

    #[test]
    fn what_an_operator_knows_makes_it_shorter_and_never_longer() {
        let begun = restored(Meanwhile::Unknown, true);
        let now = at(10_000);
        assert_eq!(begun.knowing(Meanwhile::Unknown, now), begun);
        let online = begun.knowing(Meanwhile::NothingOffline, now);
        assert_eq!(online.offline_until, now);
        assert_eq!(online.holds_until(Binding::Floating), begun.leases_until);
        assert_eq!(begun.knowing(Meanwhile::Nothing, now).ends_at(), now);
        let over = restored(Meanwhile::Nothing, true);
        assert_eq!(over.knowing(Meanwhile::Nothing, now), over);
    }
}
