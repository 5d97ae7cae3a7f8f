//! Machines without a network: how far an activation has come, and which texts of a machine count (N10).

use domain::{
    licensing::{
        containers::ContainerKind,
        devices::{
            ActivationState, Answer, Asked, Custody, DEVICE_LIFETIME, Device, InvalidExchange,
            InvalidTransition, Stage,
        },
    },
    time::{earlier, later},
};
use jiff::Timestamp;

use crate::support::{
    moments::{at, ms},
    table::{access, check},
};

const NOW: Timestamp = at(1000);
const UNTIL: Timestamp = at(2000);

/// `confirmed`, or `confirmed, held` where a machine may use it for a while.
fn custody(text: &str) -> Custody {
    let (state, held) = text.split_once(", ").unwrap_or((text, ""));
    Custody {
        state: state.parse().unwrap(),
        signed_until: (held == "held").then_some(UNTIL),
    }
}

fn became(custody: Result<Custody, InvalidTransition>) -> String {
    match custody {
        Ok(custody) => custody.state.to_string(),
        Err(InvalidTransition::Over) => "over".to_owned(),
        Err(InvalidTransition::AskedAlready) => "asked already".to_owned(),
        Err(InvalidTransition::Held(until)) => {
            assert_eq!(until, UNTIL);
            "held".to_owned()
        }
    }
}

#[test]
fn a_unit_is_the_portals_own_or_waits_for_its_machine() {
    check(
        "
        | container | begins as |
        | cloud     | confirmed |
        | device    | assigned  |
        | dongle    | assigned  |
        ",
        |kind, _| {
            let fresh = Custody::begin(kind.parse::<ContainerKind>().unwrap());
            assert_eq!(fresh.signed_until, None);
            fresh.state.to_string()
        },
    );
    check(
        "
        | state       | free again | leaving |
        | assigned    | –          | –       |
        | collected   | –          | –       |
        | confirmed   | –          | –       |
        | returning   | –          | ×       |
        | withdrawing | –          | ×       |
        | returned    | ×          | –       |
        | withdrawn   | ×          | –       |
        | replaced    | ×          | –       |
        ",
        |state, asked| {
            let state: ActivationState = state.parse().unwrap();
            access(if asked == "leaving" {
                state.is_leaving()
            } else {
                state.is_over()
            })
        },
    );
}

/// What is leaving stays out of updates, and has left once the machine confirms an update without it, and does not hold it.
#[test]
fn n10_updates_bring_units_and_receipts_confirm_them() {
    check(
        "
        | state       | update    | in it, held | in it, missing | not in it, held | not in it, missing |
        | assigned    | collected | assigned    | assigned       | assigned        | assigned           |
        | collected   | collected | confirmed   | collected      | collected       | collected          |
        | confirmed   | confirmed | confirmed   | confirmed      | confirmed       | confirmed          |
        | returning   | left out  | returning   | returning      | returning       | returned           |
        | withdrawing | left out  | withdrawing | withdrawing    | withdrawing     | withdrawn          |
        | returned    | over      | over        | over           | over            | over               |
        | withdrawn   | over      | over        | over           | over            | over               |
        | replaced    | over      | over        | over           | over            | over               |
        ",
        |state, event| {
            let before = custody(state);
            if event == "update" {
                return match before.collect(UNTIL) {
                    Ok(None) => "left out".to_owned(),
                    Ok(Some(after)) => {
                        assert_eq!(after.signed_until, Some(UNTIL));
                        became(Ok(after))
                    }
                    Err(over) => became(Err(over)),
                };
            }
            let after = before.confirm(!event.starts_with("not"), event.ends_with("held"));
            if let Ok(after) = after {
                assert_eq!(after.signed_until, before.signed_until);
            }
            became(after)
        },
    );
}

/// A clock that was set back makes nothing shorter.
#[test]
fn nothing_that_was_signed_becomes_shorter() {
    for state in ["collected, held", "confirmed, held"] {
        for (until, signed) in [
            (earlier(UNTIL, ms(1)), UNTIL),
            (UNTIL, UNTIL),
            (later(UNTIL, ms(1)), later(UNTIL, ms(1))),
        ] {
            let after = custody(state).collect(until).unwrap().unwrap();
            assert_eq!(after.signed_until, Some(signed), "{state}");
        }
    }
}

