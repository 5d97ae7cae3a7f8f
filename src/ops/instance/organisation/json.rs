//! Organisation files, read element by element.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead, Read},
    rc::Rc,
};

use domain::instance::imports::{MAX_ENTRIES, MAX_ENTRY, Noun, excerpt};
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::error::Category;

use crate::{
    ops::instance::organisation::{
        file::{FORMAT, FileGroup, FileMembership, FileProduct, FileTicket, FileUser},
        records::{Entry, Record, Sink, Unwanted},
    },
    views::instance::imports::LineProblem,
};

const FIELDS: &[&str] = &[
    "format",
    "source",
    "groups",
    "users",
    "memberships",
    "products",
    "tickets",
];

/// Reads the elements of that kind, and over all else. Where the file cannot be read on, that is told, and is the end.
pub(crate) fn read(source: impl BufRead, noun: Noun, sink: &mut Sink) -> Result<(), Unwanted> {
    let at = Rc::new(At::default());
    at.line.set(1);
    let now = Rc::clone(&at);
    let impersonated = Watched {
        source,
        at: Rc::clone(&at),
    };
    let mut state = State {
        noun,
        sink,
        at,
        problem: None,
        unwanted: false,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(impersonated);
    let read = Document(&mut state)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    let Err(error) = read else { return Ok(()) };
    if state.unwanted {
        return Err(Unwanted);
    }
    let line = u64::try_from(error.line()).unwrap_or_default().max(1);
    let problem = match state.problem {
        Some(problem) => problem,
        None if error.is_io() && now.bytes.get() > MAX_ENTRY => LineProblem::TooLong,
        None => match error.classify() {
            Category::Eof => LineProblem::JsonEnds,
            Category::Syntax => LineProblem::JsonSyntax(u64::try_from(error.column()).unwrap_or_default()),
            Category::Data | Category::Io => LineProblem::Json(excerpt(&error.to_string())),
        },
    };
    let record = Err(problem);
    sink.put(Entry { line, record }, 0)
}

/// Where the reader is.
#[derive(Default)]
struct At {
    line: Cell<u64>,
    /// Bytes since the last element began.
    bytes: Cell<usize>,
}

/// Counts what is read. The reader of JSON asks for single bytes, so that it is exact.
struct Watched<R> {
    source: R,
    at: Rc<At>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        let lines = buffer[..read].iter().filter(|byte| **byte == b'\n').count();
        let lines = u64::try_from(lines).unwrap_or_default();
        self.at.line.set(self.at.line.get() + lines);
        self.at.bytes.set(self.at.bytes.get() + read);
        if self.at.bytes.get() > MAX_ENTRY {
            return Err(io::Error::other("too long"));
        }
        Ok(read)
    }
}

struct State<'a> {
    noun: Noun,
    sink: &'a mut Sink,
    at: Rc<At>,
    /// Why it was not read on, where JSON has no words for it.
    problem: Option<LineProblem>,
    unwanted: bool,
}

struct Document<'s, 'a>(&'s mut State<'a>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an organisation file")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let mut seen: Vec<&str> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let field = FIELDS.iter().find(|field| **field == key);
            let field = field.ok_or_else(|| M::Error::unknown_field(&key, FIELDS))?;
            if seen.contains(field) {
                return Err(M::Error::duplicate_field(field));
            }
            seen.push(field);
            match (*field, field.parse::<Noun>()) {
                ("format", _) => {
                    let format: String = map.next_value()?;
                    if format != FORMAT {
                        self.0.problem = Some(LineProblem::Format(excerpt(&format)));
                        return Err(M::Error::custom("format"));
                    }
                }
                (_, Ok(noun)) => map.next_value_seed(List(self.0, noun))?,
                (_, Err(_)) => drop(map.next_value::<IgnoredAny>()?),
            }
            self.0.at.bytes.set(0);
        }
        if seen.contains(&"format") {
            Ok(())
        } else {
            Err(M::Error::missing_field("format"))
        }
    }
}

/// The elements of one kind.
struct List<'s, 'a>(&'s mut State<'a>, Noun);

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<(), S::Error> {
        let mut count = 0;
        while list.next_element_seed(Element(self.0, self.1))?.is_some() {
            self.0.at.bytes.set(0);
            count += 1;
            if count > MAX_ENTRIES {
                self.0.problem = Some(LineProblem::TooMany);
                return Err(S::Error::custom("too many"));
            }
        }
        Ok(())
    }
}

struct Element<'s, 'a>(&'s mut State<'a>, Noun);

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(state, noun) = self;
        if noun != state.noun {
            IgnoredAny::deserialize(deserializer)?;
            return Ok(());
        }
        let line = state.at.line.get();
        let record = match noun {
            Noun::Products => Record::Product(FileProduct::deserialize(deserializer)?),
            Noun::Groups => Record::Group(FileGroup::deserialize(deserializer)?),
            Noun::Users => Record::User(FileUser::deserialize(deserializer)?),
            Noun::Memberships => Record::Membership(FileMembership::deserialize(deserializer)?),
            Noun::Tickets => Record::Ticket(FileTicket::deserialize(deserializer)?),
        };
        let bytes = u64::try_from(state.at.bytes.get()).unwrap_or(u64::MAX);
        let record = Ok(record);
        state.sink.put(Entry { line, record }, bytes).map_err(|Unwanted| {
            state.unwanted = true;
            D::Error::custom("unwanted")
        })
    }
}
