//! Tickets selected in the list, to be moved together.

use domain::{ids::TicketId, tickets::MAX_TICKETS};
use leptos::prelude::*;

use crate::{
    ui::{desk::state::DeskState, tickets::selection::Selection},
    views::tickets::{TicketRow, bulk::Matching},
};

impl DeskState {
    /// The tickets shown.
    fn shown_rows(self) -> Vec<TicketRow> {
        self.list
            .with(|list| list.rows.iter().map(|shown| shown.row.clone()).collect())
    }

    /// What a drag of this ticket moves: all that are selected, if it is one of them.
    pub fn selected_with(self, ticket: TicketId) -> Option<Selection> {
        untrack(|| {
            if self.is_selected(ticket) {
                return self.selection();
            }
            let row = self.shown_rows().into_iter().find(|row| row.id() == ticket)?;
            Some(Selection::these(vec![row]))
        })
    }

    /// What is selected, if anything.
    pub fn selection(self) -> Option<Selection> {
        let mut rows = self.shown_rows();
        let all = self.all.get();
        if all.is_none() {
            rows.retain(|row| self.selected.with(|selected| selected.contains(&row.id())));
        }
        let selection = Selection { rows, all };
        (selection.count() > 0).then_some(selection)
    }

    /// Whether the ticket is selected.
    pub fn is_selected(self, ticket: TicketId) -> bool {
        self.all.with(Option::is_some) || self.selected.with(|selected| selected.contains(&ticket))
    }

    /// How many are selected.
    pub fn count_selected(self) -> usize {
        let selected = self.selected.with(std::collections::BTreeSet::len);
        self.all
            .with(|all| all.as_ref().map_or(selected, |all| all.count as usize))
    }

    /// All that the list holds, where they are few enough to be moved at once.
    pub fn matching(self) -> Option<Matching> {
        let total = self.list.with(|list| list.total);
        let count = u32::try_from(total).ok().filter(|count| *count > 0)?;
        let few = count as usize <= MAX_TICKETS;
        few.then(|| self.query.with(|query| Matching::of(query, count)))
    }

    /// Selects all that the list holds.
    pub fn select_all(self) {
        self.selected.set(Default::default());
        self.all.set(self.matching());
    }

    /// Selects one by one again: of all, those that are shown.
    pub fn select_singly(self) {
        if self.all.with_untracked(Option::is_some) {
            let shown = untrack(|| self.shown_rows()).iter().map(TicketRow::id).collect();
            self.selected.set(shown);
            self.all.set(None);
        }
    }

    /// Selects nothing.
    pub fn select_none(self) {
        self.selected.set(Default::default());
        self.all.set(None);
    }
}
