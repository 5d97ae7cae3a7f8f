//! Login sessions (S18–S20): how long one lives, who may have one, and how administrators see them.
//!
//! Pure: times are passed in.

use domain::{
    access::Actor,
    accounts::{
        Login,
        sessions::{EndReason, RequiredAction, Tab},
    },
    ids::{SessionId, UserId},
    time::{Milliseconds, Seconds},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A running login, as administrators see it (S19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ActiveSession {
    pub id: SessionId,
    /// Name of its user.
    pub name: String,
    /// The name they log in with.
    pub login: String,
    /// When it began.
    pub since: Timestamp,
    /// How long its user has done nothing.
    pub idle: Seconds,
    /// From where.
    pub address: String,
    /// With what.
    pub browser: String,
    /// Whether a tab is open.
    pub tab: Tab,
    /// It is the reader's own.
    pub own: bool,
    /// Name of the person as whom its user looks at the portal now (N16).
    pub viewing_as: Option<String>,
}

/// An ended login, as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct EndedSession {
    pub id: SessionId,
    /// Name of its user.
    pub name: String,
    /// The name they log in with.
    pub login: String,
    /// When it began.
    pub since: Timestamp,
    /// When it ended.
    pub until: Timestamp,
    /// Why.
    pub reason: EndReason,
    /// Name of the administrator who ended it.
    pub by: Option<String>,
    /// The reason they gave.
    pub note: Option<String>,
    /// From where.
    pub address: String,
    /// With what.
    pub browser: String,
}

/// Logins on one page of a list.
pub const PAGE: u32 = 50;

/// A page of a list of logins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SessionPage<T> {
    /// At most [`PAGE`] of them.
    pub rows: Vec<T>,
    /// How many there are on all pages together.
    pub total: u64,
}

/// The person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Name shown to people.
    pub name: String,
    /// The name they log in with.
    pub login: Login,
    /// What the policy needs to know of them.
    pub actor: Actor,
    /// What they have to do before anything else.
    pub required_action: Option<RequiredAction>,
    /// Somebody else looks at the portal as this person (N16), until then.
    pub impersonated_until: Option<Timestamp>,
}

/// The people of the demo data (S7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// Login and name of each.
    pub people: Vec<(Login, String)>,
    /// The password they share.
    pub password: String,
}

/// What a tab learns in answer to its sign of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Who is logged in in this browser, or as whom they look at the portal.
    pub user: UserId,
    /// How long it is until the login ends, if nothing is done in any tab.
    pub left: Milliseconds,
}
