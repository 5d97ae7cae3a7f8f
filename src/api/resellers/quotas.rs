//! What binds partners: product filters and quotas (S14, N13).

use domain::{
    ids::{GroupId, ProductId},
    resellers::quotas::Period,
};
use leptos::prelude::*;

use crate::{errors::ApiError, views::resellers::quotas::PartnerDetail};

/// What is kept on the group, as far as the reader may know.
#[server(endpoint = "partner")]
pub async fn partner(group: GroupId) -> Result<PartnerDetail, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::resellers::quotas::detail(&portal.store, user, group).await?)
}

/// Sets the product filter of a group, or with `filtered` off, takes it away.
#[server(endpoint = "set_product_filter")]
pub async fn set_product_filter(
    group: GroupId,
    #[server(default)] filtered: bool,
    #[server(default)] products: Vec<ProductId>,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    let products = products.into_iter().collect();
    let filter = filtered.then_some(&products);
    Ok(ops::resellers::quotas::set_filter(&portal.store, user, group, filter).await?)
}

/// Sets how many licences of the product may be created in the branch of the group; without a number, as many as one likes.
#[server(endpoint = "set_quota")]
pub async fn set_quota(
    group: GroupId,
    product: ProductId,
    period: Period,
    quantity: Option<u64>,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::resellers::quotas::set_quota(&portal.store, user, group, product, period, quantity).await?)
}
