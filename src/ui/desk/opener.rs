//! What opens and closes something between the search and the list.

use leptos::prelude::*;

use crate::ui::desk::{
    address::{Panel, with_panel},
    state::DeskState,
};

/// A link that opens it, or closes it where it is open; so it works before wasm has loaded.
#[component]
pub fn Opener(panel: Panel, children: Children) -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let is_open = move || desk.panel.get() == Some(panel);
    let to = move || {
        let address = desk.query.with(|query| desk.address_without_panel(query));
        with_panel(address, (!is_open()).then_some(panel))
    };
    view! {
        <a
            class="btn"
            data-opens=panel.name()
            aria-expanded=move || is_open().to_string()
            href=to
            data-noscroll=""
        >
            {children()}
        </a>
    }
    .into_any()
}
