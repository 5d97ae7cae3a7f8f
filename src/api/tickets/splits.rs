//! Splitting tickets and joining them (N17).

use domain::ids::TicketId;
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::tickets::splits::{JoinCandidate, Wanted},
};

/// Splits so many licences off a ticket: they become a ticket of the same owner, with a code of its own. A repetition with the
/// same `key` is answered like the first and splits nothing more.
#[server(endpoint = "split_ticket")]
pub async fn split_ticket(
    ticket: TicketId,
    #[server(default)] parts: Vec<Wanted>,
    key: String,
) -> Result<TicketId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    portal.limits.split(user)?;
    let new = ops::tickets::splits::split_ticket(&portal.store, user, ticket, &parts, &key).await?;
    auth::lead_form_on(&addresses::after_split(new));
    Ok(new)
}

/// Joins a ticket to another one of the same owner; it and its code are no more. A repetition with the same `key` changes nothing.
#[server(endpoint = "join_tickets")]
pub async fn join_tickets(ticket: TicketId, into: TicketId, key: String) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    portal.limits.split(user)?;
    Ok(ops::tickets::splits::join_tickets(&portal.store, user, (ticket, into), &key).await?)
}

/// The tickets that can be joined to this one: of the same owner; at most 50.
#[server(endpoint = "join_candidates")]
pub async fn join_candidates(ticket: TicketId) -> Result<Vec<JoinCandidate>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::splits::candidates(&portal.store, user, ticket).await?)
}
