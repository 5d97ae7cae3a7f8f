//! The page with which the portal begins in a browser.

use domain::refusals::Refusal;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::visitor::Visitor,
    },
    errors::ApiError,
    views::start::{START_COOKIE, Start},
};

/// Remembers the page in this browser, and goes there.
///
/// # Errors
/// [`ApiError::Refused`] for a page that there is not.
pub fn set_start(name: &str) -> Result<(), ApiError> {
    let start: Start = name.parse().map_err(|_| ApiError::Refused(Refusal::Malformed))?;
    let visitor = Visitor::of_request()?;
    set_cookie(&format!(
        "{START_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000{}",
        start.name(),
        secure(&visitor.portal)
    ))?;
    leptos_axum::redirect(start.address());
    Ok(())
}
