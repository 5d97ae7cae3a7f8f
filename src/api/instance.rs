//! The instance and its licence (S16). For ISV admins.

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::instance::Overview;

/// The licence administration's overview.
#[server(endpoint = "instance")]
pub async fn instance() -> Result<Overview, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::required().await?;
    Ok(ops::instance::overview(&portal.store, &portal.maker, user, &portal.address).await?)
}

/// Replaces the licence. One that cannot be used is refused, and the one in force stays.
#[server(endpoint = "replace_license")]
pub async fn replace_license(license: String) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::required().await?;
    Ok(ops::instance::replace_license(&portal.store, &portal.maker, user, &license).await?)
}
