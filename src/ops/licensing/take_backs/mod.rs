//! Taking back what nobody uses (N18): whoever has a ticket is asked, may keep it or give it back at once, and on the day it moves
//! by itself, in the right of who asked as it is then.

pub mod mails;
pub mod told;

use std::collections::BTreeSet;

use domain::{
    access::{self, Actor, Answer, Denied, Place},
    history::{changes::Change, events::EventKind},
    ids::{TakeBackId, TicketId, UserId},
    licensing::take_backs::{
        ENDED_KEPT, InvalidTakeBack, MAX_ASKED, MAX_TOLD, RefusedTakeBack, TakeBackFacts, TakeBackState,
        TakeBackStep, due_after, move_key,
    },
    refusals::Refusal,
    tickets::{Activated, owners::Owner},
    time::earlier,
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, actor, tickets::moves, transactions::in_transaction},
    store::{self, Store, Tx, history::events::Entry, licensing::take_backs::Stored, tickets::Ticket},
    views::licensing::take_backs::NewTakeBack,
};

/// Requests with which something happens in one round.
const ROUND: u32 = 100;

const fn kind(state: TakeBackState) -> EventKind {
    match state {
        TakeBackState::Asked => EventKind::TakeBackAsked,
        TakeBackState::Kept => EventKind::TakeBackKept,
        TakeBackState::Cancelled => EventKind::TakeBackCancelled,
        // Of one that is done, the move itself tells.
        TakeBackState::Used
        | TakeBackState::Done
        | TakeBackState::Moved
        | TakeBackState::NotPermitted
        | TakeBackState::StillHeld => EventKind::TakeBackEnded,
    }
}

/// What the history says of a request, where the ticket was when it was asked for.
fn entry(
    kind: EventKind,
    by: UserId,
    (ticket, from): (TicketId, Owner),
    (id, due_at, state): (TakeBackId, Timestamp, TakeBackState),
) -> Entry {
    Entry {
        ticket: Some(ticket),
        to: Some(from),
        change: Some(Change::TakeBack {
            take_back: id,
            due_at,
            state,
        }),
        ..Entry::new(kind, by)
    }
}

/// Asks whoever has the tickets: all of them or none.
///
/// # Errors
/// [`Refusal::NothingSelected`], [`Refusal::TooManyAtOnce`], [`InvalidTakeBack`]; the policy's.
pub async fn ask(store: &Store, by: UserId, new: &NewTakeBack) -> Result<Vec<TakeBackId>, OpError> {
    let tickets: BTreeSet<TicketId> = new.tickets.iter().copied().collect();
    let tickets: Vec<TicketId> = tickets.into_iter().collect();
    if tickets.is_empty() {
        return Err(Refusal::NothingSelected.into());
    }
    if tickets.len() > MAX_ASKED {
        return Err(Refusal::TooManyAtOnce {
            most: u32::try_from(MAX_ASKED).unwrap_or(u32::MAX),
        }
        .into());
    }
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let found = store::tickets::seen_by_ids(&mut tx, &actor, &tickets).await?;
        // Before anything else is told: which of several is looked at first depends on their ids.
        let all: Option<Vec<_>> = tickets.iter().map(|id| found.get(id)).collect();
        let all = all.ok_or(Denied::Hidden)?;
        let now = store.sources.now();
        let mut made = Vec::with_capacity(all.len());
        for ticket in all {
            made.push(ask_for(store, &mut tx, &actor, ticket, new, now).await?);
        }
        Ok(made)
    })
}

