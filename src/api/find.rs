//! Searching for everything that one may know of.

use leptos::prelude::*;

use crate::{errors::ApiError, views::find::Found};

/// Tickets, people, groups, containers and customers that have the words, as far as the reader may know of them.
#[server(endpoint = "find")]
pub async fn find(#[server(default)] search: String) -> Result<Found, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::find::find(&portal.store, user, &search).await?)
}
