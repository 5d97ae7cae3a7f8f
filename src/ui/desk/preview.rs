//! What a move of many tickets would do, before it does it (N3): which may go, and why the others may not.

use domain::tickets::Activated;
use leptos::prelude::*;

use crate::{
    api::tickets::bulk::preview_move,
    errors::words::explain,
    i18n::format,
    ui::{
        kit::{
            dialog::{SheetHead, dialog_while},
            language::use_language,
        },
        tickets::{preview::PreviewForm, selection::Selection},
    },
    views::tickets::{Target, bulk::Preview},
};

/// A move with the preview that was agreed to, and what becomes of activated licences.
pub type AgreedMove = ((Selection, Target), Preview, Option<Activated>);

/// The preview in a dialog. Open while there is a move in `previewing`; Esc leaves the tickets where they are.
///
/// It stands in the page once.
#[component]
pub fn PreviewDialog(
    /// The tickets, and where they are to go.
    previewing: RwSignal<Option<(Selection, Target)>>,
    /// Gets the agreement.
    on_agreed: Callback<AgreedMove>,
) -> impl IntoView {
    let lang = use_language();
    let dialog = dialog_while(move || previewing.with(Option::is_some));
    view! {
        <dialog class="sheet" node_ref=dialog aria-label=lang.preview() on:close=move |_| previewing.set(None)>
            {move || {
                previewing
                    .get()
                    .map(|(selection, target)| {
                        let heading = lang.move_what_to(&selection.words(lang));
                        view! {
                            <div class="sheet-body">
                                <SheetHead heading close=move || previewing.set(None)/>
                                <Asked selection target previewing on_agreed/>
                            </div>
                        }
                    })
            }}
        </dialog>
    }
}

/// Asks the server, and shows what it says.
#[component]
fn Asked(
    selection: Selection,
    target: Target,
    previewing: RwSignal<Option<(Selection, Target)>>,
    on_agreed: Callback<AgreedMove>,
) -> impl IntoView {
    let lang = use_language();
    let to = target.place.owner();
    let Ok(tickets) = selection.asked() else {
        return view! { <p class="problem">{lang.too_many_selected()}</p> }.into_any();
    };
    let answer = {
        let tickets = tickets.clone();
        LocalResource::new(move || preview_move(tickets.clone(), to))
    };
    let agreed = Callback::new(move |(preview, activated)| {
        previewing.set(None);
        on_agreed.run(((selection.clone(), target.clone()), preview, activated));
    });
    view! {
        <Suspense fallback=move || {
            view! { <Progress words=lang.preview_loading().to_owned()/> }
        }>
            {move || {
                let tickets = tickets.clone();
                Suspend::new(async move {
                    match answer.await {
                        Ok(preview) => {
                            let name = format::holder(lang, &preview.to);
                            view! {
                                <p>{lang.goes_to()} ": " <strong>{name}</strong></p>
                                <PreviewForm tickets to preview next=String::new() on_agreed=Some(agreed)/>
                            }
                                .into_any()
                        }
                        Err(error) => {
                            view! { <p class="problem" role="alert">{explain(lang, &error)}</p> }.into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// Something takes a while, nobody knows how long.
#[component]
fn Progress(words: String) -> impl IntoView {
    view! {
        <p class="working" role="status">
            <progress aria-label=words.clone()></progress>
            <span>{words}</span>
        </p>
    }
}

/// What the server does that takes a while.
#[component]
pub fn Working(
    /// In words, while it does.
    words: RwSignal<Option<String>>,
) -> impl IntoView {
    move || words.get().map(|words| view! { <Progress words/> })
}
