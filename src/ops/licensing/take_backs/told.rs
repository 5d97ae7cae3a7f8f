//! What is told of requests to take tickets back: no name from above.

use std::collections::BTreeMap;

use domain::{
    access::Denied,
    ids::{TicketId, UserId},
    licensing::take_backs::{TakeBackState, move_key},
    tickets::owners::Owner,
};

use crate::{
    ops::{OpError, actor, readers},
    store::{self, Store, Tx, licensing::take_backs::Stored, tickets::Ticket, visibility::VisibilityScope},
    views::licensing::take_backs::{TAKE_BACKS_PAGE, TakeBackPage, TakeBackQuery, TakeBackRow},
};

/// Beyond this nobody turns pages.
const MAX_PAGE: u32 = 10_000;

/// The requests that wait for the reader, and their own; or the open one of a ticket.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the ticket, or there is none.
pub async fn page(store: &Store, reader: UserId, query: &TakeBackQuery) -> Result<TakeBackPage, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let (found, total) = match query.ticket {
        Some(ticket) => {
            let seen = store::tickets::seen_by_ids(&mut tx, visibility.actor(), &[ticket]).await?;
            if seen.is_empty() {
                return Err(Denied::Hidden.into());
            }
            let found = store::licensing::take_backs::of_ticket(&mut tx, ticket).await?;
            let total = u64::try_from(found.len()).unwrap_or_default();
            (found, total)
        }
        None => {
            let offset = u64::from(TAKE_BACKS_PAGE) * u64::from(query.page.min(MAX_PAGE));
            store::licensing::take_backs::page(&mut tx, &visibility, (TAKE_BACKS_PAGE, offset)).await?
        }
    };
    Ok(TakeBackPage {
        rows: rows(&mut tx, &visibility, found).await?,
        total,
    })
}

async fn rows(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    found: Vec<Stored>,
) -> Result<Vec<TakeBackRow>, OpError> {
    let mut ids: Vec<TicketId> = found.iter().map(|request| request.ticket).collect();
    ids.sort_unstable();
    ids.dedup();
    let tickets: BTreeMap<TicketId, Ticket> =
        store::tickets::seen_by_ids(tx, visibility.actor(), &ids).await?;
    let mut rows = Vec::with_capacity(found.len());
    for request in found {
        let Some(ticket) = tickets.get(&request.ticket) else {
            continue;
        };
        let reader = visibility.actor();
        let mine = request.by == reader.user;
        rows.push(TakeBackRow {
            id: request.id,
            ticket: request.ticket,
            code: ticket.code.clone(),
            licenses: ticket.licenses.clone(),
            from: readers::holder(tx, visibility, request.from).await?,
            to: readers::holder(tx, visibility, Owner::Group(request.to)).await?,
            by: readers::person(tx, visibility, request.by).await?,
            asked_at: request.asked_at,
            due_at: request.due_at,
            state: request.state,
            ended_at: request.ended_at,
            answers: request.state.is_open() && reader.answers_for(&ticket.facts),
            mine,
            undo_key: (mine && request.state == TakeBackState::Done).then(|| move_key(request.id)),
        });
    }
    Ok(rows)
}
