//! What machines made of licences (N18).

use domain::{ids::TicketId, licensing::usage::UseSpan};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::usage::{BranchUse, OwnUsePage, TicketUse, UnusedPage, UnusedQuery, UseQuery},
};

/// How the licences of a ticket were used.
#[server(endpoint = "ticket_use")]
pub async fn read_ticket_use(
    ticket: TicketId,
    #[server(default)] span: UseSpan,
) -> Result<TicketUse, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::usage::told::of_ticket(&portal.store, user, ticket, span).await?)
}

/// How the licences of a branch were used.
#[server(endpoint = "branch_use")]
pub async fn read_branch_use(#[server(default)] query: UseQuery) -> Result<BranchUse, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::usage::told::of_branch(&portal.store, user, &query).await?)
}

/// Licences that nobody used for so many days.
#[server(endpoint = "unused")]
pub async fn read_unused(#[server(default)] query: UnusedQuery) -> Result<UnusedPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::usage::unused::page(&portal.store, user, &query).await?)
}

/// What is kept about one's own use: for the person themselves, and nobody who looks at the portal as them.
#[server(endpoint = "own_use")]
pub async fn read_own_use(#[server(default)] page: u32) -> Result<OwnUsePage, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::usage::people::own(&portal.store, user, page).await?)
}

/// Keeps use by person from now on, or no longer: then all that was kept is deleted.
#[server(endpoint = "keep_use_by_person")]
pub async fn keep_use_by_person(on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::usage::people::keep(&portal.store, user, on).await?)
}
