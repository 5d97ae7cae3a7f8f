//! Amending licences (N17): previewed, now or on a day, taken back while nothing followed. What machines hold stays good until
//! its end; they learn of it at their next renewal.

mod found;
pub mod told;

use std::collections::BTreeSet;

use domain::{
    access::{Actor, Denied, authorize_amend, authorize_undo_amendment},
    history::{changes::Change, events::EventKind},
    ids::{AmendmentId, LicenseId, UserId},
    licensing::amendments::{Amendment, Grant, InvalidAmendment},
    refusals::Refusal,
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError, actor, idempotency,
        licensing::{
            amendments::found::{Asked, Found},
            licenses::found_license,
        },
        tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx,
        history::events::Entry,
        licensing::amendments::{New, Stored},
        tickets::Ticket,
    },
    views::licensing::amendments::{MAX_AMENDED, NewAmendment},
};

/// Licences whose amendments are settled in one round.
const ROUND: u32 = 100;

/// What the history says of an amendment that came into force; of what two tickets share, that of the ticket.
const fn kind(amendment: Amendment) -> EventKind {
    match amendment {
        Amendment::Renew { .. } => EventKind::LicenseRenewed,
        Amendment::Extend { .. } => EventKind::LicenseExtended,
        Amendment::Quantity { .. } => EventKind::LicenseQuantityChanged,
        Amendment::Suspend => EventKind::LicenseSuspended,
        Amendment::Reinstate => EventKind::LicenseReinstated,
        Amendment::Revoke => EventKind::LicenseRevoked,
        Amendment::Split { .. } => EventKind::TicketSplit,
        Amendment::Join { .. } => EventKind::TicketJoined,
    }
}

fn entry(
    kind: EventKind,
    by: UserId,
    ticket: &Ticket,
    (id, license): (AmendmentId, LicenseId),
    (what, in_force_at): (Amendment, Timestamp),
    (before, after): (Grant, Grant),
) -> Entry {
    Entry {
        ticket: Some(ticket.facts.id),
        to: Some(ticket.facts.place.owner()),
        was_protected: ticket.facts.protected,
        license: Some((license, after.quantity)),
        change: Some(Change::Amendment {
            amendment: id,
            what,
            in_force_at,
            before,
            after,
        }),
        ..Entry::new(kind, by)
    }
}

/// Amends licences: all of them or none. A repetition under the same key changes nothing, and is answered alike.
///
/// # Errors
/// [`Refusal::InvalidAmendment`], [`InvalidAmendment::Overtaken`] among them; [`Refusal::OverQuota`]; the policy's.
pub async fn amend(
    store: &Store,
    by: UserId,
    new: &NewAmendment,
    key: &str,
) -> Result<Vec<AmendmentId>, OpError> {
    let key = idempotency::key(key)?;
    // Not the form itself: reasons have no place there.
    let what = format!(
        "amend {}",
        tokens::hash(&serde_json::to_string(new).unwrap_or_default())
    );
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            // What is sold in addition counts for quotas.
            tx.hold_creations().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_some() {
                return Ok(store::licensing::amendments::of_request(&mut tx, by, key).await?);
            }
            let now = store.sources.now();
            for license in new.licenses.iter().take(MAX_AMENDED) {
                Found::of(&mut tx, &actor, license.license, now).await?;
            }
            let asked = Asked::of(new, now)?;
            let mut made = Vec::with_capacity(asked.licenses.len());
            for (license, seen) in &asked.licenses {
                let found = Found::of(&mut tx, &actor, *license, now).await?;
                made.push(amend_one(store, &mut tx, &actor, &found, &asked, *seen, key).await?);
            }
            let count = u32::try_from(made.len()).unwrap_or(u32::MAX);
            store::history::events::keep_request(&mut tx, by, key, &what, count, now).await?;
            Ok(made)
        }
    )
}

async fn amend_one(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    asked: &Asked<'_>,
    seen: Option<u32>,
    key: &str,
) -> Result<AmendmentId, OpError> {
    let before = found.whole.at(asked.in_force.unwrap_or(found.now));
    let proof = authorize_amend(actor, &found.facts(), asked.amendment, &before)?;
    if seen.is_some_and(|seen| seen != found.version()) {
        return Err(Refusal::from(InvalidAmendment::Overtaken).into());
    }
    let amended = found.whole.amend(asked.amendment, asked.in_force, found.now);
    let (whole, recorded) = amended.map_err(Refusal::from)?;
    let (before, after) = whole.around(recorded.number).unwrap_or((before, before));
    let id = AmendmentId(store.sources.fresh_id());
    let new = New {
        id,
        recorded,
        before,
        after,
        reason: asked.reason,
        key,
        made_at: found.now,
    };
    store::licensing::amendments::insert(tx, &proof, &found.granted, &new).await?;
    store::licensing::amendments::write(tx, found.key(), &whole, found.now).await?;
    let kind = if recorded.from <= found.now {
        kind(asked.amendment)
    } else {
        EventKind::LicenseAmendmentPlanned
    };
    let entry = entry(
        kind,
        actor.user,
        &found.ticket,
        (id, found.granted.license.id),
        (asked.amendment, recorded.from),
        (before, after),
    );
    store::history::events::record(tx, &store.sources, entry).await?;
    Ok(id)
}

