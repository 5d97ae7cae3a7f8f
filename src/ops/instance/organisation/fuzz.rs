//! Whatever file somebody uploads is read to its end and answered, and what an export wrote comes back as it was. More of it:
//! `PROPTEST_CASES=100000`.

use std::io::BufReader;

use csv::{Terminator, WriterBuilder};
use domain::instance::{imports::Noun, spreadsheets::disarmed};
use proptest::{prelude::*, sample::Index};
use tokio::sync::mpsc;

use crate::{
    ops::instance::organisation::{
        file::{FORMAT, FileGroup, FileUser, Organisation},
        input::{Format, Input},
        json,
        records::{Entry, Record, Sink},
        tables,
    },
    views::instance::imports::LineProblem,
};

const WHOLE: &str = r#"{"format":"license-portal/organisation@1","source":{"by":["x",1]},
 "groups":[{"key":"a","name":"A"},{"key":"b","name":"B","parent":"a"}],
 "users":[{"login":"ann","email":"ann@example.org","isv_admin":false,"active":true}],
 "memberships":[{"user":"ann","group":"b","permissions":["admin"]}],
 "products":[{"article":"P-1","name":"Studio","features":["one","two"]}],
 "tickets":[{"owner":{"group":"b"},"protected":true,"licenses":[{"product":"P-1","quantity":3,"valid_until":"2027-01-01T00:00:00Z"}]}]}
"#;
const TABLES: [&str; 5] = [
    "article;name;name_de;features\r\nP-1;Studio;;\"one\ntwo\"\r\n",
    "key,name,parent\na,A,\nb,\"B, or \"\"C\"\"\",a\n",
    "login,name,email,isv_admin,active\nann,Ann,ann@example.org,false,wahr\n",
    "user,group,permissions\nann,b,admin assign\n",
    "code,group,user,context,protected,product,quantity,valid_until,days\n,b,,,true,P-1,3,2027-01-01T00:00:00Z,\n,b,,,,P-1,1,,30\n",
];
/// What files are made of.
const PIECES: [&[u8]; 28] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\"\"",
    b",",
    b";",
    b":",
    b"\n",
    b"\r\n",
    b"\r",
    b"\\",
    b"\\u",
    b"\\ud800",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xFF",
    b"null",
    b"true",
    b"-1e999",
    b"99999999999999999999",
    b"'=1",
    b"\"groups\":[",
    b"\"format\":",
    b"login",
    b"key,name,parent\n",
];

/// All that reads a file, in the order in which an import does; the entries that it finds.
fn read(file: &[u8]) -> (Result<Format, LineProblem>, Vec<Entry>) {
    let format = Input::from(file.to_vec()).format().unwrap();
    let mut entries = Vec::new();
    // Whatever the file was taken for: others could be changed between two readings.
    for noun in Noun::ALL {
        for table in [false, true] {
            let (to, mut batches) = mpsc::channel(1_000);
            let mut sink = Sink::new(to);
            let read = if table {
                tables::read(BufReader::with_capacity(7, file), *noun, &mut sink).unwrap()
            } else {
                json::read(BufReader::with_capacity(7, file), *noun, &mut sink)
            };
            assert!(read.and_then(|()| sink.send()).is_ok(), "somebody wants them");
            drop(sink);
            while let Ok(batch) = batches.try_recv() {
                entries.extend(batch);
            }
        }
    }
    (format, entries)
}

/// No more is told of a file than stands in it.
fn answered(file: &[u8]) -> Result<(), TestCaseError> {
    let (_, entries) = read(file);
    let lines = file.split(|byte| *byte == b'\n').count() as u64;
    for entry in &entries {
        prop_assert!(
            (1..=lines).contains(&entry.line),
            "line {} of {lines}",
            entry.line
        );
    }
    // Ten readings, each with one entry at most for each line or brace, and one for what is wrong at its end.
    let most = 10
        * (file
            .iter()
            .filter(|byte| matches!(byte, b'\n' | b'\r' | b'{' | b'[' | b','))
            .count()
            + 2);
    prop_assert!(entries.len() <= most, "{} entries", entries.len());
    Ok(())
}

