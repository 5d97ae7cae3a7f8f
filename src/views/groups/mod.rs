//! What is told of the tree of groups.

pub mod tree;

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::{
    accounts::{Login, Permissions},
    groups::Lineage,
    ids::UserId,
};
use serde::{Deserialize, Serialize};

/// A group with what its page shows, as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct GroupDetail {
    /// Where it stands, as far as the reader may see upwards.
    pub lineage: Lineage,
    /// The names along the lineage; the last is its own.
    pub path: Vec<String>,
    /// The members the reader may see, by name.
    pub members: Vec<Member>,
    /// How many groups stand right below it.
    pub subgroups: u32,
    /// How many tickets belong to its level, those of its people included.
    pub tickets: u64,
    /// How many tickets belong to it and to everything below; at most one more than
    /// [`COUNTED`](crate::views::tickets::COUNTED), which stands for more than that.
    pub tickets_in_branch: u64,
    /// What the reader may do with it.
    pub may: GroupRights,
}

/// What one reader may do with a group, by the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct GroupRights {
    /// Rename it, create groups in it, change its members.
    pub administer: bool,
    /// Hang it somewhere else, or dissolve it.
    pub relocate: bool,
    /// What may be granted to members.
    pub grant: Permissions,
}

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Member {
    pub user: UserId,
    /// Name shown to people.
    pub name: String,
    /// The name they log in with.
    pub login: Login,
    /// What they may do here.
    pub permissions: Permissions,
}

/// A person or group to choose from a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Choice {
    #[serde(with = "domain::ids::as_text")]
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub id: i64,
    /// Of a group, its visible path; of a person, their name and login.
    pub label: String,
}
