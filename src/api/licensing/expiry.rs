//! What expires soon (N15).

use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::expiry::{ExpiryPage, ExpiryQuery},
};

/// What expires soon among what the reader sees: a page of it, and figures by branch.
#[server(endpoint = "expiring")]
pub async fn expiring(#[server(default)] query: ExpiryQuery) -> Result<ExpiryPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader {
        portal, user: reader, ..
    } = Reader::of_request().await?;
    Ok(ops::licensing::expiry::page(&portal.store, reader, &query).await?)
}

/// Whether one is mailed what expires.
#[server(endpoint = "expiry_mail")]
pub async fn expiry_mail() -> Result<bool, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::digests::is_wanted(&portal.store, user).await?)
}

/// Has what expires mailed to oneself, or not.
#[server(endpoint = "want_expiry_mail")]
pub async fn want_expiry_mail(on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::digests::want(&portal.store, user, on).await?)
}
