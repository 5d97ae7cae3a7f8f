//! Tables: CSV (RFC 4180) in UTF-8, with a header, separated by commas or semicolons.
//!
//! They are read with the parser of the `csv` crate alone (`csv-core`): the crate itself makes room for whatever stands
//! between two quotation marks, and does not tell one that was never closed.

use std::io::{self, BufRead};

use csv_core::ReadRecordResult;
use domain::instance::{
    imports::{MAX_ENTRIES, MAX_ENTRY, MAX_LICENSES, Noun, excerpt},
    spreadsheets::rearmed,
};

use crate::{
    ops::instance::organisation::{
        file::{FileGroup, FileLicense, FileMembership, FileOwner, FileProduct, FileTicket, FileUser},
        records::{Entry, Record, Sink, Unwanted},
    },
    views::instance::imports::LineProblem,
};

/// Most columns that are read.
const MAX_COLUMNS: usize = 256;

/// The columns of a table, in the order in which they are written. The first so many have to be there.
pub(crate) const fn columns(noun: Noun) -> (&'static [&'static str], usize) {
    match noun {
        Noun::Products => (&["article", "name", "name_de", "features"], 2),
        Noun::Groups => (&["key", "name", "parent"], 3),
        Noun::Users => (&["login", "name", "email", "isv_admin", "active"], 1),
        Noun::Memberships => (&["user", "group", "permissions"], 3),
        Noun::Tickets => (
            &[
                "code",
                "group",
                "user",
                "context",
                "protected",
                "product",
                "quantity",
                "binding",
                "valid_from",
                "valid_until",
                "days",
                "returns",
                "started_at",
                "amendments",
            ],
            7,
        ),
    }
}

/// By the name of its columns, the kind of a table that begins like that.
pub(crate) fn noun_of(beginning: &[u8]) -> Result<Noun, LineProblem> {
    let mut records = Records::new(beginning);
    let header = match records.next() {
        Ok(Next::Record(_)) => records.cells().ok_or(LineProblem::Encoding)?,
        _ => return Err(LineProblem::UnknownHeader),
    };
    let header = names(&header);
    let fits = |noun: &&Noun| {
        let (columns, needed) = columns(**noun);
        columns[..needed]
            .iter()
            .all(|column| header.iter().any(|name| name == column))
    };
    Noun::ALL
        .iter()
        .find(fits)
        .copied()
        .ok_or(LineProblem::UnknownHeader)
}

fn names(header: &[&str]) -> Vec<String> {
    header
        .iter()
        .map(|name| name.trim().to_ascii_lowercase())
        .collect()
}

/// Reads the entries of a table. A line that cannot be used is told, and the next one is read.
pub(crate) fn read(source: impl BufRead, noun: Noun, sink: &mut Sink) -> io::Result<Result<(), Unwanted>> {
    let mut table = Table {
        records: Records::new(source),
        sink,
        noun,
        header: Vec::new(),
        ticket: None,
    };
    table.read()
}

struct Table<'a, R> {
    records: Records<R>,
    sink: &'a mut Sink,
    noun: Noun,
    /// Of each column of the file, which it is of [`columns`].
    header: Vec<usize>,
    /// The ticket whose lines are being read.
    ticket: Option<(u64, Result<FileTicket, LineProblem>)>,
}

