//! What an amendment would lead to, before it is made: how each licence stands before and after, who loses what until when, or
//! why it is refused.

use domain::licensing::amendments::RenewFrom;
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use crate::{
    api::licensing::amendments::AmendLicenses,
    errors::words::explain_refusal,
    i18n::{Language, format},
    ui::{
        kit::{keys::form_key, language::use_language},
        licensing::amendments::asked::{Asked, Subject, kind_word, what},
        tickets::done::Done,
    },
    views::{
        addresses,
        licensing::amendments::{
            AmendedLicense, AmendmentKind, AmendmentPreview, Foreseen, Loss, NewAmendment,
        },
    },
};

/// What is done with the licences that are not refused.
#[derive(Clone)]
pub enum LeaveOut {
    /// The page that asks about them alone.
    Page(String),
    /// Gets them.
    Here(Callback<Vec<Subject>>),
}

/// What the server says would happen, and the button that has it happen.
///
/// Alone on its page it is a plain form. In the dialog the agreement goes to `on_agreed` instead.
#[component]
pub fn Outlook(
    /// What was asked for.
    asked: Asked,
    subjects: Vec<Subject>,
    /// What the server says, in the same order.
    previews: Vec<AmendmentPreview>,
    /// The page to show afterwards.
    next: String,
    /// How the refused ones are left out; gets the others.
    leave_out: Callback<Vec<Subject>, LeaveOut>,
    /// Gets the agreement, instead of the server.
    #[prop(optional_no_strip)]
    on_agreed: Option<Callback<NewAmendment>>,
) -> impl IntoView {
    let lang = use_language();
    let kind = asked.kind;
    let licenses: Vec<_> = previews
        .iter()
        .map(|preview| AmendedLicense {
            license: preview.license.id,
            version: Some(preview.version),
        })
        .collect();
    let allowed: Vec<_> = previews
        .iter()
        .zip(&subjects)
        .filter(|(preview, _)| preview.outcome.is_ok())
        .map(|(_, subject)| subject.clone())
        .collect();
    let (some, all) = (allowed.len(), previews.len());
    let several = all > 1;
    let count = several.then(|| {
        let (allowed, refused) = (number(some), number(all - some));
        view! { <p><strong>{lang.allowed_and_refused(allowed, refused)}</strong></p> }
    });
    let planned = asked.planned;
    let lines = previews
        .into_iter()
        .zip(&subjects)
        .map(|(preview, subject)| line(lang, kind, planned, preview, several.then_some(subject)))
        .collect::<Vec<_>>();
    let explained = match kind {
        AmendmentKind::Suspend => Some(lang.suspend_explained()),
        AmendmentKind::Revoke => Some(lang.revoke_explained()),
        _ => None,
    };
    let explained = explained
        .filter(|_| some > 0)
        .map(|words| view! { <p class="warning">{words}</p> });
    let agree = if some == all {
        let new = asked.new_amendment(licenses);
        agreement(lang, new, what(lang, &subjects), next, on_agreed)
    } else if some == 0 {
        several
            .then(|| view! { <p class="problem">{lang.nothing_left_to_amend()}</p> })
            .into_any()
    } else {
        let button = match leave_out.run(allowed.clone()) {
            LeaveOut::Page(href) => {
                view! { <a class="btn" href=href>{lang.leave_refused_ones_out()}</a> }.into_any()
            }
            LeaveOut::Here(leave_out) => {
                let leave = move |_| leave_out.run(allowed.clone());
                view! {
                    <button type="button" class="btn" on:click=leave>
                        {lang.leave_refused_ones_out()}
                    </button>
                }
                .into_any()
            }
        };
        view! {
            <p class="quiet">{lang.all_items_or_none()}</p>
            <p class="actions">{button}</p>
        }
        .into_any()
    };
    view! {
        <div class="outlook" role="group" aria-label=lang.preview()>
            {count}
            <ul class="plain-list outlook-lines">{lines}</ul>
            {explained}
            {agree}
        </div>
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// One licence. Among several it says which one it is.
fn line(
    lang: Language,
    kind: AmendmentKind,
    planned: bool,
    preview: AmendmentPreview,
    subject: Option<&Subject>,
) -> AnyView {
    let head = subject.map(|subject| {
        view! {
            <p>
                <strong>{format::license(lang, &preview.license)}</strong>
                " "
                <a class="mono" href=addresses::ticket(subject.ticket)>{subject.code.clone()}</a>
                " "
                <span class="quiet">{subject.owner.clone()}</span>
            </p>
        }
    });
    let outcome = match preview.outcome {
        Ok(foreseen) => outcome(lang, kind, planned, foreseen),
        Err(refusal) => view! { <p class="refused">{explain_refusal(lang, &refusal)}</p> }.into_any(),
    };
    view! { <li>{head} {outcome}</li> }.into_any()
}

fn outcome(lang: Language, kind: AmendmentKind, planned: bool, foreseen: Foreseen) -> AnyView {
    let Foreseen {
        in_force_at,
        before,
        after,
        losses,
    } = foreseen;
    let effect = if planned {
        format::date_time(lang, in_force_at)
    } else {
        lang.at_once().to_owned()
    };
    let takes = matches!(
        kind,
        AmendmentKind::Quantity | AmendmentKind::Suspend | AmendmentKind::Revoke
    );
    let lost = if losses.is_empty() {
        takes
            .then(|| view! { <p class="quiet">{lang.nobody_loses()}</p> })
            .into_any()
    } else {
        let loss = |loss: &Loss| {
            let place = match &loss.container {
                Some(container) => lang.container_of(&container.name, &container.person),
                None => lang.in_hidden_container().to_owned(),
            };
            let lost = loss.quantity.saturating_sub(loss.left);
            let until = format::date_time(lang, loss.until);
            let words = if loss.until > in_force_at {
                lang.loses_until(&place, lost, loss.quantity, &until)
            } else {
                lang.loses_from(&place, lost, loss.quantity, &until)
            };
            view! { <li>{words}</li> }
        };
        view! {
            <p class="losses">{lang.who_loses()}</p>
            <ul class="reasons">{losses.iter().map(loss).collect::<Vec<_>>()}</ul>
        }
        .into_any()
    };
    view! {
        <dl class="facts">
            <dt>{lang.stands_before()}</dt>
            <dd>{format::grant(lang, &before)}</dd>
            <dt>{lang.stands_after()}</dt>
            <dd>{format::grant(lang, &after)}</dd>
            <dt>{lang.takes_effect()}</dt>
            <dd>{effect}</dd>
        </dl>
        {lost}
    }
    .into_any()
}

/// What a kind is called as an argument of the server function.
const fn kind_argument(kind: AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::Renew => "Renew",
        AmendmentKind::Extend => "Extend",
        AmendmentKind::Quantity => "Quantity",
        AmendmentKind::Suspend => "Suspend",
        AmendmentKind::Reinstate => "Reinstate",
        AmendmentKind::Revoke => "Revoke",
    }
}

/// What the beginning of a term is called as one.
const fn begin_argument(from: RenewFrom) -> &'static str {
    match from {
        RenewFrom::End => "End",
        RenewFrom::Now => "Now",
        RenewFrom::NowIfEnded => "NowIfEnded",
    }
}