/// At once where no machine holds it, otherwise when the machine confirms. A lost one never will: its time is waited for, or an
/// admin of the ticket, who takes it back, answers for it.
#[test]
fn n10_units_are_given_and_taken_back() {
    check(
        "
        | state             | given back    | taken back    | lost, given back | lost, taken back |
        | assigned          | returned      | withdrawn     | replaced         | replaced         |
        | collected         | returned      | withdrawn     | replaced         | replaced         |
        | confirmed         | returned      | withdrawn     | replaced         | replaced         |
        | returning         | returned      | withdrawn     | replaced         | replaced         |
        | withdrawing       | returned      | withdrawn     | replaced         | replaced         |
        | assigned, held    | returning     | withdrawing   | held             | replaced         |
        | collected, held   | returning     | withdrawing   | held             | replaced         |
        | confirmed, held   | returning     | withdrawing   | held             | replaced         |
        | returning, held   | asked already | withdrawing   | held             | replaced         |
        | withdrawing, held | asked already | asked already | held             | replaced         |
        | returned, held    | over          | over          | over             | over             |
        | withdrawn, held   | over          | over          | over             | over             |
        | replaced, held    | over          | over          | over             | over             |
        ",
        |state, how| {
            let before = custody(state);
            let (withdrawn, lost) = (how.ends_with("taken back"), how.starts_with("lost"));
            let after = before.take_back(withdrawn, lost, NOW);
            if let Ok(after) = after {
                assert_eq!(after.signed_until, before.signed_until);
            }
            became(after)
        },
    );
}

#[test]
fn a_unit_is_held_until_what_was_signed_ends() {
    let held = custody("confirmed, held");
    let moments = [earlier(UNTIL, ms(1)), UNTIL, later(UNTIL, ms(1))];
    assert_eq!(moments.map(|now| held.is_held(now)), [true, false, false]);
    assert!(!custody("confirmed").is_held(at(0)));
    // A machine goes on for a quarter of a year without an update.
    assert_eq!(DEVICE_LIFETIME, 90 * ms(86_400_000));
}

/// On a page there is nothing to give back of what is leaving, or will never be confirmed.
#[test]
fn a_page_says_what_is_waited_for() {
    check(
        "
        | state             | there | lost |
        | confirmed         | –     | –    |
        | returning         | –     | –    |
        | confirmed, held   | –     | ×    |
        | returning, held   | ×     | ×    |
        | withdrawing, held | ×     | ×    |
        ",
        |state, machine| {
            let (custody, lost) = (custody(state), machine == "lost");
            let stage = Stage::at(custody, lost, NOW);
            assert_eq!((stage.custody, stage.lost), (custody, lost));
            assert_eq!(stage.held, custody.is_held(NOW));
            access(stage.waits())
        },
    );
    assert!(!Stage::at(custody("returning, held"), false, UNTIL).waits());
}

/// The machine with key `k` and hardware `h`, after its third request, whose answer was update 9.
fn bound() -> Device {
    Device {
        hardware: Some("h".to_owned()),
        key: Some("k".to_owned()),
        lost: false,
        number: 3,
        nonce: Some("c".to_owned()),
        update: Some(9),
    }
}

/// The first request binds: from then on, no other machine is this one; and no request works twice.
#[test]
fn n10_requests_count_once_and_in_order() {
    let lost = Device {
        lost: true,
        ..bound()
    };
    // A dongle is known by its number before it comes for the first time.
    let dongle = Device {
        hardware: Some("h".to_owned()),
        ..Device::default()
    };
    check(
        "
        | request   | new     | dongle  | bound    | lost |
        | k h 1 a   | fresh   | fresh   | Replayed | Lost |
        | k h 2 b   | fresh   | fresh   | Replayed | Lost |
        | k h 3 c   | fresh   | fresh   | again    | Lost |
        | k h 3 x   | fresh   | fresh   | Replayed | Lost |
        | k h 4 d   | fresh   | fresh   | fresh    | Lost |
        | k h 4 c   | fresh   | fresh   | fresh    | Lost |
        | other h 4 d | fresh | fresh   | Foreign  | Lost |
        | k other 4 d | fresh | Foreign | Foreign  | Lost |
        | other other 3 c | fresh | Foreign | Foreign | Lost |
        ",
        |request, device| {
            let words: Vec<&str> = request.split(' ').collect();
            let asked = Asked {
                key: words[0],
                hardware: words[1],
                number: words[2].parse().unwrap(),
                nonce: words[3],
            };
            let answer = match device {
                "new" => Device::default().judge(&asked),
                "dongle" => dongle.judge(&asked),
                "bound" => bound().judge(&asked),
                _ => lost.judge(&asked),
            };
            match answer {
                Ok(Answer::Fresh) => "fresh".to_owned(),
                Ok(Answer::Again) => "again".to_owned(),
                Err(why) => format!("{why:?}"),
            }
        },
    );
    let first = Asked {
        key: "k",
        hardware: "h",
        number: 0,
        nonce: "a",
    };
    assert_eq!(Device::default().judge(&first), Err(InvalidExchange::Replayed));
}

#[test]
fn n10_a_receipt_confirms_the_last_update_alone() {
    let lost = Device {
        lost: true,
        ..bound()
    };
    assert_eq!(bound().expects(9), Ok(()));
    assert_eq!(bound().expects(8), Err(InvalidExchange::NotExpected));
    assert_eq!(Device::default().expects(9), Err(InvalidExchange::NotExpected));
    assert_eq!(lost.expects(9), Err(InvalidExchange::Lost));
}
