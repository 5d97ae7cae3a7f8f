//! What binds a partner's group (S14, N13): the product filter and the quotas, changed from above.

use domain::{
    ids::GroupId,
    resellers::quotas::{MAX_QUOTA, Period},
};
use leptos::prelude::*;

use crate::{
    api::resellers::quotas::{SetProductFilter, SetQuota, partner},
    errors::ApiError,
    i18n::{Language, format},
    ui::{
        groups::parts::{Shown, about_group},
        kit::{
            forms::{Problem, Saved, after, failure},
            language::use_language,
            location::id_of_address,
        },
        shell::{errors::Trouble, live, page_head::PageHead},
    },
    views::{
        addresses,
        licensing::products::Product,
        resellers::quotas::{PartnerDetail, QuotaRow},
    },
};

#[component]
pub fn PartnerPage() -> impl IntoView {
    let id = id_of_address::<GroupId>();
    let filter = ServerAction::<SetProductFilter>::new();
    let quota = ServerAction::<SetQuota>::new();
    // Only the last answer is told.
    after(filter, move || quota.clear());
    after(quota, move || filter.clear());
    let detail = live::kept(
        move || id.get(),
        move || [filter.version().get(), quota.version().get()],
        |id| async move { partner(id.ok_or(ApiError::HIDDEN)?).await },
    );
    view! {
        <div class="page">
            <Problem error=failure(filter.value())/>
            <Problem error=failure(quota.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    match detail.await {
                        Ok(detail) => view! { <Detail detail filter quota/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

fn label(lang: Language, product: &Product) -> String {
    format!(
        "{} ({})",
        format::product(lang, &product.data.name),
        product.data.article
    )
}

#[component]
fn Detail(
    detail: PartnerDetail,
    filter: ServerAction<SetProductFilter>,
    quota: ServerAction<SetQuota>,
) -> impl IntoView {
    let lang = use_language();
    let PartnerDetail {
        group,
        path,
        may_change,
        filtered,
        choices,
        allowed,
        quotas,
    } = detail;
    let allowed = if allowed.is_empty() {
        view! { <p class="empty">{lang.nothing_allowed()}</p> }.into_any()
    } else {
        let item = |product: &Product| view! { <li>{label(lang, product)}</li> };
        view! {
            <ul class="plain-list" aria-label=lang.allowed_products()>{allowed.iter().map(item).collect::<Vec<_>>()}</ul>
        }
        .into_any()
    };
    let products: Vec<Product> = choices.iter().map(|(product, _)| product.clone()).collect();
    view! {
        <nav aria-label=lang.groups()>
            <ol class="crumbs">
                <li>
                    <a href=addresses::group(group)>{format::path(&path)}</a>
                </li>
            </ol>
        </nav>
        <PageHead title=lang.partner_rules()/>
        {about_group(group, Shown::Products)}
        {(!may_change).then(|| view! { <p class="quiet">{lang.changed_from_above()}</p> })}
        <section class="panel">
            <h2>{lang.allowed_products()}</h2>
            {allowed}
        </section>
        {may_change.then(|| view! { <Filter group filtered choices action=filter/> })}
        <section class="panel">
            <h2>{lang.quotas()}</h2>
            <p class="quiet">{lang.quotas_help()}</p>
            <Quotas quotas/>
            {may_change.then(|| view! { <QuotaForm group products action=quota/> })}
        </section>
    }
}

#[component]
fn Filter(
    group: GroupId,
    filtered: bool,
    choices: Vec<(Product, bool)>,
    action: ServerAction<SetProductFilter>,
) -> impl IntoView {
    let lang = use_language();
    let product = move |(product, through): (Product, bool)| {
        view! {
            <label class="check">
                <input type="checkbox" name="products[]" value=product.id.to_string() checked=through/>
                {label(lang, &product)}
            </label>
        }
    };
    view! {
        <section class="panel">
            <h2>{lang.product_filter()}</h2>
            <p class="quiet">{lang.filter_help()}</p>
            <ActionForm action attr:class="stack filter-form">
                <input type="hidden" name="group" value=group.to_string()/>
                <label class="check">
                    <input type="checkbox" name="filtered" value="true" checked=filtered/>
                    {lang.has_filter()}
                </label>
                <fieldset class="stack of-filtered">
                    <legend>{lang.products()}</legend>
                    {choices.into_iter().map(product).collect::<Vec<_>>()}
                </fieldset>
                <p class="actions">
                    <button class="btn primary">{lang.save()}</button>
                </p>
            </ActionForm>
            <Saved value=action.value()/>
        </section>
    }
}

#[component]
fn Quotas(quotas: Vec<QuotaRow>) -> impl IntoView {
    let lang = use_language();
    if quotas.is_empty() {
        return view! { <p class="empty">{lang.no_quotas()}</p> }.into_any();
    }
    let row = move |row: QuotaRow| {
        view! {
            <tr>
                <th scope="row">{label(lang, &row.product)}</th>
                <td data-label=lang.quota()>{lang.count(row.quantity)} " " {lang.per(row.period)}</td>
                <td data-label=lang.used()>{lang.count(row.used)}</td>
            </tr>
        }
    };
    view! {
        <table class="rows">
            <caption class="hidden">{lang.quotas()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.product()}</th>
                    <th scope="col">{lang.quota()}</th>
                    <th scope="col">{lang.used()}</th>
                </tr>
            </thead>
            <tbody>{quotas.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}

const fn period_value(period: Period) -> &'static str {
    match period {
        Period::Day => "Day",
        Period::Month => "Month",
        Period::Year => "Year",
        Period::Total => "Total",
    }
}

#[component]
fn QuotaForm(group: GroupId, products: Vec<Product>, action: ServerAction<SetQuota>) -> impl IntoView {
    let lang = use_language();
    let product = move |product: &Product| {
        view! { <option value=product.id.to_string()>{label(lang, product)}</option> }
    };
    let period = move |period: &Period| {
        view! { <option value=period_value(*period)>{lang.per(*period)}</option> }
    };
    view! {
        <h3>{lang.set_quota()}</h3>
        <ActionForm action>
            <input type="hidden" name="group" value=group.to_string()/>
            <div class="beside">
                <label class="labelled grow">
                    {lang.product()}
                    <select class="input" name="product" required>
                        {products.iter().map(product).collect::<Vec<_>>()}
                    </select>
                </label>
                <label class="labelled">
                    {lang.period()}
                    <select class="input" name="period">
                        {Period::ALL.iter().map(period).collect::<Vec<_>>()}
                    </select>
                </label>
                <label class="labelled">
                    {lang.quota()}
                    <input
                        class="input"
                        type="number"
                        name="quantity"
                        min="0"
                        max=MAX_QUOTA.to_string()
                        placeholder=lang.quota_help()
                        autocomplete="off"
                    />
                </label>
                <button class="btn">{lang.set_quota()}</button>
            </div>
        </ActionForm>
        <Saved value=action.value()/>
    }
}
