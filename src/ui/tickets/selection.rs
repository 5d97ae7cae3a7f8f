//! Tickets selected to be moved together.

use domain::tickets::{InvalidSelection, SelectedTickets};

use crate::{
    i18n::{Language, format},
    views::tickets::{
        TicketRow,
        bulk::{Matching, TicketSelection},
    },
};

/// Tickets selected to be moved together.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Those of them that are shown, as they were then.
    pub rows: Vec<TicketRow>,
    /// They are all that the list holds, beyond the page that is shown.
    pub all: Option<Matching>,
}

impl Selection {
    #[must_use]
    pub const fn these(rows: Vec<TicketRow>) -> Self {
        Self { rows, all: None }
    }

    #[must_use]
    pub fn count(&self) -> usize {
        match &self.all {
            Some(all) => all.count as usize,
            None => self.rows.len(),
        }
    }

    /// As the server is told: with the owners seen, or by what the list asks for.
    ///
    /// # Errors
    /// [`InvalidSelection`] when there are none or too many.
    pub fn asked(&self) -> Result<TicketSelection, InvalidSelection> {
        match &self.all {
            Some(all) => Ok(TicketSelection::Matching(all.clone())),
            None => selection_of(&self.rows).map(TicketSelection::These),
        }
    }

    /// What is being moved, in a few words.
    #[must_use]
    pub fn words(&self, lang: Language) -> String {
        match &self.all {
            Some(all) => lang.count_tickets(u64::from(all.count)),
            None => what(lang, &self.rows),
        }
    }
}

/// Some tickets in a few words.
#[must_use]
pub fn what(lang: Language, rows: &[TicketRow]) -> String {
    match rows {
        [row] => format::licenses(lang, &row.licenses),
        _ => lang.count_tickets(rows.len() as u64),
    }
}

/// The tickets, with the owners that the reader sees.
///
/// # Errors
/// [`InvalidSelection`] when there are none or too many.
pub fn selection_of(rows: &[TicketRow]) -> Result<SelectedTickets, InvalidSelection> {
    SelectedTickets::new(rows.iter().map(|row| (row.id(), row.owner())).collect())
}
