//! What machines made of licences (N18): of a ticket, of the branch of a group, and what nobody uses.

use domain::{
    ids::{ContainerId, GroupId, ProductId, TicketId, UserId},
    licensing::{
        licenses::License,
        products::ProductName,
        usage::{MAX_UNUSED_DAYS, UNUSED_DAYS, UseRefusal, UseSpan, forecast::Forecast},
    },
    tickets::{Holder, codes::TicketCode},
    time::Seconds,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Lines on a page of what nobody uses.
pub const UNUSED_PAGE: u32 = 50;
/// Lines on a page of one's own use.
pub const OWN_USE_PAGE: u32 = 50;
/// Most products of a branch that are told, and most machines and people of a ticket.
pub const MOST_TOLD: u32 = 100;
/// The parameter of the file of a ticket that says what it is by, and by person: one line for each person instead of each step.
pub const BY: &str = "by";
/// See [`BY`].
pub const BY_PERSON: &str = "person";
/// Hours of a week.
pub const WEEK: usize = 168;

/// Which use of a branch is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct UseQuery {
    /// The group of whose branch; of all that the reader administers where it is missing.
    pub group: Option<GroupId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// How far back.
    pub span: UseSpan,
}

fn listed(texts: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Vec<(&'static str, String)> {
    texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)))
        .collect()
}

/// How far back an address asks for use; a month where it says nothing.
#[must_use]
pub fn span_of(text: Option<&str>) -> UseSpan {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

impl UseQuery {
    /// Reads the parameters of an address; those that are no such thing ask for nothing.
    #[must_use]
    pub fn read<'a>(parameter: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        Self {
            group: parameter("group").and_then(|text| text.parse().ok()),
            product: parameter("product").and_then(|text| text.parse().ok()),
            span: span_of(parameter("span")),
        }
    }

    /// What [`UseQuery::read`] reads.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        listed([
            ("group", self.group.map(|group| group.to_string())),
            ("product", self.product.map(|product| product.to_string())),
            (
                "span",
                (self.span != UseSpan::default()).then(|| self.span.to_string()),
            ),
        ])
    }
}

/// Which licences that nobody uses are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct UnusedQuery {
    /// For so many days, from 1 to [`MAX_UNUSED_DAYS`].
    pub days: u32,
    /// In the branch of this group.
    pub group: Option<GroupId>,
    /// The page, from 0.
    pub page: u32,
}

impl Default for UnusedQuery {
    fn default() -> Self {
        Self {
            days: UNUSED_DAYS,
            group: None,
            page: 0,
        }
    }
}

impl UnusedQuery {
    /// Reads the parameters of an address; those that are no such thing ask for nothing.
    #[must_use]
    pub fn read<'a>(parameter: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let days = parameter("days").and_then(|text| text.parse().ok());
        Self {
            days: days
                .filter(|days| (1..=MAX_UNUSED_DAYS).contains(days))
                .unwrap_or(UNUSED_DAYS),
            group: parameter("group").and_then(|text| text.parse().ok()),
            page: parameter("page").and_then(|text| text.parse().ok()).unwrap_or(0),
        }
    }

    /// What [`UnusedQuery::read`] reads.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        listed([
            ("days", (self.days != UNUSED_DAYS).then(|| self.days.to_string())),
            ("group", self.group.map(|group| group.to_string())),
            ("page", (self.page > 0).then(|| self.page.to_string())),
        ])
    }
}

/// An hour or a day of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UsePoint {
    /// Its first moment.
    pub begin: Timestamp,
    /// How long licences were leased, all leases together.
    pub leased: Seconds,
    /// Most that were leased at once.
    pub peak: u32,
    /// How many there were, where machines asked for any.
    pub granted: Option<u32>,
    /// How often machines were refused.
    pub refused: u32,
    /// Minutes in which machines waited, all of them together.
    pub waited: u32,
}

/// How often machines were refused for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RefusedFor {
    pub why: UseRefusal,
    pub times: u32,
}

/// A machine that leased a licence, in a container that the reader may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct MachineUse {
    pub container: ContainerId,
    /// What the container is called.
    pub name: String,
    /// Whose it is.
    pub person: String,
    /// What the machine calls itself.
    pub machine: String,
    /// How many leases it had.
    pub leases: u32,
    /// How long they lasted.
    pub leased: Seconds,
    /// The last moment of the last of them, until now.
    pub last: Timestamp,
}

/// A person within the reader's reach, whose machines leased a licence or were refused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PersonUse {
    pub person: UserId,
    pub name: String,
    /// How long their leases lasted, all together.
    pub leased: Seconds,
    /// How often their machines were refused.
    pub refused: u64,
    /// Minutes in which their machines waited, all of them together.
    pub waited: u64,
}

/// How a licence was used, as far as the reader may know: while those had its ticket whose tickets they see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseUse {
    pub license: License,
    /// Article number of its product.
    pub article: String,
    /// Without a gap, the oldest first.
    pub points: Vec<UsePoint>,
    /// Most at once in all of them.
    pub peak: u32,
    /// What machines were refused, reason by reason.
    pub refusals: Vec<RefusedFor>,
    /// How long licences were leased in each of the 168 hours of a week (UTC), from Monday on: the mean over the weeks that are known.
    pub week: Vec<Seconds>,
    /// When the last free one is gone.
    pub forecast: Forecast,
    /// The machines of the last 30 days, since the present owner has the ticket; at most 100.
    pub machines: Vec<MachineUse>,
    /// The people within reach, on whole days since `people_since`; at most 100, and none where use is not kept by person.
    pub people: Vec<PersonUse>,
}