/// Takes amendments back, while nothing followed from them: all of them or none.
///
/// # Errors
/// [`InvalidAmendment::Gone`], [`InvalidAmendment::Followed`], [`InvalidAmendment::Conflict`]; the policy's.
pub async fn undo(store: &Store, by: UserId, amendments: &[AmendmentId]) -> Result<(), OpError> {
    // The youngest first: what came after an amendment is taken back before it.
    let ids: BTreeSet<AmendmentId> = amendments.iter().copied().collect();
    if ids.is_empty() {
        return Err(Refusal::NothingSelected.into());
    }
    if ids.len() > MAX_AMENDED {
        return Err(Refusal::Malformed.into());
    }
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        for id in ids.iter().rev() {
            let stored = store::licensing::amendments::by_id(&mut tx, *id).await?;
            let license = stored
                .as_ref()
                .map_or(LicenseId(store::NOTHING), |stored| stored.license);
            let found = Found::of(&mut tx, &actor, license, store.sources.now()).await?;
            let stored = stored.ok_or(Denied::Hidden)?;
            undo_one(store, &mut tx, &actor, &found, &stored).await?;
        }
        Ok(())
    })
}

async fn undo_one(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    stored: &Stored,
) -> Result<(), OpError> {
    let (what, number) = (stored.recorded.amendment, stored.recorded.number);
    let proof = authorize_undo_amendment(actor, &found.facts(), what)?;
    let in_use = store::licensing::amendments::in_use(tx, stored.license, found.now).await?;
    let undone = found
        .whole
        .undo(number, in_use, found.now)
        .map_err(Refusal::from)?;
    let (before, after) = found
        .whole
        .around(number)
        .unwrap_or((stored.before, stored.after));
    store::licensing::amendments::undo(tx, &proof, stored.id, found.now).await?;
    store::licensing::amendments::write(tx, found.key(), &undone, found.now).await?;
    let entry = entry(
        EventKind::LicenseAmendmentUndone,
        actor.user,
        &found.ticket,
        (stored.id, stored.license),
        (what, stored.recorded.from),
        (after, before),
    );
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// Settles what came into force by itself, one licence after the other, each in a transaction of its own. How many there were.
///
/// # Errors
/// [`OpError::Store`].
pub async fn carry_out(store: &Store) -> Result<u32, OpError> {
    let due = {
        let mut tx = store.begin_read().await?;
        store::licensing::amendments::due(&mut tx, store.sources.now(), ROUND).await?
    };
    let mut done = 0;
    for license in due {
        done += settle(store, license).await?;
    }
    Ok(done)
}

/// Settles the amendments of a licence that came into force. Where another server was faster, there are none left.
async fn settle(store: &Store, license: LicenseId) -> Result<u32, OpError> {
    in_transaction!(store, |tx| {
        let (granted, ticket) = found_license(&mut tx, license).await?;
        let stored = store::licensing::amendments::of_licenses(&mut tx, &[license]).await?;
        let stored = stored.into_values().next().unwrap_or_default();
        let found = Found::new(granted, ticket, None, stored, store.sources.now());
        let is_due =
            |one: &&Stored| !one.settled && one.recorded.undone.is_none() && one.recorded.from <= found.now;
        let mut settled = 0;
        for one in found.stored.iter().filter(is_due) {
            let around = found.whole.around(one.recorded.number);
            let (before, after) = around.unwrap_or((one.before, one.after));
            store::licensing::amendments::settle(&mut tx, one.id, &before, &after).await?;
            let entry = entry(
                kind(one.recorded.amendment),
                one.by,
                &found.ticket,
                (one.id, license),
                (one.recorded.amendment, one.recorded.from),
                (before, after),
            );
            store::history::events::record(&mut tx, &store.sources, entry).await?;
            settled += 1;
        }
        if settled > 0 {
            store::licensing::amendments::write(&mut tx, found.key(), &found.whole, found.now).await?;
        }
        Ok(settled)
    })
}
