//! Login sessions (S18–S20): how long one lives, who may have one, and how administrators see them.
//!
//! Pure: times are passed in.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{SessionId, UserId};

/// How often an open tab gives a sign of life.
pub const BEAT: SignedDuration = SignedDuration::from_secs(20);
/// A tab that was silent for so long is gone. Browsers let hidden tabs act once a minute only.
pub const GONE: SignedDuration = SignedDuration::from_secs(90);
/// Longest life of a session, whatever its user does (ASVS 5.0, 7.3.2).
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
/// A session whose user does nothing for so long ends by itself (S20; ASVS 5.0, 7.3.1), unless set otherwise.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Longest time that somebody looks at the portal as another person (N16).
pub const IMPERSONATION_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Somebody looks at the portal as another person, under a login of their own (N16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impersonating {
    /// The person whose portal is shown.
    pub user: UserId,
    /// The first moment at which it is over.
    pub until: Timestamp,
    /// Its end stands in the history.
    pub recorded: bool,
}

impl Impersonating {
    /// Whether it is not over, neither by time nor because it was ended.
    #[must_use]
    pub fn runs(&self, now: Timestamp) -> bool {
        !self.recorded && now < self.until
    }
}

/// Where a sign of life stands and there is none: longer ago than any counts.
pub const NO_BEAT: Timestamp = Timestamp::UNIX_EPOCH;

/// A running login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// By which its end is asked for.
    pub id: SessionId,
    /// The person who logged in.
    pub user: UserId,
    /// When it began.
    pub begun_at: Timestamp,
    /// When its user last did something.
    pub active_at: Timestamp,
    /// When an open tab last gave a sign of life; [`NO_BEAT`] once the last tab said goodbye.
    pub beat_at: Timestamp,
    /// What its user has to do before anything else.
    pub required_action: Option<RequiredAction>,
    /// As whom its user looks at the portal.
    pub impersonation: Option<Impersonating>,
}

/// Why a login has something else to do before anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RequiredAction {
    /// The password is a generated one, which is good for being replaced only (S17).
    ReplacePassword,
    /// ISV admins demand a second factor of admins, and this admin has none.
    AddSecondFactor,
}

/// What decides whether a login has a [`RequiredAction`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LoginFacts {
    /// The password is a generated one.
    pub temporary_password: bool,
    /// A second factor is demanded of admins.
    pub demanded: bool,
    /// The person is an ISV admin, or admin of a group.
    pub admin: bool,
    /// The person has a second factor.
    pub second_factor: bool,
}

impl LoginFacts {
    /// What comes first; the password, because it is asked for to add a second factor.
    #[must_use]
    pub const fn required_action(self) -> Option<RequiredAction> {
        if self.temporary_password {
            Some(RequiredAction::ReplacePassword)
        } else if self.demanded && self.admin && !self.second_factor {
            Some(RequiredAction::AddSecondFactor)
        } else {
            None
        }
    }
}

/// Whether a browser still shows the portal under a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tab {
    /// At least one tab is open.
    Open,
    /// No tab has given a sign of life for [`GONE`], or the last one said goodbye.
    Gone,
}

crate::texts::enum_of_texts! {
    /// Why a session ended.
    EndReason, else UnknownReason;
    /// Its user logged out.
    LoggedOut = "logged_out",
    /// Its user did nothing for too long (S20).
    Idle = "idle",
    /// It reached [`LIFETIME`].
    TooOld = "too_old",
    /// Its user logged in again, in the same browser or after its tab was gone.
    Replaced = "replaced",
    /// An administrator closed it, its tab being gone (S19).
    Closed = "closed",
    /// An administrator ended it although its tab was open.
    EndedAnyway = "ended_anyway",
    /// The password was changed.
    PasswordChanged = "password_changed",
    /// The account was switched off, and with it the login.
    Deactivated = "deactivated",
}

impl Session {
    /// Why the session is over by itself, if it is. `active_at` is the latest that is known.
    #[must_use]
    pub fn over(&self, active_at: Timestamp, idle: SignedDuration, now: Timestamp) -> Option<EndReason> {
        if now.duration_since(self.begun_at) >= LIFETIME {
            Some(EndReason::TooOld)
        } else if now.duration_since(active_at) >= idle {
            Some(EndReason::Idle)
        } else {
            None
        }
    }
}

/// Another login of the same account stands in the way (S18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("the account is logged in already")]
pub struct LoggedInAlready {
    /// When the other login began.
    pub since: Timestamp,
    /// Whether that login may be ended by the right password.
    pub tab: Tab,
}

/// May the account log in beside that other login (S18)? `end_other` is the wish to end one whose tab is gone (settled
/// reading); `Ok` is the login that ends.
///
/// # Errors
/// [`LoggedInAlready`].
pub fn check_second(
    other: Option<(&Session, Tab)>,
    end_other: bool,
) -> Result<Option<SessionId>, LoggedInAlready> {
    match other {
        None => Ok(None),
        Some((session, Tab::Gone)) if end_other => Ok(Some(session.id)),
        Some((session, tab)) => Err(LoggedInAlready {
            since: session.begun_at,
            tab,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{at, earlier, later, ms};

    const SESSION: Session = Session {
        id: SessionId(1),
        user: UserId(1),
        begun_at: at(0),
        active_at: at(0),
        beat_at: at(0),
        required_action: None,
        impersonation: None,
    };

    #[test]
    fn a_session_ends_when_idle_and_when_too_old() {
        let (idle, old) = (later(at(0), IDLE), later(at(0), LIFETIME));
        assert_eq!(SESSION.over(at(0), IDLE, earlier(idle, ms(1))), None);
        assert_eq!(SESSION.over(at(0), IDLE, idle), Some(EndReason::Idle));
        assert_eq!(SESSION.over(old, IDLE, old), Some(EndReason::TooOld));
    }

    #[test]
    fn only_a_login_whose_tab_is_gone_can_be_replaced() {
        let busy = |tab| Err(LoggedInAlready { since: at(0), tab });
        assert_eq!(check_second(None, false), Ok(None));
        assert_eq!(check_second(Some((&SESSION, Tab::Open)), true), busy(Tab::Open));
        assert_eq!(check_second(Some((&SESSION, Tab::Gone)), false), busy(Tab::Gone));
        assert_eq!(
            check_second(Some((&SESSION, Tab::Gone)), true),
            Ok(Some(SESSION.id))
        );
    }

    #[test]
    fn admins_owe_a_second_factor_once_it_is_demanded() {
        let facts = LoginFacts {
            demanded: true,
            admin: true,
            ..LoginFacts::default()
        };
        assert_eq!(facts.required_action(), Some(RequiredAction::AddSecondFactor));
        let temporary = LoginFacts {
            temporary_password: true,
            ..facts
        };
        assert_eq!(temporary.required_action(), Some(RequiredAction::ReplacePassword));
        for free in [
            LoginFacts {
                demanded: false,
                ..facts
            },
            LoginFacts {
                admin: false,
                ..facts
            },
            LoginFacts {
                second_factor: true,
                ..facts
            },
        ] {
            assert_eq!(free.required_action(), None);
        }
    }
}
