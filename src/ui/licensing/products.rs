//! The catalogue (S8), for ISV admins.

use domain::{
    ids::ProductId,
    licensing::products::{MAX_ARTICLE, ProductData, ProductName},
    names::MAX_NAME,
};
use leptos::prelude::*;

use crate::{
    api::licensing::products::{SaveProduct, product, products},
    errors::ApiError,
    i18n::format,
    ui::{
        kit::{
            copy::CopyButton,
            forms::{Problem, failure},
            icons::PlusIcon,
            language::use_language,
            location::id_of_address,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, page_head::PageHead},
    },
    views::{addresses, licensing::products::Product},
};

/// The list of products.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let lang = use_language();
    let list = Resource::new(|| (), |()| products());
    let row = move |Product { id, data }: Product| {
        view! {
            <tr>
                <th scope="row">
                    <a href=addresses::product(id)>{format::product(lang, &data.name).to_owned()}</a>
                </th>
                <td data-label=lang.article()>
                    <span class="mono">{data.article}</span>
                </td>
                <td data-label=lang.features()>{data.features.join(", ")}</td>
            </tr>
        }
    };
    view! {
        <div class="page wide">
            <AdminNav/>
            <PageHead title=lang.products()>
                <a class="btn primary" href=addresses::NEW_PRODUCT>
                    <PlusIcon/>
                    {lang.new_product()}
                </a>
            </PageHead>
            <Suspense>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) if list.is_empty() => view! { <p class="empty">{lang.no_products()}</p> }.into_any(),
                        Ok(list) => {
                            view! {
                                <table class="rows">
                                    <caption class="hidden">{lang.products()}</caption>
                                    <thead>
                                        <tr>
                                            <th scope="col">{lang.name()}</th>
                                            <th scope="col">{lang.article()}</th>
                                            <th scope="col">{lang.features()}</th>
                                        </tr>
                                    </thead>
                                    <tbody>{list.into_iter().map(row).collect::<Vec<_>>()}</tbody>
                                </table>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

/// The form of a product.
#[component]
pub fn ProductPage() -> impl IntoView {
    let id = id_of_address::<ProductId>();
    let save = ServerAction::<SaveProduct>::new();
    let found = Resource::new(
        move || id.get(),
        |id| async move { product(id.ok_or(ApiError::HIDDEN)?).await },
    );
    view! {
        <div class="page">
            <AdminNav/>
            <Problem error=failure(save.value())/>
            <Suspense>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(Product { id, data }) => view! { <Form id=Some(id) data save/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

/// The form for a new product.
#[component]
pub fn NewProduct() -> impl IntoView {
    let save = ServerAction::<SaveProduct>::new();
    let data = ProductData {
        article: String::new(),
        name: ProductName {
            en: String::new(),
            de: String::new(),
        },
        features: Vec::new(),
    };
    view! {
        <div class="page">
            <AdminNav/>
            <Problem error=failure(save.value())/>
            <Form id=None data save/>
        </div>
    }
}

#[component]
fn Form(id: Option<ProductId>, data: ProductData, save: ServerAction<SaveProduct>) -> impl IntoView {
    let lang = use_language();
    let title = if id.is_some() {
        format::product(lang, &data.name).to_owned()
    } else {
        lang.new_product().to_owned()
    };
    let code = id.map(|_| {
        view! {
            <span class="head-code">
                <span class="mono">{data.article.clone()}</span>
                <CopyButton text=data.article.clone()/>
            </span>
        }
    });
    let german = if data.name.de == data.name.en {
        String::new()
    } else {
        data.name.de
    };
    view! {
        <PageHead title>{code}</PageHead>
        <ActionForm action=save attr:class="panel stack">
            {id.map(|id| view! { <input type="hidden" name="product" value=id.to_string()/> })}
            <label class="labelled">
                {lang.article()}
                <input
                    class="input mono"
                    name="article"
                    value=data.article
                    required
                    maxlength=MAX_ARTICLE.to_string()
                    autocomplete="off"
                    spellcheck="false"
                />
            </label>
            <label class="labelled">
                {lang.name_english()}
                <input
                    class="input"
                    name="name"
                    value=data.name.en
                    required
                    maxlength=MAX_NAME.to_string()
                    autocomplete="off"
                />
            </label>
            <label class="labelled">
                {lang.name_german()}
                <input
                    class="input"
                    name="name_de"
                    value=german
                    maxlength=MAX_NAME.to_string()
                    autocomplete="off"
                    aria-describedby="german-help"
                />
            </label>
            <p id="german-help" class="quiet">{lang.name_german_help()}</p>
            <label class="labelled">
                {lang.features()}
                <textarea class="input mono" name="features" rows="5" spellcheck="false" aria-describedby="features-help">
                    {data.features.join("\n")}
                </textarea>
            </label>
            <p id="features-help" class="quiet">{lang.features_help()}</p>
            <p class="actions">
                <button class="btn primary">{lang.save()}</button>
            </p>
        </ActionForm>
    }
}
