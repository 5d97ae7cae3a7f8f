//! What a ticket grants (S8): so many of a product, under rules; and where they are activated.

use domain::{
    ids::{ActivationId, ContainerId},
    licensing::{
        devices::Stage,
        licenses::{License, Standing, Terms},
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A licence of a ticket, with all that is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseDetail {
    pub license: License,
    /// Article number of the product.
    pub article: String,
    /// What the product can do.
    pub features: Vec<String>,
    pub terms: Terms,
    /// Whether it can be used now.
    pub standing: Standing,
    /// The containers with some of them, as far as the reader reaches those.
    pub units: Vec<Unit>,
    /// Those in containers that the reader does not reach: which, how many, and how far they have come.
    pub elsewhere: Vec<(ActivationId, u32, Stage)>,
    /// Whether the reader may take them back, wherever they are.
    pub may_withdraw: bool,
}

/// So many of a licence in a container, seen from the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Unit {
    pub activation: ActivationId,
    pub container: ContainerId,
    /// Name of the container.
    pub name: String,
    /// Name of the person it belongs to.
    pub person: String,
    pub quantity: u32,
    /// Since when.
    pub since: Timestamp,
    /// How far it has come.
    pub stage: Stage,
}
