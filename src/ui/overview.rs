//! The overview: a page that answers before it asks. Every number leads to the list behind it.

use domain::{groups::tree::Node, instance::requests::RequestState};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::{
        instance::instance,
        overview::{SetStart, overview},
    },
    i18n::{Language, format},
    ui::{
        history::overview::whereabouts,
        kit::{icons::PlusIcon, language::use_language, time::Time},
        shell::{
            errors::Trouble,
            page_head::PageHead,
            session::{asked_start, use_me},
        },
    },
    views::{
        addresses,
        history::{By, Happened, Named},
        instance::Overview as Instance,
        licensing::expiry::{Expiring, ExpiryQuery},
        overview::{DAYS, Figures, LicenseFigures, OverviewPage, ProductFigures},
        start::Start,
        tickets::COUNTED,
    },
};

/// The page.
#[component]
pub fn Overview() -> impl IntoView {
    let lang = use_language();
    let actor = use_me().actor;
    let isv_admin = actor.isv_admin;
    let page = Resource::new(|| (), |()| overview());
    let of_instance = Resource::new(
        || (),
        move |()| async move { if isv_admin { instance().await.ok() } else { None } },
    );
    let create = actor.creates_tickets().then(|| {
        view! {
            <a class="btn" href=addresses::CREATE>
                <PlusIcon/>
                {lang.create_tickets_title()}
            </a>
        }
    });
    view! {
        <div class="page wide">
            <PageHead title=lang.overview()>
                <p class="actions end">
                    {create}
                    <a class="btn primary" href=addresses::ADD>
                        <PlusIcon/>
                        {lang.add_ticket()}
                    </a>
                </p>
            </PageHead>
            <Transition fallback=move || view! { <p class="skeleton" role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    let of_instance = of_instance.await;
                    match page.await {
                        Ok(page) => view! { <Shown page of_instance/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
            <StartSwitch/>
        </div>
    }
}

/// The list of tickets that have a product.
fn tickets_of(product: &str) -> String {
    format::address(addresses::ALL_TICKETS, &[("q", product.to_owned())])
}

/// The list of what ends in the time that the overview looks ahead.
fn ends_soon() -> String {
    let query = ExpiryQuery {
        days: DAYS,
        ..ExpiryQuery::default()
    };
    format::address(addresses::EXPIRING, &query.parameters())
}

#[component]
fn Shown(page: OverviewPage, of_instance: Option<Instance>) -> impl IntoView {
    let lang = use_language();
    let sums = sums(lang, &page, of_instance.as_ref());
    let waits = waits(lang, &page, of_instance.as_ref());
    let waiting = if waits.is_empty() {
        view! { <p class="empty">{lang.nothing_waits()}</p> }.into_any()
    } else {
        let item = |(to, words): (String, String)| view! { <li><a class="row-link" href=to>{words}</a></li> };
        view! { <ul class="plain-list">{waits.into_iter().map(item).collect::<Vec<_>>()}</ul> }.into_any()
    };
    view! {
        <ul class="sums">{sums.into_iter().map(sum).collect::<Vec<_>>()}</ul>
        <div class="overview">
            {page.licenses.map(|licenses| view! { <Products licenses/> })}
            <section class="panel" aria-labelledby="waits">
                <h2 id="waits">{lang.waits_for_you()}</h2>
                {waiting}
            </section>
            <section class="panel" aria-labelledby="ends">
                <h2 id="ends">{lang.ends_within(DAYS)}</h2>
                {ends(lang, page.ends, page.ending)}
            </section>
            <section class="panel" aria-labelledby="lately">
                <h2 id="lately">{lang.happened_lately()}</h2>
                {lately(lang, page.lately)}
            </section>
        </div>
    }
}

/// A number, what it counts, what is said of it, and the list behind it.
struct Sum {
    to: String,
    label: &'static str,
    number: String,
    note: String,
    /// It is about time that runs out.
    soon: bool,
}

/// The numbers that concern the reader: those without anything behind them say nothing, and are left out.
fn sums(lang: Language, page: &OverviewPage, of_instance: Option<&Instance>) -> Vec<Sum> {
    let sum = |to: String, label, number, note: String| Sum {
        to,
        label,
        number,
        note,
        soon: false,
    };
    let mut sums = Vec::new();
    if let Some(LicenseFigures { all, .. }) = &page.licenses {
        let of = lang.of_so_many(all.granted);
        let list = addresses::ALL_TICKETS.to_owned();
        sums.push(sum(
            list,
            lang.licenses_activated(),
            lang.count(all.activated),
            of,
        ));
        let of = lang.of_so_many_activated(all.activated);
        let list = addresses::CONTAINERS.to_owned();
        sums.push(sum(list, lang.licenses_in_use(), lang.count(all.in_use), of));
    }
    sums.push(Sum {
        soon: page.ending > 0,
        ..sum(
            ends_soon(),
            lang.end_soon(),
            lang.count(page.ending),
            lang.within_days(DAYS),
        )
    });
    let mine = lang.so_many_mine(page.mine);
    let all = lang.count_up_to(page.tickets, COUNTED);
    sums.push(sum(addresses::ALL_TICKETS.to_owned(), lang.tickets(), all, mine));
    if let Some(unassigned) = page.unassigned {
        let list = addresses::tickets(Node::Unassigned);
        let number = lang.count_up_to(unassigned, COUNTED);
        sums.push(sum(
            list,
            lang.unassigned(),
            number,
            lang.wait_for_codes().to_owned(),
        ));
    }
    let list = addresses::CONTAINERS.to_owned();
    sums.push(sum(
        list,
        lang.containers(),
        lang.count(page.containers),
        String::new(),
    ));
    if let Some(instance) = of_instance {
        let of = lang.of_so_many(u64::from(instance.pool.seats));
        let list = addresses::INSTANCE.to_owned();
        sums.push(sum(
            list,
            lang.seats_taken(),
            lang.count(instance.pool.active),
            of,
        ));
    }
    sums
}

fn sum(sum: Sum) -> impl IntoView {
    view! {
        <li>
            <a href=sum.to class:soon=sum.soon>
                <span class="sum-label">{sum.label}</span>
                " "
                <b>{sum.number}</b>
                " "
                <small>{sum.note}</small>
            </a>
        </li>
    }
}

/// What waits for the reader, each with the place where it is done.
fn waits(lang: Language, page: &OverviewPage, of_instance: Option<&Instance>) -> Vec<(String, String)> {
    let mut waits = Vec::new();
    if page.waits.own_free > 0 {
        let list = addresses::tickets(Node::Mine);
        waits.push((list, lang.own_licenses_free(page.waits.own_free)));
    }
    for (ticket, code, due_at) in &page.waits.take_backs {
        let words = lang.ticket_is_taken_back(&code.to_string(), &format::date(lang, *due_at));
        waits.push((addresses::ticket(*ticket), words));
    }
    for (id, name) in &page.waits.webhooks {
        waits.push((addresses::webhook(*id), lang.webhook_is_stopped(name)));
    }
    if let Some(unassigned) = page.unassigned.filter(|unassigned| *unassigned > 0) {
        let list = addresses::tickets(Node::Unassigned);
        waits.push((
            list,
            lang.tickets_are_nobodys(&lang.count_up_to(unassigned, COUNTED)),
        ));
    }
    if let Some(instance) = of_instance {
        let open = |state: RequestState| matches!(state, RequestState::Recorded | RequestState::Mailed(_));
        let open = instance
            .requests
            .iter()
            .filter(|request| open(request.state))
            .count();
        if open > 0 {
            waits.push((addresses::INSTANCE.to_owned(), lang.requests_are_open(open)));
        }
        if instance.license.is_none() {
            waits.push((
                addresses::INSTANCE.to_owned(),
                lang.instance_is_unlicensed().to_owned(),
            ));
        }
    }
    waits
}

/// The licences by product: as a table, with the share beside each row as a bar, which says nothing more.
#[component]
fn Products(licenses: LicenseFigures) -> impl IntoView {
    let lang = use_language();
    let LicenseFigures { products, more, .. } = licenses;
    if products.is_empty() {
        return view! {
            <section class="panel" aria-labelledby="products">
                <h2 id="products">{lang.licenses_by_product()}</h2>
                <p class="empty">{lang.no_licenses_yet()} " " <a href=addresses::ADD>{lang.add_ticket()}</a></p>
            </section>
        }
        .into_any();
    }
    let row = |row: ProductFigures| {
        let name = format::product(lang, &row.name).to_owned();
        let Figures {
            granted,
            activated,
            in_use,
        } = row.figures;
        view! {
            <tr>
                <th scope="row">
                    <a href=tickets_of(&name)>{name.clone()}</a>
                    {share(row.figures)}
                </th>
                <td class="number" data-label=lang.column_activated()>
                    <span>{lang.count(activated)} " " <span class="quiet">{lang.of_so_many(granted)}</span></span>
                </td>
                <td class="number" data-label=lang.licenses_in_use()>{lang.count(in_use)}</td>
                <td class="number" data-label=lang.free()>{lang.count(granted.saturating_sub(activated))}</td>
            </tr>
        }
    };
    view! {
        <section class="panel by-product" aria-labelledby="products">
            <h2 id="products">{lang.licenses_by_product()}</h2>
            <table class="rows">
                <caption class="hidden">{lang.licenses_by_product()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.product()}</th>
                        <th scope="col" class="number">{lang.column_activated()}</th>
                        <th scope="col" class="number">{lang.licenses_in_use()}</th>
                        <th scope="col" class="number">{lang.free()}</th>
                    </tr>
                </thead>
                <tbody>{products.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
            {(more > 0)
                .then(|| view! { <p><a href=addresses::ALL_TICKETS>{lang.more_products(more)}</a></p> })}
        </section>
    }
    .into_any()
}

/// How much of it is activated, and in use.
fn share(figures: Figures) -> impl IntoView {
    let of = |part: u64| (part.min(figures.granted) * 100 / figures.granted.max(1)).to_string();
    view! {
        <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="share-all" width="100" height="6"/>
            <rect class="share-activated" width=of(figures.activated) height="6"/>
            <rect class="share-used" width=of(figures.in_use) height="6"/>
        </svg>
    }
}

fn ends(lang: Language, ends: Vec<Expiring>, all: u64) -> AnyView {
    if ends.is_empty() {
        return view! { <p class="empty">{lang.nothing_ends()}</p> }.into_any();
    }
    let row = |row: Expiring| {
        let end = format::last_moment(row.end);
        view! {
            <li>
                <a class="row-link" href=addresses::ticket(row.ticket)>
                    {format::license(lang, &row.license)}
                </a>
                <span class="quiet">
                    <time datetime=format::machine_time(row.end)>{lang.until_day(&format::date(lang, end))}</time>
                    " · "
                    {format::holder(lang, &row.holder)}
                </span>
            </li>
        }
    };
    view! {
        <ul class="plain-list">{ends.into_iter().map(row).collect::<Vec<_>>()}</ul>
        <p><a href=ends_soon()>{lang.all_that_ends(all)}</a></p>
    }
    .into_any()
}

fn lately(lang: Language, lately: Vec<Happened>) -> AnyView {
    if lately.is_empty() {
        return view! { <p class="empty">{lang.nothing_happened()}</p> }.into_any();
    }
    let by = |by: &By| match by {
        By::Operator => lang.operator().to_owned(),
        By::Machine => lang.a_machine().to_owned(),
        By::Person(Named::Known(_, name) | Named::Former(name)) => name.clone(),
        By::Person(Named::Hidden) => lang.someone().to_owned(),
    };
    let row = |row: Happened| {
        let ticket = row.ticket.as_ref().map(|(id, code)| {
            view! { <a class="mono" href=addresses::ticket(*id)>{code.to_string()}</a> " " }
        });
        let group = row.group.as_ref().and_then(|group| match group {
            Named::Known(_, name) | Named::Former(name) => Some(name.clone()),
            Named::Hidden => None,
        });
        view! {
            <li>
                <span>
                    <strong>{lang.event(row.kind)}</strong>
                    " "
                    {ticket}
                    {group.map(|group| format!("{group} "))}
                    <span class="path">{whereabouts(lang, &row)}</span>
                </span>
                <span class="quiet">
                    {by(&row.by)} " · "
                    <Time at=row.at/>
                </span>
            </li>
        }
    };
    view! {
        <ul class="plain-list lately">{lately.into_iter().map(row).collect::<Vec<_>>()}</ul>
        <p><a href=addresses::HISTORY>{lang.all_that_happened()}</a></p>
    }
    .into_any()
}

/// With which page the portal begins. A plain form: its answer is that page.
#[component]
pub fn StartSwitch() -> impl IntoView {
    let lang = use_language();
    let chosen = SharedValue::new(|| asked_start().name().to_owned()).into_inner();
    let button = move |start: &Start| {
        let pressed = (start.name() == chosen).to_string();
        let name = match start {
            Start::Desk => lang.tickets(),
            Start::Overview => lang.overview(),
        };
        view! {
            <button class="btn plain" name="start" value=start.name() aria-pressed=pressed>
                {name}
            </button>
        }
    };
    view! {
        <form method="post" action=SetStart::url() class="start">
            <span id="start-page" class="quiet">{lang.start_page()}</span>
            <div class="themes" role="group" aria-labelledby="start-page">
                {Start::ALL.iter().map(button).collect_view()}
            </div>
        </form>
    }
}
