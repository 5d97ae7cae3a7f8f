//! The overview: what there is, what of it is used, what ends, what waits, what happened.

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::{
    ids::{ProductId, TicketId, WebhookId},
    licensing::products::ProductName,
    tickets::codes::TicketCode,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::{history::Happened, licensing::expiry::Expiring};

/// How many of what ends and of what happened are told.
pub const TOLD: usize = 5;
/// How many products are told one by one.
pub const PRODUCTS: usize = 8;
/// How many days ahead it is looked for what ends: one of the steps of what expires.
pub const DAYS: u32 = 30;

/// What one reader is shown. Everything is counted as the lists behind the figures count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OverviewPage {
    /// Tickets that the reader sees; [`COUNTED`](crate::views::tickets::COUNTED) + 1 stands for more than that.
    pub tickets: u64,
    /// Their own among them.
    pub mine: u64,
    /// Those that are nobody's yet, for ISV admins.
    pub unassigned: Option<u64>,
    /// Licences in these tickets; nothing where there are too many tickets to add up.
    pub licenses: Option<LicenseFigures>,
    /// Containers within the reader's reach.
    pub containers: u64,
    /// Licences that end within [`DAYS`] days.
    pub ending: u64,
    /// Some of them, the next to end first.
    pub ends: Vec<Expiring>,
    pub waits: Waiting,
    /// What happened last, the newest first.
    pub lately: Vec<Happened>,
}

/// Licences added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseFigures {
    pub all: Figures,
    /// Those of which there are most, one by one: at most [`PRODUCTS`].
    pub products: Vec<ProductFigures>,
    /// How many more products there are.
    pub more: u32,
}

/// Numbers of licences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Figures {
    /// How many the tickets grant.
    pub granted: u64,
    /// How many of them are activated in containers.
    pub activated: u64,
    /// How many of those machines use now.
    pub in_use: u64,
}

/// The licences of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProductFigures {
    pub product: ProductId,
    pub name: ProductName,
    pub figures: Figures,
}

/// What somebody has to do something about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// Licences in tickets of the reader's own that are not activated.
    pub own_free: u64,
    /// Webhooks that the portal switched off, which the reader may switch on again: some, with their names.
    pub webhooks: Vec<(WebhookId, String)>,
    /// Tickets that somebody wants back from the reader, or from a group of which they are an admin: some, with their codes and the
    /// days on which they move.
    pub take_backs: Vec<(TicketId, TicketCode, Timestamp)>,
}
