//! Containers (S9).

use domain::{ids::ContainerId, licensing::containers::ContainerKind, tickets::owners::Owner};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::containers::{ContainerDetail, ContainerPage, ContainerQuery},
};

/// The containers within the reader's reach.
#[server(endpoint = "containers")]
pub async fn containers(#[server(default)] query: ContainerQuery) -> Result<ContainerPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::containers::list(&portal.store, user, &query).await?)
}

/// A container, with what is activated in it as far as the reader may know.
#[server(endpoint = "container")]
pub async fn container(container: ContainerId) -> Result<ContainerDetail, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::containers::detail(&portal.store, user, container).await?)
}

/// Makes a container for a person, with a group context or none; a dongle has a serial number. A repetition with the same
/// `key` makes no other.
#[server(endpoint = "create_container")]
pub async fn create_container(
    of: Owner,
    name: String,
    kind: ContainerKind,
    #[server(default)] serial: String,
    key: String,
) -> Result<ContainerId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops::{self, licensing::containers::NewContainer},
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    portal.limits.container(user)?;
    let new = NewContainer {
        kind,
        serial: &serial,
        name: &name,
    };
    let id = ops::licensing::containers::create(&portal.store, user, of, new, &key).await?;
    auth::lead_form_on(&addresses::container(id));
    Ok(id)
}

/// Gives a container another name.
#[server(endpoint = "rename_container")]
pub async fn rename_container(container: ContainerId, name: String) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::containers::rename(&portal.store, user, container, &name).await?)
}

/// Removes a container in which nothing is activated.
#[server(endpoint = "remove_container")]
pub async fn remove_container(container: ContainerId) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    ops::licensing::containers::remove(&portal.store, user, container).await?;
    auth::go_on(addresses::CONTAINERS);
    Ok(())
}

/// Reports the machine that a container is lost, or found again.
#[server(endpoint = "set_machine_lost")]
pub async fn set_machine_lost(container: ContainerId, lost: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::devices::set_lost(&portal.store, user, container, lost).await?)
}
