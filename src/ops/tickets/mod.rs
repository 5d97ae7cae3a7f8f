//! Listing, moving, taking back and redeeming tickets (S2–S6).

pub mod bulk;
pub mod moves;
pub mod places;
pub mod protection;
pub mod saved;
pub mod splits;
pub mod targets;
pub mod viewers;

use std::collections::BTreeSet;

use domain::{
    access::{self, Actor, Denied, Place},
    history::events::{EventKind, OPERATOR},
    ids::{ContainerId, LicenseId, TicketId, UserId},
    refusals::{ALSO_NAMED, Refusal},
    tickets::{Activated, MAX_SELECTION, SelectedTickets, codes::TicketCode, owners::Owner},
};

use crate::{
    ops::{
        OpError, actor, idempotency,
        readers::{self, Names},
        tickets::{
            moves::{finish, moved, repeated, settle_activated},
            places::place_of,
        },
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx,
        history::events::{Entry, Event},
        tickets::Ticket,
        visibility::VisibilityScope,
    },
    views::tickets::{
        HistoryRow, MAX_SEARCH, Moved, NoPerson, TicketPage, TicketQuery, TicketRow, facets::FacetCounts,
    },
};

/// Pages beyond the tickets that are counted are not served: who looks for something there should search.
const MAX_PAGE: u32 = 200;
/// Most codes redeemed at once.
const MAX_CODES: usize = 50;

/// A page of the tickets that the reader sees at a node.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the node, or there is none.
pub async fn page(store: &Store, reader: UserId, query: &TicketQuery) -> Result<TicketPage, OpError> {
    let mut query = query.clone();
    query.search = query.search.chars().take(MAX_SEARCH).collect();
    query.page = query.page.min(MAX_PAGE);
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let place = place_of(&mut tx, &visibility, query.node).await?;
    let branch = place.as_ref().and_then(readers::level);
    let (tickets, total) = store::tickets::listing::page(&mut tx, &visibility, &query, branch).await?;
    let mut path = match branch {
        Some(branch) => Names::of(&mut tx, &visibility, [branch])
            .await?
            .path(&visibility, branch),
        None => Vec::new(),
    };
    if let Some(Place::User { user, .. }) = &place {
        path.extend(readers::person(&mut tx, &visibility, *user).await?);
    }
    Ok(TicketPage {
        rows: readers::rows(&mut tx, &visibility, tickets).await?,
        total,
        path,
    })
}

/// How many tickets there are of each value of each facet, of those that the reader sees at a node.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the node, or there is none.
pub async fn facets(store: &Store, reader: UserId, query: &TicketQuery) -> Result<FacetCounts, OpError> {
    let mut query = query.clone();
    query.search = query.search.chars().take(MAX_SEARCH).collect();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let place = place_of(&mut tx, &visibility, query.node).await?;
    let branch = place.as_ref().and_then(readers::level);
    Ok(store::tickets::counts::facets(&mut tx, &visibility, &query, branch).await?)
}

/// The tickets with these ids that the reader sees, by id.
///
/// # Errors
/// [`OpError`].
pub async fn selected(store: &Store, reader: UserId, ids: &[TicketId]) -> Result<Vec<TicketRow>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let ids = &ids[..ids.len().min(MAX_SELECTION)];
    let found = store::tickets::seen_by_ids(&mut tx, visibility.actor(), ids).await?;
    readers::rows(&mut tx, &visibility, found.into_values().collect()).await
}

/// The history of a ticket, newest first, as far as the reader may see the places and people in it.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the ticket, or there is none.
pub async fn history(store: &Store, reader: UserId, ticket: TicketId) -> Result<Vec<HistoryRow>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let seen = store::tickets::seen_by_ids(&mut tx, visibility.actor(), &[ticket]).await?;
    if seen.is_empty() {
        return Err(Denied::Hidden.into());
    }
    let mut rows = Vec::new();
    let events = store::history::events::of_ticket(&mut tx, ticket).await?;
    let containers: BTreeSet<ContainerId> = events.iter().filter_map(|event| event.entry.container).collect();
    let containers: Vec<ContainerId> = containers.into_iter().collect();
    let containers = store::licensing::containers::by_ids(&mut tx, &containers).await?;
    let licenses = events.iter().filter_map(|event| event.entry.license);
    let licenses: BTreeSet<LicenseId> = licenses.map(|(license, _)| license).collect();
    let licenses: Vec<LicenseId> = licenses.into_iter().collect();
    let products = store::licensing::licenses::products_of(&mut tx, &licenses).await?;
    for event in events {
        let from = match event.entry.from {
            Some(owner) => Some(readers::holder(&mut tx, &visibility, owner).await?),
            None => None,
        };
        let to = match event.entry.to {
            Some(owner) => Some(readers::holder(&mut tx, &visibility, owner).await?),
            None => None,
        };
        let actor = readers::person(&mut tx, &visibility, event.entry.actor).await?;
        let container = event.entry.container.and_then(|id| containers.get(&id));
        let container = container.filter(|container| visibility.actor().reaches_container(&container.facts));
        let name = container.map(|container| (container.name.clone(), container.person.clone()));
        let product = event
            .entry
            .license
            .and_then(|(license, _)| products.get(&license));
        rows.push(HistoryRow {
            product: product.cloned(),
            licenses: event.entry.license.map(|(_, quantity)| (quantity, name)),
            at: event.at,
            kind: event.entry.kind,
            actor,
            by: match (event.entry.actor, event.entry.credential) {
                (OPERATOR, Some(_)) => Some(NoPerson::Machine),
                (OPERATOR, None) => Some(NoPerson::Operator),
                _ => None,
            },
            from,
            to,
        });
    }
    Ok(rows)
}

