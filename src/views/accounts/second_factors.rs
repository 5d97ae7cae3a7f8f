//! The second factor of a login: codes of an authenticator app (RFC 6238), or recovery codes that work once each.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::views::licensing::qr_codes::QrCode;

/// The state of one's own second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondFactor {
    /// There is none.
    Off,
    /// Begun: the app is to be told the secret, and to give its first code.
    Begun {
        /// For apps that cannot see: base32.
        secret: String,
        /// For apps that can: an `otpauth` address.
        picture: QrCode,
    },
    /// A code is asked for at every login.
    On {
        /// Since when.
        since: Timestamp,
        /// Recovery codes that were not used yet.
        recovery_codes: u32,
    },
}
