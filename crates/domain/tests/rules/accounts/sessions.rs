//! Logins: how long one lasts, who may have one, and what comes first in it (S17–S20, N16).

use domain::{
    accounts::sessions::{
        BEAT, EndReason, GONE, IDLE, IMPERSONATION_LIFE, Impersonating, LIFETIME, LoggedInAlready,
        LoginFacts, RequiredAction, Session, Tab, check_second,
    },
    ids::{SessionId, UserId},
    time::{earlier, later},
};
use jiff::SignedDuration;

use crate::support::{
    moments::{at, ms},
    table::{access, check},
};

const MINUTE: SignedDuration = SignedDuration::from_secs(60);
const HOUR: SignedDuration = SignedDuration::from_secs(3_600);

const SESSION: Session = Session {
    id: SessionId(1),
    user: UserId(501),
    begun_at: at(7),
    active_at: at(7),
    beat_at: at(7),
    required_action: None,
    impersonation: None,
};

#[test]
fn s20_a_login_ends_when_its_user_does_nothing_and_when_it_is_too_old() {
    assert_eq!(
        (IDLE, LIFETIME, IMPERSONATION_LIFE),
        (30 * MINUTE, 12 * HOUR, HOUR)
    );
    // What a hidden tab, which acts once a minute, and one lost sign of life leave room for.
    assert!(3 * BEAT <= MINUTE && MINUTE < GONE);
    let (last, idle) = (later(at(7), LIFETIME), later(at(7), IDLE));
    let before = |moment| earlier(moment, ms(1));
    for (active_at, now, over) in [
        (at(7), before(idle), None),
        (at(7), idle, Some(EndReason::Idle)),
        (at(8), idle, None),
        (idle, later(at(0), 2 * IDLE), None),
        (before(last), before(last), None),
        (before(last), last, Some(EndReason::TooOld)),
        (at(7), last, Some(EndReason::TooOld)),
    ] {
        assert_eq!(SESSION.over(active_at, IDLE, now), over, "{active_at} {now}");
    }
}

#[test]
fn s18_there_is_one_login_at_a_time() {
    check(
        "
        | other login | log in          | end the other and log in |
        | none        | yes             | yes                      |
        | tab open    | busy, tab open  | busy, tab open           |
        | tab gone    | busy, tab gone  | the other ends           |
        ",
        |other, wish| {
            let tab = match other {
                "tab open" => Some(Tab::Open),
                "tab gone" => Some(Tab::Gone),
                _ => None,
            };
            match check_second(tab.map(|tab| (&SESSION, tab)), wish.starts_with("end")) {
                Ok(None) => "yes".to_owned(),
                Ok(Some(ends)) => {
                    assert_eq!(ends, SESSION.id);
                    "the other ends".to_owned()
                }
                Err(LoggedInAlready { since, tab }) => {
                    assert_eq!(since, SESSION.begun_at);
                    format!("busy, tab {}", if tab == Tab::Open { "open" } else { "gone" })
                }
            }
        },
    );
}

/// The password comes first, because it is asked for to add a second factor.
#[test]
fn s17_what_comes_first_in_a_login() {
    check(
        "
        | login            | own password    | own password, second factor | generated password | generated password, second factor |
        | member           | nothing         | nothing                     | replace password   | replace password                  |
        | admin            | nothing         | nothing                     | replace password   | replace password                  |
        | member, demanded | nothing         | nothing                     | replace password   | replace password                  |
        | admin, demanded  | add factor      | nothing                     | replace password   | replace password                  |
        ",
        |login, credentials| {
            let facts = LoginFacts {
                temporary_password: credentials.starts_with("generated"),
                demanded: login.ends_with("demanded"),
                admin: login.starts_with("admin"),
                second_factor: credentials.ends_with("second factor"),
            };
            match facts.required_action() {
                None => "nothing",
                Some(RequiredAction::ReplacePassword) => "replace password",
                Some(RequiredAction::AddSecondFactor) => "add factor",
            }
            .to_owned()
        },
    );
}

#[test]
fn n16_an_impersonation_ends_by_time_or_when_it_is_ended() {
    check(
        "
        | at  | runs | ended |
        | 99  | ×    | –     |
        | 100 | –    | –     |
        | 101 | –    | –     |
        ",
        |now, how| {
            let view = Impersonating {
                user: UserId(502),
                until: at(100),
                recorded: how == "ended",
            };
            access(view.runs(at(now.parse().unwrap())))
        },
    );
}
