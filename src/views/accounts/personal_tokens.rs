//! Personal access tokens: what programs of a person show instead of a login, to do a part of what the person may.

use domain::{accounts::personal_tokens::Scopes, ids::PersonalTokenId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A token, as those see it who look after its account. The token itself is shown once, and stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PersonalToken {
    pub id: PersonalTokenId,
    /// What its person calls it.
    pub name: String,
    /// What it is good for.
    #[cfg_attr(feature = "ssr", schema(value_type = BTreeMap<String, String>))]
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Whether it has expired.
    pub expired: bool,
}
