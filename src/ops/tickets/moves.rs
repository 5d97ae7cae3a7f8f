//! What all moves of tickets have in common: being asked for once, what becomes of activated licences, being written.

use domain::{
    access::{Actor, Authorized, Reassignment},
    history::events::EventKind,
    ids::UserId,
    refusals::Refusal,
    tickets::{Activated, MAX_SELECTION},
};

use crate::{
    ops::{OpError, idempotency, licensing::licenses},
    store::{self, Store, Tx, tickets::Ticket},
    views::tickets::Moved,
};

/// The answer to a request that was answered before under the same key.
pub(super) async fn repeated(
    tx: &mut Tx,
    by: UserId,
    key: &str,
    what: &str,
) -> Result<Option<Moved>, OpError> {
    let done = idempotency::done(tx, by, key, what).await?;
    Ok(done.map(|tickets| moved(key, tickets)))
}

/// The answer to the request of that key.
pub(super) fn moved(key: &str, tickets: u32) -> Moved {
    Moved {
        key: key.to_owned(),
        tickets,
    }
}

/// Does what was said about activated licences of a ticket that moves.
pub(crate) async fn settle_activated(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    activated: Option<Activated>,
) -> Result<(), OpError> {
    match activated {
        _ if !ticket.is_activated() => Ok(()),
        None => Err(Refusal::StillActivated.into()),
        Some(Activated::Keep) => Ok(()),
        Some(Activated::Deactivate) => licenses::clear(store, tx, actor, ticket).await,
    }
}

/// Writes moves, and their entries in the history.
pub(crate) async fn carry_out(
    store: &Store,
    tx: &mut Tx,
    by: UserId,
    kind: EventKind,
    key: &str,
    moves: &[Authorized<Reassignment>],
) -> Result<(), OpError> {
    store::tickets::bulk::apply_all(tx, moves, store.sources.now()).await?;
    store::tickets::bulk::record_moves(tx, &store.sources, kind, by, key, moves).await?;
    Ok(())
}

/// Ends the request of that key, in which all of that was to be moved: moves, history, and the answer to a repetition.
pub(super) async fn finish(
    store: &Store,
    tx: &mut Tx,
    by: UserId,
    kind: EventKind,
    (key, what): (&str, &str),
    moves: &[Authorized<Reassignment>],
) -> Result<Moved, OpError> {
    if let [only] = moves {
        let request = store::tickets::moves::Kept { by, key, what };
        store::tickets::moves::carry_out(tx, &store.sources, kind, request, only).await?;
        return Ok(moved(key, 1));
    }
    carry_out(store, tx, by, kind, key, moves).await?;
    let tickets = u32::try_from(moves.len()).unwrap_or(u32::MAX);
    store::history::events::keep_request(tx, by, key, what, tickets, store.sources.now()).await?;
    Ok(moved(key, tickets))
}

/// Whether more tickets than a page can hold were moved under the key.
pub(crate) async fn moved_many(store: &Store, by: UserId, key: &str) -> Result<bool, OpError> {
    let mut tx = store.begin_read().await?;
    let done = store::history::events::request(&mut tx, by, key).await?;
    Ok(done.is_some_and(|(_, tickets)| tickets as usize > MAX_SELECTION))
}
