//! The forgotten password (S12).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::users::Login;

/// Has a link mailed that sets a new password. The answer does not tell whether there is an account of that address.
#[server(endpoint = "forgot_password")]
pub async fn forgot_password(email: String) -> Result<(), ApiError> {
    crate::server::login::forgot_password(&email)
}

/// Whose password a link sets.
#[server(endpoint = "password_link")]
pub async fn password_link(token: String) -> Result<Login, ApiError> {
    crate::server::login::password_link(&token).await
}

/// Sets a new password by a link, once, and goes to the login page.
#[server(endpoint = "use_password_link")]
pub async fn use_password_link(token: String, chosen: String) -> Result<(), ApiError> {
    crate::server::login::use_password_link(&token, &chosen).await
}
