//! Leases: who has a place, for how long, and who gets the next one (N9).

use domain::licensing::{
    leases::{LIFETIME, Lease, LeaseEnd, MAX_WAIT, NODE_LIFETIME, Places, renew_after},
    licenses::Binding,
};
use jiff::{SignedDuration, Timestamp};

use crate::support::{
    moments::{at, ms},
    table::{access, check},
};

/// A container with two of three licences, none of them in use.
const PLACES: Places = Places {
    activated: 2,
    taken: 0,
    granted: 3,
    out: 0,
};

#[test]
fn n9_a_place_is_one_of_the_container_and_one_of_the_ticket() {
    check(
        "
        | taken here | none out | 1 out | 2 out | 3 out | 4 out |
        | 0          | ×        | ×     | ×     | –     | –     |
        | 1          | ×        | ×     | ×     | –     | –     |
        | 2          | –        | –     | –     | –     | –     |
        | 3          | –        | –     | –     | –     | –     |
        ",
        |taken, out| {
            let out = out.split(' ').next().unwrap().replace("none", "0");
            let places = Places {
                taken: taken.parse().unwrap(),
                out: out.parse().unwrap(),
                ..PLACES
            };
            let lease = Lease::acquire(places, Binding::Floating, at(0), LIFETIME, None);
            assert_eq!(lease.is_some(), places.any_free());
            access(places.any_free())
        },
    );
}

/// `floating, revoked at 100`: acquired at 0, good until 300, with what happened to it since.
fn lease(text: &str) -> Lease {
    let mut words = text.split(", ");
    let binding: Binding = words.next().unwrap().parse().unwrap();
    let fresh = Lease::acquire(PLACES, binding, at(0), ms(300), None).unwrap();
    words.fold(fresh, |lease, end| {
        let (how, moment) = end.split_once(" at ").unwrap();
        lease.ended(at(moment.parse().unwrap()), how.parse().unwrap())
    })
}

/// Released, a place is free at once. Revoked, it is free when what the machine holds has expired.
#[test]
fn n9_a_lease_keeps_its_place_until_its_end() {
    check(
        "
        | lease                                    | 0     | 99    | 100   | 199   | 200   | 299   | 300  | 9999 |
        | floating                                 | runs  | runs  | runs  | runs  | runs  | runs  | free | free |
        | floating, released at 100                | holds | holds | free  | free  | free  | free  | free | free |
        | floating, released at 400                | holds | holds | holds | holds | holds | holds | free | free |
        | floating, revoked at 100                 | holds | holds | holds | holds | holds | holds | free | free |
        | floating, revoked at 100, released at 200 | holds | holds | holds | holds | free  | free  | free | free |
        | floating, released at 100, revoked at 200 | holds | holds | free  | free  | free  | free  | free | free |
        | floating, released at 200, released at 100 | holds | holds | holds | holds | free | free | free | free |
        | node_locked                              | runs  | runs  | runs  | runs  | runs  | runs  | runs | runs |
        | node_locked, released at 100             | holds | holds | free  | free  | free  | free  | free | free |
        | node_locked, revoked at 100              | holds | holds | holds | holds | holds | holds | free | free |
        | node_locked, revoked at 100, released at 200 | holds | holds | holds | holds | free | free | free | free |
        ",
        |text, now| {
            let (lease, now) = (lease(text), at(now.parse().unwrap()));
            match (lease.occupies(now), lease.runs(now)) {
                (true, true) => "runs",
                (true, false) => "holds",
                (false, false) => "free",
                (false, true) => "runs without a place",
            }
            .to_owned()
        },
    );
    let twice = lease("floating, revoked at 100, revoked at 200");
    assert_eq!(
        twice.end,
        Some((at(100), LeaseEnd::Revoked)),
        "it ended when it ended"
    );
}

/// Nothing is signed beyond the licence, and nothing that was signed becomes shorter.
#[test]
fn n9_what_is_signed_ends_with_the_licence() {
    let signed = |lifetime, until| {
        let lease = Lease::acquire(PLACES, Binding::Floating, at(50), lifetime, until);
        lease.map(|lease| lease.expires_at)
    };
    assert_eq!(signed(ms(300), None), Some(at(350)));
    assert_eq!(signed(ms(300), Some(at(349))), Some(at(349)));
    assert_eq!(signed(ms(300), Some(at(351))), Some(at(350)));
    assert_eq!(signed(SignedDuration::MAX, None), Some(Timestamp::MAX));
    let renewed = |now, until: Option<i64>| {
        lease("floating")
            .renew(0, 1, at(now), ms(300), until.map(at))
            .map(|lease| lease.expires_at)
    };
    assert_eq!(renewed(100, None), Some(at(400)));
    assert_eq!(renewed(100, Some(350)), Some(at(350)));
    assert_eq!(renewed(-100, None), Some(at(300)), "the clock was set back");
    assert_eq!(
        renewed(100, Some(200)),
        Some(at(300)),
        "the licence became shorter"
    );
}

/// Beyond the quantity of the container, which may have become smaller, the younger leases do not go on.
#[test]
fn n9_only_what_runs_within_the_quantity_is_renewed() {
    check(
        "
        | lease                     | eldest of 2 | second of 2 | third of 2 | eldest of 0 |
        | floating                  | ×           | ×           | –          | –           |
        | floating, revoked at 50   | –           | –           | –          | –           |
        | floating, released at 50  | –           | –           | –          | –           |
        | node_locked               | ×           | ×           | –          | –           |
        ",
        |text, rank| {
            let (rank, quantity) = rank.split_once(" of ").unwrap();
            let rank = ["eldest", "second", "third"]
                .iter()
                .position(|known| *known == rank);
            let (rank, quantity) = (u32::try_from(rank.unwrap()).unwrap(), quantity.parse().unwrap());
            let before = lease(text);
            let renewed = before.renew(rank, quantity, at(100), ms(300), None);
            if let Some(renewed) = renewed {
                assert_eq!((renewed.binding, renewed.end), (before.binding, None));
            }
            access(renewed.is_some())
        },
    );
    let late = |text: &str| lease(text).renew(0, 2, at(300), ms(300), None).is_some();
    assert!(!late("floating"), "not renewed in time");
    assert!(late("node_locked"), "kept until it is given back");
}

#[test]
fn n9_a_machine_renews_after_a_third_of_the_time() {
    for (left, seconds) in [
        (300_000, 100),
        (6_000, 2),
        (5_999, 1),
        (3_000, 1),
        (2_999, 1),
        (0, 1),
        (-9_000, 1),
    ] {
        assert_eq!(
            renew_after(at(7), at(7 + left)),
            SignedDuration::from_secs(seconds),
            "{left} ms"
        );
    }
    // Five minutes; thirty days.
    assert_eq!((LIFETIME, NODE_LIFETIME), (ms(300_000), 30 * ms(86_400_000)));
    assert!(MAX_WAIT < LIFETIME);
}
