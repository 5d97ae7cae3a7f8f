//! A ticket: what is in it, who has it, and its history.

use domain::{
    access::{Place, authorize_protection},
    ids::TicketId,
    licensing::licenses::Validity,
};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};

use crate::{
    api::tickets::{Protect, history, selected},
    errors::{ApiError, words::explain},
    i18n::{Language, format},
    ui::{
        kit::{
            copy::HeadCode,
            forms::{Problem, failure},
            icons::{LockIcon, MoveIcon},
            language::use_language,
            location::id_of_address,
            menu::{Actions, MenuButton, MenuLink},
            meter::Meter,
            tabs::{Tabs, tab_bar},
            time::Time,
        },
        licensing::{
            actions::{LicenseActions, OfTicket},
            amendments::{
                dialog::AmendDialog,
                offered::for_license,
                standing::StoppedBadges,
                term::{TERM, amending_items},
            },
            board::HEADING,
            dragging::LicenseDrag,
            licenses::{Answers, Licenses, Terms},
            take_backs::AskedBack,
        },
        shell::{errors::Trouble, live::Known, page_head::PageHead, session::use_me},
        tickets::{done::JustDone, selection::selection_of},
    },
    views::{
        addresses,
        tickets::{HistoryRow, NoPerson, TicketRow, bulk::TicketSelection},
    },
};

/// A ticket that the reader sees.
pub async fn the_ticket(id: Option<TicketId>) -> Result<TicketRow, ApiError> {
    selected(vec![id.ok_or(ApiError::HIDDEN)?])
        .await?
        .into_iter()
        .next()
        .ok_or(ApiError::HIDDEN)
}

/// The parts of the page.
const LICENSES: &str = "licenses";
const HISTORY: &str = "history";

