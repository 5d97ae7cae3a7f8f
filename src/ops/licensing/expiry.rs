//! What expires soon (N15): the page of it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Denied, Place},
    ids::{LicenseId, ProductId, TicketId, UserId},
    licensing::{
        expiry::{STEPS, step_of},
        licenses::License,
        products::ProductName,
    },
    tickets::Holder,
    time::later,
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError, actor,
        readers::{self, Names},
    },
    store::{
        self, Store, Tx,
        licensing::expiry::{Counted, Ending, Expiries},
        visibility::VisibilityScope,
    },
    views::{
        licensing::expiry::{BranchFigures, Expiring, ExpiryBranch, ExpiryPage, ExpiryQuery, largest},
        tickets::TicketRow,
    },
};

/// Beyond this nobody turns pages; a filter is the way.
const MAX_PAGE: u32 = 10_000;

/// What expires soon among what the reader sees.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the group asked for, or there is none.
pub async fn page(store: &Store, reader: UserId, query: &ExpiryQuery) -> Result<ExpiryPage, OpError> {
    let mut tx = store.begin_read().await?;
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
    let now = store.sources.now();
    let days = if STEPS.contains(&query.days) {
        query.days
    } else {
        90
    };
    let expiries = Expiries {
        visibility: &visibility,
        ends: (now, later(now, domain::time::days(days))),
        branch: branch.as_ref(),
    };
    let counts = expiries.counts(&mut tx, now).await?;
    let endings = expiries
        .page(&mut tx, query.product, query.page.min(MAX_PAGE))
        .await?;
    let products: BTreeMap<ProductId, ProductName> =
        counts.iter().map(|counted| counted.product.clone()).collect();
    let asked = |counted: &&Counted| query.product.is_none_or(|product| product == counted.product.0);
    let total = counts.iter().filter(asked).map(|counted| counted.lines).sum();
    let branches = branches(&mut tx, &visibility, counts, query.product).await?;
    Ok(ExpiryPage {
        rows: rows(&mut tx, &visibility, endings, now).await?,
        total,
        branches: largest(branches),
        products: products.into_iter().collect(),
        path: match &branch {
            Some(branch) => Names::of(&mut tx, &visibility, [branch])
                .await?
                .path(&visibility, branch),
            None => Vec::new(),
        },
    })
}

/// The figures of the branches, each with a name that the reader may know.
async fn branches(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    counts: Vec<Counted>,
    product: Option<ProductId>,
) -> Result<Vec<BranchFigures>, OpError> {
    let lineages = counts.iter().filter_map(|counted| counted.branch.as_ref());
    let names = Names::of(tx, visibility, lineages).await?;
    let mut figures: Vec<BranchFigures> = Vec::new();
    for counted in counts {
        if product.is_some_and(|product| product != counted.product.0) {
            continue;
        }
        let branch = match &counted.branch {
            Some(lineage) if visibility.visible(lineage).is_some() => {
                ExpiryBranch::Group(lineage.group(), names.path(visibility, lineage))
            }
            None if !counted.personal => ExpiryBranch::Unassigned,
            // A context that its person has left is no level of theirs any more.
            Some(_) | None => ExpiryBranch::Personal,
        };
        let at = match figures.iter().position(|figures| figures.branch == branch) {
            Some(at) => at,
            None => {
                figures.push(BranchFigures {
                    branch,
                    counts: [0; STEPS.len()],
                });
                figures.len() - 1
            }
        };
        if let Some(count) = figures
            .get_mut(at)
            .and_then(|figures| figures.counts.get_mut(counted.step))
        {
            *count += counted.licenses;
        }
    }
    Ok(figures)
}

/// Licences with all that is shown of them. Whoever calls this has made sure that the reader sees their tickets.
pub(crate) async fn rows(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    endings: Vec<Ending>,
    now: Timestamp,
) -> Result<Vec<Expiring>, OpError> {
    let ids: BTreeSet<TicketId> = endings.iter().map(|ending| ending.ticket).collect();
    let ids: Vec<TicketId> = ids.into_iter().collect();
    let tickets = store::tickets::by_ids(tx, &ids).await?.into_values().collect();
    let rows = readers::rows(tx, visibility, tickets).await?;
    let tickets: BTreeMap<TicketId, TicketRow> = rows.into_iter().map(|row| (row.id(), row)).collect();
    let row = |ending: Ending| {
        let ticket = tickets.get(&ending.ticket)?;
        Some(Expiring {
            ticket: ending.ticket,
            code: ticket.code.clone(),
            license: license_of(ticket, ending.license)?,
            end: ending.end,
            step: step_of(ending.end, now)?,
            holder: holder_of(ticket),
        })
    };
    Ok(endings.into_iter().filter_map(row).collect())
}

/// A licence of a ticket.
pub(crate) fn license_of(ticket: &TicketRow, license: LicenseId) -> Option<License> {
    ticket.licenses.iter().find(|known| known.id == license).cloned()
}

/// Who has a ticket, from what the reader may know of it.
pub(crate) fn holder_of(ticket: &TicketRow) -> Holder {
    match &ticket.facts.place {
        Place::Unassigned => Holder::Unassigned,
        Place::Group(_) => Holder::Group(ticket.path.clone()),
        Place::User { .. } => Holder::Person(ticket.person.clone().unwrap_or_default(), ticket.path.clone()),
    }
}
