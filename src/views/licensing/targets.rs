//! Where licences can be brought: out of a ticket, or out of a container, into a container (S8).

use domain::access::Denied;
use serde::{Deserialize, Serialize};

use crate::views::licensing::containers::ContainerRow;
#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A container that the reader reaches, and whether the licences may come into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseTarget {
    pub container: ContainerRow,
    /// Why they may not.
    pub denied: Option<Denied>,
}

/// The first containers that match a search, by the names of their people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseTargets {
    /// At most [`CONTAINERS_PAGE`](crate::views::licensing::containers::CONTAINERS_PAGE).
    pub rows: Vec<LicenseTarget>,
    /// How many match.
    pub total: u64,
}
