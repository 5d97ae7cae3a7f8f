//! The forgotten password: whoever reads the mail of an account may set a new one (S12; ASVS 5.0, 6.4.3).

use domain::{
    accounts::{self, Login},
    refusals::Refusal,
};

use crate::{
    auth::{address, headers::language_of, parts, portal},
    errors::ApiError,
    ops,
    views::addresses,
};

/// Has a link mailed to the address, if there is an account that has it. The answer is the same if there is none.
///
/// # Errors
/// [`ApiError::TooMany`]; [`Refusal::InvalidEmail`].
pub fn forgot_password(email: &str) -> Result<(), ApiError> {
    let (portal, parts) = (portal()?, parts()?);
    let email = accounts::clean_email(email).ok().flatten();
    let email = email.ok_or(Refusal::InvalidEmail)?;
    portal.limits.link(&address(&portal, &parts), &email)?;
    portal.outbox.ask_for_link(email, language_of(&parts.headers));
    leptos_axum::redirect(&format!("{}?sent=true", addresses::FORGOTTEN));
    Ok(())
}

/// Whose password a link sets.
///
/// # Errors
/// [`Refusal::LinkExpired`].
pub async fn password_link(token: &str) -> Result<Login, ApiError> {
    Ok(ops::accounts::password_links::login(&portal()?.store, token).await?)
}

/// Sets a new password by a link, and goes to the login page.
///
/// # Errors
/// [`Refusal::LinkExpired`]; [`Refusal::WeakPassword`].
pub async fn use_password_link(token: &str, chosen: &str) -> Result<(), ApiError> {
    ops::accounts::password_links::set_password(&portal()?.store, token, chosen).await?;
    leptos_axum::redirect(&format!("{}?done=password", addresses::LOGIN));
    Ok(())
}
