//! Between the heading and the list: the search, the switch "with subgroups", and what opens the filter.

use domain::groups::tree::Node;
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use crate::{
    ui::{
        desk::{
            columns::{ColumnsButton, ColumnsPanel},
            filter::{Chips, FilterButton, FilterPanel},
            kept::kept,
            saved::{ViewsButton, ViewsPanel},
            state::DeskState,
        },
        kit::{browser, forms::TYPING_PAUSE, icons::SearchIcon},
    },
    views::{addresses, tickets::TicketQuery},
};

/// Search, and the switch "with subgroups".
#[component]
pub fn Tools() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let input = NodeRef::<Input>::new();
    let typed = StoredValue::new(0_u32);
    let search = move |text: String| {
        let query = desk.query.get_untracked();
        if query.search != text.trim() {
            desk.replace(&TicketQuery {
                search: text.trim().to_owned(),
                page: 0,
                ..query
            });
        }
    };
    // Back and forward change what is searched for; while somebody types, the typing leads.
    Effect::new(move |_| {
        let asked = desk.query.with(|query| query.search.clone());
        if let Some(input) = input.get()
            && !browser::focus_is_within(".ticket-search")
        {
            input.set_value(&asked);
        }
    });
    let keep = move || kept(desk, &["q", "page"]);
    let switched = move || {
        desk.query.with(|query| TicketQuery {
            below: !query.below,
            page: 0,
            ..query.clone()
        })
    };
    view! {
        <div class="tools">
            <form
                class="ticket-search"
                role="search"
                method="get"
                action=move || desk.query.with(|query| addresses::tickets(query.node))
                on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    if let Some(input) = input.get_untracked() {
                        search(input.value());
                    }
                }
            >
                {keep}
                <span class="field">
                    <SearchIcon/>
                    <input
                        type="search"
                        name="q"
                        node_ref=input
                        autocomplete="off"
                        aria-label=lang.search_tickets()
                        placeholder=lang.search_tickets_hint()
                        value=desk.query.with_untracked(|query| query.search.clone())
                        on:input:target=move |event| {
                            let text = event.target().value();
                            typed.update_value(|typed| *typed += 1);
                            let this = typed.get_value();
                            set_timeout(
                                move || {
                                    if typed.try_get_value() == Some(this) {
                                        search(text);
                                    }
                                },
                                TYPING_PAUSE,
                            );
                        }
                    />
                </span>
                <button class="btn without-wasm">{lang.search()}</button>
            </form>
            {move || {
                matches!(desk.query.with(|query| query.node), Node::Group(_))
                    .then(|| {
                        view! {
                            <a
                                class="switch"
                                role="switch"
                                aria-checked=move || desk.query.with(|query| query.below).to_string()
                                href=move || desk.address(&switched())
                                data-noscroll=""
                                on:keydown=move |event| {
                                    if event.key() == " " {
                                        event.prevent_default();
                                        desk.show(&switched());
                                    }
                                }
                            >
                                <i aria-hidden="true"></i>
                                {lang.with_subgroups()}
                            </a>
                        }
                    })
            }}
            <ViewsButton/>
            <FilterButton/>
            <ColumnsButton/>
        </div>
        <ViewsPanel/>
        <Chips/>
        <FilterPanel/>
        <ColumnsPanel/>
    }
}
