//! Tickets picked in the list, to be moved together.

use domain::{
    ids::TicketId,
    tickets::{InvalidSelection, MAX_TICKETS, SelectedTickets},
};
use leptos::prelude::*;

use crate::{
    i18n::{Language, format},
    ui::desk::DeskState,
    views::tickets::{
        TicketRow,
        bulk::{Matching, TicketSelection},
    },
};

/// Tickets picked to be moved together.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Those of them that are shown, as they were then.
    pub rows: Vec<TicketRow>,
    /// They are all that the list holds, beyond the page that is shown.
    pub all: Option<Matching>,
}

impl Selection {
    /// These.
    #[must_use]
    pub const fn these(rows: Vec<TicketRow>) -> Self {
        Self { rows, all: None }
    }

    /// How many.
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
    pub fn chosen(&self) -> Result<TicketSelection, InvalidSelection> {
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

impl DeskState {
    /// The tickets shown.
    fn shown_rows(self) -> Vec<TicketRow> {
        self.list
            .with(|list| list.rows.iter().map(|shown| shown.row.clone()).collect())
    }

    /// What a drag of this ticket moves: all that are picked, if it is one of them.
    pub fn picked_with(self, ticket: TicketId) -> Option<Selection> {
        untrack(|| {
            if self.is_picked(ticket) {
                return self.selection();
            }
            let row = self.shown_rows().into_iter().find(|row| row.id() == ticket)?;
            Some(Selection::these(vec![row]))
        })
    }

    /// What is picked, if anything.
    pub fn selection(self) -> Option<Selection> {
        let mut rows = self.shown_rows();
        let all = self.all.get();
        if all.is_none() {
            rows.retain(|row| self.chosen.with(|chosen| chosen.contains(&row.id())));
        }
        let selection = Selection { rows, all };
        (selection.count() > 0).then_some(selection)
    }

    /// Whether the ticket is picked.
    pub fn is_picked(self, ticket: TicketId) -> bool {
        self.all.with(Option::is_some) || self.chosen.with(|chosen| chosen.contains(&ticket))
    }

    /// How many are picked.
    pub fn count_picked(self) -> usize {
        let chosen = self.chosen.with(std::collections::BTreeSet::len);
        self.all
            .with(|all| all.as_ref().map_or(chosen, |all| all.count as usize))
    }

    /// All that the list holds, where they are few enough to be moved at once.
    pub fn matching(self) -> Option<Matching> {
        let total = self.list.with(|list| list.total);
        let count = u32::try_from(total).ok().filter(|count| *count > 0)?;
        let few = count as usize <= MAX_TICKETS;
        few.then(|| self.query.with(|query| Matching::of(query, count)))
    }

    /// Picks all that the list holds.
    pub fn pick_all(self) {
        self.chosen.set(Default::default());
        self.all.set(self.matching());
    }

    /// Picks one by one again: of all, those that are shown.
    pub fn pick_singly(self) {
        if self.all.with_untracked(Option::is_some) {
            let shown = untrack(|| self.shown_rows()).iter().map(TicketRow::id).collect();
            self.chosen.set(shown);
            self.all.set(None);
        }
    }

    /// Picks nothing.
    pub fn pick_none(self) {
        self.chosen.set(Default::default());
        self.all.set(None);
    }
}
