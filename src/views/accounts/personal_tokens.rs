//! Personal access tokens: what programs of a person show instead of a login, to do a part of what the person may.

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::{accounts::personal_tokens::Scopes, ids::PersonalTokenId};
use serde::{Deserialize, Serialize};

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
    /// When it was made, in milliseconds since 1970 (UTC).
    pub created_at: i64,
    /// Until when it is good.
    pub expires_at: i64,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
    /// Whether it has expired.
    pub expired: bool,
}
