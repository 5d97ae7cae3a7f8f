//! What opens and closes something between the search and the list.

use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::ui::{
    desk::{
        address::{Panel, with_panel},
        state::DeskState,
    },
    kit::browser,
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

/// What opens: its one part gets the focus of the link that opened it, so that keys go on in it, and gives it back on Escape.
#[component]
pub fn Opened(
    panel: Panel,
    /// With one element, which can have the focus.
    children: ChildrenFn,
) -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let navigate = use_navigate();
    let opener = format!("[data-opens=\"{}\"]", panel.name());
    let escaped = {
        let opener = opener.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                let to = desk
                    .query
                    .with_untracked(|query| desk.address_without_panel(query));
                let options = NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                };
                navigate(&to, options);
                browser::focus_soon(vec![opener.clone()]);
            }
        }
    };
    move || {
        (desk.panel.get() == Some(panel)).then(|| {
            if browser::focus_is_within(&opener) {
                browser::focus_soon(vec![format!("[data-panel=\"{}\"] > *", panel.name())]);
            }
            view! {
                <div class="opened" data-panel=panel.name() on:keydown=escaped.clone()>
                    {children()}
                </div>
            }
            .into_any()
        })
    }
}
