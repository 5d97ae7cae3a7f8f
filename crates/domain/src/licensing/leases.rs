//! Licences in use by machines (N9): who has a place, for how long, and who gets the next one. Pure, and without a clock.
//!
//! A machine holds a signed text that says how long it may go on. Whatever the portal decides meanwhile, the text stays
//! good until then, and therefore its place is nobody else's before: there are never more out than were granted.

use jiff::{SignedDuration, Timestamp};

use crate::{
    licensing::licenses::Binding,
    texts::enum_of_texts,
    time::{days, later},
};

/// How long a lease of a floating licence lasts without being renewed; servers may be set otherwise.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// How long the file of a node-locked licence is good. Its machine fetches a new one before.
pub const NODE_LIFETIME: SignedDuration = days(30);
/// Longest time that a client without a place is told to wait before it asks again: a lease may be given back long before its
/// end.
pub const MAX_WAIT: SignedDuration = SignedDuration::from_mins(1);

enum_of_texts! {
    /// How a lease came to its end before its time.
    LeaseEnd, else UnknownLeaseEnd;
    /// The machine gave it back, and threw its signed text away.
    Released = "released",
    /// The portal took it. The machine may go on until the time in its signed text.
    Revoked = "revoked",
}

/// A licence in use by a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Floating ones are lost when they are not renewed in time; node-locked ones are kept until they are given back.
    pub binding: Binding,
    /// What the signed text in the machine's hands says.
    pub expires_at: Timestamp,
    /// Whether, and when, it ended before its time.
    pub end: Option<(Timestamp, LeaseEnd)>,
}

/// How the places of a licence are taken, seen from one container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// How many the container has.
    pub activated: u32,
    /// How many of those are occupied.
    pub taken: u32,
    /// How many the ticket grants, for all containers together.
    pub granted: u32,
    /// How many of those are occupied. Machines of a container that had to give its licences back count until what they
    /// hold has expired, and so do machines without a network.
    pub out: u32,
}

impl Places {
    /// Whether another machine can have one.
    #[must_use]
    pub const fn any_free(self) -> bool {
        self.taken < self.activated && self.out < self.granted
    }
}

impl Lease {
    /// The end of what is signed now: after its `lifetime`, and never after the licence itself, which ends at `until`.
    fn signed_until(now: Timestamp, lifetime: SignedDuration, until: Option<Timestamp>) -> Timestamp {
        let end = later(now, lifetime);
        until.map_or(end, |until| until.min(end))
    }

    /// A machine gets a place, if there is one.
    #[must_use]
    pub fn acquire(
        places: Places,
        binding: Binding,
        now: Timestamp,
        lifetime: SignedDuration,
        until: Option<Timestamp>,
    ) -> Option<Self> {
        if !places.any_free() {
            return None;
        }
        Some(Self {
            binding,
            expires_at: Self::signed_until(now, lifetime, until),
            end: None,
        })
    }

    /// Until when it occupies its place, as far as is known: of a node-locked one that nobody gave back, without end.
    #[must_use]
    pub fn holds_until(self) -> Option<Timestamp> {
        match (self.end, self.binding) {
            (None, Binding::NodeLocked) => None,
            (None, Binding::Floating) | (Some((_, LeaseEnd::Revoked)), _) => Some(self.expires_at),
            (Some((at, LeaseEnd::Released)), _) => Some(at.min(self.expires_at)),
        }
    }

    /// Whether nobody else can have its place.
    #[must_use]
    pub fn occupies(self, now: Timestamp) -> bool {
        self.holds_until().is_none_or(|until| now < until)
    }

    /// Whether the machine may renew it: it occupies its place, and nobody took it away.
    #[must_use]
    pub fn runs(self, now: Timestamp) -> bool {
        self.end.is_none() && self.occupies(now)
    }

    /// Renews it. `rank` is how many of the container's running leases are older; beyond the container's `quantity`, which
    /// may have become smaller, none goes on. `None` when it is lost.
    #[must_use]
    pub fn renew(
        self,
        rank: u32,
        quantity: u32,
        now: Timestamp,
        lifetime: SignedDuration,
        until: Option<Timestamp>,
    ) -> Option<Self> {
        if !self.runs(now) || rank >= quantity {
            return None;
        }
        let renewed = Self::signed_until(now, lifetime, until);
        Some(Self {
            // What was signed already stays good: a clock that was set back makes nothing shorter.
            expires_at: renewed.max(self.expires_at),
            ..self
        })
    }

    /// Ends it, unless it has ended already. What was revoked can still be given back: then its place is free before its time.
    #[must_use]
    pub const fn ended(self, now: Timestamp, how: LeaseEnd) -> Self {
        match (self.end, how) {
            (None, _) | (Some((_, LeaseEnd::Revoked)), LeaseEnd::Released) => Self {
                end: Some((now, how)),
                ..self
            },
            (Some(_), _) => self,
        }
    }
}

/// After what time, in whole seconds, a machine renews what is good until `expires_at`: a third of it, so that two attempts may
/// fail. At least one second.
#[must_use]
pub fn renew_after(now: Timestamp, expires_at: Timestamp) -> SignedDuration {
    SignedDuration::from_secs((expires_at.duration_since(now).as_secs() / 3).max(1))
}

