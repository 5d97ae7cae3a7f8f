//! Licences that nobody uses.

use std::collections::BTreeMap;

use domain::{
    access::Denied,
    ids::{TicketId, UserId},
    licensing::usage::{MAX_UNUSED_DAYS, UNUSED_DAYS},
    time::{days, earlier},
};

use crate::{
    ops::{
        OpError, actor,
        licensing::expiry::{holder_of, license_of},
        readers::{self, Names},
    },
    store::{self, Store, visibility::VisibilityScope},
    views::{
        licensing::usage::{UNUSED_PAGE, UnusedPage, UnusedQuery, UnusedRow},
        tickets::TicketRow,
    },
};

/// Beyond this nobody turns pages; a group is the way.
const MAX_PAGE: u32 = 10_000;

/// The licences among those that the reader sees which nobody leased for so many days, and that have had their owner for as long.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the group asked for, or there is none.
pub async fn page(store: &Store, reader: UserId, query: &UnusedQuery) -> Result<UnusedPage, OpError> {
    let mut tx = store.begin_heavy_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let branch = match query.group {
        Some(group) => {
            let found = store::groups::lineage(&mut tx, group).await?;
            let found = found.filter(|lineage| visibility.actor().sees_group(lineage));
            Some(found.ok_or(Denied::Hidden)?)
        }
        None => None,
    };
    let asked = if (1..=MAX_UNUSED_DAYS).contains(&query.days) {
        query.days
    } else {
        UNUSED_DAYS
    };
    let since = earlier(store.sources.now(), days(asked));
    let offset = u64::from(UNUSED_PAGE) * u64::from(query.page.min(MAX_PAGE));
    let (found, total) = store::licensing::usage::unused::page(
        &mut tx,
        &visibility,
        branch.as_ref(),
        since,
        (UNUSED_PAGE, offset),
    )
    .await?;
    let mut ids: Vec<TicketId> = found.iter().map(|unused| unused.ticket).collect();
    ids.sort_unstable();
    ids.dedup();
    let asked_for = store::licensing::take_backs::open_of(&mut tx, &ids).await?;
    let tickets = store::tickets::by_ids(&mut tx, &ids)
        .await?
        .into_values()
        .collect();
    let tickets = readers::rows(&mut tx, &visibility, tickets).await?;
    let tickets: BTreeMap<TicketId, TicketRow> = tickets.into_iter().map(|row| (row.id(), row)).collect();
    let rows = found.into_iter().filter_map(|unused| {
        let ticket = tickets.get(&unused.ticket)?;
        Some(UnusedRow {
            ticket: unused.ticket,
            code: ticket.code.clone(),
            license: license_of(ticket, unused.license)?,
            holder: holder_of(ticket),
            since: unused.since,
            last: unused.last,
            taken_back: asked_for.get(&unused.ticket).copied(),
        })
    });
    let kept = store::licensing::usage::folded(&mut tx).await?;
    Ok(UnusedPage {
        rows: rows.collect(),
        total,
        path: match &branch {
            Some(branch) => Names::of(&mut tx, &visibility, [branch])
                .await?
                .path(&visibility, branch),
            None => Vec::new(),
        },
        since: kept.map(|kept| kept.from).filter(|from| *from > since),
    })
}
