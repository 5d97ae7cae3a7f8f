//! What a move of many tickets would do, before it does it (N3): which may go, and why the others may not.

use domain::{
    access::Denied,
    tickets::{Activated, owners::Owner},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use crate::{
    api::tickets::bulk::{MoveAsPreviewed, preview_move},
    errors::words::{explain, why_not},
    i18n::{Language, format},
    ui::{
        desk::{
            DeskState,
            address::{Done, address},
            move_dialog::move_address,
            selection::Selection,
        },
        kit::{
            dialog::{SheetHead, dialog_while},
            forms::{Problem, failure},
            keys::form_key,
        },
        shell::session::use_language,
        tickets::activated::ActivatedChoice,
    },
    views::tickets::{
        Target,
        bulk::{Preview, Reason, Refused, TicketSelection},
    },
};

/// A move with the preview that was agreed to, and what becomes of activated licences.
pub type AgreedMove = ((Selection, Target), Preview, Option<Activated>);

fn words_of(lang: Language, refused: &Refused) -> String {
    let why = match refused.reason {
        Reason::Overtaken => lang.reason_overtaken(),
        Reason::Denied(Denied::Hidden) => lang.reason_hidden(),
        Reason::Denied(denied) => why_not(lang, &denied),
    };
    let examples: Vec<String> = refused.examples.iter().map(ToString::to_string).collect();
    lang.refused_with(refused.tickets, why, &examples)
}

/// What the server says would happen, and the button that has it happen.
///
/// Alone on its page it is a plain form. In the dialog the agreement goes to `on_agreed` instead.
#[component]
pub fn PreviewForm(
    /// The tickets.
    chosen: TicketSelection,
    /// The new owner.
    to: Owner,
    /// What the server says.
    preview: Preview,
    /// The page to show afterwards.
    next: String,
    /// Gets the agreement, instead of the server.
    #[prop(optional_no_strip)]
    on_agreed: Option<Callback<(Preview, Option<Activated>)>>,
) -> impl IntoView {
    let lang = use_language();
    let activated = RwSignal::new(None);
    let (allowed, refused) = (preview.allowed, preview.refused_tickets());
    let (then, now) = (chosen.count(), allowed as usize + refused as usize);
    let changed = (then != now).then(|| lang.list_has_changed(then, now));
    let reasons: Vec<_> = preview
        .refused
        .iter()
        .map(|refused| view! { <li>{words_of(lang, refused)}</li> })
        .collect();
    let button = if refused == 0 {
        lang.move_so_many(allowed)
    } else {
        lang.move_only_allowed(allowed)
    };
    let (seen, ask) = (preview.seen.to_string(), preview.activated > 0);
    // The browser asks for an answer before it submits.
    let on_submit = move |event: SubmitEvent| {
        if let Some(on_agreed) = on_agreed {
            event.prevent_default();
            on_agreed.run((preview.clone(), activated.get_untracked()));
        }
    };
    let only_permitted =
        (refused > 0).then(|| view! { <input type="hidden" name="only_permitted" value="true"/> });
    view! {
        <div class="preview" role="group" aria-label=lang.preview()>
            {changed.map(|changed| view! { <p class="problem" role="alert">{changed}</p> })}
            <p><strong>{lang.allowed_and_refused(allowed, refused)}</strong></p>
            <ul class="reasons">{reasons}</ul>
            {if allowed == 0 {
                view! { <p class="problem">{lang.nothing_permitted()}</p> }.into_any()
            } else {
                view! {
                    <form method="post" action=MoveAsPreviewed::url() on:submit=on_submit>
                        <input type="hidden" name="tickets" value=chosen.to_string()/>
                        <input type="hidden" name="to" value=to.to_string()/>
                        <input type="hidden" name="seen" value=seen/>
                        {only_permitted}
                        <input type="hidden" name="key" value=form_key()/>
                        <input type="hidden" name="next" value=Done::Moved.then(&next)/>
                        {ask.then(|| view! { <ActivatedChoice answer=activated/> })}
                        <p class="quiet">{lang.all_or_none()}</p>
                        <p class="actions">
                            <button class="btn primary">{button}</button>
                        </p>
                    </form>
                }
                    .into_any()
            }}
        </div>
    }
}

/// The preview on a page of its own: asks the server, and shows what it says.
#[component]
pub fn PreviewPage(
    /// The tickets.
    chosen: TicketSelection,
    /// The new owner.
    to: Owner,
    /// What the server says.
    preview: Preview,
    /// The page to show afterwards.
    next: String,
) -> impl IntoView {
    let lang = use_language();
    let refused = failure(ServerAction::<MoveAsPreviewed>::new().value());
    let back = move_address(&chosen, &next);
    view! {
        <p>{lang.goes_to()} ": " <strong>{format::holder(lang, &preview.to)}</strong></p>
        <Problem error=refused/>
        <PreviewForm chosen to preview next/>
        <p><a href=back>{lang.other_target()}</a></p>
    }
}

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
    let Ok(chosen) = selection.chosen() else {
        return view! { <p class="problem">{lang.too_many_selected()}</p> }.into_any();
    };
    let answer = {
        let chosen = chosen.clone();
        LocalResource::new(move || preview_move(chosen.clone(), to))
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
                let chosen = chosen.clone();
                Suspend::new(async move {
                    match answer.await {
                        Ok(preview) => {
                            let name = format::holder(lang, &preview.to);
                            view! {
                                <p>{lang.goes_to()} ": " <strong>{name}</strong></p>
                                <PreviewForm chosen to preview next=String::new() on_agreed=Some(agreed)/>
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

/// Selects all that the list holds, beyond the page; without wasm, leads to the page that moves them.
#[component]
pub fn SelectAll() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let total = move || desk.list.with(|list| list.total);
    let beyond = move || desk.count_picked() > 0 && total() > desk.count_picked() as u64;
    let plain = move || {
        let list = desk.matching()?;
        let words = lang.move_all_that_match(list.count as usize);
        let next = desk.query.with(address);
        let to = move_address(&TicketSelection::Matching(list), &next);
        Some(view! { <a class="without-wasm" href=to>{words}</a> })
    };
    view! {
        {move || {
            if desk.all.with(Option::is_some) {
                let clear = move |_| desk.pick_none();
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
                        let all = move |_| desk.pick_all();
                        view! { <button type="button" class="link with-wasm" on:click=all>{words}</button> }.into_any()
                    }
                    None => view! { <span>{lang.too_many_match()}</span> }.into_any(),
                },
            )
        }}
        {plain}
    }
}
