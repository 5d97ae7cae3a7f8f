//! The overview, and with which page the portal begins.

use leptos::prelude::*;

use crate::{errors::ApiError, views::overview::OverviewPage};

/// What there is, what of it is used, what ends, what waits, and what happened, as far as the reader may know of it.
#[server(endpoint = "overview")]
pub async fn overview() -> Result<OverviewPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::overview::page(&portal.store, user).await?)
}

/// Sets with which page the portal begins in this browser (`desk` or `overview`), and goes there.
#[server(endpoint = "start")]
pub async fn set_start(start: String) -> Result<(), ApiError> {
    crate::auth::start::set_start(&start)
}
