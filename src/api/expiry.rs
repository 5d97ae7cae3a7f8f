//! What expires soon (N15).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::expiry::{ExpiryPage, ExpiryQuery};

/// What expires soon among what the reader sees: a page of it, and figures by branch.
#[server(endpoint = "expiring")]
pub async fn expiring(#[server(default)] query: ExpiryQuery) -> Result<ExpiryPage, ApiError> {
    use crate::{ops, server::login};
    let (portal, reader) = login::reading().await?;
    Ok(ops::expiry::page(&portal.store, reader, &query).await?)
}

/// Whether one is mailed what expires.
#[server(endpoint = "expiry_mail")]
pub async fn expiry_mail() -> Result<bool, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::digests::is_wanted(&portal.store, user).await?)
}

/// Has what expires mailed to oneself, or not.
#[server(endpoint = "want_expiry_mail")]
pub async fn want_expiry_mail(on: bool) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::required().await?;
    Ok(ops::digests::want(&portal.store, user, on).await?)
}
