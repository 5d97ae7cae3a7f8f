//! Groups by hand: creating, renaming, moving, dissolving; members and their permissions (S1).

pub mod tree;

use domain::{
    accounts::Permissions,
    ids::{GroupId, UserId},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::groups::{Choice, GroupDetail},
};

/// A group as the reader sees it.
#[server(endpoint = "group")]
pub async fn group(group: GroupId) -> Result<GroupDetail, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::groups::detail(&portal.store, user, group).await?)
}

/// Groups the reader administers, by path, that match the search; at most 100. `not_within` leaves out a branch.
#[server(endpoint = "administered")]
pub async fn administered(
    #[server(default)] search: String,
    not_within: Option<GroupId>,
) -> Result<Vec<Choice>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::groups::administered(&portal.store, user, &search, not_within).await?)
}

/// People the reader reaches who are not yet members of the group, that match the search; at most 100.
#[server(endpoint = "candidates")]
pub async fn candidates(group: GroupId, #[server(default)] search: String) -> Result<Vec<Choice>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::groups::candidates(&portal.store, user, group, &search).await?)
}

/// Creates a group below `parent`, or at the top level (ISV admins).
#[server(endpoint = "create_group")]
pub async fn create_group(parent: Option<GroupId>, name: String) -> Result<GroupId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let group = ops::groups::create(&portal.store, user, parent, &name).await?;
    auth::go_on(&addresses::group(group));
    Ok(group)
}

/// Renames a group.
#[server(endpoint = "rename_group")]
pub async fn rename_group(group: GroupId, name: String) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::groups::rename(&portal.store, user, group, &name).await?)
}

/// Hangs a group, with all below it, under another parent, or at the top level (ISV admins).
#[server(endpoint = "move_group")]
pub async fn move_group(group: GroupId, parent: Option<GroupId>) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::groups::reparent(&portal.store, user, group, parent).await?)
}

/// Dissolves a group. What it holds goes to the heir; its people too if wished.
#[server(endpoint = "delete_group")]
pub async fn delete_group(
    group: GroupId,
    heir: Option<GroupId>,
    #[server(default)] people_follow: bool,
) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    ops::groups::delete(&portal.store, user, group, heir, people_follow).await?;
    auth::go_on(&heir.map_or_else(|| addresses::HOME.to_owned(), addresses::group));
    Ok(())
}

/// Makes a person a member of the group, or changes what they may do in it: a field for each permission.
#[server(endpoint = "set_member")]
pub async fn set_member(
    group: GroupId,
    user: UserId,
    #[server(default)] permissions: Permissions,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: actor } = Writer::of_request().await?;
    Ok(ops::groups::set_member(&portal.store, actor, group, user, Some(permissions)).await?)
}

/// Ends a person's membership of the group.
#[server(endpoint = "remove_member")]
pub async fn remove_member(group: GroupId, user: UserId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: actor } = Writer::of_request().await?;
    Ok(ops::groups::set_member(&portal.store, actor, group, user, None).await?)
}
