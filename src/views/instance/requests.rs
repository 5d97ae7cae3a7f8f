//! What an instance asks the vendor of the portal for (N12): more seats, or another usage variant.

use domain::{
    ids::RequestId,
    instance::requests::{RequestState, Wish},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A request to the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LicenseRequest {
    pub id: RequestId,
    /// When.
    pub at: Timestamp,
    /// Name of the ISV admin who asked.
    pub by: String,
    pub wish: Wish,
    /// How far it has come.
    pub state: RequestState,
}
