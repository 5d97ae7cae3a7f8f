//! How a browser lays out the list of tickets.

use leptos::prelude::*;

use crate::{errors::ApiError, views::tickets::layout::Layout};

/// How this browser lays out the list of tickets.
#[server(endpoint = "list_layout")]
pub async fn list_layout() -> Result<Layout, ApiError> {
    let parts = leptos_axum::extract::<http::request::Parts>().await;
    let parts = parts.map_err(|_| ApiError::Internal)?;
    Ok(crate::auth::headers::layout_of(&parts.headers))
}

/// Has this browser lay out the list of tickets with these columns, in their order; empty names are left out.
#[server(endpoint = "set_list_layout")]
pub async fn set_list_layout(
    #[server(default)] columns: Vec<String>,
    #[server(default)] compact: bool,
) -> Result<(), ApiError> {
    use crate::{auth, views::addresses};
    auth::layout::set_layout(&columns, compact)?;
    auth::answers::lead_form_on(addresses::HOME);
    Ok(())
}