impl<R: BufRead> Table<'_, R> {
    fn read(&mut self) -> io::Result<Result<(), Unwanted>> {
        let mut count = 0;
        loop {
            let line = self.records.line_after_gap()?;
            let done = match self.records.next()? {
                Next::End => break,
                Next::Record(line) if self.header.is_empty() => match self.read_header() {
                    Ok(header) => {
                        self.header = header;
                        Ok(())
                    }
                    Err(problem) => return Ok(self.refuse(line, problem)),
                },
                Next::Record(line) => {
                    count += 1;
                    if count > MAX_ENTRIES {
                        return Ok(self.refuse(line, LineProblem::TooMany));
                    }
                    self.take(line)
                }
                Next::Refused(problem) => self.refuse(line, problem),
            };
            if let Err(unwanted) = done {
                return Ok(Err(unwanted));
            }
        }
        Ok(self.finish_ticket())
    }

    fn read_header(&self) -> Result<Vec<usize>, LineProblem> {
        let cells = self.records.cells().ok_or(LineProblem::Encoding)?;
        let (known, needed) = columns(self.noun);
        let mut header = Vec::with_capacity(cells.len());
        for name in names(&cells) {
            let at = known
                .iter()
                .position(|column| *column == name)
                .ok_or_else(|| LineProblem::UnknownColumn(excerpt(&name)))?;
            if header.contains(&at) {
                return Err(LineProblem::ColumnTwice(name));
            }
            header.push(at);
        }
        if (0..needed).all(|at| header.contains(&at)) {
            Ok(header)
        } else {
            Err(LineProblem::UnknownHeader)
        }
    }

    fn refuse(&mut self, line: u64, problem: LineProblem) -> Result<(), Unwanted> {
        self.finish_ticket()?;
        let record = Err(problem);
        self.sink.put(Entry { line, record }, 0)
    }

    fn take(&mut self, line: u64) -> Result<(), Unwanted> {
        let bytes = self.records.bytes();
        let row = match self.row() {
            Ok(row) => row,
            Err(problem) => return self.refuse(line, problem),
        };
        let record = match self.noun {
            Noun::Products => Ok(product(&row)),
            Noun::Groups => Ok(group(&row)),
            Noun::Users => user(&row),
            Noun::Memberships => Ok(membership(&row)),
            Noun::Tickets => {
                let ticket = ticket(&row);
                return self.take_ticket(line, ticket);
            }
        };
        self.sink.put(Entry { line, record }, bytes)
    }

    /// The cells of a line, by column.
    fn row(&self) -> Result<Row, LineProblem> {
        let cells = self.records.cells().ok_or(LineProblem::Encoding)?;
        if cells.len() != self.header.len() {
            let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            return Err(LineProblem::Cells(count(cells.len()), count(self.header.len())));
        }
        let (columns, _) = columns(self.noun);
        let mut row = vec![String::new(); columns.len()];
        for (at, cell) in self.header.iter().zip(cells) {
            rearmed(cell).clone_into(&mut row[*at]);
        }
        Ok(Row(columns, row))
    }

    /// Lines with the same code, one after another, are the licences of one ticket.
    fn take_ticket(&mut self, line: u64, read: Result<FileTicket, LineProblem>) -> Result<(), Unwanted> {
        if let (Some((_, Ok(pending))), Ok(next)) = (&mut self.ticket, &read)
            && pending.code.is_some()
            && pending.code == next.code
        {
            if (&pending.owner, pending.protected) != (&next.owner, next.protected) {
                return self.refuse(line, LineProblem::LinesDiffer);
            }
            if pending.licenses.len() >= MAX_LICENSES {
                return self.refuse(line, LineProblem::TooManyLicenses);
            }
            pending.licenses.extend(next.licenses.iter().cloned());
            return Ok(());
        }
        self.finish_ticket()?;
        self.ticket = Some((line, read));
        Ok(())
    }

    fn finish_ticket(&mut self) -> Result<(), Unwanted> {
        match self.ticket.take() {
            None => Ok(()),
            Some((line, ticket)) => {
                let bytes = ticket.as_ref().map_or(0, |ticket| ticket.licenses.len() * 200);
                let record = ticket.map(Record::Ticket);
                self.sink
                    .put(Entry { line, record }, u64::try_from(bytes).unwrap_or(u64::MAX))
            }
        }
    }
}

/// The cells of a line, each below its column; empty where there is no such column.
struct Row(&'static [&'static str], Vec<String>);

impl Row {
    fn text(&self, column: &str) -> &str {
        let at = self.0.iter().position(|name| *name == column);
        at.map_or("", |at| self.1[at].as_str())
    }

    fn maybe(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// As programs write it, or spreadsheets in English and German.
    fn flag(&self, column: &str) -> Result<Option<bool>, LineProblem> {
        match self.text(column).trim().to_ascii_lowercase().as_str() {
            "" => Ok(None),
            "true" | "wahr" | "1" => Ok(Some(true)),
            "false" | "falsch" | "0" => Ok(Some(false)),
            _ => Err(LineProblem::Flag(column.to_owned())),
        }
    }

    fn number(&self, column: &str) -> Result<Option<u32>, LineProblem> {
        match self.text(column).trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| LineProblem::Number(column.to_owned())),
        }
    }

    fn time(&self, column: &str) -> Result<Option<jiff::Timestamp>, LineProblem> {
        match self.text(column).trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| LineProblem::Time(column.to_owned())),
        }
    }
}

fn product(row: &Row) -> Record {
    Record::Product(FileProduct {
        article: row.text("article").to_owned(),
        name: row.text("name").to_owned(),
        name_de: row.maybe("name_de"),
        features: row.text("features").lines().map(str::to_owned).collect(),
    })
}

fn group(row: &Row) -> Record {
    Record::Group(FileGroup {
        key: row.text("key").to_owned(),
        name: row.text("name").to_owned(),
        parent: row.maybe("parent"),
    })
}

fn user(row: &Row) -> Result<Record, LineProblem> {
    Ok(Record::User(FileUser {
        login: row.text("login").to_owned(),
        email: row.maybe("email"),
        name: row.maybe("name"),
        isv_admin: row.flag("isv_admin")?.unwrap_or_default(),
        active: row.flag("active")?,
    }))
}

