//! What is told of the history and webhooks.

pub mod webhooks;

use domain::{
    accounts::Permissions,
    history::{
        Topic,
        changes::WebhookState,
        events::{Channel, EventKind},
    },
    ids::{AmendmentId, ContainerId, EventId, GroupId, TakeBackId, TicketId, UserId},
    licensing::{
        amendments::{Amendment, Grant},
        products::ProductName,
        take_backs::TakeBackState,
    },
    resellers::quotas::Period,
    tickets::{Holder, codes::TicketCode},
    time::date_at,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::moments::{self, day};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Events on a page.
pub const HISTORY_PAGE: usize = 50;

/// Which events are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct HistoryQuery {
    /// Something in the names of the people, groups and containers in it, or in the code and products of the ticket.
    pub search: String,
    /// What they are about.
    pub topic: Option<Topic>,
    /// Who did it, or whom it happened to.
    pub person: Option<UserId>,
    /// The group in whose branch they happened.
    pub group: Option<GroupId>,
    /// From this day on (UTC).
    #[serde(deserialize_with = "moments::optional")]
    pub from: Option<Timestamp>,
    /// Until the end of this day.
    #[serde(deserialize_with = "moments::optional")]
    pub to: Option<Timestamp>,
    /// Those before this one: the next page.
    pub before: Option<EventId>,
}

/// The day of a moment, as [`day`] reads it.
fn written(at: Timestamp) -> String {
    date_at(at).to_string()
}

impl HistoryQuery {
    /// Reads the parameters of an address; those that are no such thing ask for nothing.
    #[must_use]
    pub fn read<'a>(parameter: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        Self {
            search: parameter("q").unwrap_or_default().trim().to_owned(),
            topic: parameter("about").and_then(|text| text.parse().ok()),
            person: parameter("person").and_then(|text| text.parse().ok()),
            group: parameter("group").and_then(|text| text.parse().ok()),
            from: parameter("from").and_then(day),
            to: parameter("to").and_then(day),
            before: parameter("before").and_then(|text| text.parse().ok()),
        }
    }

    /// What [`HistoryQuery::read`] reads.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let texts = [
            ("q", Some(self.search.clone()).filter(|text| !text.is_empty())),
            ("about", self.topic.map(|topic| topic.to_string())),
            ("person", self.person.map(|person| person.to_string())),
            ("group", self.group.map(|group| group.to_string())),
            ("from", self.from.map(written)),
            ("to", self.to.map(written)),
            ("before", self.before.map(|event| event.to_string())),
        ];
        texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect()
    }
}

/// Something with a name, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Named<Id> {
    /// Which, and its name.
    Known(Id, String),
    /// Its name only: the reader knew it when it happened, and sees it no more.
    Former(String),
    /// The reader may not know, or it no longer exists.
    Hidden,
}

/// Who did something, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum By {
    Person(Named<UserId>),
    /// The operator of the server.
    Operator,
    /// A machine, with a credential.
    Machine,
}

/// From what to what something was changed. `None` where there was nothing before, or is nothing any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Changed {
    /// A quota: of which product, unless that is gone; how many licences in each period.
    Quota {
        product: Option<ProductName>,
        period: Period,
        before: Option<u64>,
        after: Option<u64>,
    },
    /// The product filter: the products that it lets through.
    Filter {
        before: Option<Vec<ProductName>>,
        after: Option<Vec<ProductName>>,
    },
    /// What the person may do in the group; `None` for who is no member.
    Permissions {
        before: Option<Permissions>,
        after: Option<Permissions>,
    },
    /// The name of the group.
    Name { before: String, after: String },
    /// A product of the catalogue, unless that is gone.
    Product { product: Option<ProductName> },
    /// A webhook.
    Webhook {
        before: Option<WebhookState>,
        after: Option<WebhookState>,
    },
    /// What is done to a licence, from which moment on, and how it stands before and after; taken back, the other way round.
    Amendment {
        amendment: AmendmentId,
        what: Amendment,
        in_force_at: Timestamp,
        before: Grant,
        after: Grant,
    },
    /// The ticket is to be taken back: on which day, and how far that has come.
    TakeBack {
        take_back: TakeBackId,
        due_at: Timestamp,
        state: TakeBackState,
    },
    /// So many events have a time that cannot be, and were sealed all the same.
    Accepted { events: u32 },
    /// The portal is as it was when the backup was made.
    Restored { made_at: Timestamp },
}

/// An event, as far as the reader may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Happened {
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    pub kind: EventKind,
    /// Over which way; not known of what is long ago.
    pub channel: Option<Channel>,
    pub by: By,
    /// The ticket, where the reader sees it now.
    pub ticket: Option<(TicketId, TicketCode)>,
    /// From where.
    pub from: Option<Holder>,
    /// Where, or to where.
    pub to: Option<Holder>,
    /// The group that it happened to; the last name of the path is its own.
    pub group: Option<Named<GroupId>>,
    /// The person whom it happened to.
    pub person: Option<Named<UserId>>,
    pub container: Option<Named<ContainerId>>,
    /// How many licences.
    pub quantity: Option<u32>,
    /// What they are of, where the reader sees the ticket or the container.
    pub product: Option<ProductName>,
    /// From what to what, where the reader sees the group.
    pub change: Option<Changed>,
}

/// A page of the history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct HistoryPage {
    pub rows: Vec<Happened>,
    /// Where the next page begins: before this event. There is one even where nothing was found, while there are older
    /// events to be looked through.
    pub next: Option<EventId>,
    /// Name of the person who is asked for.
    pub person: Option<String>,
    /// Visible path of the group that is asked for.
    pub group: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_written_as_it_is_read() {
        let query = HistoryQuery {
            search: "a&b".to_owned(),
            topic: Some(Topic::Licenses),
            person: Some(UserId(7)),
            group: Some(GroupId(8)),
            from: day("2026-11-20"),
            to: day("2026-11-20"),
            before: Some(EventId(9)),
        };
        let parameters = query.parameters();
        assert!(
            parameters.contains(&("from", "2026-11-20".to_owned())),
            "{parameters:?}"
        );
        let read = |parameters: &[(&str, String)]| {
            HistoryQuery::read(|name| {
                let found = parameters.iter().find(|(known, _)| *known == name);
                found.map(|(_, text)| text.as_str())
            })
        };
        assert_eq!(read(&parameters), query);
        assert_eq!(read(&[]), HistoryQuery::default());
        let garbled =
            ["about", "person", "group", "from", "to", "before"].map(|name| (name, "x-1".to_owned()));
        assert_eq!(read(&garbled), HistoryQuery::default());
    }
}
