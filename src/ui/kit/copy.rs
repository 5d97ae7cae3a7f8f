//! Copies a text.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::kit::{
    icons::{CheckIcon, CopyIcon},
    language::use_language,
};

/// How long it is said that the text was copied.
const COPIED: Duration = Duration::from_secs(2);

/// Copies a text to the clipboard; hidden by style until the page is alive.
#[component]
pub fn CopyButton(
    text: String,
    /// The name of the button, where the text does not name it.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let lang = use_language();
    let copied = RwSignal::new(false);
    let name = label.map_or_else(|| lang.copy_code(&text), str::to_owned);
    view! {
        <button
            type="button"
            class="icon-btn copy"
            aria-label=name.clone()
            title=name
            on:click=move |_| {
                to_clipboard(&text);
                copied.set(true);
                set_timeout(move || { copied.try_set(false); }, COPIED);
            }
        >
            {move || if copied.get() { view! { <CheckIcon/> }.into_any() } else { view! { <CopyIcon/> }.into_any() }}
            <span class="hidden" role="status">{move || copied.get().then(|| lang.copied())}</span>
        </button>
    }
}

/// A code in the head of a page, behind the name that leads, and what copies it.
#[component]
pub fn HeadCode(code: String) -> impl IntoView {
    view! {
        <span class="head-code">
            <span class="mono">{code.clone()}</span>
            <CopyButton text=code/>
        </span>
    }
}

/// Copies the text.
#[cfg(feature = "hydrate")]
pub fn to_clipboard(text: &str) {
    // The promise fails only without the permission; then there is nothing to be done.
    let _ = window().navigator().clipboard().write_text(text);
}

/// Copies the text.
#[cfg(not(feature = "hydrate"))]
pub fn to_clipboard(_text: &str) {}
