//! The chain over the history (N11): what the hash of an event is taken over.
//!
//! It is taken over the hash before it, the position of the event, all that its row says, and who is shown it. So whoever
//! alters, removes, adds, moves or hides an event leaves one whose hash does not fit.
//!
//! Time does not run backwards in it: events whose time is not between the end of the chain and the present, by more than
//! [`CLOCK_TOLERANCE`], are not sealed.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};

use crate::{
    ids::{GroupId, UserId},
    time::later,
};

/// By how much clocks of servers may differ, and events be late: a transaction is shorter.
pub const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// What the hash of an event is taken over. A later form never stands before an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// What its row says.
    Rows,
    /// That, and who is shown it.
    Readers,
}

impl Form {
    /// What the bytes begin with: they are for this purpose, in this form.
    const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Rows => b"license-portal/history@1\0",
            Self::Readers => b"license-portal/history@2\0",
        }
    }
}

/// Who is shown an event, as it was recorded: the groups in which it happened, and the people whom it happened to. Both in
/// the order of their ids. What happened in a group that is dissolved is shown in the one above it, too: that follows from the
/// event of the dissolution, and is not part of the hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Readers {
    /// Where it happened: their admins are shown it.
    pub groups: Vec<GroupId>,
    /// Whom it happened to.
    pub people: Vec<UserId>,
}

impl Readers {
    /// As columns for [`bytes`].
    fn columns<'a>(&self) -> impl Iterator<Item = (&'a str, Value)> {
        let groups = self
            .groups
            .iter()
            .map(|group| ("reader_group", Value::Number(group.0)));
        let people = self
            .people
            .iter()
            .map(|person| ("reader_person", Value::Number(person.0)));
        groups.chain(people)
    }
}

/// Between which times an event can be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The earliest.
    pub from: Timestamp,
    /// The latest.
    pub to: Timestamp,
}

impl Window {
    /// Behind an event of that time, if there is one, as the clock says `now`.
    #[must_use]
    pub fn new(last: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            from: last.map_or(Timestamp::MIN, |last| later(last, -CLOCK_TOLERANCE)),
            to: later(now, CLOCK_TOLERANCE),
        }
    }
}

/// A hash in the chain: SHA-256. Its text is hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link(pub [u8; 32]);

impl Link {
    /// What stands before the first event.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash: expected 64 hexadecimal digits")]
pub struct InvalidLink;

impl FromStr for Link {
    type Err = InvalidLink;

    fn from_str(text: &str) -> Result<Self, InvalidLink> {
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).ok_or(InvalidLink)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| InvalidLink)?;
        }
        // One spelling: nothing behind it, no capitals, no signs.
        let link = Self(bytes);
        if link.to_string() == text {
            Ok(link)
        } else {
            Err(InvalidLink)
        }
    }
}

/// What stands in a column of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number: also an id, a time in milliseconds since 1970 (UTC), or a flag as 0 or 1.
    Number(i64),
    /// A text, as it stands in the database.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

/// The columns of an event that have a value, by name and always in the same order. A column that comes into the schema
/// later is empty in older events, and leaves their hashes as they are.
pub type Columns = Vec<(&'static str, Value)>;

/// What the hash of an event in [`Form::Rows`] is taken over. No two events have the same bytes: whatever has no fixed
/// length says how long it is.
#[must_use]
pub fn bytes(before: &Link, position: i64, columns: &[(&str, Value)]) -> Vec<u8> {
    written(Form::Rows, before, position, columns)
}

/// What the hash of an event in [`Form::Readers`] is taken over. `earlier` is what [`readers_bytes`] of all the events in the
/// first form come to, for the event that stands right behind them.
#[must_use]
pub fn bytes_with_readers(
    before: &Link,
    position: i64,
    columns: &[(&str, Value)],
    readers: &Readers,
    earlier: Option<&Link>,
) -> Vec<u8> {
    let mut all: Vec<(&str, Value)> = columns.to_vec();
    all.extend(readers.columns());
    all.extend(earlier.map(|earlier| ("earlier_readers", Value::Text(earlier.to_string()))));
    written(Form::Readers, before, position, &all)
}

/// The readers of one event, for the hash over those of many.
#[must_use]
pub fn readers_bytes(position: i64, readers: &Readers) -> Vec<u8> {
    let mut bytes = position.to_be_bytes().to_vec();
    bytes.extend((readers.groups.len() as u64).to_be_bytes());
    bytes.extend(readers.groups.iter().flat_map(|group| group.0.to_be_bytes()));
    bytes.extend((readers.people.len() as u64).to_be_bytes());
    bytes.extend(readers.people.iter().flat_map(|person| person.0.to_be_bytes()));
    bytes
}

fn written(form: Form, before: &Link, position: i64, columns: &[(&str, Value)]) -> Vec<u8> {
    let mut bytes = form.prefix().to_vec();
    bytes.extend(before.0);
    bytes.extend(position.to_be_bytes());
    for (name, value) in columns {
        push_text(&mut bytes, name);
        match value {
            Value::Number(number) => {
                bytes.push(b'n');
                bytes.extend(number.to_be_bytes());
            }
            Value::Text(text) => {
                bytes.push(b't');
                push_text(&mut bytes, text);
            }
        }
    }
    bytes
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hash_has_one_spelling() {
        let link = Link([0xAB; 32]);
        assert_eq!(link.to_string().parse(), Ok(link));
        let digits = "ab".repeat(32);
        for text in [
            String::new(),
            digits[1..].to_owned(),
            format!("{digits}00"),
            digits.to_uppercase(),
            format!("+a{}", &digits[2..]),
            "ä".repeat(32),
        ] {
            assert_eq!(text.parse::<Link>(), Err(InvalidLink), "{text}");
        }
    }

    fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
        let (taken, rest) = bytes.split_at(length);
        *bytes = rest;
        taken
    }

    fn take_number(bytes: &mut &[u8]) -> i64 {
        take(bytes, 8)
            .iter()
            .fold(0, |sum, byte| sum << 8 | i64::from(*byte))
    }

    fn take_text(bytes: &mut &[u8]) -> String {
        let length = usize::try_from(take_number(bytes)).unwrap_or_default();
        String::from_utf8_lossy(take(bytes, length)).into_owned()
    }

    /// Everything, read back from the bytes.
    fn read(mut bytes: &[u8]) -> (Vec<u8>, i64, Vec<(String, Value)>) {
        let bytes = &mut bytes;
        let prefix = Form::Rows.prefix();
        assert_eq!(take(bytes, prefix.len()), prefix);
        let before = take(bytes, 32).to_vec();
        let position = take_number(bytes);
        let mut columns = Vec::new();
        while !bytes.is_empty() {
            let name = take_text(bytes);
            let value = match take(bytes, 1) {
                b"n" => Value::Number(take_number(bytes)),
                _ => Value::Text(take_text(bytes)),
            };
            columns.push((name, value));
        }
        (before, position, columns)
    }

    proptest! {
        /// What can be read back whole has the bytes for itself.
        #[test]
        fn no_two_events_have_the_same_bytes(
            before in any::<[u8; 32]>(),
            position in any::<i64>(),
            columns in prop::collection::vec(
                ("[a-z_]{1,9}", prop_oneof![any::<i64>().prop_map(Value::Number), any::<String>().prop_map(Value::Text)]),
                0..8,
            ),
        ) {
            let named: Vec<(&str, Value)> = columns.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            prop_assert_eq!(read(&bytes(&Link(before), position, &named)), (before.to_vec(), position, columns));
        }
    }
}
