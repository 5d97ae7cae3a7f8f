//! Reports of one's own branch (N13): what was created, assigned, activated, and what expires.

use domain::resellers::quotas::Period;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::resellers::reports::read_report,
    i18n::format,
    ui::{
        kit::{forms::FilterForm, language::use_language, pager::Pager},
        shell::{admin_nav::AdminNav, errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        groups::Choice,
        resellers::reports::{REPORT_PAGE, Report, ReportQuery, ReportRow},
    },
};

fn asked(params: &ParamsMap) -> ReportQuery {
    ReportQuery::read(|name| params.get_str(name))
}

#[component]
pub fn ReportsPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(asked));
    let found = Resource::new(move || query.get(), read_report);
    let file = move || {
        let all = ReportQuery {
            page: 0,
            ..query.get()
        };
        format::address(addresses::REPORTS_FILE, &all.parameters())
    };
    view! {
        <div class="page wide">
            <AdminNav/>
            <PageHead title=lang.reports()>
                <p class="actions end">
                    <a class="btn" href=file download rel="external">{lang.download_csv()}</a>
                </p>
            </PageHead>
            <p class="quiet">{lang.reports_explained()}</p>
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(report) => view! { <Shown report query/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Shown(report: Report, query: Memo<ReportQuery>) -> impl IntoView {
    let lang = use_language();
    let Report { rows, total, groups } = report;
    let by = query.with_untracked(|query| query.by);
    let row = move |row: ReportRow| {
        let count = move |label: &'static str, count: u64| {
            view! {
                <td class="number" data-label=label>
                    {lang.count(count)}
                </td>
            }
        };
        view! {
            <tr>
                <td class="period" data-label=lang.period()>{lang.report_period(by, row.begin)}</td>
                <th scope="row">
                    <span>
                        {format::product(lang, &row.product).to_owned()} " "
                        <small class="mono quiet wrap">{row.article}</small>
                    </span>
                </th>
                {count(lang.report_created(), row.created)}
                {count(lang.report_assigned(), row.assigned)}
                {count(lang.report_activated(), row.activated)}
                {count(lang.report_expiring(), row.expiring)}
            </tr>
        }
    };
    let list = if rows.is_empty() {
        view! { <p class="empty">{lang.nothing_to_report()}</p> }.into_any()
    } else {
        view! {
            <table class="rows report">
                <caption class="hidden">{lang.reports()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.period()}</th>
                        <th scope="col">{lang.product()}</th>
                        <th scope="col" class="number">{lang.report_created()}</th>
                        <th scope="col" class="number">{lang.report_assigned()}</th>
                        <th scope="col" class="number">{lang.report_activated()}</th>
                        <th scope="col" class="number">{lang.report_expiring()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    let page = Signal::derive(move || query.with(|query| query.page));
    let to = Callback::new(move |page| {
        query.with(|query| {
            let turned = ReportQuery {
                page,
                ..query.clone()
            };
            format::address(addresses::REPORTS, &turned.parameters())
        })
    });
    view! {
        <Filter groups query/>
        {list}
        <Pager page size=REPORT_PAGE total=Signal::stored(total) to/>
    }
}

/// What the report is narrowed to. A plain form: its answer is the page with another address.
#[component]
fn Filter(groups: Vec<Choice>, query: Memo<ReportQuery>) -> impl IntoView {
    let lang = use_language();
    let asked = query.get_untracked();
    let parameters = asked.parameters();
    let value = move |name: &str| {
        let found = parameters.iter().find(|(known, _)| *known == name);
        found.map_or_else(String::new, |(_, text)| text.clone())
    };
    let (chosen, by) = (asked.group, asked.by);
    let group = move |choice: Choice| {
        let selected = chosen.is_some_and(|group| group.0 == choice.id);
        view! { <option value=choice.id.to_string() selected=selected>{choice.label}</option> }
    };
    let period = move |period: &Period| {
        view! { <option value=period.to_string() selected=by == *period>{lang.per(*period)}</option> }
    };
    view! {
        <FilterForm action=addresses::REPORTS attr:class="filters">
            <label class="labelled">
                {lang.branch()}
                <select class="input" name="group">
                    <option value="">{lang.all_you_may_see()}</option>
                    {groups.into_iter().map(group).collect::<Vec<_>>()}
                </select>
            </label>
            <label class="labelled">
                {lang.period()}
                <select class="input" name="by">{Period::ALL.iter().map(period).collect::<Vec<_>>()}</select>
            </label>
            <label class="labelled">
                {lang.from_day()}
                <input class="input" type="date" name="from" value=value("from") autocomplete="off"/>
            </label>
            <label class="labelled">
                {lang.to_day()} <input class="input" type="date" name="to" value=value("to") autocomplete="off"/>
            </label>
            <button class="btn primary">{lang.show()}</button>
        </FilterForm>
    }
}