/// Gives the tickets to the new owner: all or none (S5). `activated` says what becomes of their activated licences; `key`
/// makes a repetition harmless.
///
/// # Errors
/// [`Refusal::Denied`] with the first reason against it; [`Refusal::Overtaken`] when a ticket is no longer where the
/// actor saw it; [`Refusal::StillActivated`] when there are such licences and nothing was said about them.
pub async fn reassign(
    store: &Store,
    by: UserId,
    tickets: &SelectedTickets,
    to: Owner,
    activated: Option<Activated>,
    key: &str,
) -> Result<Moved, OpError> {
    let key = idempotency::key(key)?;
    let what = format!("{to} {tickets}");
    in_transaction!(
        store,
        keyed holding | tx | {
            let ids: Vec<TicketId> = tickets.tickets().iter().map(|(ticket, _)| *ticket).collect();
            let read = store::tickets::moves::decisive(&mut tx, by, key, &ids, to).await?;
            let actor = read.actor.ok_or(OpError::NoSuchActor)?;
            if let Some(tickets) = idempotency::same(read.done, &what)? {
                Ok(moved(key, tickets))
            } else {
                let mut moves = Vec::with_capacity(ids.len());
                for (id, seen) in tickets.tickets() {
                    let ticket = read.tickets.get(id).ok_or(Denied::Hidden)?;
                    if ticket.facts.place.owner() != *seen {
                        let ticket = whole(&mut tx, *id).await?;
                        Err(overtaken(&mut tx, &actor, &ticket, &[]).await?)?;
                    }
                    let to = read.to.as_ref().ok_or(Denied::Hidden)?;
                    let moved = access::authorize_reassign(&actor, &ticket.facts, to)?;
                    if ticket.is_activated {
                        let ticket = whole(&mut tx, *id).await?;
                        settle_activated(store, &mut tx, &actor, &ticket, activated).await?;
                    }
                    moves.push(moved);
                }
                finish(store, &mut tx, by, EventKind::TicketMoved, (key, &what), &moves).await
            }
        }
    )
}

/// A ticket that the actor sees, with all that there is to know of it.
async fn whole(tx: &mut Tx, id: TicketId) -> Result<Ticket, OpError> {
    let mut found = store::tickets::by_ids(tx, &[id]).await?;
    Ok(found.remove(&id).ok_or(Denied::Hidden)?)
}

/// The refusal that says who moved the ticket where, as far as the actor may know; and which others are gone as well.
pub(super) async fn overtaken(
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    others: &[&Ticket],
) -> Result<Refusal, OpError> {
    let visibility = VisibilityScope::of(tx, actor.clone()).await?;
    let now = readers::holder(tx, &visibility, ticket.facts.place.owner()).await?;
    let last = store::history::events::of_ticket(tx, ticket.facts.id)
        .await?
        .into_iter()
        .next();
    let by = match last {
        Some(event) => readers::person(tx, &visibility, event.entry.actor).await?,
        None => None,
    };
    Ok(Refusal::Overtaken {
        code: ticket.code.clone(),
        now,
        by,
        also: others
            .iter()
            .take(ALSO_NAMED)
            .map(|other| other.code.clone())
            .collect(),
        others: u32::try_from(others.len()).unwrap_or(u32::MAX),
    })
}

