//! What is told of the instance.

pub mod imports;
pub mod requests;

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::instance::{InstanceLicense, InvalidLicense};
use serde::{Deserialize, Serialize};

/// The licence administration's overview (S16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Overview {
    pub pool: domain::accounts::seats::Pool,
    /// The id by which the vendor issues licences for this instance.
    pub instance: String,
    /// The licence in force; without one, an instance has [`UNLICENSED`](domain::accounts::seats::UNLICENSED) seats.
    pub license: Option<InstanceLicense>,
    /// Why the stored licence is not in force, where there is one.
    pub invalid: Option<InvalidLicense>,
    /// What the vendor was asked for, the newest first.
    pub requests: Vec<self::requests::LicenseRequest>,
    /// Where requests are mailed to, if the vendor's address is known.
    pub vendor_mail: Option<String>,
    /// Whether a second factor is demanded of admins.
    pub second_factor_demanded: bool,
    /// Since when use is kept by person; none where it is not.
    pub use_by_person_since: Option<jiff::Timestamp>,
    /// Whether, and from what, the portal was restored.
    pub restored: Option<Restored>,
    /// Where the server listens.
    pub address: String,
    /// The version of the portal.
    pub version: String,
}

/// That the portal was restored from a backup (N27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Restored {
    /// When the backup was made.
    pub made_at: jiff::Timestamp,
    /// When it was restored.
    pub at: jiff::Timestamp,
    /// Until when machines may hold licences that the portal does not know of, and some are held back; nothing once that is over.
    pub until: Option<jiff::Timestamp>,
}
