//! Times and sizes that the documents name: how long something waits, is kept or is good for.

use domain::{
    accounts::second_factors::{CONFIRM_WITHIN, PENDING_LIFE},
    history::webhooks::{KEPT, PATIENCE},
    instance::imports::{MAX_ENTRY, MAX_UPLOAD, WAITS},
    licensing::{devices::DEVICE_LIFETIME, leases::NODE_LIFETIME},
};
use jiff::SignedDuration;

const MINUTE: SignedDuration = SignedDuration::from_secs(60);
const HOUR: SignedDuration = SignedDuration::from_secs(3_600);
const DAY: SignedDuration = SignedDuration::from_secs(86_400);
const MEGABYTE: u64 = 1_048_576;

#[test]
fn a_day_is_a_day() {
    assert_eq!(domain::time::DAY, DAY);
    assert_eq!(domain::time::days(90), 90 * DAY);
}

#[test]
fn times_are_as_the_documents_say() {
    for (what, is, should) in [
        ("a login waits for its code", PENDING_LIFE, 5 * MINUTE),
        (
            "a second factor waits for its first code",
            CONFIRM_WITHIN,
            10 * MINUTE,
        ),
        ("an uploaded file waits to be confirmed", WAITS, HOUR),
        ("a delivery is tried", PATIENCE, 3 * DAY),
        ("a delivery stays in the log", KEPT, 30 * DAY),
        (
            "the file of a node-locked licence is good",
            NODE_LIFETIME,
            30 * DAY,
        ),
        (
            "a machine goes on without another update",
            DEVICE_LIFETIME,
            90 * DAY,
        ),
    ] {
        assert_eq!(is, should, "{what}");
    }
}

#[test]
fn sizes_are_as_the_documents_say() {
    assert_eq!(MAX_UPLOAD, 256 * MEGABYTE);
    assert_eq!(u64::try_from(MAX_ENTRY), Ok(MEGABYTE));
}
