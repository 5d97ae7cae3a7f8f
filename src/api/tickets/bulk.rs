//! Moving many tickets at once (N3).

use domain::tickets::{Activated, SelectedTickets, owners::Owner};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::tickets::{
        Moved,
        bulk::{Preview, Seen, TicketSelection},
    },
};

/// What would happen if the tickets were given to the new owner.
#[server(endpoint = "preview_move")]
pub async fn preview_move(tickets: TicketSelection, to: Owner) -> Result<Preview, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::tickets::bulk::preview(&portal.store, user, &tickets, to).await?)
}

/// Gives the tickets to the new owner as the preview `seen` said: all of them or none, in one transaction; with
/// `only_permitted`, all of those that may move, while the others stay. The rest is as in
/// [`reassign`](crate::api::tickets::reassign).
#[server(endpoint = "move_as_previewed")]
pub async fn move_as_previewed(
    tickets: TicketSelection,
    to: Owner,
    seen: Seen,
    #[server(default)] only_permitted: bool,
    activated: Option<Activated>,
    key: String,
) -> Result<Moved, ApiError> {
    use crate::{
        auth::Writer,
        ops::{self, tickets::bulk::Agreed},
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let agreed = Agreed { seen, only_permitted };
    Ok(ops::tickets::bulk::reassign(&portal.store, user, &tickets, to, &agreed, activated, &key).await?)
}

/// Switches protected mode of group tickets: of all or of none; yields how many changed. They are named with the owners that the
/// caller saw.
#[server(endpoint = "protect_tickets")]
pub async fn protect_tickets(tickets: SelectedTickets, on: bool) -> Result<u32, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::tickets::protection::protect_many(&portal.store, user, &tickets, on).await?)
}
