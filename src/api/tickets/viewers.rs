//! Who can see a ticket, and why (N2).

use domain::ids::TicketId;
use leptos::prelude::*;

use crate::{errors::ApiError, views::tickets::viewers::Sight};

/// The people who see the ticket; with a search, the people whom it finds, with the answer for each: as far as the reader
/// may know.
#[server(endpoint = "viewers")]
pub async fn viewers(ticket: TicketId, #[server(default)] search: String) -> Result<Sight, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::viewers::of_ticket(&portal.store, user, ticket, &search).await?)
}
