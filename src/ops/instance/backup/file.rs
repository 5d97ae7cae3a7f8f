//! The file of a backup: lines of JSON (UTF-8). The first says what it is, and names the tables; then each row is a line, the
//! number of its table and the values of its columns; the last has the number of rows and a checksum (SHA-256) over all
//! bytes before it. So a file that breaks off anywhere, or in which anything was altered by chance, is known. The whole of it may
//! be encrypted, as `src/store/encryption/stream.rs` does it.

use std::io::{self, BufRead, Read, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{
    ops::instance::backup::error::BackupError,
    store::{
        encryption::{
            EncryptionKey,
            stream::{Beginning, Opener, Sealer, beginning},
        },
        instance::backup::{Cell, Datum, Kind, Table},
        sources::Sources,
    },
};

/// What the first line says.
pub(super) const FORMAT: &str = "license-portal/backup@1";
/// Longest line that is read: a row has a few texts, the longest of which is a line of an import.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// What a backup is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `license-portal/backup@1`.
    pub format: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of the portal that made it.
    pub version: String,
    /// Which kind of database it was made of.
    pub engine: String,
    /// The last step of its schema.
    pub schema: i64,
    /// A hash over the steps.
    pub steps: String,
    /// The id of the instance.
    pub instance: String,
    /// The ids of the keys that secrets in it are encrypted with.
    pub keys: Vec<String>,
    /// Its tables.
    pub tables: Vec<Table>,
}

#[derive(Serialize, Deserialize)]
struct Footer {
    rows: u64,
    sha256: String,
}

/// Where a backup is written to: as it is, or encrypted.
pub(super) enum Output<W> {
    Plain(W),
    Sealed(Box<Sealer<W>>),
}

impl<W: Write> Output<W> {
    pub(super) fn begin(to: W, key: Option<&EncryptionKey>, sources: &Sources) -> io::Result<Self> {
        Ok(match key {
            None => Self::Plain(to),
            Some(key) => Self::Sealed(Box::new(Sealer::begin(to, key, sources.random())?)),
        })
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(mut to) => to.flush(),
            Self::Sealed(sealer) => sealer.finish().map(drop),
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(to) => to.write(bytes),
            Self::Sealed(sealer) => sealer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(to) => to.flush(),
            Self::Sealed(sealer) => sealer.flush(),
        }
    }
}

/// What a backup is read from, decrypted where it is encrypted.
pub(super) fn input<'r>(
    mut from: impl BufRead + 'r,
    keys: &[EncryptionKey],
) -> Result<Box<dyn BufRead + 'r>, BackupError> {
    match beginning(&mut from)? {
        Beginning::Plain => Ok(Box::new(from)),
        Beginning::Encrypted { key, nonce, line } => {
            let found = keys.iter().find(|held| held.id().as_str() == key);
            let found = found.ok_or(BackupError::NoKey(key))?;
            Ok(Box::new(Opener::after_beginning(from, found, nonce, line)))
        }
    }
}

/// Writes a backup.
pub(super) struct Writer<W> {
    to: Output<W>,
    hash: Sha256,
    rows: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(to: Output<W>, header: &Header) -> Result<Self, BackupError> {
        let mut writer = Self {
            to,
            hash: Sha256::new(),
            rows: 0,
        };
        writer.line(header)?;
        Ok(writer)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), BackupError> {
        let mut line = serde_json::to_vec(value).map_err(std::io::Error::from)?;
        line.push(b'\n');
        self.hash.update(&line);
        self.to.write_all(&line)?;
        Ok(())
    }

    pub(super) fn row(&mut self, table: usize, cells: &[Cell]) -> Result<(), BackupError> {
        self.rows += 1;
        self.line(&(table, cells))
    }

    pub(super) fn end(mut self) -> Result<u64, BackupError> {
        let footer = Footer {
            rows: self.rows,
            sha256: hex::encode(self.hash.clone().finalize()),
        };
        self.line(&footer)?;
        self.to.finish()?;
        Ok(self.rows)
    }
}

/// Reads a backup, and checks it.
pub(super) struct Reader<R> {
    from: R,
    hash: Sha256,
    lines: u64,
    rows: u64,
    /// The table of the last row.
    table: usize,
    pub(super) header: Header,
}

/// A line with its end, unless the file breaks off before.
fn line(from: &mut impl BufRead, lines: &mut u64) -> Result<Vec<u8>, BackupError> {
    let mut line = Vec::new();
    from.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    if line.last() != Some(&b'\n') {
        return Err(BackupError::NotWhole(*lines));
    }
    *lines += 1;
    Ok(line)
}

fn parsed<T: DeserializeOwned>(line: &[u8], lines: u64) -> Result<T, BackupError> {
    serde_json::from_slice(line).map_err(|_| BackupError::Unreadable(lines))
}

