//! Dialogs; on a phone they are sheets at the bottom.

use leptos::{ev::MouseEvent, html::Dialog, prelude::*};

use crate::ui::kit::{icons::CrossIcon, language::use_language};

/// A dialog that the browser shows as long as it is said to be `open`.
pub fn dialog_while(open: impl Fn() -> bool + 'static) -> NodeRef<Dialog> {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let open = open();
        if let Some(dialog) = dialog.get() {
            show(&dialog, open);
        }
    });
    dialog
}

/// Closes a dialog by a click beside its contents, which is one on the dialog itself.
pub fn closed_beside(close: impl Fn() + 'static) -> impl Fn(MouseEvent) + 'static {
    move |event| {
        if event.target() == event.current_target() {
            close();
        }
    }
}

#[cfg(feature = "hydrate")]
fn show(dialog: &leptos::web_sys::HtmlDialogElement, open: bool) {
    if open && !dialog.open() {
        // Fails only for a dialog that is not in the page.
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}

#[cfg(not(feature = "hydrate"))]
fn show(_dialog: &leptos::web_sys::HtmlDialogElement, _open: bool) {}

/// What a dialog is about, and the button that closes it.
#[component]
pub fn SheetHead(
    /// What it is about.
    heading: String,
    /// The id of the heading, where it names the dialog.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Closes the dialog.
    close: impl Fn() + 'static,
) -> impl IntoView {
    let lang = use_language();
    view! {
        <div class="sheet-head">
            <h2 id=id>{heading}</h2>
            <button type="button" class="icon-btn" aria-label=lang.close() on:click=move |_| close()>
                <CrossIcon/>
            </button>
        </div>
    }
}
