//! The customers of partners (S15): a person, or a group with that person for its admin.

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};

/// What is known of a customer who is to be created.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct NewCustomer {
    /// Name of the group that is made for the customer; where it is empty, the customer is the person alone.
    pub group_name: String,
    /// Name of the person; the login where it is empty.
    pub name: String,
    /// Where mail reaches them: the link goes there.
    pub email: String,
    /// The name they log in with; the mail address where it is empty.
    pub login: String,
}

/// A customer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CustomerRow {
    /// The person.
    pub user: UserId,
    /// Name of the group that was made for the customer, or of the person.
    pub name: String,
    /// The name the person logs in with.
    pub login: String,
    /// Whether the mail with the link was sent.
    pub invited: bool,
}
