//! The dialog that asks how licences are to be amended, shows what would come of it, and has it done.

use domain::ids::AmendmentId;
use leptos::{
    ev::{Event, MouseEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
    web_sys::{Element, FormData, HtmlFormElement},
};

use crate::{
    api::licensing::amendments::{amend_licenses, preview_amendment, undo_amendments},
    errors::{ApiError, words::explain},
    i18n::Language,
    ui::{
        kit::{
            browser,
            dialog::{SheetHead, dialog_while},
            forms::Problem,
            keys::fresh_key,
            language::use_language,
            toast::Toasts,
        },
        licensing::amendments::{
            asked::{Asked, Subject, kind_word, what},
            fields::Fields,
            preview::{LeaveOut, Outlook},
        },
    },
    views::licensing::amendments::{
        AmendedLicense, AmendmentKind, AmendmentPreview, MAX_AMENDED, NewAmendment,
    },
};

/// What the dialog is opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amending {
    /// What can be done, the first of them at first.
    pub kinds: Vec<AmendmentKind>,
    pub subjects: Vec<Subject>,
    /// How many there are now, of one licence.
    pub quantity: Option<u32>,
    /// There are others besides, which the page does not know one by one.
    pub and_more: bool,
}

/// Opens the dialog in the place of a link to the page that asks the same; but not where the link is to open elsewhere.
pub fn opens(event: &MouseEvent, open: RwSignal<Option<Amending>>, amending: impl FnOnce() -> Amending) {
    let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.button() == 0 && !elsewhere {
        event.prevent_default();
        open.set(Some(amending()));
    }
}

/// The dialog; on a phone a sheet at the bottom. Open while there is something in `open`; Esc leaves all as it is.
///
/// It stands in the page once.
#[component]
pub fn AmendDialog(
    open: RwSignal<Option<Amending>>,
    /// Gets what was made.
    on_done: Callback<Vec<AmendmentId>>,
) -> impl IntoView {
    let lang = use_language();
    let dialog = dialog_while(move || open.with(Option::is_some));
    view! {
        <dialog class="sheet" node_ref=dialog aria-label=lang.amend_title() on:close=move |_| open.set(None)>
            {move || {
                open.get()
                    .map(|amending| view! { <Asking amending open on_done/> }.into_any())
            }}
        </dialog>
    }
}

/// What the server says of something that was asked for.
type Answer = Option<(Asked, Vec<Subject>, Result<Vec<AmendmentPreview>, ApiError>)>;

/// An amendment that was agreed to, with its idempotency key: the same again is the same attempt.
type Attempt = Option<(NewAmendment, String)>;

/// The field that gets the focus: the first of these that there is.
const FIRST: [&str; 5] = [
    ".amending select[name=kind]",
    ".amending [name=until]",
    ".amending [name=quantity]",
    ".amending [name=term]:checked",
    ".amending [name=when]:checked",
];

