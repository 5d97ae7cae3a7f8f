//! Selects all that the list holds, beyond the page.

use leptos::prelude::*;

use crate::{
    ui::desk::state::DeskState,
    views::{addresses, tickets::bulk::TicketSelection},
};

/// Selects all that the list holds, beyond the page; without wasm, leads to the page that moves them.
#[component]
pub fn SelectAll() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let total = move || desk.list.with(|list| list.total);
    let beyond = move || desk.count_selected() > 0 && total() > desk.count_selected() as u64;
    let plain = move || {
        let list = desk.matching()?;
        let words = lang.move_all_that_match(list.count as usize);
        let next = desk.query.with(|query| desk.address(query));
        let to = addresses::move_tickets(&TicketSelection::Matching(list), &next);
        Some(view! { <a class="without-wasm" href=to>{words}</a> })
    };
    view! {
        {move || {
            if desk.all.with(Option::is_some) {
                let clear = move |_| desk.select_none();
                return Some(
                    view! { <button type="button" class="link with-wasm" on:click=clear>{lang.clear_selection()}</button> }
                        .into_any(),
                );
            }
            if !beyond() {
                return None;
            }
            Some(
                match desk.matching() {
                    Some(list) => {
                        let words = lang.select_all_that_match(list.count as usize);
                        let all = move |_| desk.select_all();
                        view! { <button type="button" class="link with-wasm" on:click=all>{words}</button> }.into_any()
                    }
                    None => view! { <span>{lang.too_many_match()}</span> }.into_any(),
                },
            )
        }}
        {plain}
    }
}
