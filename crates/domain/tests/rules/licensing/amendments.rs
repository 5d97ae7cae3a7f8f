//! Amendments: what each does, when it is refused, and how long it can be taken back (N17).

use domain::licensing::{
    amendments::{
        Amendment, Grant, InvalidAmendment, MAX_AMENDMENTS, MAX_OF_SPLIT, RenewFrom, Term,
        timeline::{InUse, Place, Timeline},
    },
    licenses::{Standing, Validity},
};
use jiff::Timestamp;

use crate::support::{moments::at, table::check};

/// The day so many days after 1970; `-` for none.
fn day(text: &str) -> Option<Timestamp> {
    (text != "-").then(|| at(text.parse::<i64>().unwrap() * 86_400_000))
}

fn number(at: Timestamp) -> i64 {
    at.as_millisecond() / 86_400_000
}

/// `renew 10 end`, `extend 40`, `7` licences, `suspend`, `reinstate`, `revoke`.
fn amendment(text: &str) -> Amendment {
    let words: Vec<&str> = text.split(' ').collect();
    match words[..] {
        ["renew", days, from] => Amendment::Renew {
            term: Term::Days(days.parse().unwrap()),
            from: from.parse().unwrap(),
        },
        ["extend", until] => Amendment::Extend {
            until: day(until).unwrap(),
        },
        ["suspend"] => Amendment::Suspend,
        ["reinstate"] => Amendment::Reinstate,
        ["revoke"] => Amendment::Revoke,
        [quantity] => Amendment::Quantity {
            to: quantity.parse().unwrap(),
        },
        _ => panic!("no amendment: {text:?}"),
    }
}

/// `always`, `10-20`, `from 10`, `until 20`, `30 days`.
fn validity(text: &str) -> Validity {
    if text == "always" {
        return Validity::Perpetual;
    }
    if let Some(days) = text.strip_suffix(" days") {
        return Validity::Days(days.parse().unwrap());
    }
    if let Some(from) = text.strip_prefix("from ") {
        return Validity::Between(day(from), None);
    }
    if let Some(until) = text.strip_prefix("until ") {
        return Validity::Between(None, day(until));
    }
    let (from, until) = text.split_once('-').unwrap();
    Validity::Between(day(from), day(until))
}

fn told(validity: Validity) -> String {
    let text = |at: Option<Timestamp>| at.map_or_else(|| "…".to_owned(), |at| number(at).to_string());
    match validity {
        Validity::Perpetual => "always".to_owned(),
        Validity::Between(from, until) => format!("{}-{}", text(from), text(until)),
        Validity::Days(days) => format!("{days} days"),
    }
}

/// Five of it, amended on day 15.
fn amended(validity: Validity, what: &str, started: Option<Timestamp>) -> Result<Grant, InvalidAmendment> {
    Grant::new(5, validity).amended(amendment(what), at(15 * 86_400_000), started)
}

#[test]
fn n17_a_renewal_begins_at_the_end_or_when_it_comes_into_force() {
    check(
        "
        | on day 15             | always | from 10 | 10-20    | until 20 | until 12    | until 2     | 40 days  |
        | renew 10 end          | NoEnd  | NoEnd   | 10-30    | …-30     | …-22        | OverAlready | NotBegun |
        | renew 10 now          | NoEnd  | NoEnd   | 10-25    | …-25     | …-25        | …-25        | NotBegun |
        | renew 3 now           | NoEnd  | NoEnd   | NotLater | NotLater | …-18        | …-18        | NotBegun |
        | renew 10 now_if_ended | NoEnd  | NoEnd   | 10-30    | …-30     | …-25        | …-25        | NotBegun |
        | renew 0 end           | NoEnd  | NoEnd   | Term     | Term     | Term        | Term        | NotBegun |
        | extend 30             | NoEnd  | NoEnd   | 10-30    | …-30     | …-30        | …-30        | NotBegun |
        | extend 20             | NoEnd  | NoEnd   | NotLater | NotLater | …-20        | …-20        | NotBegun |
        | extend 13             | NoEnd  | NoEnd   | NotLater | NotLater | OverAlready | OverAlready | NotBegun |
        ",
        |what, then| match amended(validity(then), what, None) {
            Ok(grant) => told(grant.validity),
            Err(why) => format!("{why:?}"),
        },
    );
    // From the first activation on, it has an end.
    let begun = amended(Validity::Days(40), "renew 10 end", day("3")).unwrap();
    assert_eq!(told(begun.validity), "3-53");
}

