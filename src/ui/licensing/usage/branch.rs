//! How the licences of a branch were used.

use domain::ids::ProductId;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::licensing::usage::read_branch_use,
    i18n::format,
    ui::{
        kit::language::use_language,
        licensing::usage::parts::{Branch, Course, Known, Spans, Step, Week},
        shell::{admin_nav::AdminNav, errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        licensing::usage::{BranchPoint, BranchUse, ProductUse, UnusedQuery, UseQuery, average},
    },
};

fn asked(params: &ParamsMap) -> UseQuery {
    UseQuery::read(|name| params.get_str(name))
}

fn address(base: &str, query: &UseQuery) -> String {
    format::address(base, &query.parameters())
}

/// The page of it.
#[component]
pub fn BranchUsePage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(asked));
    let found = Resource::new(move || query.get(), read_branch_use);
    let unused = move || {
        let unused = UnusedQuery {
            group: query.get().group,
            ..UnusedQuery::default()
        };
        format::address(addresses::UNUSED, &unused.parameters())
    };
    view! {
        <div class="page wide">
            <AdminNav/>
            <PageHead title=lang.usage()>
                <p class="actions end">
                    <a class="btn" href=unused>{lang.unused_licenses()}</a>
                    <a class="btn" href=move || address(addresses::USE_FILE, &query.get()) download rel="external">
                        {lang.download_csv()}
                    </a>
                </p>
            </PageHead>
            <p class="quiet">{lang.usage_explained()}</p>
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
fn Found(found: BranchUse, query: UseQuery) -> impl IntoView {
    let lang = use_language();
    let BranchUse {
        path,
        since,
        until,
        step,
        points,
        week,
        products,
    } = found;
    let asked = query.clone();
    let spans = Callback::new(move |span| {
        let other = UseQuery {
            span,
            ..asked.clone()
        };
        address(addresses::USE, &other)
    });
    let all = UseQuery {
        group: None,
        ..query.clone()
    };
    let of = products.iter().find(|product| Some(product.id) == query.product);
    let of = of.map_or(lang.all_products(), |product| {
        format::product(lang, &product.product)
    });
    let of = of.to_owned();
    let at = |point: BranchPoint| Step {
        begin: point.begin,
        value: average(point.leased, step),
        limit: None,
        refused: point.refused,
        waited: point.waited,
        leased: point.leased,
    };
    let steps: Vec<Step> = points.into_iter().map(at).collect();
    view! {
        <Spans chosen=query.span to=spans/>
        <Branch path all=address(addresses::USE, &all)/>
        <section class="panel" aria-labelledby="use-name">
            <h2 id="use-name">{of.clone()}</h2>
            <div class="plots">
                <div>
                    <Course steps step id="use".to_owned() of=of.clone() values=lang.use_on_average()/>
                </div>
                <div>
                    <h3>{lang.use_by_weekday()}</h3>
                    <Week week id="use-week".to_owned() of/>
                </div>
            </div>
        </section>
        <Products products query step/>
        <Known since until/>
    }
}

#[component]
fn Products(products: Vec<ProductUse>, query: UseQuery, step: domain::time::Seconds) -> impl IntoView {
    let lang = use_language();
    let over = domain::time::Seconds(query.span.length().as_secs().max(step.0));
    let link = |product: Option<ProductId>| {
        let other = UseQuery {
            product,
            ..query.clone()
        };
        address(addresses::USE, &other)
    };
    let row = |found: ProductUse| {
        let chosen = query.product == Some(found.id);
        view! {
            <tr aria-current=chosen.then_some("true")>
                <th scope="row">
                    <span>
                        <a href=link(Some(found.id))>{format::product(lang, &found.product).to_owned()}</a>
                        " "
                        <small class="mono quiet wrap">{found.article}</small>
                    </span>
                </th>
                <td class="number" data-label=lang.use_granted()>{lang.count(found.granted)}</td>
                <td class="number" data-label=lang.use_on_average()>
                    {format::tenths(lang, average(found.leased, over))}
                </td>
                <td class="number" data-label=lang.use_refused()>{lang.count(found.refused)}</td>
                <td class="number" data-label=lang.use_waited()>{lang.count(found.waited)}</td>
            </tr>
        }
    };
    if products.is_empty() {
        return view! { <p class="empty">{lang.nothing_used()}</p> }.into_any();
    }
    let whole = query
        .product
        .map(|_| view! { <p><a href=link(None)>{lang.all_products()}</a></p> });
    view! {
        <section class="panel" aria-labelledby="use-products">
            <h2 id="use-products">{lang.use_by_product()}</h2>
            {whole}
            <table class="rows">
                <caption class="hidden">{lang.use_by_product()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.product()}</th>
                        <th scope="col" class="number">{lang.use_granted()}</th>
                        <th scope="col" class="number">{lang.use_on_average()}</th>
                        <th scope="col" class="number">{lang.use_refused()}</th>
                        <th scope="col" class="number">{lang.use_waited()}</th>
                    </tr>
                </thead>
                <tbody>{products.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        </section>
    }
    .into_any()
}
