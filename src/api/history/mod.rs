//! The history of what one may know of (N11).

pub mod webhooks;

use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::history::{HistoryPage, HistoryQuery},
};

/// A page of what the reader did, of what happened to them, and of what happened in the branches they administer.
#[server(endpoint = "events")]
pub async fn events(#[server(default)] query: HistoryQuery) -> Result<HistoryPage, ApiError> {
    use crate::views::history::HISTORY_PAGE;
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::history::page(&portal.store, user, &query, HISTORY_PAGE).await?)
}
