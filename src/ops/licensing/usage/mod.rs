//! What machines made of licences (N18). A lease is a row from its beginning to its end, and what it becomes is written into it by
//! the transaction that lends, renews or ends it: use is read from these rows, and costs a lease no statement. What is refused
//! is written in a transaction of its own.

pub mod people;
pub mod told;
pub mod unused;

use std::collections::BTreeMap;

use domain::{
    ids::{CredentialId, LicenseId, TicketId},
    licensing::{
        leases::LeaseRefusal,
        usage::{HOUR, RAW_KEPT, SETTLED_AFTER, Span, UseRefusal, Used, begin_of_step, owned},
    },
    time::{DAY, days, earlier, later},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ops::{OpError, transactions::in_transaction},
    store::{
        self, Store, Tx,
        licensing::usage::{Figures, Holder, Owners},
    },
};

/// Where use is folded for the first time, it is so long back: leases were always kept for a week.
const FIRST: SignedDuration = days(7);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Writes that a machine was refused a licence. The machine has its answer in any case.
pub(crate) async fn refused(
    store: &Store,
    credential: CredentialId,
    license: LicenseId,
    refusal: &LeaseRefusal,
) {
    let Some(reason) = UseRefusal::of(refusal) else {
        return;
    };
    if let Err(error) = refuse(store, credential, license, reason).await {
        tracing::warn!(%error, "cannot write down what a machine was refused");
    }
}

async fn refuse(
    store: &Store,
    credential: CredentialId,
    license: LicenseId,
    reason: UseRefusal,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let minute = begin_of_step(store.sources.now(), MINUTE);
        store::licensing::usage::refuse(&mut tx, license, credential, reason, minute).await?;
        Ok(())
    })
}

/// Folds the next hour that is over, and the day that ends with it, and notes that this was done: all of it or nothing. Whether there was
/// one.
///
/// # Errors
/// [`OpError::Store`].
pub async fn fold(store: &Store) -> Result<bool, OpError> {
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        let due = begin_of_step(earlier(now, SETTLED_AFTER), HOUR);
        let folded = store::licensing::usage::folded(&mut tx).await?;
        let first = begin_of_step(earlier(now, FIRST), HOUR);
        let (since, from) = folded.map_or((first, first), |folded| (folded.from, folded.until));
        if from >= due {
            return Ok(false);
        }
        // What was not folded for so long is not there any more.
        let from = from.max(begin_of_step(earlier(now, RAW_KEPT), HOUR));
        let hour = Span {
            from,
            until: later(from, HOUR),
        };
        // First, so that another server that is at it waits here, and finds it done.
        let folded = Span {
            from: since,
            until: hour.until,
        };
        store::licensing::usage::set_folded(&mut tx, folded).await?;
        let lines = lines(&mut tx, hour).await?;
        store::licensing::usage::insert_hours(&mut tx, hour.from, &lines).await?;
        people::fold(&mut tx, hour).await?;
        if begin_of_step(hour.until, DAY) == hour.until {
            let day = Span {
                from: earlier(hour.until, DAY),
                until: hour.until,
            };
            store::licensing::usage::fold_day(&mut tx, day).await?;
        }
        Ok(true)
    })
}

/// What is found about a licence in an hour.
struct Found {
    ticket: TicketId,
    granted: u32,
    leases: Vec<Span>,
    refusals: Vec<(Timestamp, UseRefusal, u32)>,
}

/// What became of each licence in the hour, by who had its ticket.
async fn lines(tx: &mut Tx, hour: Span) -> Result<Vec<(LicenseId, Holder, Figures)>, OpError> {
    let mut found: BTreeMap<LicenseId, Found> = BTreeMap::new();
    let nothing = |ticket, granted| Found {
        ticket,
        granted,
        leases: Vec::new(),
        refusals: Vec::new(),
    };
    for leased in store::licensing::usage::leases_in(tx, hour).await? {
        let of = found.entry(leased.license);
        let of = of.or_insert_with(|| nothing(leased.ticket, leased.granted));
        of.leases.push(leased.span);
    }
    for once in store::licensing::usage::refusals_in(tx, hour).await? {
        let of = found.entry(once.license);
        let of = of.or_insert_with(|| nothing(once.ticket, once.granted));
        of.refusals.push((once.minute, once.reason, once.refused));
    }
    let mut tickets: Vec<TicketId> = found.values().map(|found| found.ticket).collect();
    tickets.sort_unstable();
    tickets.dedup();
    let owners = store::licensing::usage::owners_since(tx, &tickets, hour.from).await?;
    let owners: BTreeMap<TicketId, Owners> =
        owners.into_iter().map(|owners| (owners.ticket, owners)).collect();
    let mut lines = Vec::new();
    for (license, found) in found {
        let Some(owners) = owners.get(&found.ticket) else {
            continue;
        };
        let mut by_holder: BTreeMap<Holder, Figures> = BTreeMap::new();
        for (part, owner) in owned(hour, &owners.before, &owners.last) {
            let figures = by_holder.entry(owner.into()).or_insert(Figures {
                used: Used::default(),
                granted: found.granted,
                refused: Default::default(),
                waited: 0,
            });
            figures.used = figures.used.and(Used::in_span(&found.leases, part));
            for (_, reason, refused) in found.refusals.iter().filter(|(at, ..)| part.contains(*at)) {
                let place = UseRefusal::ALL.iter().position(|known| known == reason);
                if let Some(count) = place.and_then(|place| figures.refused.get_mut(place)) {
                    *count = count.saturating_add(*refused);
                }
                figures.waited += u32::from(*reason == UseRefusal::NoneFree);
            }
        }
        let happened =
            |figures: &Figures| figures.used.peak > 0 || figures.refused.iter().any(|count| *count > 0);
        let by_holder = by_holder.into_iter().filter(|(_, figures)| happened(figures));
        lines.extend(by_holder.map(|(holder, figures)| (license, holder, figures)));
    }
    Ok(lines)
}

/// Forgets what is older than it is kept.
///
/// # Errors
/// [`OpError::Store`].
pub async fn sweep(store: &Store) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        store::licensing::usage::sweep(&mut tx, now).await?;
        Ok(())
    })
}
