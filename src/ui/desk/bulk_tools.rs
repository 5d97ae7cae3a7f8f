//! What else can be done with the selected tickets, beside moving them.

use domain::access;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::tickets::bulk::protect_tickets,
    ui::{
        desk::state::{DeskState, HEADING},
        kit::{browser, copy::to_clipboard},
        tickets::selection::selection_of,
    },
    views::{addresses, tickets::TicketRow},
};

/// Protected mode on and off, and the codes. Of tickets beyond the page nothing is known here, so nothing is offered.
#[component]
pub fn BulkTools() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let rows = Memo::new(move |_| {
        let selection = desk.selection().filter(|selection| selection.all.is_none());
        selection.map(|selection| selection.rows).unwrap_or_default()
    });
    let switch = move |on: bool| {
        let rows = rows.with(|rows| desk.switchable(rows, on));
        (!rows.is_empty()).then(|| {
            let words = lang.protect_selected(on, rows.len());
            let act = move |_| desk.protect_all(rows.clone(), on);
            view! { <button type="button" class="link with-wasm" on:click=act>{words}</button> }
        })
    };
    let copy = move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            let n = rows.len();
            let act = move |_| desk.copy_codes(&rows);
            view! { <button type="button" class="link with-wasm" on:click=act>{lang.copy_codes(n)}</button> }
        })
    };
    // These, or all that the list holds.
    let export = move || {
        let selection = desk.selection()?;
        let file = addresses::tickets_file(&selection.asked().ok()?);
        let words = lang.export_selected(selection.count());
        Some(view! { <a class="with-wasm" href=file download rel="external">{words}</a> })
    };
    view! {
        {move || switch(true)}
        {move || switch(false)}
        {copy}
        {export}
    }
    .into_any()
}

impl DeskState {
    /// Those of the tickets that can be switched: the policy answers here, and once more on the server.
    pub fn switchable(self, rows: &[TicketRow], on: bool) -> Vec<TicketRow> {
        self.me.with(|me| {
            let may = |row: &&TicketRow| {
                row.facts.protected != on && access::authorize_protection(&me.actor, &row.facts, on).is_ok()
            };
            rows.iter().filter(may).cloned().collect()
        })
    }

    /// Copies the codes of these, a line each.
    pub fn copy_codes(self, rows: &[TicketRow]) {
        let codes: Vec<String> = rows.iter().map(|row| row.code.to_string()).collect();
        to_clipboard(&codes.join("\n"));
        self.toasts.show(self.lang.codes_copied(codes.len()), None);
    }

    /// Switches protected mode of these: of all or of none.
    pub fn protect_all(self, rows: Vec<TicketRow>, on: bool) {
        let Ok(tickets) = selection_of(&rows) else { return };
        spawn_local(async move {
            match protect_tickets(tickets, on).await {
                Ok(changed) => {
                    let back = Callback::new(move |()| self.protect_all(rows.clone(), !on));
                    self.toasts
                        .show(self.lang.protection_switched(on, changed as usize), Some(back));
                    browser::focus_soon(vec![format!("#{HEADING}")]);
                    self.renew_list();
                }
                Err(error) => {
                    self.trouble(&error, None);
                    self.renew_list();
                }
            }
        });
    }
}
