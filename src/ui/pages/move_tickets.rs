//! "Move to…" as a page of its own: works before, and without, wasm.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::tickets::selected,
    domain::tickets::{Selection, TicketRow},
    ui::{
        errors::explain_selection,
        format,
        pages::errors::{NotFound, Trouble},
        parts::move_dialog::{MoveForm, TargetSearch, what},
        session::use_language,
    },
};

/// The page that moves the tickets named in its address.
#[component]
pub fn MoveTickets() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let parameter =
        move |name: &'static str| query.with(|query| query.get_str(name).unwrap_or_default().to_owned());
    let selection = Memo::new(move |_| parameter("tickets").parse::<Selection>());
    let ids = Signal::derive(move || {
        let tickets = |selection: Selection| selection.tickets().iter().map(|(ticket, _)| *ticket).collect();
        selection.get().map(tickets).unwrap_or_default()
    });
    let rows = Resource::new(move || ids.get(), selected);
    let search = TargetSearch::new(ids, untrack(|| parameter("q")));
    view! {
        <Title text=lang.move_to()/>
        <div class="page">
            <Suspense>
                {move || Suspend::new(async move {
                    let rows = rows.await;
                    match (selection.get_untracked(), rows) {
                        (Err(why), _) => {
                            view! {
                                <h1>{lang.move_to()}</h1>
                                <p class="problem">{explain_selection(lang, why)}</p>
                                <p class="actions">
                                    <a class="btn primary" href="/">{lang.go_to_tickets()}</a>
                                </p>
                            }
                                .into_any()
                        }
                        (_, Err(error)) => view! { <Trouble error/> }.into_any(),
                        (_, Ok(rows)) if rows.is_empty() => view! { <NotFound/> }.into_any(),
                        (Ok(selection), Ok(rows)) => {
                            let next = query.with_untracked(|query| query.get_str("next").unwrap_or("/").to_owned());
                            view! { <Moving rows selection search next/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </div>
    }
}

/// What is moved, and where to.
#[component]
fn Moving(rows: Vec<TicketRow>, selection: Selection, search: TargetSearch, next: String) -> impl IntoView {
    let lang = use_language();
    let ask = rows.iter().any(TicketRow::is_activated);
    let some_gone = rows.len() < selection.tickets().len();
    let item = |row: &TicketRow| {
        view! {
            <li>
                {format::licenses(lang, &row.licenses)} " "
                <span class="mono quiet">{row.code.to_string()}</span>
            </li>
        }
    };
    view! {
        <h1>{lang.move_what_to(&what(lang, &rows))}</h1>
        {some_gone.then(|| view! { <p class="problem" role="alert">{lang.gone_from_selection()}</p> })}
        <ul class="plain-list">{rows.iter().map(item).collect::<Vec<_>>()}</ul>
        <MoveForm selection search next ask/>
    }
}
