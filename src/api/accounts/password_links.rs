//! The forgotten password (S12).

use domain::accounts::Login;
use leptos::prelude::*;

use crate::errors::ApiError;

/// Has a link mailed that sets a new password. The answer does not tell whether there is an account of that address.
#[server(endpoint = "forgot_password")]
pub async fn forgot_password(email: String) -> Result<(), ApiError> {
    crate::auth::forgot_password(&email)
}

/// Whose password a link sets.
#[server(endpoint = "password_link")]
pub async fn password_link(token: String) -> Result<Login, ApiError> {
    crate::auth::password_link(&token).await
}

/// Sets a new password by a link, once, and goes to the login page.
#[server(endpoint = "use_password_link")]
pub async fn use_password_link(token: String, chosen: String) -> Result<(), ApiError> {
    crate::auth::use_password_link(&token, &chosen).await
}
