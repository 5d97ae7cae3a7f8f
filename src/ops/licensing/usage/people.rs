//! Use by person: kept only where an ISV admin switched that on, and from then on. Whose container leases is the person.

use std::collections::BTreeMap;

use domain::{
    access::authorize_administration,
    history::events::EventKind,
    ids::{LicenseId, TicketId, UserId},
    licensing::usage::{Span, begin_of_step, owned},
    time::DAY,
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, actor, transactions::in_transaction},
    store::{
        self, Store, Tx,
        history::events::Entry,
        licensing::usage::{
            Holder, Owners,
            people::{DayOfPerson, OfPerson, OwnDay},
        },
    },
    views::licensing::usage::{OWN_USE_PAGE, OwnUsePage, OwnUseRow},
};

/// Keeps use by person from now on, or no longer: then all that was kept is deleted at once.
///
/// # Errors
/// The policy's.
pub async fn keep(store: &Store, by: UserId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let proof = authorize_administration(&actor)?;
        if store::licensing::usage::people::kept_since(&mut tx)
            .await?
            .is_some()
            == on
        {
            return Ok(());
        }
        let kind = if on {
            store::licensing::usage::people::begin(&mut tx, &proof, store.sources.now()).await?;
            EventKind::UseByPersonKept
        } else {
            store::licensing::usage::people::end(&mut tx, &proof).await?;
            EventKind::UseByPersonDeleted
        };
        store::history::events::record(&mut tx, &store.sources, Entry::new(kind, by)).await?;
        Ok(())
    })
}

/// Adds what people used in an hour to their day, as far as it is kept.
pub(super) async fn fold(tx: &mut Tx, hour: Span) -> Result<(), OpError> {
    let Some(since) = store::licensing::usage::people::kept_since(tx).await? else {
        return Ok(());
    };
    // What was before it was switched on stays as it was: not added up.
    let after = Span {
        from: since,
        until: Timestamp::MAX,
    };
    let Some(kept) = hour.within(after) else {
        return Ok(());
    };
    let leases = store::licensing::usage::people::leases_in(tx, kept).await?;
    let refusals = store::licensing::usage::people::refusals_in(tx, kept).await?;
    let leased = leases.iter().map(|lease| lease.ticket);
    let mut tickets: Vec<TicketId> = leased
        .chain(refusals.iter().map(|refused| refused.ticket))
        .collect();
    tickets.sort_unstable();
    tickets.dedup();
    let owners = store::licensing::usage::owners_since(tx, &tickets, kept.from).await?;
    let owners: BTreeMap<TicketId, Owners> =
        owners.into_iter().map(|owners| (owners.ticket, owners)).collect();
    // The parts of the hour in which the ticket was somebody's.
    let parts = |ticket: TicketId| {
        let owners = owners.get(&ticket);
        owners.map_or_else(Vec::new, |owners| owned(kept, &owners.before, &owners.last))
    };
    let mut found: BTreeMap<(LicenseId, Holder, UserId), OfPerson> = BTreeMap::new();
    for lease in leases {
        for (part, owner) in parts(lease.ticket) {
            if let Some(leased) = lease.span.within(part) {
                let of = found
                    .entry((lease.license, owner.into(), lease.person))
                    .or_default();
                of.leased = of.leased.saturating_add(leased.length());
            }
        }
    }
    for refused in refusals {
        let mut parts = parts(refused.ticket).into_iter();
        if let Some((_, owner)) = parts.find(|(part, _)| part.contains(refused.minute)) {
            let of = found
                .entry((refused.license, owner.into(), refused.person))
                .or_default();
            of.refused += refused.refused;
            of.waited += refused.waited;
        }
    }
    let lines: Vec<DayOfPerson> = found
        .into_iter()
        .map(|((license, holder, person), used)| DayOfPerson {
            license,
            holder,
            person,
            used,
        })
        .collect();
    store::licensing::usage::people::add(tx, begin_of_step(hour.from, DAY), &lines).await?;
    Ok(())
}

/// What is kept about the person who asks, and since when.
///
/// # Errors
/// [`OpError::Store`].
pub async fn own(store: &Store, person: UserId, page: u32) -> Result<OwnUsePage, OpError> {
    let mut tx = store.begin_read().await?;
    let row = |found: OwnDay| OwnUseRow {
        day: found.day,
        article: found.article,
        product: found.product,
        leased: found.used.leased.into(),
        refused: found.used.refused,
        waited: found.used.waited,
    };
    let rows = store::licensing::usage::people::own(&mut tx, person, (OWN_USE_PAGE, page)).await?;
    Ok(OwnUsePage {
        kept_since: store::licensing::usage::people::kept_since(&mut tx).await?,
        total: store::licensing::usage::people::count_own(&mut tx, person).await?,
        rows: rows.into_iter().map(row).collect(),
    })
}
