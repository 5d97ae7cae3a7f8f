//! Protected mode of several tickets at once (S2).

use domain::{
    access::{self, Denied},
    history::events::EventKind,
    ids::{TicketId, UserId},
    tickets::SelectedTickets,
};

use crate::{
    ops::{OpError, actor, tickets::overtaken, transactions::in_transaction},
    store::{self, Store, history::events::Entry},
};

/// Switches protected mode of group tickets: of all or of none. It yields how many of them changed; those that are as wanted
/// already are passed over.
///
/// # Errors
/// [`Refusal::Denied`](domain::refusals::Refusal::Denied) with the first reason against it;
/// [`Refusal::Overtaken`](domain::refusals::Refusal::Overtaken) when a ticket is no longer where the actor saw it.
pub async fn protect_many(
    store: &Store,
    by: UserId,
    tickets: &SelectedTickets,
    on: bool,
) -> Result<u32, OpError> {
    let ids: Vec<TicketId> = tickets.tickets().iter().map(|(ticket, _)| *ticket).collect();
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let found = store::tickets::seen_by_ids(&mut tx, &actor, &ids).await?;
        if found.len() < ids.len() {
            Err(Denied::Hidden)?;
        }
        let mut changed = 0;
        for (id, seen) in tickets.tickets() {
            let ticket = found.get(id).ok_or(Denied::Hidden)?;
            if ticket.facts.place.owner() != *seen {
                Err(overtaken(&mut tx, &actor, ticket, &[]).await?)?;
            }
            let change = access::authorize_protection(&actor, &ticket.facts, on)?;
            if ticket.facts.protected == on {
                continue;
            }
            store::tickets::protect(&mut tx, &change).await?;
            let entry = Entry {
                ticket: Some(*id),
                to: Some(change.owner),
                ..Entry::new(EventKind::TicketProtection, by)
            };
            store::history::events::record(&mut tx, &store.sources, entry).await?;
            changed += 1;
        }
        Ok(changed)
    })
}
