//! Saved views of the list of tickets.

use domain::{
    groups::tree::Node,
    ids::{GroupId, ViewId},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::tickets::saved::{SavedViews, ViewQuery},
};

/// The views that the reader can choose at a node: their own, and those of its group and of the groups above it.
#[server(endpoint = "ticket_views")]
pub async fn ticket_views(node: Node) -> Result<SavedViews, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::saved::at(&portal.store, user, node).await?)
}

/// Saves a view for the reader, or for a group and all who see it; one of the same name is overwritten.
#[server(endpoint = "save_ticket_view")]
pub async fn save_ticket_view(
    name: String,
    group: Option<GroupId>,
    query: ViewQuery,
) -> Result<ViewId, ApiError> {
    use crate::{auth, auth::Writer, ops, views::addresses};
    let Writer { portal, user } = Writer::of_request().await?;
    let id = ops::tickets::saved::save(&portal.store, user, group, &name, query).await?;
    auth::answers::lead_form_on(addresses::HOME);
    Ok(id)
}

/// Removes a view.
#[server(endpoint = "remove_ticket_view")]
pub async fn remove_ticket_view(view: ViewId) -> Result<(), ApiError> {
    use crate::{auth, auth::Writer, ops, views::addresses};
    let Writer { portal, user } = Writer::of_request().await?;
    ops::tickets::saved::remove(&portal.store, user, view).await?;
    auth::answers::lead_form_on(addresses::HOME);
    Ok(())
}
