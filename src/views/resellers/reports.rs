//! Reports of a branch (N13): how many licences were created in it, and what became of what is in it.

use domain::{
    ids::GroupId,
    licensing::products::ProductName,
    resellers::quotas::Period,
    time::{begin_of, date_at},
};
use jiff::{Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::views::{
    groups::Choice,
    moments::{self, day},
};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Lines on one page of a report.
pub const REPORT_PAGE: u32 = 50;

/// Most periods in a report.
pub const MAX_PERIODS: usize = 400;

/// A licence is expiring when it ends within so many days.
pub const EXPIRING_DAYS: u32 = 90;

/// Which report is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ReportQuery {
    /// The group of whose branch; of all that the reader may see where it is missing.
    pub group: Option<GroupId>,
    /// How long the periods are.
    pub by: Period,
    /// The first day (UTC).
    #[serde(deserialize_with = "moments::optional")]
    pub from: Option<Timestamp>,
    /// The last day.
    #[serde(deserialize_with = "moments::optional")]
    pub to: Option<Timestamp>,
    /// The page, from 0.
    pub page: u32,
}

impl Default for ReportQuery {
    fn default() -> Self {
        Self {
            group: None,
            by: Period::Month,
            from: None,
            to: None,
            page: 0,
        }
    }
}

impl ReportQuery {
    /// Reads the parameters of an address; those that are no such thing ask for nothing.
    #[must_use]
    pub fn read<'a>(parameter: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        Self {
            group: parameter("group").and_then(|text| text.parse().ok()),
            by: parameter("by")
                .and_then(|text| text.parse().ok())
                .unwrap_or(Period::Month),
            from: parameter("from").and_then(day),
            to: parameter("to").and_then(day),
            page: parameter("page").and_then(|text| text.parse().ok()).unwrap_or(0),
        }
    }

    /// What [`ReportQuery::read`] reads.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let date = |at: Option<Timestamp>| at.map(|at| date_at(at).to_string());
        let texts = [
            ("group", self.group.map(|group| group.to_string())),
            ("by", (self.by != Period::Month).then(|| self.by.to_string())),
            ("from", date(self.from)),
            ("to", date(self.to)),
            ("page", (self.page > 0).then(|| self.page.to_string())),
        ];
        texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect()
    }

    /// The first moments of the periods, the oldest first, and the end of the last one. Without days, they are the last
    /// year's; of more than [`MAX_PERIODS`], the newest are taken.
    #[must_use]
    pub fn periods(&self, now: Timestamp) -> (Vec<Timestamp>, Timestamp) {
        let last = self.to.map_or_else(|| date_at(now), date_at);
        let end = last.tomorrow().map_or(Timestamp::MAX, begin_of);
        if self.by == Period::Total {
            return (vec![self.from.unwrap_or(Timestamp::UNIX_EPOCH)], end);
        }
        let first = self.from.map_or_else(|| year_before(last), date_at);
        let mut begins = Vec::new();
        let mut at = date_at(self.by.begin(begin_of(last)));
        while begins.len() < MAX_PERIODS {
            begins.push(begin_of(at));
            if at <= first {
                break;
            }
            let before = match self.by {
                Period::Day => at.checked_sub(1.day()),
                Period::Month => at.checked_sub(1.month()),
                Period::Year | Period::Total => at.checked_sub(1.year()),
            };
            let Ok(before) = before else { break };
            at = before;
        }
        begins.reverse();
        // The first one may begin in the middle.
        if let Some(begin) = begins.first_mut() {
            *begin = (*begin).max(begin_of(first));
        }
        (begins, end)
    }
}

/// A year before, from the beginning of that month on.
fn year_before(last: Date) -> Date {
    let before = last.first_of_month().checked_sub(11.months());
    before.unwrap_or(last)
}

/// Of a product and a period: how many licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ReportRow {
    /// First moment of the period.
    pub begin: Timestamp,
    /// Of which product.
    pub product: ProductName,
    /// Its article number.
    pub article: String,
    /// Created in the branch.
    pub created: u64,
    /// Of what came into being in the period: in tickets of the branch now.
    pub assigned: u64,
    /// Of those: activated now.
    pub activated: u64,
    /// Of those: ending within [`EXPIRING_DAYS`].
    pub expiring: u64,
}

/// A page of a report, the newest period first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Report {
    /// At most [`REPORT_PAGE`] lines.
    pub rows: Vec<ReportRow>,
    /// How many there are on all pages together.
    pub total: u64,
    /// The groups whose branches the reader can choose; at most 100.
    pub groups: Vec<Choice>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20, 14:05.
    const NOW: Timestamp = Timestamp::constant(1_795_183_500, 0);

    fn days(query: &ReportQuery) -> (Vec<String>, String) {
        let (begins, end) = query.periods(NOW);
        let text = |at| date_at(at).to_string();
        (begins.into_iter().map(text).collect(), text(end))
    }

    #[test]
    fn periods_follow_the_calendar() {
        let (months, end) = days(&ReportQuery::default());
        assert_eq!((months.len(), end.as_str()), (12, "2026-11-21"));
        assert_eq!(
            (months[0].as_str(), months[11].as_str()),
            ("2025-12-01", "2026-11-01")
        );
        let asked = |by, from: &str, to: &str| {
            days(&ReportQuery {
                by,
                from: day(from),
                to: day(to),
                ..ReportQuery::default()
            })
        };
        assert_eq!(
            asked(Period::Month, "2026-01-15", "2026-03-31"),
            (
                ["2026-01-15", "2026-02-01", "2026-03-01"]
                    .map(str::to_owned)
                    .into(),
                "2026-04-01".to_owned()
            )
        );
        let (found, _) = asked(Period::Day, "1970-01-01", "2026-03-01");
        assert_eq!((found.len(), found[399].as_str()), (400, "2026-03-01"));
        assert_eq!(asked(Period::Total, "", "").0, ["1970-01-01"]);
        assert_eq!(
            asked(Period::Year, "2027-01-01", "2026-01-01").0.len(),
            1,
            "the wrong way round"
        );
    }

    #[test]
    fn what_is_asked_for_is_written_as_it_is_read() {
        let query = ReportQuery {
            group: Some(GroupId(8)),
            by: Period::Day,
            from: day("2026-11-20"),
            to: day("2026-11-21"),
            page: 3,
        };
        let parameters = query.parameters();
        let read = |parameters: &[(&str, String)]| {
            ReportQuery::read(|name| {
                let found = parameters.iter().find(|(known, _)| *known == name);
                found.map(|(_, text)| text.as_str())
            })
        };
        assert_eq!(read(&parameters), query);
        assert_eq!(read(&[]), ReportQuery::default());
    }
}
