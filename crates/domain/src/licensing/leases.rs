//! Licences in use by machines (N9): who has a place, for how long, and who gets the next one. Pure, and without a clock:
//! `now` and all other times are milliseconds since 1970 (UTC).
//!
//! A machine holds a signed text that says how long it may go on. Whatever the portal decides meanwhile, the text stays
//! good until then, and therefore its place is nobody else's before: there are never more out than were granted.

use crate::{
    licensing::licenses::{Binding, DAY},
    texts::enum_of_texts,
};

/// How long a lease of a floating licence lasts without being renewed, in milliseconds; servers may be set otherwise.
pub const LIFETIME: i64 = 300 * 1000;
/// How long the file of a node-locked licence is good, in milliseconds. Its machine fetches a new one before.
pub const NODE_LIFETIME: i64 = 30 * DAY;
/// Longest time that a client without a place is told to wait before it asks again, in seconds: a lease may be given back
/// long before its end.
pub const MAX_WAIT: i64 = 60;

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
    pub expires_at: i64,
    /// Whether, and when, it ended before its time.
    pub end: Option<(i64, LeaseEnd)>,
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
    /// The end of what is signed now: after `lifetime` milliseconds, and never after the licence itself, which ends at
    /// `until`.
    fn signed_until(now: i64, lifetime: i64, until: Option<i64>) -> i64 {
        let end = now.saturating_add(lifetime);
        until.map_or(end, |until| until.min(end))
    }

    /// A machine gets a place, if there is one.
    #[must_use]
    pub fn acquire(
        places: Places,
        binding: Binding,
        now: i64,
        lifetime: i64,
        until: Option<i64>,
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

    /// Until when it occupies its place, as far as is known: of a node-locked one that nobody gave back, for ever.
    #[must_use]
    pub fn holds_until(self) -> i64 {
        match (self.end, self.binding) {
            (None, Binding::NodeLocked) => i64::MAX,
            (None, Binding::Floating) | (Some((_, LeaseEnd::Revoked)), _) => self.expires_at,
            (Some((at, LeaseEnd::Released)), _) => at.min(self.expires_at),
        }
    }

    /// Whether nobody else can have its place.
    #[must_use]
    pub fn occupies(self, now: i64) -> bool {
        now < self.holds_until()
    }

    /// Whether the machine may renew it: it occupies its place, and nobody took it away.
    #[must_use]
    pub fn runs(self, now: i64) -> bool {
        self.end.is_none() && self.occupies(now)
    }

    /// Renews it. `rank` is how many of the container's running leases are older; beyond the container's `quantity`, which
    /// may have become smaller, none goes on. `None` when it is lost.
    #[must_use]
    pub fn renew(
        self,
        rank: u32,
        quantity: u32,
        now: i64,
        lifetime: i64,
        until: Option<i64>,
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
    pub const fn ended(self, now: i64, how: LeaseEnd) -> Self {
        match (self.end, how) {
            (None, _) | (Some((_, LeaseEnd::Revoked)), LeaseEnd::Released) => Self {
                end: Some((now, how)),
                ..self
            },
            (Some(_), _) => self,
        }
    }
}

/// After how many seconds a machine renews what is good until `expires_at`: a third of the time, so that two attempts may
/// fail. At least one second.
#[must_use]
pub fn renew_after(now: i64, expires_at: i64) -> i64 {
    (expires_at.saturating_sub(now) / 3000).max(1)
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
        /// When to ask again, in seconds.
        seconds: i64,
    },
    /// There are some, and it is not their time.
    #[error("the licence is not valid yet, or has expired")]
    NotValid,
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

    const PLACES: Places = Places {
        activated: 2,
        taken: 0,
        granted: 3,
        out: 0,
    };

    fn floating(now: i64) -> Lease {
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
        let lease = floating(10);
        assert_eq!(lease.expires_at, 10 + LIFETIME);
        assert!(lease.occupies(9 + LIFETIME) && !lease.occupies(10 + LIFETIME));
        let later = lease.renew(0, 2, 1000, LIFETIME, None).expect("it runs");
        assert_eq!(later.expires_at, 1000 + LIFETIME);
        assert_eq!(lease.renew(0, 2, 10 + LIFETIME, LIFETIME, None), None);
        assert_eq!(lease.renew(2, 2, 1000, LIFETIME, None), None);
        // Released: free at once. Revoked: free when what the machine holds has expired.
        let released = lease.ended(1000, LeaseEnd::Released);
        assert!(!released.occupies(1000) && !released.runs(1000));
        let revoked = lease.ended(1000, LeaseEnd::Revoked);
        assert!(revoked.occupies(1000) && !revoked.runs(1000) && !revoked.occupies(10 + LIFETIME));
        assert_eq!(revoked.renew(0, 2, 1000, LIFETIME, None), None);
        assert_eq!(revoked.ended(1001, LeaseEnd::Revoked), revoked);
        assert_eq!(released.ended(1001, LeaseEnd::Revoked), released);
        assert!(!revoked.ended(1001, LeaseEnd::Released).occupies(1001));
    }

    #[test]
    fn a_node_keeps_its_place_until_it_is_given_back() {
        let node = Lease::acquire(PLACES, Binding::NodeLocked, 0, NODE_LIFETIME, None).expect("a place");
        assert!(node.occupies(2 * NODE_LIFETIME) && node.runs(2 * NODE_LIFETIME));
        assert!(node.renew(0, 2, 2 * NODE_LIFETIME, NODE_LIFETIME, None).is_some());
        assert!(node.ended(5, LeaseEnd::Revoked).occupies(NODE_LIFETIME - 1));
        assert!(!node.ended(5, LeaseEnd::Revoked).occupies(NODE_LIFETIME));
        assert!(!node.ended(5, LeaseEnd::Released).occupies(5));
    }

    #[test]
    fn nothing_is_signed_beyond_the_licence() {
        let lease = Lease::acquire(PLACES, Binding::Floating, 0, LIFETIME, Some(1000)).expect("a place");
        assert_eq!(lease.expires_at, 1000);
        assert_eq!(renew_after(0, LIFETIME), 100);
        assert_eq!(renew_after(0, 1), 1);
    }
}
