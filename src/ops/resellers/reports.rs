//! Reports of a branch (N13).

use domain::{access::Denied, groups::Lineage, ids::UserId};

use crate::{
    ops::{OpError, actor, readers::Names},
    store::{self, Store, resellers::reports::Counted, visibility::VisibilityScope},
    views::{
        groups::Choice,
        resellers::reports::{Report, ReportQuery},
    },
};

/// Most groups in the list to choose from.
const SHOWN: usize = 100;
/// Candidates looked at before the policy leaves out what is not for the reader.
const CANDIDATES: i64 = 500;
/// Beyond this nobody turns pages.
const MAX_PAGE: u32 = 10_000;

/// So many lines of the report that is asked for, of its page of that size.
///
/// # Errors
/// [`Denied::Hidden`] for who may read none, or not that one.
pub async fn page(store: &Store, reader: UserId, query: &ReportQuery, size: u32) -> Result<Report, OpError> {
    let mut tx = store.begin_heavy_read().await?;
    let actor = actor(&mut tx, reader).await?;
    if !actor.has_reports() {
        return Err(Denied::Hidden.into());
    }
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let actor = visibility.actor();
    let branches = match query.group {
        Some(group) => {
            let found = store::groups::lineage(&mut tx, group).await?;
            let found = found.filter(|lineage| actor.reads_reports(lineage));
            Some(vec![found.ok_or(Denied::Hidden)?])
        }
        None if actor.isv_admin => None,
        None => Some(topmost(visibility.lineages(), |lineage| {
            actor.reads_reports(lineage)
        })),
    };
    let now = store.sources.now();
    let (begins, end) = query.periods(now);
    let counted = Counted {
        branches: branches.as_deref(),
        begins: &begins,
        end,
        now,
    };
    let offset = u64::from(size) * u64::from(query.page.min(MAX_PAGE));
    let (rows, total) = store::resellers::reports::rows(&mut tx, counted, size, offset).await?;
    let mut found: Vec<Lineage> = store::groups::tree::find_groups(&mut tx, &visibility, "", CANDIDATES)
        .await?
        .into_iter()
        .map(|found| found.lineage)
        .collect();
    found.retain(|lineage| actor.reads_reports(lineage));
    found.truncate(SHOWN);
    let names = Names::of(&mut tx, &visibility, &found).await?;
    let choice = |lineage: &Lineage| Choice {
        id: lineage.group().0,
        label: names.path(&visibility, lineage).join(" › "),
    };
    Ok(Report {
        rows,
        total,
        groups: found.iter().map(choice).collect(),
    })
}

/// Those of the groups that fit and do not lie in another one that fits: each ticket is counted once.
fn topmost(groups: &[Lineage], fits: impl Fn(&Lineage) -> bool) -> Vec<Lineage> {
    let fitting: Vec<&Lineage> = groups.iter().filter(|group| fits(group)).collect();
    let below = |group: &Lineage| {
        fitting
            .iter()
            .any(|other| other.group() != group.group() && group.is_within(other.group()))
    };
    fitting
        .iter()
        .filter(|group| !below(group))
        .map(|group| (*group).clone())
        .collect()
}
