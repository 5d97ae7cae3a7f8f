//! What expires soon (N15): how far ahead people are told, what a page of it shows, what a mail says.
//!
//! The end of a licence is the first moment at which it cannot be used any more.

use domain::{
    ids::{GroupId, ProductId, TicketId},
    licensing::{
        expiry::{MAX_BRANCHES, STEPS},
        licenses::License,
        products::ProductName,
    },
    tickets::{Holder, codes::TicketCode},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Licences on a page.
pub const EXPIRY_PAGE: u32 = 50;

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
    pub ticket: TicketId,
    /// The code of the ticket.
    pub code: TicketCode,
    pub license: License,
    pub end: Timestamp,
    /// Which of the [`STEPS`] it has come to.
    pub step: usize,
    /// Who has the ticket.
    pub holder: Holder,
}

/// What stands together in the chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = BranchOfExpiring))]
pub enum ExpiryBranch {
    /// A group with all below it, and the names down to it; of the group whose branches are told, itself alone.
    Group(GroupId, Vec<String>),
    /// People's own, without a group that the reader sees.
    Personal,
    Unassigned,
    /// So many more branches.
    Others(u32),
}

/// A branch, and how many licences in it come to each of the [`STEPS`] next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BranchFigures {
    pub branch: ExpiryBranch,
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
            branch: ExpiryBranch::Others(u32::try_from(others.len()).unwrap_or(u32::MAX)),
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
            branch: ExpiryBranch::Group(GroupId(group), Vec::new()),
            counts: [group.unsigned_abs(), 0, 0, 0, 0, 1],
        };
        let few = largest((1..=30).map(branch).collect());
        assert_eq!(few.len(), MAX_BRANCHES);
        assert_eq!(few[0].total(), 31);
        assert_eq!(few[19].branch, ExpiryBranch::Others(11));
        assert_eq!(few[19].counts, [66, 0, 0, 0, 0, 11]);
    }
}
