//! Moments and spans. A moment is a [`Timestamp`], a span a [`SignedDuration`]: neither says its unit, because neither can be
//! taken for a number. What comes from outside is checked once, where it comes in; nothing in here can fail.

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A day of 24 hours: UTC has no others.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);

/// So many days.
#[must_use]
pub const fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * days as i64)
}

/// So long after a moment; at the end of the calendar, its last moment.
#[must_use]
pub fn later(at: Timestamp, span: SignedDuration) -> Timestamp {
    let bound = if span.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    at.checked_add(span).unwrap_or(bound)
}

/// So long before a moment; at the beginning of the calendar, its first moment.
#[must_use]
pub fn earlier(at: Timestamp, span: SignedDuration) -> Timestamp {
    let bound = if span.is_negative() {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    };
    at.checked_sub(span).unwrap_or(bound)
}

/// So many milliseconds after 1970; `None` beyond the calendar. jiff's own function leaves out the last second of it.
#[must_use]
pub fn at_millisecond(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::from(milliseconds) * 1_000_000).ok()
}

/// A moment without what is less than a millisecond. Clocks tell whole ones, because the database keeps no others:
/// what was written equals what is read.
#[must_use]
pub fn whole_millisecond(at: Timestamp) -> Timestamp {
    at_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// The day of a moment (UTC).
#[must_use]
pub fn date_at(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The first moment of a day (UTC). The last days of the calendar, which no moment reaches, begin at its last moment.
#[must_use]
pub fn begin_of(day: Date) -> Timestamp {
    let bound = if day.year().is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    day.to_zoned(TimeZone::UTC)
        .map_or(bound, |begin| begin.timestamp())
}

/// A span on the wire and on the screen, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub i64);

/// A span on the wire, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milliseconds(pub i64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<SignedDuration> for Seconds {
    /// What is less than a second is left out.
    fn from(span: SignedDuration) -> Self {
        Self(span.as_secs())
    }
}

impl From<Seconds> for SignedDuration {
    fn from(seconds: Seconds) -> Self {
        Self::from_secs(seconds.0)
    }
}

impl From<SignedDuration> for Milliseconds {
    /// What is less than a millisecond is left out.
    fn from(span: SignedDuration) -> Self {
        let seconds = span.as_secs().saturating_mul(1000);
        Self(seconds.saturating_add(span.subsec_millis().into()))
    }
}

impl From<Milliseconds> for SignedDuration {
    fn from(milliseconds: Milliseconds) -> Self {
        Self::from_millis(milliseconds.0)
    }
}

/// So many milliseconds after 1970, for tests.
#[cfg(test)]
pub(crate) const fn at(milliseconds: i64) -> Timestamp {
    let nanoseconds = milliseconds.rem_euclid(1000) * 1_000_000;
    Timestamp::constant(milliseconds.div_euclid(1000), nanoseconds as i32)
}

/// So many milliseconds, for tests.
#[cfg(test)]
pub(crate) const fn ms(milliseconds: i64) -> SignedDuration {
    SignedDuration::from_millis(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_comes_back_from_its_milliseconds() {
        for moment in [
            Timestamp::MIN,
            Timestamp::UNIX_EPOCH,
            at(-1),
            at(1_795_183_500_999),
            Timestamp::MAX,
        ] {
            let whole = whole_millisecond(moment);
            assert_eq!(at_millisecond(whole.as_millisecond()), Some(whole));
        }
        assert_eq!((at_millisecond(i64::MAX), at_millisecond(i64::MIN)), (None, None));
    }

    #[test]
    fn the_calendar_ends_and_nothing_breaks() {
        for span in [SignedDuration::MAX, days(u32::MAX), DAY] {
            assert_eq!(later(Timestamp::MAX, span), Timestamp::MAX);
            assert_eq!(earlier(Timestamp::MIN, span), Timestamp::MIN);
            assert_eq!(later(Timestamp::MIN, -span), Timestamp::MIN);
            assert_eq!(earlier(Timestamp::MAX, -span), Timestamp::MAX);
        }
        for span in [SignedDuration::MIN, SignedDuration::MAX] {
            assert!([Timestamp::MIN, Timestamp::MAX].contains(&later(at(0), span)));
            assert!([Timestamp::MIN, Timestamp::MAX].contains(&earlier(at(0), span)));
        }
        assert_eq!(later(at(5), ms(7)), at(12));
        assert_eq!(earlier(at(5), ms(7)), at(-2));
        assert_eq!(begin_of(Date::MAX), Timestamp::MAX);
        assert_eq!(begin_of(Date::MIN), Timestamp::MIN);
        assert_eq!(whole_millisecond(Timestamp::MIN), Timestamp::MIN);
    }

    #[test]
    fn spans_keep_their_length_on_the_wire() {
        assert_eq!(SignedDuration::from(Seconds(-90)), SignedDuration::from_secs(-90));
        assert_eq!(SignedDuration::from(Milliseconds(90_001)), ms(90_001));
        assert_eq!(Seconds::from(ms(1_999)), Seconds(1));
        assert_eq!(Milliseconds::from(ms(1_999)), Milliseconds(1_999));
        assert_eq!(Seconds(90).to_string(), "90");
    }

    #[test]
    fn clocks_tell_whole_milliseconds() {
        let between = |nanosecond| Timestamp::from_nanosecond(nanosecond).unwrap();
        assert_eq!(whole_millisecond(between(1_999_999)), at(1));
        assert_eq!(whole_millisecond(at(7)), at(7));
    }

    #[test]
    fn a_day_is_that_of_utc() {
        assert_eq!(date_at(at(-1)), Date::constant(1969, 12, 31));
        assert_eq!(begin_of(Date::constant(1970, 1, 2)), later(at(0), DAY));
    }
}
