//! "Move to…" as a page of its own: works before, and without, wasm.

use domain::tickets::owners::Owner;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::tickets::{bulk::preview_move, selected},
    errors::words::explain_selection,
    i18n::format,
    ui::{
        kit::language::use_language,
        licensing::amendments::standing::StoppedBadges,
        shell::errors::{NotFound, Trouble},
        tickets::{
            move_form::{MoveForm, TargetSearch},
            preview::PreviewPage,
            selection::what,
        },
    },
    views::{
        addresses,
        tickets::{
            TicketRow,
            bulk::{Preview, TicketSelection},
        },
    },
};

/// What the page shows.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
enum Loaded {
    /// The tickets, of a selection.
    Rows(Vec<TicketRow>),
    /// Nothing of them: they are all that a list holds.
    List,
    /// What would happen.
    Preview(Owner, Preview),
}

/// The page that moves the tickets named in its address.
#[component]
pub fn MoveTickets() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let parameter =
        move |name: &'static str| query.with(|query| query.get_str(name).unwrap_or_default().to_owned());
    let tickets = Memo::new(move |_| parameter("tickets").parse::<TicketSelection>());
    let to = Memo::new(move |_| parameter("to").parse::<Owner>().ok());
    let loaded = Resource::new(
        move || (tickets.get().ok(), to.get()),
        |(tickets, to)| async move {
            Ok(match (tickets, to) {
                (Some(tickets), Some(to)) => Loaded::Preview(to, preview_move(tickets, to).await?),
                (Some(TicketSelection::These(selection)), None) => {
                    let ids = selection.tickets().iter().map(|(ticket, _)| *ticket);
                    Loaded::Rows(selected(ids.collect()).await?)
                }
                (Some(TicketSelection::Matching(_)) | None, _) => Loaded::List,
            })
        },
    );
    let search = TargetSearch::new(
        Signal::derive(move || tickets.get().ok().filter(|_| to.get().is_none())),
        untrack(|| parameter("q")),
    );
    view! {
        <Title text=lang.move_to()/>
        <div class="page">
            <Suspense>
                {move || Suspend::new(async move {
                    let loaded = loaded.await;
                    let next = query.with_untracked(|query| query.get_str("next").unwrap_or(addresses::HOME).to_owned());
                    match (tickets.get_untracked(), loaded) {
                        (Err(why), _) => {
                            view! {
                                <h1>{lang.move_to()}</h1>
                                <p class="problem">{explain_selection(lang, why)}</p>
                                <p class="actions">
                                    <a class="btn primary" href=addresses::HOME>{lang.go_to_tickets()}</a>
                                </p>
                            }
                                .into_any()
                        }
                        (_, Err(error)) => view! { <Trouble error/> }.into_any(),
                        (Ok(tickets), Ok(Loaded::Preview(to, preview))) => {
                            view! {
                                <Heading count=tickets.count()/>
                                <PreviewPage tickets to preview next/>
                            }
                                .into_any()
                        }
                        (_, Ok(Loaded::Rows(rows))) if rows.is_empty() => view! { <NotFound/> }.into_any(),
                        (Ok(tickets), Ok(Loaded::Rows(rows))) => view! { <Moving rows tickets search next/> }.into_any(),
                        (Ok(tickets), Ok(Loaded::List)) => {
                            view! {
                                <Heading count=tickets.count()/>
                                <MoveForm tickets search next/>
                            }
                                .into_any()
                        }
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Heading(count: usize) -> impl IntoView {
    let lang = use_language();
    view! { <h1>{lang.move_what_to(&lang.count_tickets(count as u64))}</h1> }
}

/// What is moved, and where to.
#[component]
fn Moving(
    rows: Vec<TicketRow>,
    tickets: TicketSelection,
    search: TargetSearch,
    next: String,
) -> impl IntoView {
    let lang = use_language();
    // Of several tickets, the preview asks.
    let ask = tickets.count() == 1 && rows.iter().any(TicketRow::is_activated);
    let some_gone = rows.len() < tickets.count();
    let item = |row: &TicketRow| {
        view! {
            <li>
                {format::licenses(lang, &row.licenses)} <StoppedBadges licenses=row.licenses.clone()/> " "
                <span class="mono quiet">{row.code.to_string()}</span>
            </li>
        }
    };
    view! {
        <h1>{lang.move_what_to(&what(lang, &rows))}</h1>
        {some_gone.then(|| view! { <p class="problem" role="alert">{lang.gone_from_selection()}</p> })}
        <ul class="plain-list">{rows.iter().map(item).collect::<Vec<_>>()}</ul>
        <MoveForm tickets search next ask/>
    }
}
