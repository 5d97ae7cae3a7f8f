//! What expires soon (N15): how far ahead people are told, what a page of it shows, what a mail says.
//!
//! Times are milliseconds since 1970 (UTC). The end of a licence is the first moment at which it cannot be used any more.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{GroupId, ProductId, TicketId},
    licensing::{
        licenses::{DAY, License},
        products::ProductName,
    },
    tickets::{Holder, codes::TicketCode},
};

/// How many days ahead, from near to far.
pub const STEPS: [u32; 6] = [1, 7, 14, 30, 60, 90];
/// Licences on a page.
pub const EXPIRY_PAGE: u32 = 50;
/// Most branches that are told one by one.
pub const MAX_BRANCHES: usize = 20;
/// Most licences that a mail tells one by one.
pub const MAX_IN_DIGEST: usize = 100;
/// When a day begins for who is mailed, after midnight (UTC).
const MORNING: i64 = 5 * 60 * 60 * 1000;

/// The day that a moment belongs to: nobody gets two mails on one of them.
#[must_use]
pub const fn day_of(at: i64) -> i64 {
    (at - MORNING).div_euclid(DAY)
}

/// Which step a licence that ends at `end` has come to: the index in [`STEPS`]. `None` where it is further away, or over.
#[must_use]
pub fn step_of(end: i64, now: i64) -> Option<usize> {
    if end <= now {
        return None;
    }
    STEPS.iter().position(|days| end <= ahead(now, *days))
}

/// So many days later.
#[must_use]
pub fn ahead(now: i64, days: u32) -> i64 {
    now.saturating_add(i64::from(days) * DAY)
}

/// Where the ends lie of all that came to one of the [`STEPS`] after `since`, until `until` inclusive, and is not over `now`:
/// ranges from (exclusive) to (inclusive), apart from each other, from near to far.
#[must_use]
pub fn crossed(since: i64, until: i64, now: i64) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for days in STEPS {
        let (from, to) = (ahead(since, days).max(now), ahead(until, days));
        match ranges.last_mut() {
            _ if from >= to => {}
            Some((_, last)) if from <= *last => *last = to.max(*last),
            _ => ranges.push((from, to)),
        }
    }
    ranges
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ExpiryQuery {
    /// At most so many days ahead: one of [`STEPS`].
    pub days: u32,
    /// In the branch of this group.
    pub group: Option<GroupId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// The page, from 0.
    pub page: u32,
}

impl Default for ExpiryQuery {
    fn default() -> Self {
        Self {
            days: 90,
            group: None,
            product: None,
            page: 0,
        }
    }
}

impl ExpiryQuery {
    /// Reads the parameters of an address; those that are no such thing ask for nothing.
    #[must_use]
    pub fn read<'a>(parameter: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let days = parameter("days").and_then(|text| text.parse().ok());
        Self {
            days: days.filter(|days| STEPS.contains(days)).unwrap_or(90),
            group: parameter("group").and_then(|text| text.parse().ok()),
            product: parameter("product").and_then(|text| text.parse().ok()),
            page: parameter("page").and_then(|text| text.parse().ok()).unwrap_or(0),
        }
    }

    /// What [`ExpiryQuery::read`] reads.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let texts = [
            ("days", (self.days != 90).then(|| self.days.to_string())),
            ("group", self.group.map(|group| group.to_string())),
            ("product", self.product.map(|product| product.to_string())),
            ("page", (self.page > 0).then(|| self.page.to_string())),
        ];
        texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect()
    }
}

/// A licence that expires soon, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Expiring {
    /// Its ticket.
    pub ticket: TicketId,
    /// The code of the ticket.
    pub code: TicketCode,
    /// What it is.
    pub license: License,
    /// When it ends.
    pub end: i64,
    /// Which of the [`STEPS`] it has come to.
    pub step: usize,
    /// Who has the ticket.
    pub holder: Holder,
}

/// What stands together in the chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = BranchOfExpiring))]
pub enum Branch {
    /// A group with all below it, and the names down to it; of the group whose branches are told, itself alone.
    Group(GroupId, Vec<String>),
    /// People's own, without a group that the reader sees.
    Personal,
    /// Nobody's.
    Unassigned,
    /// So many more branches.
    Others(u32),
}

/// A branch, and how many licences in it come to each of the [`STEPS`] next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BranchFigures {
    /// Which.
    pub branch: Branch,
    /// How many, step by step.
    pub counts: [u64; STEPS.len()],
}