async fn ask_for(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    new: &NewTakeBack,
    now: Timestamp,
) -> Result<TakeBackId, OpError> {
    let place = &ticket.facts.place;
    let to = new.to.or_else(|| place.owner().level());
    let to = to.ok_or(Refusal::from(InvalidTakeBack::NoGroup))?;
    let to = store::tickets::place(tx, Owner::Group(to)).await?;
    let to = to.ok_or(Denied::Hidden)?;
    let proof = access::authorize_take_back(actor, &ticket.facts, &to)?;
    let due_at = due_after(new.days, now).map_err(Refusal::from)?;
    let asked = store::licensing::take_backs::open_of(tx, &[ticket.facts.id]).await?;
    if !asked.is_empty() {
        return Err(Refusal::from(InvalidTakeBack::AskedAlready).into());
    }
    let id = TakeBackId(store.sources.fresh_id());
    store::licensing::take_backs::insert(tx, &proof, id, (now, due_at)).await?;
    let mut told = match place {
        Place::Unassigned => Vec::new(),
        Place::User { user, .. } => vec![*user],
        Place::Group(group) => {
            let admins = store::licensing::digests::admins_of(tx, &[group.group()]).await?;
            admins.into_iter().map(|(_, admin)| admin).collect()
        }
    };
    told.retain(|user| *user != actor.user);
    told.sort_unstable();
    told.truncate(MAX_TOLD);
    store::licensing::take_backs::tell(tx, id, &told, now).await?;
    let entry = entry(
        EventKind::TakeBackAsked,
        actor.user,
        (ticket.facts.id, place.owner()),
        (id, due_at, TakeBackState::Asked),
    );
    store::history::events::record(tx, &store.sources, entry).await?;
    Ok(id)
}

/// Says what becomes of a request: whoever has the ticket keeps it or gives it back, who asked no longer wants it.
///
/// # Errors
/// [`Denied::Hidden`] for all others; [`InvalidTakeBack::Over`].
pub async fn answer(store: &Store, by: UserId, id: TakeBackId, answer: Answer) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let found = store::licensing::take_backs::by_id(&mut tx, id).await?;
        let asked_for = found
            .as_ref()
            .map_or(TicketId(store::NOTHING), |found| found.ticket);
        let tickets = store::tickets::seen_by_ids(&mut tx, &actor, &[asked_for]).await?;
        let (Some(found), Some(ticket)) = (found, tickets.get(&asked_for)) else {
            return Err(Denied::Hidden.into());
        };
        let proof = access::authorize_answer(&actor, &ticket.facts, found.by, answer)?;
        // Who has it by now was not asked.
        if answer != Answer::Cancel && has_moved(&found, ticket) {
            return Err(Denied::Hidden.into());
        }
        let now = store.sources.now();
        match answer.step() {
            Some(step) => end(store, &mut tx, &found, step, by).await,
            None if !found.state.is_open() => Err(Refusal::from(InvalidTakeBack::Over).into()),
            None => {
                store::licensing::take_backs::give(&mut tx, id, &proof, now).await?;
                let entry = entry(
                    EventKind::TakeBackGiven,
                    by,
                    (found.ticket, found.from),
                    (id, now, found.state),
                );
                Ok(store::history::events::record(&mut tx, &store.sources, entry).await?)
            }
        }
    })?;
    if answer == Answer::Give {
        // What does not happen at once, the next round does.
        come_to_pass(&store.by_itself(), id, true).await?;
    }
    Ok(())
}

fn has_moved(request: &Stored, ticket: &Ticket) -> bool {
    ticket.facts.place.owner() != request.from || ticket.since > request.asked_at
}

