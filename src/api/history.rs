//! The history of what one may know of (N11).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::history::{HistoryPage, HistoryQuery};

/// A page of what the reader did, of what happened to them, and of what happened in the branches they administer.
#[server(endpoint = "events")]
pub async fn events(#[server(default)] query: HistoryQuery) -> Result<HistoryPage, ApiError> {
    use crate::{domain::history::HISTORY_PAGE, ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::history::page(&portal.store, user, &query, HISTORY_PAGE).await?)
}
