//! Identity providers: what the login page offers, what ISV admins see and type, and one's own links.

use domain::ids::{GroupId, IdentityProviderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// A provider that somebody can be signed in by, or link their account to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Offered {
    /// By which it is asked for.
    pub id: IdentityProviderId,
    /// What it is called.
    pub name: String,
}

/// What an ISV admin types about a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProviderForm {
    /// What the login page calls it.
    pub name: String,
    /// How it calls itself.
    pub issuer: String,
    /// What it calls the portal.
    pub client_id: String,
    /// The secret that it gave the portal; empty for the one that it has already.
    #[serde(default)]
    pub client_secret: String,
    /// What is asked for besides `openid`.
    #[serde(default)]
    pub scopes: String,
    /// Whose people it signs in; none for the whole instance.
    #[serde(default)]
    pub branch: Option<GroupId>,
    /// Where people become members who have no account yet; none where they are sent away.
    #[serde(default)]
    pub join_group: Option<GroupId>,
    /// Who joins has their mail address as login; else what the provider calls them.
    #[serde(default)]
    pub login_is_email: bool,
    /// It asks for a second factor itself.
    #[serde(default)]
    pub gives_factor: bool,
    /// The version that was read; of a new one, none.
    #[serde(default)]
    pub version: i64,
}

/// A provider, as ISV admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ProviderRow {
    /// By which it is asked for.
    pub id: IdentityProviderId,
    /// Whose people it signs in; none for the whole instance.
    pub branch: Option<GroupId>,
    /// What the login page calls it.
    pub name: String,
    /// How it calls itself.
    pub issuer: String,
    /// What it calls the portal.
    pub client_id: String,
    /// What is asked for besides `openid`.
    pub scopes: String,
    /// Who joins has their mail address as login.
    pub login_is_email: bool,
    /// Where people become members who have no account yet.
    pub join_group: Option<GroupId>,
    /// It asks for a second factor itself.
    pub gives_factor: bool,
    /// It signs people in.
    pub active: bool,
    /// The secret is there.
    pub has_secret: bool,
    /// Where it sends people back to; it has to be told.
    pub back: String,
    /// So many accounts are linked to it.
    pub linked: u32,
    /// Counts its changes.
    pub version: i64,
}

/// What a provider publishes, as a test run found it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TestRun {
    /// Why it cannot sign anybody in, in English; none where it can.
    pub problem: Option<String>,
    /// Where people are sent to.
    pub authorization_endpoint: String,
    /// So many keys that it signs with.
    pub keys: u32,
    /// What it signs with, as far as the portal takes it.
    pub algorithms: Vec<String>,
    /// It names itself when it sends people back (RFC 9207).
    pub names_itself: bool,
    /// People can log out there.
    pub logs_out: bool,
}

/// An identity elsewhere that signs one in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LinkedSignIn {
    /// The provider.
    pub provider: IdentityProviderId,
    /// What that is called.
    pub name: String,
    /// Since when.
    pub linked_at: Timestamp,
    /// When it last signed one in.
    pub last_used_at: Option<Timestamp>,
}

/// One's own identities elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LinkedSignIns {
    /// Those that sign one in.
    pub linked: Vec<LinkedSignIn>,
    /// Providers that one's account can be linked to.
    pub offered: Vec<Offered>,
    /// There is a password to confirm it with.
    pub has_password: bool,
}
