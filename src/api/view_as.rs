//! Looking at the portal as another person (N16).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::ids::UserId;

/// Begins to look at the portal as that person: from here on every answer is what they would get, and nothing can be
/// changed. Ends after an hour, or with the login.
#[server(endpoint = "view_as")]
pub async fn view_as(user: UserId) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, session) = login::required_session().await?;
    ops::view_as::begin(&portal.store, &session, user).await?;
    login::go_on(Some("/"));
    Ok(())
}

/// Ends it.
#[server(endpoint = "end_view")]
pub async fn end_view() -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, session) = login::own_session().await?;
    let user = ops::view_as::end(&portal.store, session.id).await?;
    login::go_on(Some(&format!("/users/{user}")));
    Ok(())
}
