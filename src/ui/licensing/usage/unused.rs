//! Licences that nobody uses.

use domain::licensing::usage::MAX_UNUSED_DAYS;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::licensing::usage::read_unused,
    i18n::format,
    ui::{
        kit::{forms::FilterForm, language::use_language, pager::Pager},
        licensing::{
            take_backs::{AskForSelected, SELECTED},
            usage::parts::Branch,
        },
        shell::{errors::Trouble, page_head::PageHead, session::use_me, way::ActivityTabs},
    },
    views::{
        addresses,
        licensing::usage::{UNUSED_PAGE, UnusedPage as Page, UnusedQuery, UnusedRow},
    },
};

fn asked(params: &ParamsMap) -> UnusedQuery {
    UnusedQuery::read(|name| params.get_str(name))
}

fn address(query: &UnusedQuery) -> String {
    format::address(addresses::UNUSED, &query.parameters())
}

/// The page of them.
#[component]
pub fn UnusedPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(asked));
    let found = Resource::new(move || query.get(), read_unused);
    view! {
        <div class="page wide">
            <PageHead title=lang.unused_licenses()/>
            <ActivityTabs/>
            <p class="quiet">{lang.unused_explained()}</p>
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <Found found query=query.get_untracked()/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Found(found: Page, query: UnusedQuery) -> impl IntoView {
    let lang = use_language();
    let Page {
        rows,
        total,
        path,
        since,
    } = found;
    let all = address(&UnusedQuery {
        group: None,
        page: 0,
        ..query.clone()
    });
    let short = since.map(|since| {
        let known = lang.unused_known_since(&format::date_time(lang, since));
        view! { <p class="quiet">{known}</p> }
    });
    // Whose tickets are to be moved, the server asks: here it is offered to who administers anything.
    let may_ask = use_me().actor.looks_after_people();
    let asked = query.clone();
    let pages = move |page| {
        address(&UnusedQuery {
            page,
            ..asked.clone()
        })
    };
    let list = if total == 0 {
        view! { <p class="empty" role="status">{lang.nothing_unused()}</p> }.into_any()
    } else {
        view! {
            <table class="rows">
                <caption class="hidden">{lang.unused_licenses()}</caption>
                <thead>
                    <tr>
                        {may_ask.then(|| view! { <td></td> })}
                        <th scope="col">{lang.product()}</th>
                        <th scope="col">{lang.ticket()}</th>
                        <th scope="col">{lang.owner()}</th>
                        <th scope="col">{lang.since()}</th>
                        <th scope="col">{lang.last_used()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row may_ask/> }).collect::<Vec<_>>()}</tbody>
            </table>
            {may_ask.then(|| view! { <AskForSelected group=query.group/> })}
            <Pager page=query.page size=UNUSED_PAGE total=total to=Callback::new(pages)/>
        }
        .into_any()
    };
    view! {
        <Filter query/>
        <Branch path all/>
        {short}
        {list}
    }
}

/// For how many days. A plain form: its answer is the page with another address.
#[component]
fn Filter(query: UnusedQuery) -> impl IntoView {
    let lang = use_language();
    let group = query
        .group
        .map(|group| view! { <input type="hidden" name="group" value=group.to_string()/> });
    view! {
        <FilterForm action=addresses::UNUSED attr:class="beside" attr:role="search">
            {group}
            <label class="labelled">
                {lang.unused_for_days()}
                <input
                    class="input"
                    type="number"
                    name="days"
                    min="1"
                    max=MAX_UNUSED_DAYS.to_string()
                    value=query.days.to_string()
                    autocomplete="off"
                />
            </label>
            <button class="btn primary">{lang.show()}</button>
        </FilterForm>
    }
}

#[component]
fn Row(row: UnusedRow, may_ask: bool) -> impl IntoView {
    let lang = use_language();
    let asked_for = row.taken_back.map(|day| {
        view! { " " <span class="tag">{lang.is_asked_back(&format::date(lang, day))}</span> }
    });
    let choose = lang.select_row(&format!("{} {}", format::license(lang, &row.license), row.code));
    let choice = may_ask.then(|| {
        let choice = row.taken_back.is_none().then(|| {
            view! {
                <input
                    type="checkbox"
                    name="new[tickets][]"
                    value=row.ticket.to_string()
                    form=SELECTED
                    aria-label=choose
                />
            }
        });
        view! { <td class="pick">{choice}</td> }
    });
    let last = match row.last {
        Some(last) => {
            view! { <time datetime=format::machine_time(last)>{format::date(lang, last)}</time> }.into_any()
        }
        None => lang.never_used().into_any(),
    };
    view! {
        <tr>
            {choice}
            <th scope="row">
                <a href=addresses::ticket_use(row.ticket)>{format::license(lang, &row.license)}</a>
            </th>
            <td data-label=lang.ticket()>
                <a class="mono" href=addresses::ticket(row.ticket)>{row.code.to_string()}</a>
                {asked_for}
            </td>
            <td data-label=lang.owner()>{format::holder(lang, &row.holder)}</td>
            <td data-label=lang.since()>
                <time datetime=format::machine_time(row.since)>{format::date(lang, row.since)}</time>
            </td>
            <td data-label=lang.last_used()>{last}</td>
        </tr>
    }
}
