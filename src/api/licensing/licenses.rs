//! The licences of tickets: activating them in containers, and getting them back (S8).

use domain::{
    ids::{ActivationId, ContainerId, LicenseId, TicketId},
    licensing::targets::LicenseSource,
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::{licenses::LicenseDetail, targets::LicenseTargets},
};

/// The licences of a ticket, and where each is as far as the reader may know.
#[server(endpoint = "licenses")]
pub async fn licenses(ticket: TicketId) -> Result<Vec<LicenseDetail>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::licenses::of_ticket(&portal.store, user, ticket).await?)
}

/// The containers that the reader reaches, each with the verdict on bringing the licences there; the first that match the
/// search.
#[server(endpoint = "containers_for")]
pub async fn containers_for(
    source: LicenseSource,
    #[server(default)] search: String,
) -> Result<LicenseTargets, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::targets::targets(&portal.store, user, source, &search).await?)
}

/// Activates so many of a licence in a container. A repetition with the same `key` changes nothing.
#[server(endpoint = "activate")]
pub async fn activate(
    license: LicenseId,
    container: ContainerId,
    quantity: u32,
    key: String,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::licenses::activate(&portal.store, user, license, container, quantity, &key).await?)
}

/// Gives so many of an activation back to its ticket; all where no number is given.
#[server(endpoint = "deactivate")]
pub async fn deactivate(activation: ActivationId, quantity: Option<u32>) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::licenses::deactivate(&portal.store, user, activation, quantity).await?)
}

/// Takes an activation back into its ticket, wherever it is.
#[server(endpoint = "withdraw_license")]
pub async fn withdraw_license(activation: ActivationId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::licenses::withdraw(&portal.store, user, activation).await?)
}

/// Transfers activations to another container: all of them or none.
#[server(endpoint = "transfer")]
pub async fn transfer(
    #[server(default)] activations: Vec<ActivationId>,
    to: ContainerId,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::licenses::transfer(&portal.store, user, &activations, to).await?)
}