/// Ends a request, tells who asked, and writes it into the history: as done by `by`.
async fn end(
    store: &Store,
    tx: &mut Tx,
    request: &Stored,
    step: TakeBackStep,
    by: UserId,
) -> Result<(), OpError> {
    let state = request.state.after(step).map_err(Refusal::from)?;
    let now = store.sources.now();
    if !store::licensing::take_backs::end(tx, request.id, state, now).await? {
        return Err(Refusal::from(InvalidTakeBack::Over).into());
    }
    // Who cancels it, or answers themselves, knows.
    let told = if by == request.by && matches!(state, TakeBackState::Cancelled | TakeBackState::Kept) {
        Vec::new()
    } else {
        vec![request.by]
    };
    store::licensing::take_backs::tell(tx, request.id, &told, now).await?;
    if state == TakeBackState::Done {
        return Ok(());
    }
    let entry = entry(
        kind(state),
        by,
        (request.ticket, request.from),
        (request.id, request.due_at, state),
    );
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// Lets come to pass what is due: tickets move on their day, and requests end for those that were used, or moved. Each in a
/// transaction of its own. How many there were.
///
/// # Errors
/// [`OpError::Store`].
pub async fn carry_out(store: &Store) -> Result<u32, OpError> {
    let due = {
        let mut tx = store.begin_read().await?;
        store::licensing::take_backs::due(&mut tx, store.sources.now(), ROUND).await?
    };
    let mut done = 0;
    for id in due {
        if come_to_pass(store, id, false).await? {
            done += 1;
        }
    }
    Ok(done)
}

/// What is due with a request. Whether anything was: another server may have been faster. What is `given` back may have been used.
async fn come_to_pass(store: &Store, id: TakeBackId, given: bool) -> Result<bool, OpError> {
    let done = in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let Some((request, ticket)) = open(&mut tx, id).await? else {
            return Ok(false);
        };
        let facts = TakeBackFacts {
            due_at: request.due_at,
            moved: has_moved(&request, &ticket),
            used: !given && store::licensing::take_backs::is_used(&mut tx, id).await?,
        };
        let Some(step) = facts.step(store.sources.now()) else {
            return Ok(false);
        };
        if step == TakeBackStep::CarryOut {
            take_back(store, &mut tx, &request, &ticket).await?;
        }
        end(store, &mut tx, &request, step, request.by).await?;
        Ok(true)
    });
    // Nothing of what was refused is left: that it was is written by itself.
    let why = match done {
        Err(OpError::Refused(Refusal::Denied(_)) | OpError::NoSuchActor) => RefusedTakeBack::NotPermitted,
        Err(OpError::Refused(_)) => RefusedTakeBack::StillHeld,
        done => return done,
    };
    in_transaction!(store, |tx| {
        let Some((request, _)) = open(&mut tx, id).await? else {
            return Ok(false);
        };
        end(store, &mut tx, &request, TakeBackStep::Refuse(why), request.by).await?;
        Ok(true)
    })
}

/// A request that waits, with its ticket.
async fn open(tx: &mut Tx, id: TakeBackId) -> Result<Option<(Stored, Ticket)>, OpError> {
    let request = store::licensing::take_backs::by_id(tx, id).await?;
    let Some(request) = request.filter(|request| request.state.is_open()) else {
        return Ok(None);
    };
    let ticket = store::tickets::by_id(tx, request.ticket).await?;
    Ok(ticket.map(|ticket| (request, ticket)))
}

/// Moves the ticket as who asked may at this moment; what of it is activated is given back.
async fn take_back(store: &Store, tx: &mut Tx, request: &Stored, ticket: &Ticket) -> Result<(), OpError> {
    let account = store::accounts::people::state(tx, request.by).await?;
    if !account.is_some_and(|(active, _)| active) {
        return Err(Denied::Hidden.into());
    }
    let actor = actor(tx, request.by).await?;
    let to = store::tickets::place(tx, Owner::Group(request.to)).await?;
    let to = to.ok_or(Denied::Hidden)?;
    let moved = access::authorize_reassign(&actor, &ticket.facts, &to)?;
    moves::settle_activated(store, tx, &actor, ticket, Some(Activated::Deactivate)).await?;
    let key = move_key(request.id);
    moves::carry_out(store, tx, request.by, EventKind::TicketMoved, &key, &[moved]).await
}

/// Forgets requests that ended long ago.
///
/// # Errors
/// [`OpError::Store`].
pub async fn tidy(store: &Store) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let before = earlier(store.sources.now(), ENDED_KEPT);
        Ok(store::licensing::take_backs::tidy(&mut tx, before).await?)
    })
}
