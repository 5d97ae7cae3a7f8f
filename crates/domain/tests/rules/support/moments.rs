//! Moments and spans, in milliseconds.

use jiff::{SignedDuration, Timestamp};

/// So many milliseconds.
pub const fn ms(milliseconds: i64) -> SignedDuration {
    SignedDuration::from_millis(milliseconds)
}

/// So many milliseconds after 1970.
pub const fn at(milliseconds: i64) -> Timestamp {
    let (second, rest) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    Timestamp::constant(second, rest as i32 * 1_000_000)
}
