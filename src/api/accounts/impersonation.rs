//! Looking at the portal as another person (N16).

use domain::ids::UserId;
use leptos::prelude::*;

use crate::errors::ApiError;

/// Begins to look at the portal as that person: from here on every answer is what they would get, and nothing can be
/// changed. Ends after an hour, or with the login.
#[server(endpoint = "view_as")]
pub async fn impersonate(user: UserId) -> Result<(), ApiError> {
    use crate::{
        auth::{self, OwnLogin},
        ops,
        views::addresses,
    };
    let OwnLogin { portal, session } = OwnLogin::of_request().await?.ready()?;
    ops::accounts::impersonation::begin(&portal.store, &session, user).await?;
    auth::go_on(addresses::HOME);
    Ok(())
}

/// Ends it.
#[server(endpoint = "end_view")]
pub async fn end_impersonation() -> Result<(), ApiError> {
    use crate::{
        auth::{self, BrowserLogin},
        ops,
        views::addresses,
    };
    let BrowserLogin { portal, session } = BrowserLogin::of_request().await?;
    let user = ops::accounts::impersonation::end(&portal.store, session.id).await?;
    auth::go_on(&addresses::user(user));
    Ok(())
}
