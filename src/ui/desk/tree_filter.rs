//! The filter of the tree: a field, and what was found.

use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html::Input,
    prelude::*,
};

use crate::{
    errors::words::explain,
    ui::{
        desk::{address::FIND, finding::FIELD, kept::kept, state::DeskState},
        drag::board::Board,
        kit::{browser, forms::TYPING_PAUSE, icons::SearchIcon},
    },
    views::{addresses, groups::tree::FOUND},
};

/// The field. It is a form that reads, so that it works before wasm has loaded.
#[component]
pub fn TreeFilter() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let input = NodeRef::<Input>::new();
    let typed = StoredValue::new(0_u32);
    // Back, forward and the link that clears change what is searched for; while somebody types, the typing leads.
    Effect::new(move |_| {
        let asked = desk.finding.asked.get();
        if let Some(input) = input.get()
            && !browser::focus_is_within(FIELD)
        {
            input.set_value(&asked);
        }
    });
    let path = move || {
        if desk.at_root.get() {
            addresses::HOME.to_owned()
        } else {
            desk.query.with(|query| addresses::tickets(query.node))
        }
    };
    let keep = move || kept(desk, &[FIND]);
    let ask = move || {
        typed.update_value(|typed| *typed += 1);
        if let Some(input) = input.get_untracked() {
            desk.ask_for(&input.value());
        }
    };
    let clear = move || {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        ask();
    };
    let on_key = move |event: KeyboardEvent| {
        // A drag by keys listens for itself; one by pointer ends before anything is cleared.
        if desk.drags() && !desk.drags_by_keys() {
            return;
        }
        let holds_text = input
            .get_untracked()
            .is_some_and(|input| !input.value().is_empty());
        match event.key().as_str() {
            "Escape" if holds_text => clear(),
            "ArrowDown" if !desk.drags() => {
                ask();
                let Some(node) = untrack(|| desk.tab_stop()) else {
                    return;
                };
                desk.focus_node(node);
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <form
            class="tree-filter"
            method="get"
            action=path
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                ask();
            }
        >
            {keep}
            <span class="field">
                <SearchIcon/>
                <input
                    id="tree-filter"
                    type="search"
                    name=FIND
                    node_ref=input
                    autocomplete="off"
                    aria-label=lang.filter_tree()
                    aria-describedby="tree-found"
                    placeholder=lang.filter_tree()
                    value=desk.finding.asked.get_untracked()
                    on:keydown=on_key
                    on:input=move |_| {
                        typed.update_value(|typed| *typed += 1);
                        let this = typed.get_value();
                        set_timeout(
                            move || {
                                if typed.try_get_value() == Some(this) {
                                    ask();
                                }
                            },
                            TYPING_PAUSE,
                        );
                    }
                />
            </span>
            <button class="btn without-wasm">{lang.filter()}</button>
        </form>
        <WhatWasFound input/>
    }
}

/// How many were found, whether there are more, and the way back to the whole tree.
#[component]
fn WhatWasFound(input: NodeRef<Input>) -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let finding = desk.finding;
    let words = move || {
        finding.found.with(|found| {
            let found = found.as_ref()?;
            Some(match found.count() {
                0 => lang.nothing_found_in_tree(&found.text),
                _ if found.more => lang.first_found_in_tree(FOUND),
                n => lang.found_in_tree(n),
            })
        })
    };
    let problem = move || {
        let error = finding.error.get()?;
        Some(
            view! {
                <p class="tree-found" role="alert">
                    {explain(lang, &error)} " "
                    <button type="button" class="link with-wasm" on:click=move |_| desk.find()>{lang.try_again()}</button>
                </p>
            }
            .into_any(),
        )
    };
    let clear = move || {
        let asks = finding.asked.with(|asked| !asked.is_empty());
        asks.then(|| {
            view! {
                <a
                    class="clear"
                    href=move || desk.find_address("")
                    data-noscroll=""
                    on:click=move |_| {
                        // The field leads while it has the focus.
                        if let Some(input) = input.get_untracked() {
                            input.set_value("");
                        }
                        browser::focus_soon(vec![FIELD.to_owned()]);
                    }
                >
                    {lang.clear_tree_filter()}
                </a>
            }
            .into_any()
        })
    };
    view! {
        <p class="tree-found" class:stale=finding.loading>
            <span id="tree-found" role="status">{words}</span>
            {clear}
        </p>
        {problem}
    }
}
