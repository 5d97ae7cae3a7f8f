//! The language of a browser.

use domain::refusals::Refusal;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::visitor::Visitor,
    },
    errors::ApiError,
    i18n::{LANGUAGE_COOKIE, Language},
    ops,
    views::addresses,
};

/// Remembers the language in this browser, and for the mails to who is logged in.
///
/// # Errors
/// [`ApiError::Refused`] for a language that the portal does not speak.
pub async fn set_language(language: &str) -> Result<(), ApiError> {
    let known = Language::ALL.iter().find(|known| known.tag() == language);
    let language = known.ok_or(ApiError::Refused(Refusal::Malformed))?;
    let visitor = Visitor::of_request()?;
    set_cookie(&format!(
        "{LANGUAGE_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000{}",
        language.tag(),
        secure(&visitor.portal)
    ))?;
    if let Some(session) = visitor.session().await? {
        ops::accounts::people::speaks(&visitor.portal.store, session.user, language.tag()).await?;
    }
    leptos_axum::redirect(addresses::HOME);
    Ok(())
}
