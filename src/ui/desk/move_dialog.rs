//! "Move to…": the choice of a new owner, by taps, keys or typing alone (experience 9).

use leptos::prelude::*;

use crate::{
    errors::words::explain_selection,
    ui::{
        kit::{
            dialog::{SheetHead, closed_beside, dialog_while},
            language::use_language,
        },
        tickets::{
            move_form::{MoveForm, TargetSearch},
            selection::Selection,
        },
    },
    views::tickets::Target,
};

/// The choice of a new owner in a dialog; on a phone a sheet at the bottom. Open while there are tickets in `moving`.
///
/// It stands in the page once. The browser keeps the focus inside, closes it on Esc, and gives the focus back.
#[component]
pub fn MoveDialog(
    /// The tickets to be moved.
    moving: RwSignal<Option<Selection>>,
    /// Gets the tickets and the choice.
    on_moved: Callback<(Selection, Target)>,
) -> impl IntoView {
    let lang = use_language();
    let dialog = dialog_while(move || moving.with(Option::is_some));
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-label=lang.move_to()
            on:close=move |_| moving.set(None)
            on:click=closed_beside(move || moving.set(None))
        >
            {move || {
                moving
                    .get()
                    .map(|selection| {
                        let heading = lang.move_what_to(&selection.words(lang));
                        view! {
                            <div class="sheet-body">
                                <SheetHead heading close=move || moving.set(None)/>
                                <Chooser selection moving on_moved/>
                            </div>
                        }
                    })
            }}
        </dialog>
    }
}

/// The form in the dialog.
#[component]
fn Chooser(
    selection: Selection,
    moving: RwSignal<Option<Selection>>,
    on_moved: Callback<(Selection, Target)>,
) -> impl IntoView {
    let lang = use_language();
    match selection.asked() {
        Ok(tickets) => {
            let on_chosen = Callback::new(move |target| {
                moving.set(None);
                on_moved.run((selection.clone(), target));
            });
            let search = TargetSearch::new(Signal::stored(Some(tickets.clone())), String::new());
            view! { <MoveForm tickets search next=String::new() on_moved=Some(on_chosen)/> }.into_any()
        }
        Err(why) => view! { <p class="problem">{explain_selection(lang, why)}</p> }.into_any(),
    }
}
