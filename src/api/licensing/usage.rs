//! What machines made of licences (N18).

use domain::{ids::TicketId, licensing::usage::UseSpan};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::usage::{BranchUse, TicketUse, UnusedPage, UnusedQuery, UseQuery},
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
