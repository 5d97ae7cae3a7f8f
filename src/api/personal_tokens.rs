//! Personal access tokens: one's own, and those of people one looks after.

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::{
    ids::{PersonalTokenId, UserId},
    personal_tokens::{PersonalToken, Scopes},
};

/// The tokens of a person, the newest first; without the tokens themselves, which nobody knows.
#[server(endpoint = "tokens")]
pub async fn tokens(user: UserId) -> Result<Vec<PersonalToken>, ApiError> {
    use crate::{ops, server::login};
    let (portal, by) = login::reading().await?;
    Ok(ops::personal_tokens::list(&portal.store, by, user).await?)
}

/// Makes a token for who is logged in. This answer is the only place where it is shown.
#[server(endpoint = "create_token")]
pub async fn create_token(
    name: String,
    #[server(default)] scopes: Scopes,
    days: u32,
    present: String,
) -> Result<String, ApiError> {
    use crate::{ops, ops::personal_tokens::Wished, server::login};
    let (portal, session) = login::own_credentials().await?;
    let wished = Wished {
        name: &name,
        scopes: &scopes,
        days,
    };
    Ok(ops::personal_tokens::create(&portal.store, session.user, &wished, &present).await?)
}

/// Takes a token back.
#[server(endpoint = "revoke_token")]
pub async fn revoke_token(token: PersonalTokenId) -> Result<(), ApiError> {
    use crate::{ops, server::login};
    let (portal, by) = login::required().await?;
    Ok(ops::personal_tokens::revoke(&portal.store, by, token).await?)
}