#[test]
fn n17_a_licence_is_suspended_and_reinstated_and_revoked_for_good() {
    let fresh = Grant::new(5, Validity::Perpetual);
    let now = at(7);
    let after = |grant: Grant, what: &str| grant.amended(amendment(what), now, None);
    let suspended = after(fresh, "suspend").unwrap();
    let revoked = after(suspended, "revoke").unwrap();
    for (grant, standing, places) in [
        (fresh, Standing::Usable(None), 5),
        (suspended, Standing::Suspended(now), 0),
        (revoked, Standing::Revoked(now), 0),
    ] {
        assert_eq!(
            (grant.at(at(8), None), grant.places(at(8), None)),
            (standing, places)
        );
    }
    assert_eq!(after(suspended, "reinstate"), Ok(fresh));
    assert_eq!(after(suspended, "suspend"), Err(InvalidAmendment::Suspended));
    assert_eq!(after(fresh, "reinstate"), Err(InvalidAmendment::NotSuspended));
    assert_eq!(after(suspended, "9").map(|grant| grant.quantity), Ok(9));
    assert_eq!(after(fresh, "5"), Err(InvalidAmendment::SameQuantity));
    for quantity in ["0", "1000000001"] {
        assert_eq!(after(fresh, quantity), Err(InvalidAmendment::Quantity));
    }
    for what in ["renew 1 end", "extend 3", "9", "suspend", "reinstate", "revoke"] {
        assert_eq!(after(revoked, what), Err(InvalidAmendment::Revoked), "{what}");
    }
}

/// Five until day 20, with amendments planned on day 0: `12: suspend` for instance.
fn planned(amendments: &[&str]) -> Timeline {
    let fresh = Timeline::new(Grant::new(5, validity("until 20")), None, Vec::new(), 0);
    amendments.iter().fold(fresh, |timeline, planned| {
        let (from, what) = planned.split_once(": ").unwrap();
        timeline.amend(amendment(what), day(from), at(0)).unwrap().0
    })
}

#[test]
fn n17_what_is_granted_follows_the_amendments_in_force() {
    let timeline = planned(&["18: renew 10 end", "5: 3", "8: suspend", "10: reinstate", "25: 9"]);
    check(
        "
        |        | 0 | 4 | 5 | 7 | 8 | 9 | 10 | 18 | 20 | 24 | 25 | 29 | 30 |
        | places | 5 | 5 | 3 | 3 | 0 | 0 | 3  | 3  | 3  | 3  | 9  | 9  | 0  |
        ",
        |_, on| timeline.places(day(on).unwrap()).to_string(),
    );
    // The renewal leaves no seam; the second place is granted through it.
    let place = |number| Place {
        number,
        activated: 5,
        holds: false,
    };
    let covers = |on: &str, number| {
        let end = timeline.covers(day(on).unwrap(), place(number), |_| 0);
        end.map(|end| end.map(self::number))
    };
    assert_eq!(covers("0", 3), Some(Some(8)));
    assert_eq!(covers("0", 4), Some(Some(5)));
    assert_eq!(covers("5", 4), None);
    assert_eq!(covers("10", 3), Some(Some(30)));
    assert_eq!(timeline.next_decrease(at(0)).map(number), Some(5));
    assert_eq!(timeline.next_decrease(day("10").unwrap()).map(number), Some(30));
    // Others hold three beyond the day from which there are only three.
    assert_eq!(timeline.covers(at(0), place(3), |_| 3), Some(day("5")));
    assert_eq!(
        planned(&[]).at(day("19").unwrap()),
        Grant::new(5, validity("until 20"))
    );
}

#[test]
fn n17_what_is_planned_must_stay_possible() {
    let timeline = planned(&["10: 7", "12: suspend", "18: extend 30"]);
    let amend = |what: &str, from: &str| {
        let amended = timeline.amend(amendment(what), day(from), day("9").unwrap());
        amended.map(|(_, new)| new.number)
    };
    assert_eq!(amend("8", "11"), Ok(4));
    assert_eq!(amend("7", "-"), Err(InvalidAmendment::Conflict { with: 1 }));
    assert_eq!(amend("7", "11"), Err(InvalidAmendment::SameQuantity));
    assert_eq!(amend("suspend", "9"), Err(InvalidAmendment::Conflict { with: 2 }));
    assert_eq!(
        amend("renew 10 end", "-"),
        Err(InvalidAmendment::Conflict { with: 3 })
    );
    assert_eq!(amend("renew 10 end", "19"), Ok(4));
    assert_eq!(amend("revoke", "17"), Err(InvalidAmendment::Conflict { with: 3 }));
    assert_eq!(amend("revoke", "18"), Ok(4));
    assert_eq!(amend("8", "8"), Err(InvalidAmendment::InThePast));
    let after = |many: u32, amendment| {
        let timeline = Timeline::new(Grant::new(5, Validity::Perpetual), None, Vec::new(), many);
        timeline.amend(amendment, None, at(0)).map(|_| ())
    };
    let full = after(MAX_AMENDMENTS, Amendment::Suspend);
    assert_eq!(full, Err(InvalidAmendment::TooMany));
    // Whoever may only move it leaves room for those who amend it.
    for of_two in [Amendment::Split { off: 1 }, Amendment::Join { more: 1 }] {
        assert_eq!(after(MAX_OF_SPLIT - 1, of_two), Ok(()));
        assert_eq!(after(MAX_OF_SPLIT, of_two), Err(InvalidAmendment::TooOften));
    }
    assert_eq!(after(MAX_AMENDMENTS - 1, Amendment::Suspend), Ok(()));
}

