//! Credentials of containers. What answers with a credential file is no server function: see `server::credentials`.

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::{
    credentials::CredentialRow,
    ids::{ContainerId, CredentialId},
};

/// The credentials of a container.
#[server(endpoint = "credentials")]
pub async fn credentials(container: ContainerId) -> Result<Vec<CredentialRow>, ApiError> {
    use crate::{ops, server::login};
    let (portal, reader) = login::reading().await?;
    Ok(ops::credentials::list(&portal.store, reader, container).await?)
}

/// Switches a credential on or off.
#[server(endpoint = "switch_credential")]
pub async fn switch_credential(
    credential: CredentialId,
    #[server(default)] on: bool,
) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, by) = login::required().await?;
    Ok(ops::credentials::switch(&portal.store, by, credential, on).await?)
}

/// Takes a credential back for good.
#[server(endpoint = "revoke_credential")]
pub async fn revoke_credential(credential: CredentialId) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, by) = login::required().await?;
    Ok(ops::credentials::revoke(&portal.store, by, credential).await?)
}

/// Takes all credentials of a container back at once.
#[server(endpoint = "reset_credentials")]
pub async fn reset_credentials(container: ContainerId) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, by) = login::required().await?;
    Ok(ops::credentials::reset(&portal.store, by, container).await?)
}
