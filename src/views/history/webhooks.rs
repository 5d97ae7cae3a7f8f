//! Webhooks: where what happens is sent to, and what became of it.

use domain::{
    history::{
        Topic,
        events::EventKind,
        webhooks::{DeliveryState, Failure, Stopped},
    },
    ids::{DeliveryId, GroupId, UserId, WebhookId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::history::Named;

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Deliveries on a page of the log.
pub const DELIVERIES_PAGE: usize = 25;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema), schema(as = DeliveryOutcome))]
pub enum Outcome {
    /// With this status.
    Status(u16),
    /// Without an answer.
    Failure(Failure),
}

impl Outcome {
    /// Whether the receiver took it.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }
}

/// A webhook in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct WebhookRow {
    pub id: WebhookId,
    /// In whose branch what it tells happens; none for the whole instance.
    pub group: Option<GroupId>,
    /// What people call it.
    pub name: String,
    /// Its address, without the query.
    pub url: String,
    /// What it is about; nothing for everything.
    pub topics: Vec<Topic>,
    pub made_by: Named<UserId>,
    /// When.
    pub made_at: Timestamp,
    /// Who answers for it: who made it, changed it or switched it on last.
    pub kept_by: Named<UserId>,
    /// Whether it is switched on.
    pub active: bool,
    /// Why, and when, it switched itself off.
    pub stopped: Option<(Stopped, Timestamp)>,
    /// When what failed is tried again.
    pub next_attempt: Option<Timestamp>,
}

/// The webhooks of a group, or of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct WebhookList {
    /// The group, with its visible path.
    pub group: Option<(GroupId, Vec<String>)>,
    /// The webhooks, the oldest first.
    pub rows: Vec<WebhookRow>,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct DeliveryRow {
    pub id: DeliveryId,
    /// What happened; none for a test.
    pub kind: Option<EventKind>,
    /// When it was taken up.
    pub made_at: Timestamp,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was sent last.
    pub tried_at: Option<Timestamp>,
    /// When it is sent next, while it waits.
    pub due_at: Option<Timestamp>,
    /// How the last attempt ended.
    pub outcome: Option<Outcome>,
}

/// A webhook with its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct WebhookDetail {
    pub row: WebhookRow,
    /// Its whole address.
    pub address: String,
    /// The visible path of its group.
    pub path: Vec<String>,
    /// The deliveries, the newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// Where the next page of the log begins: before this one.
    pub next: Option<DeliveryId>,
}