/// The form that has it happen.
fn agreement(
    lang: Language,
    new: NewAmendment,
    what: String,
    next: String,
    on_agreed: Option<Callback<NewAmendment>>,
) -> AnyView {
    let hidden = |name: String, value: String| view! { <input type="hidden" name=name value=value/> };
    let kind = new.kind;
    let mut fields = Vec::new();
    for (at, license) in new.licenses.iter().enumerate() {
        fields.push(hidden(
            format!("new[licenses][{at}][license]"),
            license.license.to_string(),
        ));
        if let Some(version) = license.version {
            fields.push(hidden(
                format!("new[licenses][{at}][version]"),
                version.to_string(),
            ));
        }
    }
    let known = [
        ("kind", Some(kind_argument(kind).to_owned())),
        ("days", new.days.map(|days| days.to_string())),
        ("months", new.months.map(|months| months.to_string())),
        ("begin", new.begin.map(|begin| begin_argument(begin).to_owned())),
        ("until", Some(new.until.clone()).filter(|until| !until.is_empty())),
        ("quantity", new.quantity.map(|quantity| quantity.to_string())),
        ("on", Some(new.on.clone()).filter(|on| !on.is_empty())),
        (
            "reason",
            Some(new.reason.clone()).filter(|reason| !reason.is_empty()),
        ),
    ];
    for (name, value) in known {
        fields.extend(value.map(|value| hidden(format!("new[{name}]"), value)));
    }
    let reason = (!new.reason.trim().is_empty()).then(|| {
        view! { <p class="quiet">{lang.amended_because(new.reason.trim())}</p> }
    });
    let revokes = kind == AmendmentKind::Revoke;
    // It has no name: it is the browser that asks for it.
    let asks = revokes.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" required/>
                <span>{lang.permission_of(lang.revoke_asked(), &what)}</span>
            </label>
        }
    });
    let (word, class) = if revokes {
        (lang.revoke_for_good(), "btn dangerous")
    } else {
        (kind_word(lang, kind), "btn primary")
    };
    let several = new.licenses.len() > 1;
    let button = if several {
        lang.permission_of(word, &what)
    } else {
        word.to_owned()
    };
    let all_or_none = several.then(|| view! { <p class="quiet">{lang.all_items_or_none()}</p> });
    // Who reads it in the dialog writes it there.
    let reason = reason.filter(|_| on_agreed.is_none());
    let on_submit = move |event: SubmitEvent| {
        if let Some(on_agreed) = on_agreed {
            event.prevent_default();
            on_agreed.run(new.clone());
        }
    };
    view! {
        <form method="post" action=AmendLicenses::url() on:submit=on_submit>
            {fields}
            <input type="hidden" name="key" value=form_key()/>
            <input type="hidden" name="next" value=Done::Amended.then(&next)/>
            {reason}
            {asks}
            {all_or_none}
            <p class="actions">
                <button class=class>{button}</button>
            </p>
        </form>
    }
    .into_any()
}
