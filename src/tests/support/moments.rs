//! Moments and spans, in milliseconds.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// So many milliseconds.
pub const fn ms(milliseconds: i64) -> SignedDuration {
    SignedDuration::from_millis(milliseconds)
}

/// So many milliseconds after 1970, as the database has a moment.
pub fn at(milliseconds: i64) -> Timestamp {
    domain::time::at_millisecond(milliseconds).expect("a moment of the calendar")
}

/// The moment that an answer tells.
#[track_caller]
pub fn moment(told: &Value) -> Timestamp {
    let text = told.as_str().unwrap_or_else(|| panic!("{told} is no moment"));
    text.parse().expect("RFC 3339")
}
