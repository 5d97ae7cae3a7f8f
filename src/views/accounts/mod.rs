//! What is told of accounts and logins.

pub mod identity_providers;
pub mod offboarding;
pub mod personal_tokens;
pub mod second_factors;
pub mod sessions;

use domain::{
    accounts::{Login, Permissions, seats::Pool},
    ids::{GroupId, UserId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Which accounts are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum StateFilter {
    /// All.
    #[default]
    All,
    /// Those switched on.
    Active,
    /// Those switched off.
    Inactive,
}

/// By what a list of accounts is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum UserSort {
    /// By name.
    #[default]
    Name,
    /// By login.
    Login,
    /// The active ones first, then by name.
    State,
}

/// Which accounts, in what order, which page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserQuery {
    /// Only those whose name or login contains this; empty for all.
    #[serde(default)]
    pub search: String,
    /// Only those in that state.
    #[serde(default)]
    pub state: StateFilter,
    /// The order.
    #[serde(default)]
    pub sort: UserSort,
    /// The other way round.
    #[serde(default)]
    pub reverse: bool,
    /// The page, from 0.
    #[serde(default)]
    pub page: u32,
}

/// Accounts on one page of a list.
pub const USERS_PAGE: u32 = 50;

/// An account, as those see it who look after it (S17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserRow {
    pub id: UserId,
    /// The name they log in with.
    pub login: Login,
    /// Name shown to people.
    pub name: String,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Stands above every group.
    pub isv_admin: bool,
    /// Switched on.
    pub active: bool,
    /// Whether there is a password, and whether it is a generated one that is still to be replaced.
    pub password: PasswordState,
    /// Names along each group of theirs that the reader sees.
    pub groups: Vec<(GroupId, Vec<String>)>,
}

/// What is known of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum PasswordState {
    /// There is none.
    None,
    /// There is none; a link that sets one was asked for then, and is about to be sent.
    Inviting(Timestamp),
    /// There is none; a link that sets one was sent then.
    Invited(Timestamp),
    /// Generated; to be replaced at the first login, until then.
    Generated(Timestamp),
    /// Chosen by the person, or set by the operator.
    Chosen,
}

impl PasswordState {
    /// Whether there is none.
    #[must_use]
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::None | Self::Inviting(_) | Self::Invited(_))
    }
}

/// The seats of the instance, as far as the reader is told of them: how large it is is nothing to the admin of a group (S4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum SeatsLeft {
    /// All of them, for ISV admins.
    Pool(Pool),
    /// Whether one is left.
    IsLeft(bool),
}

/// A page of accounts, with the seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserPage {
    /// At most [`USERS_PAGE`] accounts.
    pub rows: Vec<UserRow>,
    /// How many there are on all pages together.
    pub total: u64,
    /// The seats of the instance.
    pub seats: SeatsLeft,
}

/// One's own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OwnAccount {
    pub id: UserId,
    /// How one logs in.
    pub login: Login,
    /// One's name.
    pub name: String,
    /// One's mail address; links for a forgotten password go there.
    pub email: Option<String>,
}

/// An account with what the reader may do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserDetail {
    /// The account.
    pub row: UserRow,
    /// Whether its logins ask for a second factor.
    pub second_factor: bool,
    /// Since when its person is logged in.
    pub logged_in_since: Option<Timestamp>,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// The memberships that the reader sees.
    pub memberships: Vec<Membership>,
    /// The seats of the instance.
    pub seats: SeatsLeft,
}

/// A membership, as those see it who look after its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Membership {
    /// Of which group.
    pub group: GroupId,
    /// The names along the group.
    pub path: Vec<String>,
    /// What the person may do there.
    pub permissions: Permissions,
    /// What of that the reader may give and take. Who may do neither cannot end the membership either.
    pub grant: Permissions,
}
