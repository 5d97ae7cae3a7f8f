//! Tickets: listing, moving, taking back, redeeming.

pub mod bulk;
pub mod layout;
pub mod saved;
pub mod splits;
pub mod viewers;

use domain::{
    ids::TicketId,
    tickets::{Activated, SelectedTickets, owners::Owner},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::tickets::{
        HistoryRow, Moved, Target, TicketPage, TicketQuery, TicketRow, bulk::TicketSelection,
        facets::FacetCounts,
    },
};

/// A page of the tickets the reader sees at a node.
#[server(endpoint = "tickets")]
pub async fn tickets(query: TicketQuery) -> Result<TicketPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::page(&portal.store, user, &query).await?)
}

/// How many tickets there are of each value of each facet, of those that the reader sees at a node and that have the words of
/// the search; order and page count for nothing.
#[server(endpoint = "ticket_facets")]
pub async fn ticket_facets(query: TicketQuery) -> Result<FacetCounts, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::facets(&portal.store, user, &query).await?)
}

/// These tickets, as far as the reader sees them, by id.
#[server(endpoint = "selected")]
pub async fn selected(ids: Vec<TicketId>) -> Result<Vec<TicketRow>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::selected(&portal.store, user, &ids).await?)
}

/// The history of a ticket, newest first, as far as the reader may see the places and people in it.
#[server(endpoint = "history")]
pub async fn history(ticket: TicketId) -> Result<Vec<HistoryRow>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::history(&portal.store, user, ticket).await?)
}

/// The owners to which the reader may give some of the tickets, by path; at most 100 that match the search.
#[server(endpoint = "targets")]
pub async fn targets(
    tickets: TicketSelection,
    #[server(default)] search: String,
) -> Result<Vec<Target>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::targets::permitted(&portal.store, user, &tickets, &search).await?)
}

/// Gives the tickets to the new owner: all of them or none, in one transaction (S5). `activated` says what becomes of
/// their activated licences, where there are some. A repetition with the same `key` is answered like the first and changes
/// nothing.
#[server(endpoint = "reassign")]
pub async fn reassign(
    tickets: SelectedTickets,
    to: Owner,
    activated: Option<Activated>,
    key: String,
) -> Result<Moved, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::tickets::reassign(&portal.store, user, &tickets, to, activated, &key).await?)
}

/// Takes the move with that key back, if nobody has moved the tickets since (N4).
#[server(endpoint = "undo")]
pub async fn undo(key: String, undo_key: String) -> Result<Moved, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::tickets::undo(&portal.store, user, &key, &undo_key).await?)
}

/// Takes unassigned tickets by their codes, separated by `;`, for the reader or another owner they reach (S5):
/// all or none.
#[server(endpoint = "redeem")]
pub async fn redeem(codes: String, to: Owner) -> Result<Moved, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    portal.limits.redeemed(user, &codes)?;
    Ok(ops::tickets::redeem(&portal.store, user, &codes, to).await?)
}

/// Switches protected mode of a group ticket (S2).
#[server(endpoint = "protect")]
pub async fn protect(ticket: TicketId, on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::tickets::protect(&portal.store, user, ticket, on).await?)
}
