//! The catalogue.

use domain::ids::ProductId;
use leptos::prelude::*;

use crate::{errors::ApiError, views::licensing::products::Product};

/// The catalogue, by article number.
#[server(endpoint = "products")]
pub async fn products() -> Result<Vec<Product>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::products::list(&portal.store, user).await?)
}

/// A product.
#[server(name = ProductOf, endpoint = "product")]
pub async fn product(product: ProductId) -> Result<Product, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::products::detail(&portal.store, user, product).await?)
}

/// Writes a product: over the one with that id, or a new one. `features` are one a line.
#[server(endpoint = "save_product")]
pub async fn save_product(
    product: Option<ProductId>,
    article: String,
    name: String,
    #[server(default)] name_de: String,
    #[server(default)] features: String,
) -> Result<ProductId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    use domain::{licensing::products::ProductData, refusals::Refusal};
    let Writer { portal, user: by } = Writer::of_request().await?;
    let data = ProductData::from_form(&article, &name, &name_de, &features).map_err(Refusal::from)?;
    let id = ops::licensing::products::save(&portal.store, by, product, data).await?;
    auth::go_on(addresses::PRODUCTS);
    Ok(id)
}
