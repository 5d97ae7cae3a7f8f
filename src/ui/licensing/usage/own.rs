//! What is kept about one's own use, and for how long.

use domain::{
    licensing::usage::{HOUR, PEOPLE_KEPT, RAW_KEPT},
    time::DAY,
};
use jiff::SignedDuration;
use leptos::prelude::*;

use crate::{
    api::licensing::usage::read_own_use,
    i18n::format,
    ui::{
        kit::{
            language::use_language,
            pager::{Pager, use_page},
        },
        shell::{errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        licensing::usage::{OWN_USE_PAGE, OwnUsePage as Page, OwnUseRow, average},
    },
};

/// So many days.
pub(crate) fn in_days(kept: SignedDuration) -> i64 {
    kept.as_secs() / DAY.as_secs()
}

/// The page of it.
#[component]
pub fn OwnUsePage() -> impl IntoView {
    let lang = use_language();
    let page = use_page();
    let found = Resource::new(move || page.get(), read_own_use);
    view! {
        <div class="page">
            <PageHead title=lang.own_use()/>
            <p class="quiet">{lang.own_use_explained()}</p>
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <Found found page=page.get_untracked()/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Found(found: Page, page: u32) -> impl IntoView {
    let lang = use_language();
    let Page {
        kept_since,
        rows,
        total,
    } = found;
    let state = kept_since.map_or_else(
        || lang.own_use_off().to_owned(),
        |since| lang.own_use_on(&format::date_time(lang, since)),
    );
    let kept = kept_since.map(|_| {
        view! {
            <p>{lang.own_use_kept()}</p>
            <p>{lang.own_use_how_long(in_days(PEOPLE_KEPT))}</p>
            <p>{lang.own_use_for_whom()}</p>
        }
    });
    let list = kept_since.map(|_| view! { <Days rows total page/> });
    view! {
        <section class="panel">
            <p>
                <strong>{state}</strong>
            </p>
            {kept}
            <p class="quiet">{lang.own_use_otherwise(in_days(RAW_KEPT))}</p>
        </section>
        {list}
    }
}

#[component]
fn Days(rows: Vec<OwnUseRow>, total: u64, page: u32) -> impl IntoView {
    let lang = use_language();
    if total == 0 {
        return view! { <p class="empty" role="status">{lang.no_own_use()}</p> }.into_any();
    }
    let row = move |row: OwnUseRow| {
        view! {
            <tr>
                <th scope="row">
                    <time datetime=format::machine_time(row.day)>{format::date(lang, row.day)}</time>
                </th>
                <td data-label=lang.product()>
                    <span>
                        {format::product(lang, &row.product).to_owned()} " "
                        <small class="mono quiet wrap">{row.article}</small>
                    </span>
                </td>
                <td class="number" data-label=lang.use_hours_leased()>
                    {format::tenths(lang, average(row.leased, HOUR.into()))}
                </td>
                <td class="number" data-label=lang.use_refused()>{lang.count(row.refused)}</td>
                <td class="number" data-label=lang.use_waited()>{lang.count(row.waited)}</td>
            </tr>
        }
    };
    let to = |page: u32| {
        let page = (page > 0).then(|| ("page", page.to_string()));
        format::address(addresses::MY_USE, &page.into_iter().collect::<Vec<_>>())
    };
    view! {
        <table class="rows">
            <caption class="hidden">{lang.own_use()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.use_day()}</th>
                    <th scope="col">{lang.product()}</th>
                    <th scope="col" class="number">{lang.use_hours_leased()}</th>
                    <th scope="col" class="number">{lang.use_refused()}</th>
                    <th scope="col" class="number">{lang.use_waited()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
        <Pager page=page size=OWN_USE_PAGE total=total to=Callback::new(to)/>
    }
    .into_any()
}
