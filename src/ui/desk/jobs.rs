//! Moves as they are sent, and what is remembered of them to take them back.

use std::collections::BTreeMap;

use domain::{
    ids::{GroupId, TicketId},
    tickets::{Activated, owners::Owner},
};

use crate::{
    ui::desk::overlay::Change,
    views::{groups::tree::TreeRow, tickets::Target},
};

/// A move of tickets, on its way or done.
#[derive(Debug, Clone)]
pub struct Job {
    pub(super) key: String,
    pub(super) changes: Vec<Change>,
    pub(super) to: Target,
    /// What becomes of activated licences.
    pub(super) activated: Option<Activated>,
    /// It takes back the move with this key.
    pub(super) takes_back: Option<String>,
    /// Own moves of the same tickets that had not been answered when this one was sent.
    pub(super) behind: Vec<String>,
}

/// What Ctrl+Z takes back.
#[derive(Debug, Clone)]
pub(super) enum Undoable {
    Tickets(Job),
    Many {
        key: String,
        tickets: u32,
    },
    Group {
        group: TreeRow,
        back_to: Option<GroupId>,
        key: String,
    },
}

impl Undoable {
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Tickets(job) => &job.key,
            Self::Many { key, .. } | Self::Group { key, .. } => key,
        }
    }
}

/// Moves that were made here.
#[derive(Debug, Default)]
pub struct Moves {
    pub(super) undoable: Vec<Undoable>,
    /// Sent too early: an own move of the same ticket has yet to be answered.
    pub(super) waiting: Vec<Job>,
    /// Where the moves that succeeded brought their tickets.
    pub(super) done: BTreeMap<String, Vec<(TicketId, Owner)>>,
}
