//! Requests to take tickets back that nobody uses (N18).

use domain::{
    ids::{GroupId, TakeBackId, TicketId},
    licensing::{
        licenses::License,
        take_backs::{TakeBackState, WAIT_DAYS},
    },
    tickets::{Holder, codes::TicketCode},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Lines on a page of requests.
pub const TAKE_BACKS_PAGE: u32 = 50;

/// Which requests are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct TakeBackQuery {
    /// The open one of this ticket; of all those that wait for the reader, and the reader's own, where it is missing.
    pub ticket: Option<TicketId>,
    /// The page, from 0.
    pub page: u32,
}

/// Tickets that somebody wants back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct NewTakeBack {
    /// At most 100.
    pub tickets: Vec<TicketId>,
    /// The group that gets them; where it is missing, each goes to the group that it came through.
    pub to: Option<GroupId>,
    /// How many days whoever has them has to answer: 1 to 60.
    pub days: u32,
}

impl Default for NewTakeBack {
    fn default() -> Self {
        Self {
            tickets: Vec::new(),
            to: None,
            days: WAIT_DAYS,
        }
    }
}

/// A request, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TakeBackRow {
    pub id: TakeBackId,
    pub ticket: TicketId,
    /// The code of the ticket.
    pub code: TicketCode,
    /// What is in it.
    pub licenses: Vec<License>,
    /// Who had it when it was asked for.
    pub from: Holder,
    /// Who is to get it.
    pub to: Holder,
    /// Who asked, where the reader may know of them.
    pub by: Option<String>,
    pub asked_at: Timestamp,
    /// When it moves.
    pub due_at: Timestamp,
    pub state: TakeBackState,
    pub ended_at: Option<Timestamp>,
    /// The reader answers for who has the ticket: keeps it, or gives it back.
    pub answers: bool,
    /// The reader asked.
    pub mine: bool,
    /// The key by which the reader undoes the move that it led to.
    pub undo_key: Option<String>,
}

/// A page of requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TakeBackPage {
    /// What waits first, then what ended last; at most [`TAKE_BACKS_PAGE`].
    pub rows: Vec<TakeBackRow>,
    /// How many there are on all pages together.
    pub total: u64,
}

/// What somebody is mailed about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBackNews {
    pub ticket: TicketId,
    /// What is in the ticket; nothing where they see it no more.
    pub licenses: Vec<License>,
    /// Who asked, where they may know of them.
    pub by: Option<String>,
    /// When it moves.
    pub due_at: Timestamp,
    pub state: TakeBackState,
}
