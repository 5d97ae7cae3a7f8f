//! Moving many tickets at once (N3).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::{
    bulk::{Chosen, Preview, Seen},
    owners::Owner,
    tickets::{Activated, Moved},
};

/// What would happen if the tickets were given to the new owner.
#[server(endpoint = "preview_move")]
pub async fn preview_move(tickets: Chosen, to: Owner) -> Result<Preview, ApiError> {
    use crate::{ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::bulk::preview(&portal.store, user, &tickets, to).await?)
}

/// Gives the tickets to the new owner as the preview `seen` said: all of them or none, in one transaction; with
/// `only_permitted`, all of those that may move, while the others stay. The rest is as in
/// [`reassign`](super::tickets::reassign).
#[server(endpoint = "move_as_previewed")]
pub async fn move_as_previewed(
    tickets: Chosen,
    to: Owner,
    seen: Seen,
    #[server(default)] only_permitted: bool,
    activated: Option<Activated>,
    key: String,
    next: Option<String>,
) -> Result<Moved, ApiError> {
    use crate::{ops, ops::bulk::Agreed, server::login};
    let (portal, user) = login::required().await?;
    let agreed = Agreed { seen, only_permitted };
    let moved = ops::bulk::reassign(&portal.store, user, &tickets, to, &agreed, activated, &key).await?;
    login::go_on(next.as_deref());
    Ok(moved)
}