/// How the licences of a ticket were used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TicketUse {
    pub ticket: TicketId,
    pub code: TicketCode,
    /// Since when use is kept; none where it is not yet.
    pub since: Option<Timestamp>,
    /// The end of the last point.
    pub until: Timestamp,
    /// How long a point is.
    pub step: Seconds,
    /// The first day that is counted by person; none where use is not kept by person.
    pub people_since: Option<Timestamp>,
    pub licenses: Vec<LicenseUse>,
}

/// What the reader's machines used of a product on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OwnUseRow {
    /// Its first moment.
    pub day: Timestamp,
    /// Article number of the product.
    pub article: String,
    pub product: ProductName,
    /// How long licences were leased, all leases together.
    pub leased: Seconds,
    /// How often machines were refused.
    pub refused: u64,
    /// Minutes in which machines waited, all of them together.
    pub waited: u64,
}

/// What is kept about the reader's use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OwnUsePage {
    /// Since when use is kept by person; none where it is not.
    pub kept_since: Option<Timestamp>,
    /// The newest first; at most 50. Each day is deleted after 90 days.
    pub rows: Vec<OwnUseRow>,
    /// How many there are on all pages together.
    pub total: u64,
}

/// An hour or a day of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BranchPoint {
    /// Its first moment.
    pub begin: Timestamp,
    /// How long licences were leased, all leases together.
    pub leased: Seconds,
    /// How often machines were refused.
    pub refused: u64,
    /// Minutes in which machines waited, all of them together.
    pub waited: u64,
}

/// How the licences of a product were used in a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProductUse {
    pub id: ProductId,
    pub product: ProductName,
    /// Its article number.
    pub article: String,
    /// How many licences there are in the branch at present.
    pub granted: u64,
    /// How long licences were leased, all leases together.
    pub leased: Seconds,
    /// How often machines were refused.
    pub refused: u64,
    /// Minutes in which machines waited, all of them together.
    pub waited: u64,
}

/// How the licences of a branch were used, while its groups, and its people through them, had the tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct BranchUse {
    /// The names down to the group that is asked for.
    pub path: Vec<String>,
    /// Since when use is kept; none where it is not yet.
    pub since: Option<Timestamp>,
    /// The end of the last point.
    pub until: Timestamp,
    /// How long a point is.
    pub step: Seconds,
    /// Without a gap, the oldest first.
    pub points: Vec<BranchPoint>,
    /// How long licences were leased in each of the 168 hours of a week (UTC), from Monday on: the mean over the weeks that are known.
    pub week: Vec<Seconds>,
    /// Most used first; at most 100.
    pub products: Vec<ProductUse>,
}

/// A licence that nobody uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UnusedRow {
    pub ticket: TicketId,
    /// The code of the ticket.
    pub code: TicketCode,
    pub license: License,
    /// Who has the ticket.
    pub holder: Holder,
    /// Since when.
    pub since: Timestamp,
    /// The last day on which it was leased, since its owner has it.
    pub last: Option<Timestamp>,
    /// When the ticket is taken back, where it is asked for.
    pub taken_back: Option<Timestamp>,
}

/// A page of licences that nobody uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UnusedPage {
    /// Those first that have had their owner longest; at most [`UNUSED_PAGE`].
    pub rows: Vec<UnusedRow>,
    /// How many there are on all pages together.
    pub total: u64,
    /// The names down to the group that is asked for.
    pub path: Vec<String>,
    /// Since when use is kept, where that is not as long as is asked for.
    pub since: Option<Timestamp>,
}

/// So much on average, in tenths: a machine that leases all the time is one.
#[must_use]
pub fn average(leased: Seconds, over: Seconds) -> u64 {
    let leased = u64::try_from(leased.0).unwrap_or_default();
    let over = u64::try_from(over.0).unwrap_or_default().max(1);
    leased.saturating_mul(10).saturating_add(over / 2) / over
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_written_as_it_is_read() {
        fn found<'a>(parameters: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
            let found = parameters.iter().find(|(known, _)| *known == name);
            found.map(|(_, text)| text.as_str())
        }
        let query = UseQuery {
            group: Some(GroupId(8)),
            product: Some(ProductId(9)),
            span: UseSpan::Week,
        };
        let parameters = query.parameters();
        assert_eq!(UseQuery::read(|name| found(&parameters, name)), query);
        assert_eq!(UseQuery::read(|_| None).parameters(), []);
        let query = UnusedQuery {
            days: 7,
            group: Some(GroupId(8)),
            page: 2,
        };
        let parameters = query.parameters();
        assert_eq!(UnusedQuery::read(|name| found(&parameters, name)), query);
        // Beyond what is kept nobody can know.
        assert_eq!(
            UnusedQuery::read(|name| (name == "days").then_some("2000")).days,
            UNUSED_DAYS
        );
    }

    #[test]
    fn averages_are_rounded() {
        assert_eq!(average(Seconds(3600), Seconds(3600)), 10);
        assert_eq!(average(Seconds(5400), Seconds(3600)), 15);
        assert_eq!(average(Seconds(179), Seconds(3600)), 0);
        assert_eq!(average(Seconds(180), Seconds(3600)), 1);
        assert_eq!(average(Seconds(-1), Seconds(0)), 0);
    }
}
