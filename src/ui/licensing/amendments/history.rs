//! What was done to a licence, and is planned: the newest first, with what takes it back.

use leptos::prelude::*;

use crate::{
    api::licensing::amendments::UndoAmendments,
    i18n::{Language, format},
    ui::kit::language::use_language,
    views::licensing::amendments::{AmendmentRow, AmendmentState},
};

/// How many are shown at once; the others stand behind a line that opens.
const LATEST: usize = 5;

/// The amendments of a licence.
#[component]
pub fn Amendments(
    rows: Vec<AmendmentRow>,
    /// Name of the product.
    product: String,
    undo: ServerAction<UndoAmendments>,
) -> impl IntoView {
    let lang = use_language();
    if rows.is_empty() {
        return view! { <p class="quiet">{lang.no_amendments()}</p> }.into_any();
    }
    let name = lang.permission_of(lang.amendments(), &product);
    let mut rows = rows;
    let earlier = rows.split_off(rows.len().min(LATEST));
    let list = |rows: Vec<AmendmentRow>| {
        let rows = rows.into_iter().map(|row| amendment(lang, row, &product, undo));
        rows.collect::<Vec<_>>()
    };
    let earlier = (!earlier.is_empty()).then(|| {
        let words = lang.earlier_amendments(earlier.len());
        view! {
            <details class="earlier">
                <summary>{words.clone()}</summary>
                <ol class="history" aria-label=lang.permission_of(&words, &product)>
                    {list(earlier)}
                </ol>
            </details>
        }
    });
    view! {
        <ol class="history" aria-label=name>
            {list(rows)}
        </ol>
        {earlier}
    }
    .into_any()
}

fn amendment(
    lang: Language,
    row: AmendmentRow,
    product: &str,
    undo: ServerAction<UndoAmendments>,
) -> AnyView {
    let what = lang.amendment(row.what);
    let by = row.by.unwrap_or_else(|| lang.someone().to_owned());
    let at = |at| format::date_time(lang, at);
    let (word, class, state) = match row.state {
        AmendmentState::Planned => (
            lang.planned_word(),
            "tag mine",
            lang.planned_for(&at(row.in_force_at)),
        ),
        AmendmentState::InForce => (
            lang.in_force_word(),
            "tag",
            lang.in_force_since(&at(row.in_force_at)),
        ),
        AmendmentState::Undone => {
            let when = row.undone_at.map(at).unwrap_or_default();
            let words = match &row.undone_by {
                Some(by) => lang.undone_at_by(&when, by),
                None => lang.undone_at(&when),
            };
            (lang.undone_word(), "tag", words)
        }
    };
    let route = format!(
        "{} → {}",
        format::grant(lang, &row.before),
        format::grant(lang, &row.after)
    );
    let reason = row
        .reason
        .filter(|reason| !reason.is_empty())
        .map(|reason| view! { <span class="path">{lang.amended_because(&reason)}</span> });
    let take_back = row.may_undo.then(|| {
        let called = lang.permission_of(
            &format!("{}, {}", lang.undo(), lang.amendment_number(row.number)),
            product,
        );
        view! {
            <ActionForm action=undo attr:class="path">
                <input type="hidden" name="amendments[]" value=row.id.to_string()/>
                <button class="btn" aria-label=called>{lang.undo()}</button>
            </ActionForm>
        }
    });
    view! {
        <li>
            <span class="quiet">
                {lang.amendment_number(row.number)} " · "
                <time datetime=format::machine_time(row.made_at)>{at(row.made_at)}</time>
            </span>
            <span>
                <strong>{what}</strong>
                " · "
                {by}
                " "
                <span class=class>{word}</span>
                " "
                <span class="quiet">{state}</span>
            </span>
            <span class="path">{route}</span>
            {reason}
            {take_back}
        </li>
    }
    .into_any()
}
