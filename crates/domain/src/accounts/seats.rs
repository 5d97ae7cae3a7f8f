//! The pool of user seats (S16, S17): as many accounts can be active as the instance has seats.

use serde::{Deserialize, Serialize};

/// Seats of an instance without a licence.
pub const UNLICENSED: u32 = 5;

/// The pool as it is inside of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Maximum number of active users.
    pub seats: u32,
    /// Current number of active users; ISV admins count too.
    pub active: u32,
}

/// Not enough seats are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{wanted} seats are needed, and {left} are left")]
pub struct NoSeatLeft {
    /// How many are needed.
    pub wanted: u32,
    /// How many are left.
    pub left: u32,
}

/// Proof that so many seats were left; the store demands it for each account it switches on.
#[derive(Debug, PartialEq, Eq)]
pub struct Seats(u32);

impl Pool {
    /// How many seats are left.
    #[must_use]
    pub const fn left(self) -> u32 {
        self.seats.saturating_sub(self.active)
    }

    /// Takes that many seats.
    ///
    /// # Errors
    /// [`NoSeatLeft`].
    pub const fn take(self, wanted: u32) -> Result<Seats, NoSeatLeft> {
        if wanted <= self.left() {
            Ok(Seats(wanted))
        } else {
            Err(NoSeatLeft {
                wanted,
                left: self.left(),
            })
        }
    }
}

impl Seats {
    /// Gives one of them to an account. Whether there was one.
    pub const fn give(&mut self) -> bool {
        match self.0.checked_sub(1) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_seats_are_given_than_there_are() {
        let pool = Pool { seats: 5, active: 3 };
        assert_eq!(pool.take(3), Err(NoSeatLeft { wanted: 3, left: 2 }));
        let mut seats = pool.take(2).unwrap_or(Seats(0));
        assert!(seats.give() && seats.give() && !seats.give());
        // A smaller licence than the one before.
        let full = Pool { seats: 2, active: 3 };
        assert_eq!(
            (full.left(), full.take(0).is_ok(), full.take(1).is_ok()),
            (0, true, false)
        );
    }
}
