//! What expires soon (N15): figures by branch, and the licences one by one.

use domain::{
    ids::ProductId,
    licensing::{expiry::STEPS, products::ProductName},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::licensing::expiry::{WantExpiryMail, expiring, expiry_mail},
    errors::words::explain,
    i18n::{Language, format},
    ui::{
        kit::{
            forms::{FilterForm, Problem, Saved, failure},
            language::use_language,
            pager::Pager,
            time::Time,
        },
        licensing::amendments::standing::StandingBadge,
        shell::{errors::Trouble, page_head::PageHead, way::ActivityTabs},
    },
    views::{
        addresses,
        licensing::expiry::{BranchFigures, EXPIRY_PAGE, Expiring, ExpiryBranch, ExpiryPage, ExpiryQuery},
    },
};

/// Width of the longest bar, in the units of its picture.
const LONGEST: u64 = 1000;

fn asked(params: &ParamsMap) -> ExpiryQuery {
    ExpiryQuery::read(|name| params.get_str(name))
}

fn address(query: &ExpiryQuery) -> String {
    format::address(addresses::EXPIRING, &query.parameters())
}

/// What expires soon.
#[component]
pub fn ExpiringPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(asked));
    let page = Resource::new(move || query.get(), expiring);
    view! {
        <div class="page wide">
            <PageHead title=lang.expiring()/>
            <ActivityTabs/>
            <p class="quiet">{lang.expiring_explained()}</p>
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Found page query=query.get_untracked()/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Found(page: ExpiryPage, query: ExpiryQuery) -> impl IntoView {
    let lang = use_language();
    let ExpiryPage {
        rows,
        total,
        branches,
        products,
        path,
    } = page;
    let whole = ExpiryQuery {
        group: None,
        page: 0,
        ..query.clone()
    };
    let scope = (!path.is_empty()).then(|| {
        view! {
            <p class="beside">
                <span class="tag mine">{format::path(&path)}</span>
                <a href=address(&whole)>{lang.all_branches()}</a>
            </p>
        }
    });
    let asked = query.clone();
    let pages = move |page| {
        address(&ExpiryQuery {
            page,
            ..asked.clone()
        })
    };
    let found = if total == 0 {
        view! { <p class="empty" role="status">{lang.nothing_expires()}</p> }.into_any()
    } else {
        let row = |row: Expiring| view! { <Row row/> };
        view! {
            <Chart branches query=query.clone() within=path/>
            <table class="rows">
                <caption class="hidden">{lang.expiring()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.ends()}</th>
                        <th scope="col">{lang.product()}</th>
                        <th scope="col">{lang.ticket()}</th>
                        <th scope="col">{lang.owner()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
            <Pager page=query.page size=EXPIRY_PAGE total=total to=Callback::new(pages)/>
        }
        .into_any()
    };
    view! {
        <Filter query products/>
        {scope}
        {found}
    }
}

/// What the page is narrowed to. A plain form: its answer is the page with another address.
#[component]
fn Filter(query: ExpiryQuery, products: Vec<(ProductId, ProductName)>) -> impl IntoView {
    let lang = use_language();
    let (asked, of) = (query.days, query.product);
    let days = move |days: &u32| {
        let selected = asked == *days;
        view! { <option value=days.to_string() selected=selected>{lang.days_at_most(*days)}</option> }
    };
    let product = move |(id, name): (ProductId, ProductName)| {
        let selected = of == Some(id);
        let name = format::product(lang, &name).to_owned();
        view! { <option value=id.to_string() selected=selected>{name}</option> }
    };
    let group = query
        .group
        .map(|group| view! { <input type="hidden" name="group" value=group.to_string()/> });
    view! {
        <FilterForm action=addresses::EXPIRING attr:class="beside" attr:role="search">
            {group}
            <label class="labelled">
                {lang.within()}
                <select class="input" name="days">{STEPS.iter().map(days).collect::<Vec<_>>()}</select>
            </label>
            <label class="labelled grow">
                {lang.product()}
                <select class="input" name="product">
                    <option value="">{lang.all_products()}</option>
                    {products.into_iter().map(product).collect::<Vec<_>>()}
                </select>
            </label>
            <button class="btn primary">{lang.show()}</button>
        </FilterForm>
    }
}

fn name(lang: Language, branch: &ExpiryBranch, within: &[String]) -> String {
    match branch {
        ExpiryBranch::Group(_, path) if path == within => {
            format!("{} ({})", format::path(path), lang.only_here())
        }
        // What stands above all of them is said once.
        ExpiryBranch::Group(_, path) => format::path(path.strip_prefix(within).unwrap_or(path)),
        ExpiryBranch::Personal => lang.people_without_group().to_owned(),
        ExpiryBranch::Unassigned => lang.unassigned().to_owned(),
        ExpiryBranch::Others(count) => lang.other_branches(*count),
    }
}

/// The colour of a step.
fn key(step: usize) -> impl IntoView {
    view! {
        <svg class="key" viewBox="0 0 10 10" aria-hidden="true">
            <rect class=format!("step-{step}") width="10" height="10"/>
        </svg>
    }
}

/// The figures by branch: as a table, and beside each row the same as a bar.
#[component]
fn Chart(branches: Vec<BranchFigures>, query: ExpiryQuery, within: Vec<String>) -> impl IntoView {
    let lang = use_language();
    let most = branches
        .iter()
        .map(BranchFigures::total)
        .max()
        .unwrap_or(1)
        .max(1);
    // Steps that lie beyond the time that is asked for are not shown.
    let steps = STEPS.iter().take_while(|days| **days <= query.days).count();
    let head = |step: usize| {
        view! {
            <th scope="col" class="number">
                {key(step)}
                {lang.days_of_step(step)}
            </th>
        }
    };
    let row = |figures: BranchFigures| {
        let name = name(lang, &figures.branch, &within);
        let label = match &figures.branch {
            ExpiryBranch::Group(group, path) if *path != within => {
                let to = ExpiryQuery {
                    group: Some(*group),
                    page: 0,
                    ..query.clone()
                };
                view! { <a href=address(&to)>{name}</a> }.into_any()
            }
            _ => name.into_any(),
        };
        let counts = figures.counts.into_iter().take(steps).enumerate();
        let cell = |(step, count): (usize, u64)| {
            view! {
                <td class="number" data-label=lang.days_of_step(step)>
                    <span>
                        // Where the table stands as cards, its head is not there.
                        <span class="on-phone">{key(step)}</span>
                        {lang.count(count)}
                    </span>
                </td>
            }
        };
        view! {
            <tr>
                <th scope="row">
                    {label}
                    {bar(&figures, most)}
                </th>
                {counts.map(cell).collect::<Vec<_>>()}
                <td class="number" data-label=lang.in_all()>
                    <b>{lang.count(figures.total())}</b>
                </td>
            </tr>
        }
    };
    view! {
        <section aria-labelledby="branches">
            <h2 id="branches">{lang.by_branch()}</h2>
            <table class="rows chart">
                <caption class="hidden">{lang.licenses_by_time()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.branch()}</th>
                        {(0..steps).map(head).collect::<Vec<_>>()}
                        <th scope="col" class="number">{lang.in_all()}</th>
                    </tr>
                </thead>
                <tbody>{branches.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        </section>
    }
}

/// The figures of a branch as a bar: what ends next on the left. It says nothing that does not stand in the table.
fn bar(figures: &BranchFigures, most: u64) -> impl IntoView + use<> {
    let width = |count: u64| count.saturating_mul(LONGEST) / most;
    let mut left = 0;
    let mut parts = Vec::new();
    for (step, count) in figures
        .counts
        .into_iter()
        .enumerate()
        .filter(|(_, count)| *count > 0)
    {
        let (x, end) = (width(left), width(left + count));
        left += count;
        parts.push(view! {
            <rect
                class=format!("step-{step}")
                x=x.to_string()
                width=(end - x).max(1).to_string()
                height="10"
            />
        });
    }
    let size = format!("0 0 {LONGEST} 10");
    view! {
        <svg class="figures" viewBox=size preserveAspectRatio="none" aria-hidden="true">
            {parts}
        </svg>
    }
}

#[component]
fn Row(row: Expiring) -> impl IntoView {
    let lang = use_language();
    view! {
        <tr>
            <td data-label=lang.ends()>
                <span>
                    <Time at=format::last_moment(row.end)/>
                    " "
                    <span class="tag" class:warn=row.step <= 1>{lang.days_of_step(row.step)}</span>
                </span>
            </td>
            <td data-label=lang.product()>
                <span>
                    {format::license(lang, &row.license)}
                    {row.license.stopped.map(|standing| view! { " " <StandingBadge standing/> })}
                </span>
            </td>
            <td data-label=lang.ticket()>
                <a class="mono" href=addresses::ticket(row.ticket)>{row.code.to_string()}</a>
            </td>
            <td data-label=lang.owner()>{format::holder(lang, &row.holder)}</td>
        </tr>
    }
}

/// Whether one is mailed what expires, on the page of one's own data.
#[component]
pub fn ExpiryMail() -> impl IntoView {
    let lang = use_language();
    let want = ServerAction::<WantExpiryMail>::new();
    let wanted = Resource::new(|| (), |()| expiry_mail());
    view! {
        <h3>{lang.mails()}</h3>
        <Problem error=failure(want.value())/>
        <Saved value=want.value()/>
        <ActionForm action=want attr:class="stack">
            <Suspense>
                {move || Suspend::new(async move {
                    match wanted.await {
                        Ok(on) => {
                            view! {
                                <fieldset class="stack">
                                    <legend class="question">{lang.mail_what_expires()}</legend>
                                    <label class="check">
                                        <input type="radio" name="on" value="true" checked=on/>
                                        {lang.yes()}
                                    </label>
                                    <label class="check">
                                        <input type="radio" name="on" value="false" checked=!on/>
                                        {lang.no()}
                                    </label>
                                </fieldset>
                                <p class="actions">
                                    <button class="btn" aria-label=lang.permission_of(lang.save(), lang.mails())>
                                        {lang.save()}
                                    </button>
                                </p>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
                    }
                })}
            </Suspense>
        </ActionForm>
    }
}
