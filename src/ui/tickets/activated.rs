//! What becomes of activated licences when their ticket moves (settled reading): they stay, or are taken back first.

use domain::tickets::Activated;
use leptos::prelude::*;

use crate::{
    ui::{
        kit::{dialog::dialog_while, language::use_language},
        tickets::selection::what,
    },
    views::tickets::{Target, TicketRow},
};

/// The question in a form.
#[component]
pub fn ActivatedChoice(
    /// Gets the answer, where the form is not sent.
    #[prop(optional)]
    answer: Option<RwSignal<Option<Activated>>>,
) -> impl IntoView {
    let lang = use_language();
    let choice = |value: &'static str, label: &'static str, means: Activated| {
        let tell = move |_| {
            if let Some(answer) = answer {
                answer.set(Some(means));
            }
        };
        view! {
            <label class="check">
                <input type="radio" name="activated" value=value required on:change=tell/>
                {label}
            </label>
        }
    };
    view! {
        <fieldset class="activated">
            <legend>{lang.still_activated()}</legend>
            {choice("keep", lang.keep_activated(), Activated::Keep)}
            {choice("deactivate", lang.deactivate_first(), Activated::Deactivate)}
        </fieldset>
    }
}

/// Tickets, where they go, and what becomes of their activated licences.
pub type Answered = (Vec<TicketRow>, Target, Activated);

/// The question in a dialog. Open while there are tickets in `asking`; Esc leaves them where they are.
///
/// It stands in the page once.
#[component]
pub fn ActivatedDialog(
    /// The tickets that wait for the answer, and where they go.
    asking: RwSignal<Option<(Vec<TicketRow>, Target)>>,
    on_answer: Callback<Answered>,
) -> impl IntoView {
    let lang = use_language();
    let dialog = dialog_while(move || asking.with(Option::is_some));
    let answer = move |activated: Activated| {
        if let Some((rows, target)) = asking.get_untracked() {
            asking.set(None);
            on_answer.run((rows, target, activated));
        }
    };
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-label=lang.activated_licenses()
            on:close=move |_| asking.set(None)
        >
            {move || {
                asking
                    .get()
                    .map(|(rows, _)| {
                        view! {
                            <div class="sheet-body">
                                <div class="sheet-head">
                                    <h2>{lang.move_what_to(&what(lang, &rows))}</h2>
                                </div>
                                <p>{lang.still_activated()}</p>
                                <p class="actions">
                                    <button type="button" class="btn primary" on:click=move |_| answer(Activated::Keep)>
                                        {lang.keep_activated()}
                                    </button>
                                    <button type="button" class="btn" on:click=move |_| answer(Activated::Deactivate)>
                                        {lang.deactivate_first()}
                                    </button>
                                    <button type="button" class="btn plain" on:click=move |_| asking.set(None)>
                                        {lang.do_not_move()}
                                    </button>
                                </p>
                            </div>
                        }
                    })
            }}
        </dialog>
    }
}