/// A file in which some pieces were put in, taken out, or put twice.
fn altered() -> impl Strategy<Value = Vec<u8>> {
    let files: Vec<&str> = TABLES.into_iter().chain([WHOLE]).collect();
    let change = (
        any::<Index>(),
        0..20usize,
        prop::sample::select(&PIECES[..]),
        0..4u8,
    );
    (prop::sample::select(files), prop::collection::vec(change, 1..6)).prop_map(|(file, changes)| {
        let mut file = file.as_bytes().to_vec();
        for (at, length, piece, kind) in changes {
            let at = at.index(file.len() + 1);
            let end = (at + length).min(file.len());
            match kind {
                0 => drop(file.splice(at..at, piece.iter().copied())),
                1 => drop(file.drain(at..end)),
                2 => drop(file.splice(at..end, piece.iter().copied())),
                _ => {
                    let twice = file[at..end].to_vec();
                    drop(file.splice(at..at, twice));
                }
            }
        }
        file
    })
}

/// A table as an export, or a spreadsheet, writes it.
fn written(header: &[&str], rows: &[Vec<String>], delimiter: u8, lines: Terminator) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(lines)
        .from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| disarmed(cell).into_owned()))
            .unwrap();
    }
    writer.into_inner().unwrap()
}

proptest! {
    #[test]
    fn any_bytes_are_answered(file in prop::collection::vec(any::<u8>(), 0..400)) {
        answered(&file)?;
    }

    #[test]
    fn any_pieces_are_answered(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        answered(&pieces.concat())?;
    }

    #[test]
    fn altered_files_are_answered(file in altered()) {
        answered(&file)?;
    }

    #[test]
    fn groups_of_a_table_come_back(
        rows in prop::collection::vec(("[^\0]{1,12}", "[^\0]{0,12}", "[^\0]{0,12}"), 1..8),
        semicolons in any::<bool>(),
        windows in any::<bool>(),
    ) {
        let rows: Vec<Vec<String>> = rows.into_iter().map(|(key, name, parent)| vec![key, name, parent]).collect();
        let lines = if windows { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let file = written(&["key", "name", "parent"], &rows, if semicolons { b';' } else { b',' }, lines);
        let (format, entries) = read(&file);
        prop_assert_eq!(format, Ok(Format::Table(Noun::Groups)));
        let read: Vec<Vec<String>> = entries.into_iter().filter_map(|entry| match entry.record {
            Ok(Record::Group(FileGroup { key, name, parent })) => Some(vec![key, name, parent.unwrap_or_default()]),
            _ => None,
        }).collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn an_organisation_file_comes_back(
        groups in prop::collection::vec((any::<String>(), any::<String>(), any::<Option<String>>()), 0..6),
        users in prop::collection::vec((any::<String>(), any::<Option<String>>(), any::<bool>(), any::<Option<bool>>()), 0..6),
        pretty in any::<bool>(),
    ) {
        let groups: Vec<FileGroup> = groups.into_iter().map(|(key, name, parent)| FileGroup { key, name, parent }).collect();
        let users: Vec<FileUser> = users.into_iter().map(|(login, name, isv_admin, active)| FileUser {
            login, email: None, name, isv_admin, active,
        }).collect();
        let whole = Organisation {
            format: FORMAT.to_owned(), source: None, groups: groups.clone(), users: users.clone(),
            memberships: Vec::new(), products: Vec::new(), tickets: Vec::new(),
        };
        let file = if pretty { serde_json::to_vec_pretty(&whole) } else { serde_json::to_vec(&whole) }.unwrap();
        let (format, entries) = read(&file);
        prop_assert_eq!(format, Ok(Format::Json));
        let (mut read_groups, mut read_users) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.record {
                Ok(Record::Group(group)) => read_groups.push(group),
                Ok(Record::User(user)) => read_users.push(user),
                _ => {}
            }
        }
        prop_assert_eq!((read_groups, read_users), (groups, users));
    }
}

/// As deep, and as long, as a file can be: refused before the stack or the memory is at its end.
#[test]
fn what_has_no_end_is_refused() {
    let begin = r#"{"format":"license-portal/organisation@1","source":"#;
    for endless in [
        format!("{begin}{}", "[".repeat(200_000)),
        format!("{begin}{}", "{\"a\":".repeat(200_000)),
        format!("{begin}\"{}", "x".repeat(3_000_000)),
        format!("key,name,parent\na,\"{}", "x\n".repeat(1_000_000)),
        format!("key,name,parent{}\n", ",x".repeat(100_000)),
    ] {
        let (_, entries) = read(endless.as_bytes());
        assert!(
            entries.iter().all(|entry| entry.record.is_err()),
            "{}",
            &endless[..60]
        );
    }
}