impl BranchFigures {
    /// How many altogether.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// The largest branches, and all others as one.
#[must_use]
pub fn largest(mut branches: Vec<BranchFigures>) -> Vec<BranchFigures> {
    branches.sort_by_key(|branch| std::cmp::Reverse(branch.total()));
    if branches.len() > MAX_BRANCHES {
        let others = branches.split_off(MAX_BRANCHES - 1);
        let mut counts = [0; STEPS.len()];
        for branch in &others {
            for (sum, count) in counts.iter_mut().zip(branch.counts) {
                *sum += count;
            }
        }
        branches.push(BranchFigures {
            branch: Branch::Others(u32::try_from(others.len()).unwrap_or(u32::MAX)),
            counts,
        });
    }
    branches
}

/// What expires soon, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ExpiryPage {
    /// At most [`EXPIRY_PAGE`], the next to end first.
    pub rows: Vec<Expiring>,
    /// How many lines there are on all pages together.
    pub total: u64,
    /// The chart.
    pub branches: Vec<BranchFigures>,
    /// The products of which some expire in the time and branch asked for.
    pub products: Vec<(ProductId, ProductName)>,
    /// The names down to the group whose branches are told.
    pub path: Vec<String>,
}

/// A mail to somebody about what came near its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Where it goes.
    pub email: String,
    /// The language of its reader: a tag, where it is known.
    pub language: Option<String>,
    /// At most [`MAX_IN_DIGEST`], the next to end first.
    pub rows: Vec<Expiring>,
    /// How many lines there are altogether.
    pub total: u64,
    /// How many licences stand in them.
    pub licenses: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_comes_to_its_steps_one_by_one() {
        let now = 1_000;
        assert_eq!(step_of(now, now), None);
        assert_eq!(step_of(now + 1, now), Some(0));
        assert_eq!(step_of(now + DAY, now), Some(0));
        assert_eq!(step_of(now + DAY + 1, now), Some(1));
        assert_eq!(step_of(now + 90 * DAY, now), Some(5));
        assert_eq!(step_of(now + 90 * DAY + 1, now), None);
    }

    #[test]
    fn each_step_is_crossed_once() {
        let begin = 1_000 * DAY;
        let end = begin + 100 * DAY;
        // Looked at daily, the days on which it is told.
        let told = |first: i64| {
            let days = (first..=101).filter(|day| {
                let (since, until) = (begin + (day - 1) * DAY, begin + day * DAY);
                let ranges = crossed(since, until, until);
                ranges.iter().any(|(from, to)| *from < end && end <= *to)
            });
            days.collect::<Vec<i64>>()
        };
        assert_eq!(told(0), [10, 40, 70, 86, 93, 99]);
        // After a week in which nothing was looked at, what was crossed meanwhile is told, once.
        let week = crossed(begin + 84 * DAY, begin + 91 * DAY, begin + 91 * DAY);
        assert_eq!(
            week.iter().filter(|(from, to)| *from < end && end <= *to).count(),
            1
        );
    }

    #[test]
    fn the_first_time_all_that_is_near_is_told() {
        let now = 1_000 * DAY;
        assert_eq!(crossed(0, now, now), [(now, now + 90 * DAY)]);
        assert_eq!(crossed(now, now, now), []);
    }

    #[test]
    fn a_day_begins_in_the_morning() {
        let midnight = 20_000 * DAY;
        assert_eq!(day_of(midnight + MORNING), 20_000);
        assert_eq!(day_of(midnight + MORNING - 1), 19_999);
        assert_eq!(day_of(0), -1);
    }

    #[test]
    fn what_is_asked_for_is_written_as_it_is_read() {
        let read = |parameters: &[(&str, String)]| {
            ExpiryQuery::read(|name| {
                let found = parameters.iter().find(|(known, _)| *known == name);
                found.map(|(_, text)| text.as_str())
            })
        };
        let query = ExpiryQuery {
            days: 14,
            group: Some(GroupId(7)),
            product: Some(ProductId(8)),
            page: 2,
        };
        assert_eq!(read(&query.parameters()), query);
        assert_eq!(read(&[]), ExpiryQuery::default());
        let garbled = [("days", "15"), ("group", "x"), ("product", "-1"), ("page", "-1")];
        assert_eq!(
            read(&garbled.map(|(name, text)| (name, text.to_owned()))),
            ExpiryQuery::default()
        );
    }

    #[test]
    fn many_branches_become_few() {
        let branch = |group: i64| BranchFigures {
            branch: Branch::Group(GroupId(group), Vec::new()),
            counts: [group.unsigned_abs(), 0, 0, 0, 0, 1],
        };
        let few = largest((1..=30).map(branch).collect());
        assert_eq!(few.len(), MAX_BRANCHES);
        assert_eq!(few[0].total(), 31);
        assert_eq!(few[19].branch, Branch::Others(11));
        assert_eq!(few[19].counts, [66, 0, 0, 0, 0, 11]);
    }
}
