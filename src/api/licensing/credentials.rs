//! Credentials of containers. What answers with a credential file is no server function: see `server::files::credentials`.

use domain::ids::{ContainerId, CredentialId};
use leptos::prelude::*;

use crate::{errors::ApiError, views::licensing::credentials::CredentialRow};

/// The credentials of a container.
#[server(endpoint = "credentials")]
pub async fn credentials(container: ContainerId) -> Result<Vec<CredentialRow>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader {
        portal, user: reader, ..
    } = Reader::of_request().await?;
    Ok(ops::licensing::credentials::list(&portal.store, reader, container).await?)
}

/// Switches a credential on or off.
#[server(endpoint = "switch_credential")]
pub async fn switch_credential(credential: CredentialId, on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::licensing::credentials::switch(&portal.store, by, credential, on).await?)
}

/// Takes a credential back for good.
#[server(endpoint = "revoke_credential")]
pub async fn revoke_credential(credential: CredentialId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::licensing::credentials::revoke(&portal.store, by, credential).await?)
}

/// Takes all credentials of a container back at once.
#[server(endpoint = "reset_credentials")]
pub async fn reset_credentials(container: ContainerId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::licensing::credentials::reset(&portal.store, by, container).await?)
}
