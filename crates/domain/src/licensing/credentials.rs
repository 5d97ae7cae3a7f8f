//! What headless machines reach a container with (S10, S11, N8): a key pair, of which the portal keeps the public half.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::time::{days, later};

/// Most credentials of a container that are not revoked.
pub const MAX_CREDENTIALS: usize = 20;
/// Longest time until a credential expires, in days.
pub const MAX_DAYS: u32 = 3650;
/// Longest time, in days, for which the old credential stays good after a rotation.
pub const MAX_OVERLAP: u32 = 30;

/// Whether a credential can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CredentialState {
    /// Machines reach the container with it.
    Active,
    /// Switched off; it can be switched on again.
    Disabled,
    /// Its time is over.
    Expired,
    /// Taken back for good.
    Revoked,
}

/// What the state of a credential follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CredentialTimes {
    /// The first moment at which it cannot be used any more.
    pub expires_at: Option<Timestamp>,
    /// Since when it is switched off.
    pub disabled_at: Option<Timestamp>,
    /// Since when it is taken back.
    pub revoked_at: Option<Timestamp>,
}

impl CredentialTimes {
    /// The state at a moment. What is final comes first: revoked, then expired, then disabled.
    #[must_use]
    pub fn state(self, now: Timestamp) -> CredentialState {
        if self.revoked_at.is_some() {
            CredentialState::Revoked
        } else if self.expires_at.is_some_and(|expires| now >= expires) {
            CredentialState::Expired
        } else if self.disabled_at.is_some() {
            CredentialState::Disabled
        } else {
            CredentialState::Active
        }
    }
}

/// Why a credential cannot be had, or changed, like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidCredential {
    /// There are [`MAX_CREDENTIALS`] already.
    #[error("a container has at most {MAX_CREDENTIALS} credentials that are not revoked")]
    TooMany,
    /// It would expire at once, or too late.
    #[error("a credential expires after 1 to {MAX_DAYS} days")]
    Days,
    /// The overlap is too long.
    #[error("the old credential stays good for at most {MAX_OVERLAP} days")]
    Overlap,
    /// What is revoked was disabled before, so that what still needs it is found in time.
    #[error("disable the credential first")]
    NotDisabled,
    /// It is revoked or has expired: nothing changes that.
    #[error("the credential is revoked or has expired")]
    Over,
}

/// When a credential expires that is issued now for so many days; never, without any.
///
/// # Errors
/// [`InvalidCredential::Days`].
pub fn expiry(now: Timestamp, lifetime: Option<u32>) -> Result<Option<Timestamp>, InvalidCredential> {
    match lifetime {
        None => Ok(None),
        Some(lifetime) if (1..=MAX_DAYS).contains(&lifetime) => Ok(Some(later(now, days(lifetime)))),
        Some(_) => Err(InvalidCredential::Days),
    }
}

/// When the old credential expires that is replaced now with an overlap of so many days: never later than it would anyway.
///
/// # Errors
/// [`InvalidCredential::Overlap`].
pub fn overlap(
    now: Timestamp,
    length: u32,
    expires_at: Option<Timestamp>,
) -> Result<Timestamp, InvalidCredential> {
    if length > MAX_OVERLAP {
        return Err(InvalidCredential::Overlap);
    }
    let end = later(now, days(length));
    Ok(expires_at.map_or(end, |expires| expires.min(end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{DAY, at};

    #[test]
    fn the_state_follows_from_the_times() {
        let expires = CredentialTimes {
            expires_at: Some(at(10)),
            ..CredentialTimes::default()
        };
        assert_eq!(
            CredentialTimes::default().state(Timestamp::MAX),
            CredentialState::Active
        );
        assert_eq!(expires.state(at(9)), CredentialState::Active);
        assert_eq!(expires.state(at(10)), CredentialState::Expired);
        let disabled = CredentialTimes {
            disabled_at: Some(at(5)),
            ..expires
        };
        assert_eq!(disabled.state(at(9)), CredentialState::Disabled);
        assert_eq!(disabled.state(at(10)), CredentialState::Expired);
        let revoked = CredentialTimes {
            revoked_at: Some(at(6)),
            ..disabled
        };
        assert_eq!(revoked.state(at(10)), CredentialState::Revoked);
    }

    #[test]
    fn nothing_lives_longer_than_it_may() {
        assert_eq!(expiry(at(0), None), Ok(None));
        assert_eq!(expiry(at(0), Some(1)), Ok(Some(later(at(0), DAY))));
        assert_eq!(expiry(at(0), Some(0)), Err(InvalidCredential::Days));
        assert_eq!(expiry(at(0), Some(MAX_DAYS + 1)), Err(InvalidCredential::Days));
        assert_eq!(overlap(at(5), 0, None), Ok(at(5)));
        assert_eq!(overlap(at(0), 30, Some(later(at(0), DAY))), Ok(later(at(0), DAY)));
        assert_eq!(overlap(at(0), 30, None), Ok(later(at(0), days(30))));
        assert_eq!(overlap(at(0), 31, None), Err(InvalidCredential::Overlap));
    }
}
