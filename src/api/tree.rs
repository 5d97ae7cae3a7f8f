//! The tree on the left of the screen.

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::tree::{Branch, Node};

/// The rows below each of the nodes, and always those at the top first. Nodes that do not exist, or no longer for
/// this reader, are left out.
#[server(endpoint = "branches")]
pub async fn branches(#[server(default)] nodes: Vec<Node>) -> Result<Vec<Branch>, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::tree::branches(&portal.store, user, &nodes).await?)
}

/// The nodes above a node, from the top: what must be open for it to be seen.
#[server(endpoint = "ancestors")]
pub async fn ancestors(node: Node) -> Result<Vec<Node>, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::tree::ancestors(&portal.store, user, node).await?)
}
