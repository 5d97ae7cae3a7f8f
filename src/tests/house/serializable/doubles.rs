//! Moves that are made with a mistake, for seeing that it is found. They are written from the store's parts; the portal's own
//! move is `ops::tickets::reassign`.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use domain::{
    access::{self, Denied},
    history::events::EventKind,
    ids::{TicketId, UserId},
    tickets::owners::Owner,
};
use license_portal::store::{self, Store, StoreError, Tx};

/// What is wrong with a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// Nothing: the move itself is right, on an engine with one writer.
    Nothing,
    /// Who asks is read before the transaction begins.
    ActorOutside,
    /// Where the tickets and the new owner stand in the tree is read before the transaction begins.
    TreeOutside,
    /// Whether the ticket is where it was seen is not asked.
    OwnerUnasked,
    /// What was done under the idempotency key is done again.
    KeyIgnored,
    /// Now and then, what is acknowledged is not there.
    UpdateLost,
}

/// What comes of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The new owner has it.
    Moved,
    /// It is with this owner.
    Overtaken(Owner),
    /// Whoever asks may not know of it.
    Hidden,
    /// Whoever asks is not logged in.
    LoggedOut,
}

/// One ticket that is to move.
#[derive(Debug, Clone)]
pub struct Move {
    pub by: UserId,
    pub ticket: TicketId,
    pub seen: Owner,
    pub to: Owner,
    pub key: String,
}

/// How long a mistake waits for somebody to come in between.
const GAP: Duration = Duration::from_millis(3);

/// All that a move is judged by.
struct Facts {
    actor: access::Actor,
    ticket: access::TicketFacts,
    to: access::Place,
}

async fn facts(tx: &mut Tx, wanted: &Move) -> Result<Option<Facts>, StoreError> {
    let actor = store::accounts::people::actor(tx, wanted.by).await?;
    let ticket = store::tickets::by_ids(tx, &[wanted.ticket])
        .await?
        .remove(&wanted.ticket);
    let to = store::tickets::place(tx, wanted.to).await?;
    Ok(actor.zip(ticket).zip(to).map(|((actor, ticket), to)| Facts {
        actor,
        ticket: ticket.facts,
        to,
    }))
}

/// Moves the ticket, with that mistake.
pub async fn reassign(store: &Store, mistake: Mistake, wanted: &Move) -> Outcome {
    for _ in 0..40 {
        match attempt(store, mistake, wanted).await {
            Ok(outcome) => return outcome,
            Err(error) => assert!(error.is_transient(), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("the move loses against all others");
}

async fn attempt(store: &Store, mistake: Mistake, wanted: &Move) -> Result<Outcome, StoreError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut before = store.begin_read().await?;
    let early = facts(&mut before, wanted).await?;
    drop(before);
    if matches!(mistake, Mistake::ActorOutside | Mistake::TreeOutside) {
        tokio::time::sleep(GAP).await;
    }
    let mut tx = store.begin_write().await?;
    let what = format!("{} {}={}", wanted.to, wanted.ticket, wanted.seen);
    let known = store::history::events::request(&mut tx, wanted.by, &wanted.key).await?;
    if known.is_some() && mistake != Mistake::KeyIgnored {
        return Ok(Outcome::Moved);
    }
    let (Some(mut facts), Some(early)) = (facts(&mut tx, wanted).await?, early) else {
        return Ok(Outcome::Hidden);
    };
    match mistake {
        Mistake::ActorOutside => facts.actor = early.actor,
        // The owner itself is the one that it has.
        Mistake::TreeOutside if facts.ticket.place.owner() == early.ticket.place.owner() => {
            facts.ticket = early.ticket;
            facts.to = early.to;
        }
        _ => {}
    }
    if !facts.actor.sees_ticket(&facts.ticket) {
        return Ok(Outcome::Hidden);
    }
    let owner = facts.ticket.place.owner();
    if owner != wanted.seen && mistake != Mistake::OwnerUnasked {
        return Ok(Outcome::Overtaken(owner));
    }
    let moved = match access::authorize_reassign(&facts.actor, &facts.ticket, &facts.to) {
        Ok(moved) => moved,
        Err(Denied::Hidden) => return Ok(Outcome::Hidden),
        Err(denied) => panic!("{denied:?}"),
    };
    let moves = [moved];
    store::tickets::bulk::apply_all(&mut tx, &moves, store.sources.now()).await?;
    let kind = EventKind::TicketMoved;
    store::tickets::bulk::record_moves(&mut tx, &store.sources, kind, wanted.by, &wanted.key, &moves).await?;
    if known.is_none() {
        let now = store.sources.now();
        store::history::events::keep_request(&mut tx, wanted.by, &wanted.key, &what, 1, now).await?;
    }
    if mistake == Mistake::UpdateLost && COUNT.fetch_add(1, Ordering::SeqCst) % 5 == 4 {
        return Ok(Outcome::Moved);
    }
    store.commit(tx).await?;
    Ok(Outcome::Moved)
}
