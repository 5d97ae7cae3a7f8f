//! The history of what one may know of (N11).

pub mod webhooks;

use domain::history::{HistoryPage, HistoryQuery};
use leptos::prelude::*;

use crate::errors::ApiError;

/// A page of what the reader did, of what happened to them, and of what happened in the branches they administer.
#[server(endpoint = "events")]
pub async fn events(#[server(default)] query: HistoryQuery) -> Result<HistoryPage, ApiError> {
    use crate::{auth, ops};
    use domain::history::HISTORY_PAGE;
    let (portal, user) = auth::reading().await?;
    Ok(ops::history::page(&portal.store, user, &query, HISTORY_PAGE).await?)
}