/// Nobody uses the licence.
const UNUSED: InUse = InUse {
    activated: 0,
    out: 0,
    signed_until: None,
};

#[test]
fn n17_an_amendment_is_taken_back_while_nothing_followed() {
    let timeline = planned(&["2: 7", "4: suspend", "6: reinstate", "18: renew 10 end"]);
    let undo = |number, now: &str, in_use| timeline.undo(number, in_use, day(now).unwrap());
    let gone = |number, now: &str| undo(number, now, UNUSED).map(|_| ()).unwrap_err();
    assert_eq!(gone(9, "1"), InvalidAmendment::Gone);
    // Planned: it never comes into force, if what is planned after it can be without it.
    assert_eq!(undo(1, "1", UNUSED).unwrap().places(day("3").unwrap()), 5);
    assert_eq!(gone(2, "1"), InvalidAmendment::Conflict { with: 3 });
    // In force: the last one alone. What was granted until then stays as it was.
    assert_eq!(gone(1, "5"), InvalidAmendment::Followed);
    let back = undo(3, "7", UNUSED).unwrap();
    let granted = ["5", "6", "7", "8"].map(|on| back.places(day(on).unwrap()));
    assert_eq!(granted, [0, 7, 0, 0]);
    let twice = back.undo(3, UNUSED, day("8").unwrap());
    assert_eq!(twice.map(|_| ()), Err(InvalidAmendment::Gone));
    // And then the one before.
    let before = back.undo(2, UNUSED, day("8").unwrap()).unwrap();
    assert_eq!(["7", "8"].map(|on| before.places(day(on).unwrap())), [0, 7]);
}

#[test]
fn n17_what_machines_hold_follows_from_an_amendment() {
    let undo = |planned: &[&str], now: &str, in_use: InUse| {
        let timeline = self::planned(planned);
        let number = u32::try_from(planned.len()).unwrap();
        let undone = timeline.undo(number, in_use, day(now).unwrap());
        undone.map(|undone| undone.places(day(now).unwrap()))
    };
    let in_use = |activated, out, until: &str| InUse {
        activated,
        out,
        signed_until: day(until),
    };
    let more = ["2: 7"];
    assert_eq!(undo(&more, "3", in_use(5, 5, "9")), Ok(5));
    assert_eq!(
        undo(&more, "3", in_use(6, 0, "-")),
        Err(InvalidAmendment::Followed)
    );
    // Given back, and still held.
    assert_eq!(
        undo(&more, "3", in_use(0, 6, "9")),
        Err(InvalidAmendment::Followed)
    );
    let fewer = ["2: 3"];
    assert_eq!(undo(&fewer, "3", in_use(5, 5, "9")), Ok(5));
    let renewed = ["2: renew 10 end"];
    assert_eq!(undo(&renewed, "3", in_use(1, 1, "20")), Ok(5));
    assert_eq!(
        undo(&renewed, "3", in_use(1, 1, "21")),
        Err(InvalidAmendment::Followed)
    );
    assert_eq!(
        undo(&renewed, "21", in_use(1, 1, "22")),
        Err(InvalidAmendment::Followed)
    );
    assert_eq!(undo(&["2: suspend"], "3", in_use(5, 5, "4")), Ok(5));
}

#[test]
fn n17_a_renewal_is_planned_whatever_happens_until_then() {
    let renewed = planned(&["19: renew 10 end"]);
    let more = renewed.amend(amendment("8"), None, day("3").unwrap()).unwrap().0;
    let last = more.settled(day("5").unwrap()).0;
    assert_eq!(last.recorded().len(), 1);
    let (before, after) = last.around(1).unwrap();
    assert_eq!((before.quantity, told(before.validity)), (8, "…-20".to_owned()));
    assert_eq!((after.quantity, told(after.validity)), (8, "…-30".to_owned()));
    assert_eq!(last.around(2), None, "it is in force");
    let (settled, done) = last.settled(day("19").unwrap());
    assert_eq!(done.len(), 1);
    assert_eq!(settled.at(at(0)), after);
    assert!(settled.recorded().is_empty());
    let text = |from: RenewFrom| from.to_string();
    assert_eq!(
        RenewFrom::ALL.iter().map(|from| text(*from)).collect::<Vec<_>>(),
        ["end", "now", "now_if_ended"]
    );
}
