//! The entries of a file, on their way from who reads them to who works on them.

use domain::instance::imports::MAX_ENTRY;
use tokio::sync::mpsc;

use crate::{
    ops::instance::organisation::file::{FileGroup, FileMembership, FileProduct, FileTicket, FileUser},
    views::instance::imports::LineProblem,
};

/// Entries that are worked on at once.
const BATCH: usize = 500;

/// An entry of a file.
pub(crate) struct Entry {
    /// The line in which it begins.
    pub(crate) line: u64,
    /// What stands there.
    pub(crate) record: Result<Record, LineProblem>,
}

/// What stands in an entry.
pub(crate) enum Record {
    Product(FileProduct),
    Group(FileGroup),
    User(FileUser),
    Membership(FileMembership),
    Ticket(FileTicket),
}

/// Takes entries to whoever works on them, some at a time.
pub(crate) struct Sink {
    batch: Vec<Entry>,
    bytes: u64,
    to: mpsc::Sender<Vec<Entry>>,
}

/// Nobody works on them any more.
pub(crate) struct Unwanted;

impl Sink {
    /// An empty one.
    pub(super) const fn new(to: mpsc::Sender<Vec<Entry>>) -> Self {
        Self {
            batch: Vec::new(),
            bytes: 0,
            to,
        }
    }

    /// One more, of so many bytes.
    pub(crate) fn put(&mut self, entry: Entry, bytes: u64) -> Result<(), Unwanted> {
        self.batch.push(entry);
        self.bytes += bytes;
        if self.batch.len() >= BATCH || self.bytes >= u64::try_from(MAX_ENTRY).unwrap_or(u64::MAX) {
            self.send()
        } else {
            Ok(())
        }
    }

    /// Sends what there is.
    pub(super) fn send(&mut self) -> Result<(), Unwanted> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        self.to.blocking_send(batch).map_err(|_| Unwanted)
    }
}
