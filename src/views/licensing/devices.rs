//! Containers that are machines: a device, known by its fingerprint, or a dongle, known by its serial number. They come to
//! the portal by the exchange of signed texts alone (N10): what is decided here is how far an activation on one of them
//! has come, and which texts of a machine count. Pure, and without a clock.
//!
//! A machine holds a signed text that says how long it may go on. Until then, or until the machine itself confirms that it
//! gave a licence up, the unit is nobody else's: there are never more out than were granted. The one exception is the
//! approval of an admin of the ticket for a lost machine, who answers for it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::licensing::qr_codes::QrCode;

/// The machine that a container is, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Machine {
    /// Fingerprint, or serial number, as far as it is known.
    pub hardware: Option<String>,
    /// What it calls itself.
    pub host: Option<String>,
    /// When it first came.
    pub bound_at: Option<Timestamp>,
    /// Since when it is reported lost.
    pub lost_at: Option<Timestamp>,
    pub update: Option<UpdateDetail>,
}

/// The last update for a machine. It is no secret: nothing but that machine can do anything with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UpdateDetail {
    /// When it was signed.
    pub at: Timestamp,
    /// When the machine confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// Whether something has changed since, so that the machine needs another one.
    pub outdated: bool,
    /// The same as a QR code, where it is short enough for one.
    pub picture: Option<QrCode>,
}
