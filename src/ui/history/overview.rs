//! The history of what one may know of (N11): filter, search, export.

use domain::{
    history::{Topic, events::EventKind},
    tickets::Holder,
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::history::events,
    i18n::{Language, format},
    ui::{
        kit::{forms::FilterForm, language::use_language, time::Time},
        shell::{errors::Trouble, page_head::PageHead, way::ActivityTabs},
    },
    views::{
        addresses,
        history::{By, Happened, HistoryPage, HistoryQuery, Named},
    },
};

fn asked(params: &ParamsMap) -> HistoryQuery {
    HistoryQuery::read(|name| params.get_str(name))
}

/// What happened, newest first.
#[component]
pub fn HistoryOverview() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(asked));
    let list = Resource::new(move || query.get(), events);
    let file = move || {
        let all = HistoryQuery {
            before: None,
            ..query.get()
        };
        format::address(addresses::HISTORY_FILE, &all.parameters())
    };
    view! {
        <div class="page wide">
            <PageHead title=lang.history()>
                <p class="actions end">
                    <a class="btn" href=file download rel="external">{lang.download_csv()}</a>
                </p>
            </PageHead>
            <ActivityTabs/>
            <p class="quiet">{lang.history_explained()}</p>
            <Filter query/>
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(page) => view! { <Events page query/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// What the list is narrowed to. A plain form: its answer is the page with another address.
#[component]
fn Filter(query: Memo<HistoryQuery>) -> impl IntoView {
    let lang = use_language();
    // What the address says, in the form in which the field of that name has it.
    let value = move |name: &'static str| {
        move || {
            let parameters = query.with(HistoryQuery::parameters);
            let found = parameters.into_iter().find(|(known, _)| *known == name);
            found.map_or_else(String::new, |(_, text)| text)
        }
    };
    let topic = move |topic: Topic| {
        let selected = move || query.with(|query| query.topic == Some(topic));
        view! { <option value=topic.to_string() selected=selected>{lang.topic(topic)}</option> }
    };
    let kept = move |name: &'static str| {
        let value = value(name);
        move || {
            let value = value();
            (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value/> })
        }
    };
    let field = move |name: &'static str, kind: &'static str, label: &'static str| {
        view! {
            <label class="labelled">
                {label}
                <input class="input" type=kind name=name value=value(name) prop:value=value(name) autocomplete="off"/>
            </label>
        }
    };
    view! {
        <FilterForm action=addresses::HISTORY attr:class="filters" attr:role="search">
            {field("q", "search", lang.search_history())}
            <label class="labelled">
                {lang.about()}
                <select class="input" name="about" prop:value=value("about")>
                    <option value="">{lang.everything()}</option>
                    {Topic::ALL.iter().copied().map(topic).collect::<Vec<_>>()}
                </select>
            </label>
            {field("from", "date", lang.from_day())}
            {field("to", "date", lang.to_day())}
            {kept("person")}
            {kept("group")}
            <button class="btn primary">{lang.show()}</button>
        </FilterForm>
    }
}

