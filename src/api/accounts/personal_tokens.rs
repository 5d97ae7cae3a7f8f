//! Personal access tokens: one's own, and those of people one looks after.

use domain::{
    accounts::personal_tokens::Scopes,
    ids::{PersonalTokenId, UserId},
};
use leptos::prelude::*;

use crate::{errors::ApiError, views::accounts::personal_tokens::PersonalToken};

/// The tokens of a person, the newest first; without the tokens themselves, which nobody knows.
#[server(endpoint = "tokens")]
pub async fn tokens(user: UserId) -> Result<Vec<PersonalToken>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user: by, .. } = Reader::of_request().await?;
    Ok(ops::accounts::personal_tokens::list(&portal.store, by, user).await?)
}

/// Makes a token for who is logged in. This answer is the only place where it is shown.
#[server(endpoint = "create_token")]
pub async fn create_token(
    name: String,
    #[server(default)] scopes: Scopes,
    days: u32,
    present: String,
) -> Result<String, ApiError> {
    use crate::{
        auth::Reauthenticated,
        ops::{self, accounts::personal_tokens::Wished},
    };
    let Reauthenticated { portal, by } = Reauthenticated::of_browser(present).await?;
    let wished = Wished {
        name: &name,
        scopes: &scopes,
        days,
    };
    Ok(ops::accounts::personal_tokens::create(&portal.store, &by, &wished).await?)
}

/// Takes a token back.
#[server(endpoint = "revoke_token")]
pub async fn revoke_token(token: PersonalTokenId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::accounts::personal_tokens::revoke(&portal.store, by, token).await?)
}