fn membership(row: &Row) -> Record {
    let permissions = row.text("permissions").split_whitespace();
    Record::Membership(FileMembership {
        user: row.text("user").to_owned(),
        group: row.text("group").to_owned(),
        permissions: permissions.map(str::to_owned).collect(),
    })
}

fn ticket(row: &Row) -> Result<FileTicket, LineProblem> {
    let owner = FileOwner {
        group: row.maybe("group"),
        user: row.maybe("user"),
        context: row.maybe("context"),
    };
    let license = match row.maybe("product") {
        None => None,
        Some(product) => Some(FileLicense {
            product,
            quantity: row
                .number("quantity")?
                .ok_or_else(|| LineProblem::Number("quantity".to_owned()))?,
            binding: row.maybe("binding"),
            valid_from: row.time("valid_from")?,
            valid_until: row.time("valid_until")?,
            days: row.number("days")?,
            returns: row.number("returns")?,
            started_at: row.time("started_at")?,
            amendments: match row.text("amendments").trim() {
                "" => Vec::new(),
                text => serde_json::from_str(text).map_err(|_| LineProblem::Amendments)?,
            },
        }),
    };
    Ok(FileTicket {
        code: row.maybe("code"),
        owner: (owner != FileOwner::default()).then_some(owner),
        protected: row.flag("protected")?.unwrap_or_default(),
        licenses: license.into_iter().collect(),
    })
}

/// What comes next in a file.
enum Next {
    /// A record, which begins in that line.
    Record(u64),
    /// Something that is none.
    Refused(LineProblem),
    /// Nothing.
    End,
}

/// The records of a table, one at a time in a buffer that does not grow.
struct Records<R> {
    source: R,
    parser: csv_core::Reader,
    begun: bool,
    line: u64,
    text: Vec<u8>,
    ends: Vec<usize>,
    length: usize,
    cells: usize,
}

impl<R: BufRead> Records<R> {
    fn new(source: R) -> Self {
        Self {
            source,
            parser: csv_core::Reader::new(),
            begun: false,
            line: 1,
            text: vec![0; MAX_ENTRY],
            ends: vec![0; MAX_COLUMNS],
            length: 0,
            cells: 0,
        }
    }

    /// Passes over empty lines; the line behind them.
    fn line_after_gap(&mut self) -> io::Result<u64> {
        loop {
            let input = self.source.fill_buf()?;
            let gap = input
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            if gap == 0 {
                return Ok(self.line);
            }
            self.line += lines_in(&input[..gap]);
            self.source.consume(gap);
        }
    }

    fn next(&mut self) -> io::Result<Next> {
        let line = self.line_after_gap()?;
        if !self.begun {
            self.begun = true;
            let delimiter = delimiter_of(self.source.fill_buf()?);
            self.parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        }
        (self.length, self.cells) = (0, 0);
        let (mut quotes, mut too_long) = (0, false);
        loop {
            let input = self.source.fill_buf()?;
            let (result, read, written, ended) =
                self.parser
                    .read_record(input, &mut self.text[self.length..], &mut self.ends[self.cells..]);
            self.line += lines_in(&input[..read]);
            quotes += input[..read].iter().filter(|byte| **byte == b'"').count();
            self.source.consume(read);
            self.length += written;
            self.cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    // The rest of it is read over.
                    too_long = true;
                    (self.length, self.cells) = (0, 0);
                }
                ReadRecordResult::Record if too_long => return Ok(Next::Refused(LineProblem::TooLong)),
                ReadRecordResult::Record if quotes % 2 == 1 => {
                    return Ok(Next::Refused(LineProblem::OpenQuote));
                }
                ReadRecordResult::Record => return Ok(Next::Record(line)),
                ReadRecordResult::End => return Ok(Next::End),
            }
        }
    }

    /// The cells of the record; `None` when it is not UTF-8.
    fn cells(&self) -> Option<Vec<&str>> {
        let mut begin = 0;
        let cell = |end: &usize| {
            let cell = std::str::from_utf8(&self.text[begin..*end]).ok();
            begin = *end;
            cell
        };
        self.ends[..self.cells].iter().map(cell).collect()
    }

    fn bytes(&self) -> u64 {
        u64::try_from(self.length).unwrap_or(u64::MAX)
    }
}

fn lines_in(text: &[u8]) -> u64 {
    let count = text.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What separates the cells of the header.
fn delimiter_of(beginning: &[u8]) -> u8 {
    let (mut commas, mut semicolons, mut quoted) = (0, 0, false);
    for byte in beginning {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}
