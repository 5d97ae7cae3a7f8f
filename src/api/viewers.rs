//! Who can see a ticket, and why (N2).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::{ids::TicketId, viewers::Sight};

/// The people who see the ticket; with a search, the people whom it finds, with the answer for each: as far as the reader
/// may know.
#[server(endpoint = "viewers")]
pub async fn viewers(ticket: TicketId, #[server(default)] search: String) -> Result<Sight, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::viewers::of_ticket(&portal.store, user, ticket, &search).await?)
}