/// The page of a ticket.
#[component]
pub fn TicketPage() -> impl IntoView {
    let id = id_of_address::<TicketId>();
    let actions = LicenseActions::new(id);
    let tabs = Tabs::new(&[LICENSES, TERM, HISTORY]);
    let loaded = Resource::new(move || id.get(), the_ticket);
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
        <div class="page wide">
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
                                    match the_ticket(Some(ticket)).await {
                                        Ok(fresh) => drop(row.try_set(fresh)),
                                        Err(error) if error == ApiError::HIDDEN => loaded.refetch(),
                                        Err(_) => {}
                                    }
                                });
                            };
                            Effect::watch(move || actions.done(), move |_, _, _| renew(), false);
                            view! {
                                {move || view! { <Head row=row.get() actions tabs/> }.into_any()}
                                {view! { <AskedBack ticket/> }.into_any()}
                                {actions.shows(move |of| view! { <Parts ticket row of actions tabs/> }.into_any())}
                                <div hidden=tabs.hides(HISTORY)>
                                    <Transition>
                                        {move || Suspend::new(async move { view! { <History history=past.await/> } })}
                                    </Transition>
                                </div>
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

/// What is in the ticket, how it is kept, and what can be done with it.
#[component]
fn Head(row: TicketRow, actions: LicenseActions, tabs: Tabs) -> impl IntoView {
    let lang = use_language();
    let ticket = row.id();
    let page = addresses::ticket(ticket);
    let code = row.code.to_string();
    let move_link = selection_of(std::slice::from_ref(&row))
        .ok()
        .map(|selection| addresses::move_tickets(&TicketSelection::These(selection), addresses::HOME));
    let kind = match &row.facts.place {
        Place::Unassigned => lang.unassigned(),
        Place::Group(_) => lang.group_ticket(),
        Place::User { .. } => lang.personal_ticket(),
    };
    let protected = row.facts.protected.then(|| {
        view! {
            <span class="tag lock">
                <LockIcon/>
                {lang.protected_mode()}
            </span>
        }
    });
    let free = row
        .licenses
        .iter()
        .any(|license| license.stopped.is_none() && license.activated < license.quantity);
    let activate = free.then(|| {
        view! { <MenuLink to=format!("{page}#{HEADING}") label=lang.activate_in_dots()/> }
    });
    let several = row.licenses.len() > 1;
    let split = (several || row.licenses.iter().any(|license| license.quantity > 1))
        .then(|| view! { <MenuLink to=addresses::split(ticket) label=lang.split_dots()/> });
    let terms = tabs.address(&page, TERM);
    let amend = move || {
        let terms = terms.clone();
        Suspend::new(async move {
            let of = actions.answers().await.ok()?;
            if several {
                let some = of.amendments.iter().any(|one| !for_license(one).is_empty());
                return some
                    .then(|| view! { <MenuLink to=terms label=lang.term_and_quantity()/> }.into_any());
            }
            let items = of
                .amendments
                .iter()
                .map(|one| amending_items(lang, ticket, one, actions.amending));
            Some(items.collect::<Vec<_>>().into_any())
        })
    };
    let refused = failure(ServerAction::<Protect>::new().value());
    let title = if row.licenses.is_empty() {
        code.clone()
    } else {
        format::licenses(lang, &row.licenses)
    };
    view! {
        <PageHead title>
            <span class="tag">{kind}</span>
            {protected}
            <StoppedBadges licenses=row.licenses.clone()/>
            <HeadCode code/>
            <span class="actions end">
                <Actions>
                    {activate} <Transition>{amend}</Transition> <Protection row/>
                    {split} <MenuLink to=addresses::join(ticket) label=lang.join_dots()/>
                    <MenuLink to=addresses::ticket_use(ticket) label=lang.usage()/>
                    <MenuLink to=addresses::viewers(ticket) label=lang.who_can_see()/>
                </Actions>
                {move_link
                    .map(|href| {
                        view! {
                            <a class="btn primary" href=href>
                                <MoveIcon/>
                                {lang.move_to()}
                            </a>
                        }
                    })}
            </span>
        </PageHead>
        <Problem error=refused/>
    }
}

/// Switches protected mode, for those who may. A plain form: it returns to the page.
#[component]
fn Protection(row: TicketRow) -> impl IntoView {
    let lang = use_language();
    let on = !row.facts.protected;
    let label = if on { lang.protect_on() } else { lang.protect_off() };
    authorize_protection(&use_me().actor, &row.facts, on)
        .ok()
        .map(|_| {
            view! {
                <form method="post" action=Protect::url() role="none">
                    <input type="hidden" name="ticket" value=row.id().to_string()/>
                    <input type="hidden" name="on" value=on.to_string()/>
                    <input type="hidden" name="next" value=addresses::ticket(row.id())/>
                    <MenuButton label/>
                </form>
            }
        })
}

/// The licences, as far as they are loaded: figures, and the parts of the page about them.
#[component]
fn Parts(
    ticket: TicketId,
    row: RwSignal<TicketRow>,
    of: Signal<OfTicket>,
    actions: LicenseActions,
    tabs: Tabs,
) -> impl IntoView {
    let lang = use_language();
    let page = addresses::ticket(ticket);
    let bar = tab_bar(vec![
        tabs.tab(&page, LICENSES, lang.licenses()),
        tabs.tab(&page, TERM, lang.term_and_quantity()),
        tabs.tab(&page, HISTORY, lang.history()),
    ]);
    view! {
        {move || row.with(|row| of.with(|of| figures(lang, row, of)))}
        {bar}
        <Answers actions/>
        <div hidden=tabs.hides(LICENSES)>
            <Licenses ticket of actions/>
        </div>
        <div hidden=tabs.hides(TERM)>
            <Terms ticket of actions/>
        </div>
    }
}

/// How much of the ticket is activated, until when it can be used, and who has it.
fn figures(lang: Language, row: &TicketRow, of: &OfTicket) -> AnyView {
    let all = row.licenses.iter().map(|license| u64::from(license.quantity));
    let all = all.sum::<u64>();
    let activated = row.licenses.iter().map(|license| u64::from(license.activated));
    let activated = activated.sum::<u64>();
    let owner = match &row.person {
        Some(person) => person.clone(),
        None if row.path.is_empty() => lang.unassigned().to_owned(),
        None => format::path(&row.path),
    };
    let via = row.person.is_some().then(|| match row.path.is_empty() {
        true => lang.without_group_context().to_owned(),
        false => lang.via(&format::path(&row.path)),
    });
    view! {
        <dl class="figures-strip">
            <div>
                <dt>{lang.column_activated()}</dt>
                <dd>
                    <span class="figure">{lang.count(activated)}</span>
                    " "
                    {lang.of_total(&lang.count(all))}
                    <Meter value=activated of=all label=lang.column_activated()/>
                    <small class="note">
                        <a href=addresses::ticket_use(row.id())>{lang.usage()}</a>
                    </small>
                </dd>
            </div>
            <div>
                <dt>{lang.validity()}</dt>
                <dd>{first_end(lang, of)}</dd>
            </div>
            <div>
                <dt>{lang.owner()}</dt>
                <dd>
                    {owner} {via.map(|via| view! { " " <span class="quiet">{via}</span> })}
                    <small class="note">
                        <a href=addresses::viewers(row.id())>{lang.who_can_see()}</a>
                    </small>
                </dd>
            </div>
            <div>
                <dt>{lang.since()}</dt>
                <dd>
                    <Time at=row.since/>
                </dd>
            </div>
        </dl>
    }
    .into_any()
}

/// How long it can be used; of several licences, until the first ends.
fn first_end(lang: Language, of: &OfTicket) -> String {
    let validities = of.amendments.iter().map(|one| one.grant.validity);
    if let [one] = of.amendments.as_slice() {
        return format::validity(lang, one.grant.validity);
    }
    let ends = validities.filter_map(|validity| match validity {
        Validity::Between(_, end) => end,
        Validity::Perpetual | Validity::Days(_) => None,
    });
    match ends.min() {
        Some(end) => lang.first_ends(&format::date(lang, format::last_moment(end))),
        None => lang.perpetual().to_owned(),
    }
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
                        <Time at=row.at/>
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
