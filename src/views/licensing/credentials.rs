//! What headless machines reach a container with (S10, S11, N8): a key pair, of which the portal keeps the public half.

use domain::{ids::CredentialId, licensing::credentials::CredentialState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A credential in the list of its container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CredentialRow {
    pub id: CredentialId,
    /// What people call it.
    pub label: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By whom, as far as the reader may know.
    pub issued_by: Option<String>,
    /// When it expires, if it does.
    pub expires_at: Option<Timestamp>,
    /// When a machine used it last, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Whether it can be used.
    pub state: CredentialState,
}
