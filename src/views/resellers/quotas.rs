//! Partners, who resell (S14, N13): which products their branch may create, and how many of each.

use domain::{ids::GroupId, resellers::quotas::Period};
use serde::{Deserialize, Serialize};

use crate::views::licensing::products::Product;
#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// What is kept on a partner's group, as one reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PartnerDetail {
    pub group: GroupId,
    /// The names along the group.
    pub path: Vec<String>,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether the group has a filter of its own.
    pub filtered: bool,
    /// The products to choose from, for who may change it: whether the group's own filter lets each through.
    pub choices: Vec<(Product, bool)>,
    /// What may be created here, by all the filters along the path.
    pub allowed: Vec<Product>,
    /// The quotas of the group itself.
    pub quotas: Vec<QuotaRow>,
}

/// A quota of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct QuotaRow {
    /// Of which product.
    pub product: Product,
    /// For how long it counts.
    pub period: Period,
    pub quantity: u64,
    /// How many were created in the present period.
    pub used: u64,
}
