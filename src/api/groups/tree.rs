//! The tree on the left of the screen.

use domain::groups::tree::Node;
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::groups::tree::{ChildRows, FoundNodes},
};

/// The rows below each of the nodes, and always those at the top first. Nodes that do not exist, or no longer for
/// this reader, are left out.
#[server(endpoint = "branches")]
pub async fn branches(#[server(default)] nodes: Vec<Node>) -> Result<Vec<ChildRows>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::groups::tree::branches(&portal.store, user, &nodes).await?)
}

/// The nodes above a node, from the top: what must be open for it to be seen.
#[server(endpoint = "ancestors")]
pub async fn ancestors(node: Node) -> Result<Vec<Node>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::groups::tree::ancestors(&portal.store, user, node).await?)
}

/// Groups and people anywhere in the tree whose names have each of the words; at most
/// [`FOUND`](crate::views::groups::tree::FOUND), with whether there are others.
#[server(endpoint = "find_in_tree")]
pub async fn find_in_tree(#[server(default)] search: String) -> Result<FoundNodes, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::groups::tree::find(&portal.store, user, &search).await?)
}