#[component]
fn Events(page: HistoryPage, query: Memo<HistoryQuery>) -> impl IntoView {
    let lang = use_language();
    let HistoryPage {
        rows,
        next,
        person,
        group,
    } = page;
    let asked = query.get_untracked();
    let only = [
        person.map(|name| lang.only_events_of(&name)),
        group.map(|name| lang.only_events_in(&name)),
    ];
    let narrowed = asked
        != HistoryQuery {
            before: asked.before,
            ..HistoryQuery::default()
        };
    let none = if next.is_some() {
        lang.not_among_newest()
    } else {
        lang.no_events()
    };
    let list = if rows.is_empty() {
        view! { <p class="empty">{none}</p> }.into_any()
    } else {
        let row = |row: Happened| view! { <Row row query/> };
        view! {
            <table class="rows events">
                <caption class="hidden">{lang.history()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.when()}</th>
                        <th scope="col">{lang.what_happened()}</th>
                        <th scope="col">{lang.by_whom()}</th>
                        <th scope="col">{lang.over_channel()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    let newest = asked.before.is_some().then(|| HistoryQuery {
        before: None,
        ..asked.clone()
    });
    let older = next.map(|next| HistoryQuery {
        before: Some(next),
        ..asked
    });
    let link = |query: HistoryQuery, name: &'static str| {
        view! { <a class="btn" href=format::address(addresses::HISTORY, &query.parameters())>{name}</a> }
    };
    view! {
        <p role="status" class="beside">
            {only
                .into_iter()
                .flatten()
                .map(|only| view! { <span class="tag mine">{only}</span> })
                .collect::<Vec<_>>()}
            {narrowed.then(|| view! { <a href=addresses::HISTORY>{lang.show_all_events()}</a> })}
        </p>
        {list}
        <nav class="actions" aria-label=lang.pages()>
            {newest.map(|query| link(query, lang.newest()))} {older.map(|query| link(query, lang.older()))}
        </nav>
    }
}

#[component]
fn Row(row: Happened, query: Memo<HistoryQuery>) -> impl IntoView {
    let lang = use_language();
    let by = match &row.by {
        By::Operator => view! { <span class="quiet">{lang.operator()}</span> }.into_any(),
        By::Machine => view! { <span class="quiet">{lang.a_machine()}</span> }.into_any(),
        By::Person(Named::Hidden) => view! { <span class="quiet">{lang.someone()}</span> }.into_any(),
        By::Person(Named::Former(name)) => view! { <span>{name.clone()}</span> }.into_any(),
        By::Person(Named::Known(id, name)) => {
            let only = query.with_untracked(|query| HistoryQuery {
                person: Some(*id),
                before: None,
                ..query.clone()
            });
            let label = lang.only_events_of(name);
            view! { <a href=format::address(addresses::HISTORY, &only.parameters()) title=label>{name.clone()}</a> }
                .into_any()
        }
    };
    let ticket = row.ticket.as_ref().map(|(id, code)| {
        view! { <a class="mono" href=addresses::ticket(*id)>{code.to_string()}</a> " " }
    });
    let group = row.group.as_ref().map(|group| match group {
        Named::Hidden => view! { <span class="quiet">{lang.hidden_group()}</span> }.into_any(),
        Named::Former(name) => view! { <span>{name.clone()}</span> }.into_any(),
        Named::Known(id, name) => {
            let only = query.with_untracked(|query| HistoryQuery {
                group: Some(*id),
                before: None,
                ..query.clone()
            });
            let label = lang.only_events_in(name);
            view! { <a href=format::address(addresses::HISTORY, &only.parameters()) title=label>{name.clone()}</a> }
                .into_any()
        }
    });
    let report = (row.kind == EventKind::LeaverProcessed).then(|| addresses::offboarding_report(row.id));
    view! {
        <tr>
            <td data-label=lang.when()>
                <Time at=row.at/>
            </td>
            <td data-label=lang.what_happened()>
                <span>
                    <strong>{lang.event(row.kind)}</strong>
                    " "
                    {ticket}
                    {group}
                    " "
                    <span class="path">{whereabouts(lang, &row)}</span>
                    {row.change.as_ref().map(|change| view! { " " <span>{lang.changed(change)}</span> })}
                    {report.map(|to| view! { " " <a href=to>{lang.report()}</a> })}
                </span>
            </td>
            <td data-label=lang.by_whom()>{by}</td>
            <td data-label=lang.over_channel()>{row.channel.map(|channel| lang.channel(channel))}</td>
        </tr>
    }
}

/// Where it happened and to whom, in words: "2 × · Laptop · User 1.1.1 · Group 1 → Group 2".
#[must_use]
pub fn whereabouts(lang: Language, row: &Happened) -> String {
    let quantity = row.quantity.map(|quantity| {
        let product = row.product.as_ref();
        let product = product.map_or_else(String::new, |name| format!(" {}", format::product(lang, name)));
        format!("{} ×{product}", lang.count(quantity))
    });
    let container = row.container.as_ref().map(|container| match container {
        Named::Known(_, name) | Named::Former(name) => name.clone(),
        Named::Hidden => lang.hidden_container().to_owned(),
    });
    let person = row.person.as_ref().map(|person| match person {
        Named::Known(_, name) | Named::Former(name) => name.clone(),
        Named::Hidden => lang.someone().to_owned(),
    });
    let route = match (&row.from, &row.to) {
        // Licences in a container stay those of their ticket.
        _ if row.quantity.is_some() => None,
        (Some(from), Some(to)) if from != to || *from == Holder::Elsewhere => Some(format!(
            "{} → {}",
            format::holder(lang, from),
            format::holder(lang, to)
        )),
        (_, Some(place)) | (Some(place), None) => Some(format::holder(lang, place)),
        (None, None) => None,
    };
    let parts = [quantity, container, person, route];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
