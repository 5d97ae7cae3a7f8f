//! Moments in signed texts.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A moment as signed texts have it: whole seconds since 1970 (`NumericDate`, RFC 7519, section 2). One that the calendar does
/// not reach is not read, and therefore none here is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NumericDate(Timestamp);

impl NumericDate {
    /// Its first moment.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for NumericDate {
    /// What is less than a second is left out.
    fn from(at: Timestamp) -> Self {
        Self(Timestamp::from_second(at.as_second()).unwrap_or(at))
    }
}

/// As RFC 3339 writes it.
impl fmt::Display for NumericDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.as_second())
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        let at =
            Timestamp::from_second(seconds).map_err(|_| D::Error::custom("not a time of the calendar"))?;
        Ok(Self(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_number_of_seconds() {
        let at = Timestamp::from_millisecond(1_795_183_500_999).unwrap();
        let date = NumericDate::from(at);
        assert_eq!(serde_json::to_string(&date).unwrap(), "1795183500");
        assert_eq!(serde_json::from_str::<NumericDate>("1795183500").unwrap(), date);
        assert_eq!(date.timestamp().as_millisecond(), 1_795_183_500_000);
        assert_eq!(date.to_string(), "2026-11-20T14:05:00Z");
        for wrong in [
            "9223372036854775807",
            "-9223372036854775808",
            "1.5",
            "\"1795183500\"",
            "null",
        ] {
            assert!(serde_json::from_str::<NumericDate>(wrong).is_err(), "{wrong}");
        }
        for bound in [Timestamp::MIN, Timestamp::MAX] {
            let date = NumericDate::from(bound);
            let text = serde_json::to_string(&date).unwrap();
            assert_eq!(serde_json::from_str::<NumericDate>(&text).unwrap(), date);
        }
    }
}
