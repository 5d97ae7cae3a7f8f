//! Partners, who resell (S14, N13): which products their branch may create, and how many of each.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    groups::Lineage,
    ids::{GroupId, ProductId},
    time::{begin_of, date_at},
};

/// Most licences that a quota can grant.
pub const MAX_QUOTA: u64 = 1_000_000_000;

crate::texts::enum_of_texts! {
    /// For how long a quota counts: calendar days, months and years, in UTC.
    Period, else UnknownPeriod;
    /// From midnight to midnight.
    Day = "day",
    /// From the first of a month to the first of the next.
    Month = "month",
    /// From one January to the next.
    Year = "year",
    /// From the beginning, without end.
    Total = "total",
}

impl Period {
    /// The first moment of the period that `now` lies in (UTC).
    #[must_use]
    pub fn begin(self, now: Timestamp) -> Timestamp {
        let day = date_at(now);
        match self {
            Self::Day => begin_of(day),
            Self::Month => begin_of(day.first_of_month()),
            Self::Year => begin_of(day.first_of_year()),
            Self::Total => Timestamp::UNIX_EPOCH,
        }
    }
}

/// How many licences of a product the branch of a group may create in a period, and how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The group that it is kept on.
    pub group: GroupId,
    /// For how long it counts.
    pub period: Period,
    /// The number of licences it grants in a period.
    pub quantity: u64,
    /// How many were created in the present period, in the whole branch of the group.
    pub used: u64,
}

/// Where tickets are created: a group, with what is kept on it and on the groups above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaBranch {
    /// The group, and its path.
    pub lineage: Lineage,
    /// The product filters along the path. What is left is what all of them let through.
    pub filters: Vec<BTreeSet<ProductId>>,
    /// The quotas along the path, of the one product that is asked about.
    pub quotas: Vec<Quota>,
}

impl QuotaBranch {
    /// Whether the product may be created here: where no group on the path names any, none may.
    #[must_use]
    pub fn allows(&self, product: ProductId) -> bool {
        !self.filters.is_empty() && self.filters.iter().all(|filter| filter.contains(&product))
    }
}

/// A quota is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{wanted} licences are more than the quota leaves")]
pub struct OverQuota {
    /// The number of licences that were asked for, in all tickets together.
    pub wanted: u64,
    /// For how long the quota counts.
    pub period: Period,
    /// How many are left; not told of a quota that is kept above what the person sees.
    pub left: Option<u64>,
}

/// Why a quota cannot be set like that: it is none of 0 to [`MAX_QUOTA`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("a quota is a number from 0 to {MAX_QUOTA}")]
pub struct InvalidQuota;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::at;

    #[test]
    fn periods_follow_the_calendar() {
        // 2028-02-29, 23:59:59.999.
        let last = 1_835_481_599_999;
        let begins =
            |moment| [Period::Day, Period::Month, Period::Year, Period::Total].map(|p| p.begin(at(moment)));
        assert_eq!(
            begins(last),
            [1_835_395_200_000, 1_832_976_000_000, 1_830_297_600_000, 0].map(at)
        );
        assert_eq!(
            begins(last + 1),
            [1_835_481_600_000, 1_835_481_600_000, 1_830_297_600_000, 0].map(at)
        );
    }

    #[test]
    fn only_what_all_filters_let_through_is_allowed() {
        let branch = |filters: &[&[i64]]| QuotaBranch {
            lineage: Lineage::top(GroupId(1)),
            filters: filters
                .iter()
                .map(|filter| filter.iter().map(|id| ProductId(*id)).collect())
                .collect(),
            quotas: Vec::new(),
        };
        assert!(!branch(&[]).allows(ProductId(1)), "nobody named it");
        assert!(branch(&[&[1, 2]]).allows(ProductId(1)));
        let narrowed = branch(&[&[1, 2], &[2, 3]]);
        let allowed: Vec<i64> = (1..=3).filter(|id| narrowed.allows(ProductId(*id))).collect();
        assert_eq!(allowed, [2]);
        assert!(
            !branch(&[&[1, 2], &[]]).allows(ProductId(1)),
            "a filter may be empty"
        );
    }
}