/// What can be read of the first line of a format of the future.
#[derive(Deserialize)]
struct Called {
    format: String,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn begin(mut from: R) -> Result<Self, BackupError> {
        let mut lines = 0;
        let first = line(&mut from, &mut lines)?;
        let Called { format } = parsed(&first, lines)?;
        if format != FORMAT {
            return Err(if format.starts_with("license-portal/backup@") {
                BackupError::Format(format)
            } else {
                BackupError::Unreadable(lines)
            });
        }
        Ok(Self {
            header: parsed(&first, lines)?,
            hash: Sha256::new_with_prefix(&first),
            from,
            lines,
            rows: 0,
            table: 0,
        })
    }

    /// The next row, with the number of its table; `None` at the end of a file that is whole.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Vec<Cell>)>, BackupError> {
        let line = line(&mut self.from, &mut self.lines)?;
        if line.first() == Some(&b'{') {
            let footer: Footer = parsed(&line, self.lines)?;
            let hash = hex::encode(self.hash.clone().finalize());
            if footer.sha256 != hash || footer.rows != self.rows {
                return Err(BackupError::Damaged);
            }
            if !self.from.fill_buf()?.is_empty() {
                return Err(BackupError::Unreadable(self.lines + 1));
            }
            return Ok(None);
        }
        self.hash.update(&line);
        self.rows += 1;
        let (number, cells): (usize, Vec<Cell>) = parsed(&line, self.lines)?;
        let table = self.header.tables.get(number).filter(|_| number >= self.table);
        if !table.is_some_and(|table| fits(table, &cells)) {
            return Err(BackupError::Unreadable(self.lines));
        }
        self.table = number;
        Ok(Some((number, cells)))
    }
}

/// Whether the row may be one of the table.
fn fits(table: &Table, cells: &[Cell]) -> bool {
    let is_of = |(cell, (_, kind)): (&Cell, &(String, Kind))| {
        matches!(
            (cell, kind),
            (None, _) | (Some(Datum::Number(_)), Kind::Number) | (Some(Datum::Text(_)), Kind::Text)
        )
    };
    cells.len() == table.columns.len() && cells.iter().zip(&table.columns).all(is_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let header = Header {
            format: FORMAT.to_owned(),
            made_at: Timestamp::UNIX_EPOCH,
            version: "1".to_owned(),
            engine: "sqlite".to_owned(),
            schema: 20,
            steps: String::new(),
            instance: String::new(),
            keys: Vec::new(),
            tables: vec![Table {
                name: "users".to_owned(),
                columns: vec![("id".to_owned(), Kind::Number), ("name".to_owned(), Kind::Text)],
                of_itself: false,
            }],
        };
        let mut bytes = Vec::new();
        let mut writer = Writer::begin(Output::Plain(&mut bytes), &header).expect("a file");
        for id in 0..3 {
            let name = (id > 0).then(|| Datum::Text(format!("line\nbreak \"{id}\"")));
            writer.row(0, &[Some(Datum::Number(id)), name]).expect("a row");
        }
        assert_eq!(writer.end().expect("the end"), 3);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Vec<Vec<Cell>>, BackupError> {
        let mut reader = Reader::begin(bytes)?;
        let mut rows = Vec::new();
        while let Some((table, cells)) = reader.next()? {
            assert_eq!(table, 0);
            rows.push(cells);
        }
        Ok(rows)
    }

    #[test]
    fn what_was_written_is_read() {
        let rows = read(&written()).expect("it is whole");
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0], [Some(Datum::Number(0)), None]);
        assert_eq!(rows[2][1], Some(Datum::Text("line\nbreak \"2\"".to_owned())));
    }

    #[test]
    fn a_file_that_breaks_off_anywhere_is_refused() {
        let whole = written();
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "the first {end} bytes");
        }
        let longer = [&whole[..], b"\n"].concat();
        assert!(matches!(read(&longer), Err(BackupError::Unreadable(6))));
    }

    #[test]
    fn a_byte_that_was_altered_is_found() {
        let whole = written();
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            assert!(read(&altered).is_err(), "byte {at}");
        }
    }

    #[test]
    fn rows_fit_their_tables() {
        let text = String::from_utf8(written()).expect("text");
        for (row, other) in [
            ("[0,[0,null]]", "[1,[0,null]]"),
            ("[0,[0,null]]", "[0,[0]]"),
            ("[0,[0,null]]", "[0,[\"0\",null]]"),
        ] {
            assert!(text.contains(row));
            let altered = text.replace(row, other);
            assert!(
                matches!(read(altered.as_bytes()), Err(BackupError::Unreadable(2))),
                "{other}"
            );
        }
        let future = text.replace(FORMAT, "license-portal/backup@2");
        assert!(matches!(read(future.as_bytes()), Err(BackupError::Format(_))));
        assert!(matches!(
            read(b"{\"format\":\"x\"}\n"),
            Err(BackupError::Unreadable(1))
        ));
    }
}