/// Why a machine did not get what it asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeaseRefusal {
    /// It could not show that it has a usable credential. Why is not told.
    #[error("the credential is not accepted")]
    Unauthorized,
    /// The container has no licence of that name.
    #[error("the container has no licence for that product")]
    NoSuchLicense,
    /// All are in use.
    #[error("all licences are in use")]
    NoneFree {
        /// After what time to ask again.
        retry_after: SignedDuration,
    },
    /// There are some, and it is not their time.
    #[error("the licence is not valid yet, or has expired")]
    NotValid,
    /// It is suspended (N17).
    #[error("the licence is suspended")]
    Suspended,
    /// It is revoked (N17).
    #[error("the licence is revoked")]
    Revoked,
    /// There are fewer than are activated, and the machine's is none of those that are left (N17).
    #[error("there are fewer licences than before, and this machine's is none of them")]
    Reduced,
    /// Floating where a node-locked one was asked for, or the other way round.
    #[error("the licence has another binding")]
    WrongBinding,
    /// The idempotency key was used for something else, or for a lease that has ended.
    #[error("the idempotency key was used before")]
    KeyReused,
    /// There is no such lease in the container.
    #[error("there is no such lease")]
    NoSuchLease,
    /// The lease was ended, withdrawn, or not renewed in time.
    #[error("the lease was lost")]
    Lost,
    /// The licence was given back as often as it may be.
    #[error("the licence cannot be given back again")]
    NoReturnsLeft,
    /// Something in the request cannot be used.
    #[error("{0}")]
    Invalid(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{at, earlier, ms};

    const PLACES: Places = Places {
        activated: 2,
        taken: 0,
        granted: 3,
        out: 0,
    };

    fn floating(now: Timestamp) -> Lease {
        Lease::acquire(PLACES, Binding::Floating, now, LIFETIME, None).expect("a place")
    }

    #[test]
    fn places_are_those_of_the_container_and_of_the_ticket() {
        assert!(
            Places {
                taken: 1,
                out: 2,
                ..PLACES
            }
            .any_free()
        );
        assert!(
            !Places {
                taken: 2,
                out: 2,
                ..PLACES
            }
            .any_free()
        );
        // Machines elsewhere hold what was activated there before.
        assert!(
            !Places {
                taken: 0,
                out: 3,
                ..PLACES
            }
            .any_free()
        );
    }

    #[test]
    fn a_lease_keeps_its_place_until_its_end() {
        let lease = floating(at(10));
        let end = later(at(10), LIFETIME);
        assert_eq!(lease.expires_at, end);
        assert!(lease.occupies(earlier(end, ms(1))) && !lease.occupies(end));
        let renewed = lease.renew(0, 2, at(1000), LIFETIME, None).expect("it runs");
        assert_eq!(renewed.expires_at, later(at(1000), LIFETIME));
        assert_eq!(lease.renew(0, 2, end, LIFETIME, None), None);
        assert_eq!(lease.renew(2, 2, at(1000), LIFETIME, None), None);
        // Released: free at once. Revoked: free when what the machine holds has expired.
        let released = lease.ended(at(1000), LeaseEnd::Released);
        assert!(!released.occupies(at(1000)) && !released.runs(at(1000)));
        let revoked = lease.ended(at(1000), LeaseEnd::Revoked);
        assert!(revoked.occupies(at(1000)) && !revoked.runs(at(1000)) && !revoked.occupies(end));
        assert_eq!(revoked.renew(0, 2, at(1000), LIFETIME, None), None);
        assert_eq!(revoked.ended(at(1001), LeaseEnd::Revoked), revoked);
        assert_eq!(released.ended(at(1001), LeaseEnd::Revoked), released);
        assert!(!revoked.ended(at(1001), LeaseEnd::Released).occupies(at(1001)));
    }

    #[test]
    fn a_node_keeps_its_place_until_it_is_given_back() {
        let node = Lease::acquire(PLACES, Binding::NodeLocked, at(0), NODE_LIFETIME, None).expect("a place");
        let (end, twice) = (later(at(0), NODE_LIFETIME), later(at(0), 2 * NODE_LIFETIME));
        assert!(node.occupies(twice) && node.runs(twice));
        assert!(node.renew(0, 2, twice, NODE_LIFETIME, None).is_some());
        assert!(node.ended(at(5), LeaseEnd::Revoked).occupies(earlier(end, ms(1))));
        assert!(!node.ended(at(5), LeaseEnd::Revoked).occupies(end));
        assert!(!node.ended(at(5), LeaseEnd::Released).occupies(at(5)));
    }

    #[test]
    fn nothing_is_signed_beyond_the_licence() {
        let lease =
            Lease::acquire(PLACES, Binding::Floating, at(0), LIFETIME, Some(at(1000))).expect("a place");
        assert_eq!(lease.expires_at, at(1000));
        assert_eq!(
            renew_after(at(0), later(at(0), LIFETIME)),
            SignedDuration::from_secs(100)
        );
        assert_eq!(renew_after(at(0), at(1)), SignedDuration::from_secs(1));
    }
}
