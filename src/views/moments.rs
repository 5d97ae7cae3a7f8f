//! Moments that are asked for.

use std::fmt;

use domain::time::{at_millisecond, begin_of};
use jiff::{Timestamp, civil::Date};
use serde::{Deserializer, de};

/// How a day is written.
const DAY: &str = "2026-11-23";

/// The beginning of a day (UTC) that is written as `2026-11-23`.
#[must_use]
pub fn day(text: &str) -> Option<Timestamp> {
    // A date is read from what has a time of day, too.
    let date = (text.len() == DAY.len()).then(|| text.parse::<Date>());
    date?.ok().map(begin_of)
}

struct Moment;

impl de::Visitor<'_> for Moment {
    type Value = Option<Timestamp>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a time as RFC 3339 writes it, a day, or milliseconds since 1970")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        if let Ok(milliseconds) = text.parse() {
            return self.visit_i64(milliseconds);
        }
        let moment = text.parse().ok().or_else(|| day(text));
        moment
            .map(Some)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: de::Error>(self, milliseconds: i64) -> Result<Self::Value, E> {
        at_millisecond(milliseconds)
            .map(Some)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Signed(milliseconds), &self))
    }

    fn visit_u64<E: de::Error>(self, milliseconds: u64) -> Result<Self::Value, E> {
        self.visit_i64(i64::try_from(milliseconds).unwrap_or(i64::MAX))
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Reads a moment, if there is one: forms and addresses write a day or milliseconds, programs what RFC 3339 says.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    deserializer.deserialize_any(Moment)
}

#[cfg(test)]
mod tests {
    use serde::de::{IntoDeserializer, value::Error};

    use super::*;

    fn read(text: &str) -> Option<Timestamp> {
        let deserializer: de::value::StrDeserializer<'_, Error> = text.into_deserializer();
        optional(deserializer).ok().flatten()
    }

    #[test]
    fn forms_and_programs_write_moments_in_their_own_way() {
        let ten = Some(Timestamp::constant(1_795_132_800 + 36_000, 0));
        assert_eq!(read("2026-11-20"), Some(Timestamp::constant(1_795_132_800, 0)));
        assert_eq!(read("2026-11-20T10:00:00Z"), ten);
        assert_eq!(read("2026-11-20T12:00:00+02:00"), ten);
        assert_eq!(read("1795168800000"), ten);
        assert_eq!(read("0"), Some(Timestamp::UNIX_EPOCH));
        for wrong in [
            "",
            "x",
            "2026-11-31",
            "2026-11-20T10:00:00",
            "9223372036854775807",
            "-9223372036854775808",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let number: de::value::I64Deserializer<Error> = 1_795_168_800_000_i64.into_deserializer();
        assert_eq!(optional(number), Ok(ten));
    }
}
