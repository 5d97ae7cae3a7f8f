//! The catalogue.

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::{ids::ProductId, products::Product};

/// The catalogue, by article number.
#[server(endpoint = "products")]
pub async fn products() -> Result<Vec<Product>, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::products::list(&portal.store, user).await?)
}

/// A product.
#[server(name = ProductOf, endpoint = "product")]
pub async fn product(product: ProductId) -> Result<Product, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::products::detail(&portal.store, user, product).await?)
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
        domain::{products::ProductData, refusals::Refusal},
        ops,
        server::login,
    };
    let (portal, by) = login::required().await?;
    let data = ProductData::from_form(&article, &name, &name_de, &features).map_err(Refusal::from)?;
    let id = ops::products::save(&portal.store, by, product, data).await?;
    login::go_on(Some("/products"));
    Ok(id)
}
