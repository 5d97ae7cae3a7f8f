//! Amends the licences of selected tickets together, or, without wasm, those of all tickets listed.

use domain::ids::AmendmentId;
use leptos::prelude::*;

use crate::{
    ui::{
        desk::state::{DeskState, HEADING},
        kit::browser,
        licensing::amendments::{
            asked::{self, Subject},
            dialog::{AmendDialog, Amending, tell_made},
            offered::somewhere,
        },
        tickets::selection::Selection,
    },
    views::licensing::amendments::MAX_AMENDED,
};

/// The button that asks how to amend the licences of the selected tickets, for who may do that somewhere.
#[component]
pub fn AmendSelected() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let may = Memo::new(move |_| desk.me.with(|me| !somewhere(&me.actor).is_empty()));
    let open = move |_| {
        if let Some(selection) = untrack(|| desk.selection()) {
            desk.amend(&selection);
        }
    };
    view! {
        <button
            type="button"
            class="btn with-wasm"
            hidden=move || !may.get() || desk.count_selected() == 0
            on:click=open
        >
            {lang.amend_dots()}
            <span class="badge">{move || lang.count(desk.count_selected())}</span>
        </button>
    }
    .into_any()
}

impl DeskState {
    /// Asks how to amend the licences of these tickets.
    pub fn amend(self, selection: &Selection) {
        self.amending.set(Some(Amending {
            kinds: self.me.with_untracked(|me| somewhere(&me.actor)),
            subjects: Subject::of_tickets(self.lang, &selection.rows),
            quantity: None,
            and_more: selection.all.is_some(),
        }));
    }
}

/// Leads to the page that amends what the page lists: without wasm nothing can be selected here.
#[component]
pub fn AmendListed() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    move || {
        if desk.awake.get() {
            return None;
        }
        let kinds = desk.me.with(|me| somewhere(&me.actor));
        let kind = *kinds.first()?;
        let subjects = desk.list.with(|list| {
            let rows = list.rows.iter().map(|shown| shown.row.clone());
            Subject::of_tickets(lang, &rows.collect::<Vec<_>>())
        });
        if subjects.is_empty() || subjects.len() > MAX_AMENDED {
            return None;
        }
        let next = desk.query.with(|query| desk.address(query));
        let to = asked::address(&subjects, kind, &next);
        let words = lang.amend_all_listed(subjects.len());
        Some(view! { <a class="without-wasm" href=to>{words}</a> }.into_any())
    }
}

/// The dialog. It stands in the page once.
#[component]
pub fn Amender() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let again = Callback::new(move |()| desk.renew());
    let on_done = Callback::new(move |made: Vec<AmendmentId>| {
        desk.select_none();
        desk.renew();
        tell_made(desk.toasts, desk.lang, made, again);
        browser::focus_soon(vec![format!("#{HEADING}")]);
    });
    view! { <AmendDialog open=desk.amending on_done/> }.into_any()
}
