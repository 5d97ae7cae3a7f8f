//! Containers (S9): where licences are activated, and from where machines use them.

use domain::{
    ids::{ActivationId, ContainerId, GroupId, LicenseId, TicketId, UserId},
    licensing::{
        containers::ContainerKind,
        devices::Stage,
        licenses::{Binding, Standing},
        products::ProductName,
    },
    tickets::codes::TicketCode,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::licensing::devices::Machine;

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Containers on one page of a list.
pub const CONTAINERS_PAGE: u32 = 50;

/// A container in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ContainerRow {
    pub id: ContainerId,
    pub name: String,
    pub kind: ContainerKind,
    pub user: UserId,
    /// Name of the person.
    pub person: String,
    /// The group context, and the names down to it as far as the reader sees them.
    pub context: Option<(GroupId, Vec<String>)>,
}

/// Which containers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ContainerQuery {
    /// Only those whose name, or whose person's name, contains this; empty for all.
    #[serde(default)]
    pub search: String,
    /// Only those of this person.
    #[serde(default)]
    pub user: Option<UserId>,
    /// The page, from 0.
    #[serde(default)]
    pub page: u32,
}

/// A page of the containers within the reader's reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ContainerPage {
    /// At most [`CONTAINERS_PAGE`].
    pub rows: Vec<ContainerRow>,
    /// How many there are on all pages together.
    pub total: u64,
}

/// A container, with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ContainerDetail {
    pub row: ContainerRow,
    /// The machine that it is; `None` for a cloud container.
    pub machine: Option<Machine>,
    /// What is activated in it, as far as the reader may know.
    pub activations: Vec<ContainerLicense>,
}

/// So many of a licence in a container, seen from the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ContainerLicense {
    pub activation: ActivationId,
    /// Of which licence.
    pub license: LicenseId,
    /// Names of the product.
    pub product: ProductName,
    /// Its article number.
    pub article: String,
    pub quantity: u32,
    /// How many of them machines use at the moment.
    pub in_use: u32,
    /// Since when.
    pub since: Timestamp,
    /// How far it has come.
    pub stage: Stage,
    /// Whether the reader may take it back on the ticket's side.
    pub may_withdraw: bool,
    /// To what it is bound.
    pub binding: Binding,
    /// Whether it can be used now.
    pub standing: Standing,
    /// The ticket, if the reader sees it.
    pub ticket: Option<(TicketId, TicketCode)>,
}