#[component]
fn Asking(
    amending: Amending,
    open: RwSignal<Option<Amending>>,
    on_done: Callback<Vec<AmendmentId>>,
) -> impl IntoView {
    let lang = use_language();
    let Amending {
        kinds,
        subjects,
        quantity,
        and_more,
    } = amending;
    let kind = kinds.first().copied().unwrap_or(AmendmentKind::Renew);
    let head = if kinds.len() > 1 {
        lang.amend_title()
    } else {
        kind_word(lang, kind)
    };
    let heading = lang.permission_of(head, &what(lang, &subjects));
    let close = move || open.set(None);
    // What is asked for first, not the button that closes.
    Effect::new(|_| browser::focus_soon(FIRST.map(str::to_owned).to_vec()));
    if and_more || subjects.len() > MAX_AMENDED {
        return view! {
            <div class="sheet-body">
                <SheetHead heading=head.to_owned() close/>
                <p class="problem" role="alert">{lang.amend_too_many(MAX_AMENDED)}</p>
            </div>
        }
        .into_any();
    }
    let first = Asked {
        quantity: quantity.map(|quantity| quantity.to_string()).unwrap_or_default(),
        ..Asked::of(kind)
    };
    // What needs nothing to be entered is shown at once.
    let at_once = !matches!(kind, AmendmentKind::Extend | AmendmentKind::Quantity);
    let asked = RwSignal::new(at_once.then(|| first.clone()));
    let subjects = RwSignal::new(subjects);
    let reason = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<ApiError>);
    let again = RwSignal::new(0_u32);
    let attempt = StoredValue::new(Attempt::None);
    let answer = LocalResource::new(move || {
        again.track();
        let (asked, subjects) = (asked.get(), subjects.get());
        async move {
            let asked = asked?;
            let licenses = subjects.iter().map(|subject| AmendedLicense {
                license: subject.license,
                version: None,
            });
            let answer = preview_amendment(asked.new_amendment(licenses.collect())).await;
            Answer::Some((asked, subjects, answer))
        }
    });
    let on_agreed = Callback::new(move |agreed: NewAmendment| {
        let new = NewAmendment {
            reason: reason.get_untracked(),
            ..agreed
        };
        let before = attempt.get_value().filter(|(before, _)| *before == new);
        let (new, key) = before.unwrap_or_else(|| (new, fresh_key()));
        attempt.set_value(Some((new.clone(), key.clone())));
        failed.set(None);
        spawn_local(async move {
            match amend_licenses(new, key).await {
                Ok(made) => {
                    // The dialog, or the page, may have been left meanwhile.
                    if failed.try_get_untracked().is_some() {
                        close();
                    }
                    on_done.try_run(made);
                }
                Err(error) => {
                    // Who was overtaken sees how it stands now; what was entered stays.
                    if !error.leaves_open() {
                        let _ = again.try_update(|times| *times += 1);
                    }
                    failed.try_set(Some(error));
                }
            }
        });
    });
    let leave_out = Callback::new(move |_| LeaveOut::Here(Callback::new(move |left| subjects.set(left))));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = event_target::<HtmlFormElement>(&event);
        if let Ok(data) = FormData::new_with_form(&form) {
            let said = Asked::read(|name| data.get(name).as_string());
            failed.set(None);
            reason.set(said.reason.clone());
            asked.set(Some(said));
            again.update(|times| *times += 1);
        }
    };
    let on_input = move |event: Event| {
        let name = event_target::<Element>(&event).get_attribute("name");
        if name.as_deref() == Some("reason") {
            reason.set(event_target_value(&event));
        } else {
            // What was shown is about something else.
            asked.set(None);
        }
    };
    view! {
        <div class="sheet-body amending-body">
            <SheetHead heading close/>
            <form class="stack amending" on:submit=on_submit on:input=on_input>
                <Fields asked=first kinds/>
                <p class="actions">
                    <button class="btn">{lang.preview()}</button>
                </p>
            </form>
            <Problem error=failed/>
            <div class="outlook-place" aria-live="polite">
                <Suspense fallback=move || {
                    view! { <p class="quiet">{lang.preview_loading()}</p> }
                }>
                    {move || Suspend::new(async move {
                        match answer.await {
                            None => ().into_any(),
                            Some((asked, subjects, Ok(previews))) => {
                                view! {
                                    <Outlook
                                        asked
                                        subjects
                                        previews
                                        next=String::new()
                                        leave_out
                                        on_agreed=Some(on_agreed)
                                    />
                                }
                                    .into_any()
                            }
                            Some((_, _, Err(error))) => {
                                view! { <p class="problem">{explain(lang, &error)}</p> }.into_any()
                            }
                        }
                    })}
                </Suspense>
            </div>
        </div>
    }
    .into_any()
}

/// Tells that amendments were made, with a button that takes them back. `again` renews what the page shows.
pub fn tell_made(toasts: Toasts, lang: Language, made: Vec<AmendmentId>, again: Callback<()>) {
    let undo = Callback::new(move |()| {
        let made = made.clone();
        spawn_local(async move {
            match undo_amendments(made).await {
                Ok(()) => toasts.show(lang.amendment_taken_back().to_owned(), None),
                Err(error) => {
                    let text = lang.amendment_not_undone(&explain(lang, &error));
                    toasts.error(text, None);
                }
            }
            again.try_run(());
        });
    });
    toasts.show_with(lang.amendments_made().to_owned(), lang.undo(), undo);
}
