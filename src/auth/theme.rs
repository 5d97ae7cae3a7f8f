//! The theme of a browser.

use domain::refusals::Refusal;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::visitor::Visitor,
    },
    errors::ApiError,
    views::{
        addresses,
        themes::{THEME_COOKIE, Theme},
    },
};

/// Remembers the theme in this browser.
///
/// # Errors
/// [`ApiError::Refused`] for a theme that there is not.
pub fn set_theme(name: &str) -> Result<(), ApiError> {
    let theme: Theme = name.parse().map_err(|_| ApiError::Refused(Refusal::Malformed))?;
    let visitor = Visitor::of_request()?;
    set_cookie(&format!(
        "{THEME_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000{}",
        theme.name(),
        secure(&visitor.portal)
    ))?;
    leptos_axum::redirect(addresses::HOME);
    Ok(())
}
