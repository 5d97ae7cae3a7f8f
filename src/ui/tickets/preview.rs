//! What a move of many tickets would do, before it does it (N3): which may go, and why the others may not.

use domain::{
    access::Denied,
    tickets::{Activated, owners::Owner},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use crate::{
    api::tickets::bulk::MoveAsPreviewed,
    errors::words::why_not,
    i18n::{Language, format},
    ui::{
        kit::{
            forms::{Problem, failure},
            keys::form_key,
            language::use_language,
        },
        tickets::{activated::ActivatedChoice, done::Done},
    },
    views::{
        addresses,
        tickets::bulk::{Preview, Reason, Refused, TicketSelection},
    },
};

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
    tickets: TicketSelection,
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
    let (then, now) = (tickets.count(), allowed as usize + refused as usize);
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
                        <input type="hidden" name="tickets" value=tickets.to_string()/>
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
    tickets: TicketSelection,
    to: Owner,
    /// What the server says.
    preview: Preview,
    /// The page to show afterwards.
    next: String,
) -> impl IntoView {
    let lang = use_language();
    let refused = failure(ServerAction::<MoveAsPreviewed>::new().value());
    let back = addresses::move_tickets(&tickets, &next);
    view! {
        <p>{lang.goes_to()} ": " <strong>{format::holder(lang, &preview.to)}</strong></p>
        <Problem error=refused/>
        <PreviewForm tickets to preview next/>
        <p><a href=back>{lang.other_target()}</a></p>
    }
}
