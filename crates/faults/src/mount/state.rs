//! What happens on a mounted disk, and what fails.

use fuser::Errno;

use crate::disk::{Change, Disk, Inode};

/// What a program asks of the disk, and what may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Open,
    Create,
    Write,
    Resize,
    Sync,
    SyncFolder,
    Rename,
    Remove,
}

/// How it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// `EIO`.
    Broken,
    /// `ENOSPC`.
    Full,
}

/// Which operations fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The first that fails, counted from 1 since the fault was armed.
    pub first: u64,
    /// How many fail.
    pub count: u64,
    pub failure: Failure,
}

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Change(Change),
    /// What the test noted between two changes.
    Note(u64),
}

/// The disk, its record, and what is to fail.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) disk: Disk,
    pub(super) record: Vec<Line>,
    pub(super) fault: Option<Fault>,
    /// Operations since the fault was armed.
    pub(super) operations: u64,
    pub(super) failed: Vec<(Operation, String)>,
}

impl State {
    /// Lets the operation happen, or fail.
    pub(super) fn attempt(
        &mut self,
        operation: Operation,
        name: impl FnOnce(&Self) -> String,
    ) -> Result<(), Errno> {
        self.operations += 1;
        let Some(fault) = self.fault else {
            return Ok(());
        };
        if !(fault.first..fault.first.saturating_add(fault.count)).contains(&self.operations) {
            return Ok(());
        }
        let name = name(self);
        self.failed.push((operation, name));
        Err(match fault.failure {
            Failure::Broken => Errno::EIO,
            Failure::Full => Errno::ENOSPC,
        })
    }

    pub(super) fn happens(&mut self, change: Change) {
        self.disk.apply(&change);
        self.record.push(Line::Change(change));
    }

    pub(super) fn name_of(&self, inode: Inode) -> String {
        let found = self.disk.names().find(|(_, other)| *other == inode);
        found.map_or_else(|| format!("#{inode}"), |(name, _)| name.to_owned())
    }
}