/// Takes back the actor's move with the key `undone`, if nobody has moved its tickets since (N4): all or none.
///
/// # Errors
/// [`Refusal::NothingToUndo`]; [`Refusal::Overtaken`]; [`Refusal::Denied`] when the rights have gone.
pub async fn undo(store: &Store, by: UserId, undone: &str, key: &str) -> Result<Moved, OpError> {
    let (key, undone) = (idempotency::key(key)?, idempotency::key(undone)?);
    let what = format!("undo {undone}");
    let many = moves::moved_many(store, by, undone).await?;
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            if many {
                tx.hold_tickets().await?;
            }
            let actor = actor(&mut tx, by).await?;
            if let Some(moved) = repeated(&mut tx, by, key, &what).await? {
                Ok(moved)
            } else {
                let mut events = store::history::events::of_request(&mut tx, by, undone).await?;
                // What was split off or joined came from nowhere.
                events.retain(|event| event.entry.from.is_some());
                let ids: Vec<TicketId> = events.iter().filter_map(|event| event.entry.ticket).collect();
                if ids.is_empty() {
                    Err(Refusal::NothingToUndo)?;
                }
                let found = store::tickets::by_ids(&mut tx, &ids).await?;
                let origins = events.iter().filter_map(|event| event.entry.from).collect();
                let origins = store::tickets::bulk::places(&mut tx, &origins).await?;
                let gone = |event: &Event| {
                    let ticket = found.get(&event.entry.ticket?)?;
                    let elsewhere = event.entry.to.is_some_and(|to| ticket.facts.place.owner() != to);
                    (elsewhere && actor.sees_ticket(&ticket.facts)).then_some(ticket)
                };
                let gone: Vec<&Ticket> = events.iter().filter_map(gone).collect();
                // It was taken back already: nobody was faster.
                let back = |event: &Event| {
                    let ticket = event.entry.ticket.and_then(|ticket| found.get(&ticket));
                    ticket.is_some_and(|ticket| Some(ticket.facts.place.owner()) == event.entry.from)
                };
                if !gone.is_empty() && events.iter().all(back) {
                    Err(Refusal::NothingToUndo)?;
                }
                if let Some((first, others)) = gone.split_first() {
                    Err(overtaken(&mut tx, &actor, first, others).await?)?;
                }
                let mut moves = Vec::with_capacity(ids.len());
                for event in &events {
                    let (Some(id), Some(from)) = (event.entry.ticket, event.entry.from) else {
                        continue;
                    };
                    let ticket = found
                        .get(&id)
                        .filter(|ticket| actor.sees_ticket(&ticket.facts))
                        .ok_or(Denied::Hidden)?;
                    let back_to = origins.get(&from).ok_or(Denied::Hidden)?;
                    let was_protected = event.entry.was_protected;
                    moves.push(access::authorize_undo(
                        &actor,
                        &ticket.facts,
                        back_to,
                        was_protected,
                    )?);
                }
                finish(
                    store,
                    &mut tx,
                    by,
                    EventKind::TicketMovedBack,
                    (key, &what),
                    &moves,
                )
                .await
            }
        }
    )
}

/// The codes in a text, separated by `;`, commas or line ends.
///
/// # Errors
/// [`Refusal::InvalidCode`] with the place of the first mistyped one; [`Refusal::NoCodes`].
pub fn codes(text: &str) -> Result<Vec<TicketCode>, Refusal> {
    let parts = text
        .split([';', ',', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut codes: Vec<TicketCode> = Vec::new();
    for (at, part) in (1..).zip(parts) {
        if codes.len() == MAX_CODES {
            return Err(Refusal::NoCodes);
        }
        let code = part.parse().map_err(|why| Refusal::InvalidCode { at, why })?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.is_empty() {
        Err(Refusal::NoCodes)
    } else {
        Ok(codes)
    }
}

/// Takes unassigned tickets by their codes for an owner within the actor's reach (S5): all or none.
///
/// # Errors
/// [`Refusal::InvalidCode`] for mistyped codes; [`Refusal::UnknownCode`] for others that cannot be redeemed, whether
/// they exist or not.
pub async fn redeem(store: &Store, by: UserId, text: &str, to: Owner) -> Result<Moved, OpError> {
    let codes = codes(text)?;
    let key = hex::encode(store.sources.random::<16>());
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let to = store::tickets::place(&mut tx, to).await?;
        let to = to.filter(|to| actor.reaches(to)).ok_or(Denied::Hidden)?;
        let ids = store::tickets::ids_of_codes(&mut tx, &codes).await?;
        let known: Vec<TicketId> = ids.iter().copied().flatten().collect();
        let found = store::tickets::by_ids(&mut tx, &known).await?;
        for (at, id) in (1..).zip(ids) {
            let ticket = id
                .and_then(|id| found.get(&id))
                .ok_or(Refusal::UnknownCode { at })?;
            let moved = match access::authorize_redeem(&actor, &ticket.facts, &to) {
                // Somebody's already: told like a code that does not exist.
                Err(Denied::Hidden) => Err(OpError::from(Refusal::UnknownCode { at })),
                other => other.map_err(OpError::from),
            }?;
            store::tickets::apply(&mut tx, &moved, store.sources.now()).await?;
            let kind = EventKind::TicketRedeemed;
            store::history::events::record_move(&mut tx, &store.sources, kind, by, Some(&key), &moved)
                .await?;
        }
        Ok(Moved {
            key: key.clone(),
            tickets: u32::try_from(codes.len()).unwrap_or(u32::MAX),
        })
    })
}

/// Switches protected mode of a group ticket (S2).
///
/// # Errors
/// [`Refusal::Denied`].
pub async fn protect(store: &Store, by: UserId, ticket: TicketId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let found = store::tickets::seen_by_ids(&mut tx, &actor, &[ticket]).await?;
        let found = found.get(&ticket).ok_or(Denied::Hidden)?;
        let change = access::authorize_protection(&actor, &found.facts, on)?;
        if found.facts.protected != on {
            store::tickets::protect(&mut tx, &change).await?;
            let to = Some(change.owner);
            let entry = Entry {
                ticket: Some(ticket),
                to,
                ..Entry::new(EventKind::TicketProtection, by)
            };
            store::history::events::record(&mut tx, &store.sources, entry).await?;
        }
        Ok(())
    })
}
