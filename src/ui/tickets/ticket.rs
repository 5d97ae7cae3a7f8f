//! A ticket: what is in it, who has it, and its history.

use domain::{
    access::{Place, authorize_protection},
    ids::TicketId,
};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_meta::Title;

use crate::{
    api::tickets::{Protect, history, selected},
    errors::{ApiError, words::explain},
    i18n::format,
    ui::{
        kit::{
            copy::CopyButton,
            forms::{Problem, failure},
            icons::{LockIcon, MoveIcon},
            language::use_language,
            location::id_of_address,
        },
        licensing::{
            actions::LicenseActions,
            amendments::{dialog::AmendDialog, standing::StandingBadge},
            dragging::LicenseDrag,
            licenses::Licenses,
        },
        shell::{errors::Trouble, live::Known, session::use_me},
        tickets::{done::JustDone, selection::selection_of},
    },
    views::{
        addresses,
        tickets::{HistoryRow, NoPerson, TicketRow, bulk::TicketSelection},
    },
};

async fn the_ticket(id: TicketId) -> Result<TicketRow, ApiError> {
    selected(vec![id])
        .await?
        .into_iter()
        .next()
        .ok_or(ApiError::HIDDEN)
}

/// The page of a ticket.
#[component]
pub fn TicketPage() -> impl IntoView {
    let id = id_of_address::<TicketId>();
    let actions = LicenseActions::new(id);
    let loaded = Resource::new(
        move || id.get(),
        |id| async move { the_ticket(id.ok_or(ApiError::HIDDEN)?).await },
    );
    let known = Known::nothing();
    let past = Resource::new(
        move || (id.get(), actions.done()),
        move |(id, _)| async move {
            match id {
                Some(id) => known.or_before(id, history(id).await),
                None => Ok(Vec::new()),
            }
        },
    );
    known.learn_from(id, past);
    view! {
        <div class="page">
            <JustDone/>
            <Suspense>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok(row) => {
                            let ticket = row.id();
                            let row = RwSignal::new(row);
                            // Who may not see the ticket any more is told so.
                            let renew = move || {
                                spawn_local(async move {
                                    match the_ticket(ticket).await {
                                        Ok(fresh) => drop(row.try_set(fresh)),
                                        Err(error) if error == ApiError::HIDDEN => loaded.refetch(),
                                        Err(_) => {}
                                    }
                                });
                            };
                            Effect::watch(move || actions.done(), move |_, _, _| renew(), false);
                            view! {
                                {move || view! { <Ticket row=row.get()/> }}
                                <Licenses ticket actions/>
                                <Transition>
                                    {move || Suspend::new(async move { view! { <History history=past.await/> } })}
                                </Transition>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
        <AmendDialog open=actions.amending on_done=actions.when_amended()/>
        <LicenseDrag board=actions.board/>
    }
}

/// What is in the ticket and who has it.
#[component]
fn Ticket(row: TicketRow) -> impl IntoView {
    let lang = use_language();
    let code = row.code.to_string();
    let move_link = selection_of(std::slice::from_ref(&row))
        .ok()
        .map(|selection| addresses::move_tickets(&TicketSelection::These(selection), addresses::HOME));
    let positions = row.licenses.iter().map(|license| {
        let badge = license
            .stopped
            .map(|standing| view! { " " <StandingBadge standing/> });
        view! { <li>{format::license(lang, license)} {badge}</li> }
    });
    let owner = match &row.person {
        Some(person) => person.clone(),
        None if row.path.is_empty() => lang.unassigned().to_owned(),
        None => format::path(&row.path),
    };
    let via = row.person.is_some().then(|| match row.path.is_empty() {
        true => lang.without_group_context().to_owned(),
        false => lang.via(&format::path(&row.path)),
    });
    let kind = match &row.facts.place {
        Place::Unassigned => lang.unassigned(),
        Place::Group(_) => lang.group_ticket(),
        Place::User { .. } => lang.personal_ticket(),
    };
    view! {
        <Title text=code.clone()/>
        <div class="page-head">
            <h1>
                <span class="hidden">{lang.ticket()} " "</span>
                <span class="mono code">{code.clone()}</span>
                <CopyButton text=code/>
            </h1>
            {move_link
                .map(|href| {
                    view! {
                        <a class="btn primary" href=href>
                            <MoveIcon/>
                            {lang.move_to()}
                        </a>
                    }
                })}
        </div>
        <section class="panel">
            <dl class="facts">
                <dt>{lang.content()}</dt>
                <dd>
                    <ul class="plain-list">{positions.collect::<Vec<_>>()}</ul>
                </dd>
                <dt>{lang.owner()}</dt>
                <dd>{owner} {via.map(|via| view! { " " <span class="quiet">{via}</span> })}</dd>
                <dt>{lang.kind()}</dt>
                <dd>
                    {kind}
                    {row
                        .facts
                        .protected
                        .then(|| {
                            view! {
                                " "
                                <span class="tag lock">
                                    <LockIcon/>
                                    {lang.protected_mode()}
                                </span>
                            }
                        })}
                </dd>
                <dt>{lang.since()}</dt>
                <dd>
                    <time datetime=format::machine_time(row.since)>{format::date_time(lang, row.since)}</time>
                </dd>
            </dl>
            <p>
                <a href=addresses::viewers(row.id())>{lang.who_can_see()}</a> " · "
                <a href=addresses::ticket_use(row.id())>{lang.usage()}</a>
            </p>
            <Protection row/>
        </section>
    }
}

/// Switches protected mode, for those who may. A plain form: it returns to the page.
#[component]
fn Protection(row: TicketRow) -> impl IntoView {
    let lang = use_language();
    let on = !row.facts.protected;
    let refused = failure(ServerAction::<Protect>::new().value());
    authorize_protection(&use_me().actor, &row.facts, on)
        .ok()
        .map(|_| {
            view! {
                <Problem error=refused/>
                <form class="beside" method="post" action=Protect::url()>
                    <input type="hidden" name="ticket" value=row.id().to_string()/>
                    <input type="hidden" name="on" value=on.to_string()/>
                    <input type="hidden" name="next" value=addresses::ticket(row.id())/>
                    <button class="btn">{if on { lang.protect_on() } else { lang.protect_off() }}</button>
                    <span class="quiet">{lang.protect_help()}</span>
                </form>
            }
        })
}

/// What happened to the ticket, newest first.
#[component]
fn History(history: Result<Vec<HistoryRow>, ApiError>) -> impl IntoView {
    let lang = use_language();
    let entries = match history {
        Err(error) => view! { <p class="problem" role="alert">{explain(lang, &error)}</p> }.into_any(),
        Ok(rows) if rows.is_empty() => view! { <p class="empty">{lang.history_empty()}</p> }.into_any(),
        Ok(rows) => {
            let entry = |row: HistoryRow| {
                let from = row.from.as_ref().map(|from| format::holder(lang, from));
                let to = row.to.as_ref().map(|to| format::holder(lang, to));
                let route = match (from, to) {
                    (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
                    (_, Some(place)) | (Some(place), None) => place,
                    (None, None) => String::new(),
                };
                let product = row
                    .product
                    .as_ref()
                    .map_or("", |name| format::product(lang, name));
                let so_many = |quantity| format!("{} × {product}", lang.count(quantity));
                let route = match row.licenses {
                    None => route,
                    Some((quantity, Some((container, person)))) => {
                        format!(
                            "{} · {}",
                            so_many(quantity),
                            lang.container_of(&container, &person)
                        )
                    }
                    Some((quantity, None)) if row.kind.amends_license() => so_many(quantity),
                    Some((quantity, None)) => {
                        format!("{} · {}", so_many(quantity), lang.in_hidden_container())
                    }
                };
                let actor = row.actor.unwrap_or_else(|| {
                    let word = match row.by {
                        Some(NoPerson::Operator) => lang.operator(),
                        Some(NoPerson::Machine) => lang.a_machine(),
                        None => lang.someone(),
                    };
                    word.to_owned()
                });
                view! {
                    <li>
                        <time class="quiet" datetime=format::machine_time(row.at)>{format::date_time(lang, row.at)}</time>
                        <span>
                            <strong>{lang.event(row.kind)}</strong>
                            " · "
                            {actor}
                        </span>
                        <span class="path">{route}</span>
                    </li>
                }
            };
            view! { <ol class="history">{rows.into_iter().map(entry).collect::<Vec<_>>()}</ol> }.into_any()
        }
    };
    view! {
        <section class="panel">
            <h2>{lang.history()}</h2>
            {entries}
        </section>
    }
}
