//! Who uses this page, and in which language.

use domain::time::Seconds;
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    i18n::Language,
    views::{accounts::sessions::Me, start::Start, themes::Theme},
};

/// The person who is logged in. Only below [`Protected`](super::protected::Protected).
#[must_use]
pub fn use_me() -> Me {
    expect_context()
}

/// What was typed as login at the last attempt, so that only the password is typed again.
#[must_use]
pub fn typed_login() -> String {
    SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        if let Some(parts) = use_context::<http::request::Parts>() {
            let typed = crate::auth::headers::typed_login(&parts.headers);
            return typed.unwrap_or_default().to_owned();
        }
        String::new()
    })
    .into_inner()
}

/// The language that the browser asked for with the request for this page.
#[cfg(feature = "ssr")]
#[must_use]
pub fn asked_language() -> Language {
    use_context::<http::request::Parts>()
        .map(|parts| crate::auth::headers::language_of(&parts.headers))
        .unwrap_or_default()
}

/// The language in which the server wrote this page.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn asked_language() -> Language {
    if !cfg!(feature = "hydrate") {
        return Language::default();
    }
    let root = document().document_element();
    root.and_then(|html| html.get_attribute("lang"))
        .map(|tag| Language::from_tags(&tag))
        .unwrap_or_default()
}

/// The theme that the browser asked for with the request for this page.
#[cfg(feature = "ssr")]
#[must_use]
pub fn asked_theme() -> Theme {
    use_context::<http::request::Parts>()
        .map(|parts| crate::auth::headers::theme_of(&parts.headers))
        .unwrap_or_default()
}

/// The theme in which the server wrote this page.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn asked_theme() -> Theme {
    if !cfg!(feature = "hydrate") {
        return Theme::default();
    }
    let root = document().document_element();
    root.and_then(|html| html.get_attribute("data-theme"))
        .and_then(|name| name.parse().ok())
        .unwrap_or_default()
}

/// The page with which the portal begins, as the browser asked for it with the request for this page.
#[cfg(feature = "ssr")]
#[must_use]
pub fn asked_start() -> Start {
    use_context::<http::request::Parts>()
        .map(|parts| crate::auth::headers::start_of(&parts.headers))
        .unwrap_or_default()
}

/// The page with which the portal begins, as the server wrote it into this page.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn asked_start() -> Start {
    if !cfg!(feature = "hydrate") {
        return Start::default();
    }
    let root = document().document_element();
    root.and_then(|html| html.get_attribute("data-start"))
        .and_then(|name| name.parse().ok())
        .unwrap_or_default()
}

/// Who sent the request for a page, as the server found out before it renders the page.
///
/// It stands in the extensions of the request. So a page knows its reader from its first line on, and loads nothing
/// inside of a `Suspend` that waits for something else: on the server such a closure runs several times, and what it
/// loads would not be found again by the browser.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone)]
pub struct SignedIn(pub Result<Option<Me>, ApiError>);

#[cfg(feature = "ssr")]
fn signed_in() -> Result<Option<Me>, ApiError> {
    let parts = use_context::<http::request::Parts>();
    // Without a request the app only lists its addresses.
    parts
        .and_then(|parts| parts.extensions.get::<SignedIn>().cloned())
        .map_or(Ok(None), |SignedIn(me)| me)
}

/// The browser takes over what the server found out; this stands in for a page that the server did not write.
#[cfg(not(feature = "ssr"))]
fn signed_in() -> Result<Option<Me>, ApiError> {
    Err(ApiError::Unreachable)
}

/// How the login stands, as far as this tab knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// As it should.
    Running,
    /// It ends in so many seconds.
    Ending(Seconds),
    /// Nobody is logged in any more; the page stays, with what was typed in it.
    Ended,
}

#[derive(Clone, Copy)]
struct LoginState(RwSignal<Login>);

/// How the login of this page stands. Whoever hears from the server that it has ended says so here, and what was typed stays.
#[must_use]
pub fn login_state() -> RwSignal<Login> {
    let provided = use_context::<LoginState>();
    provided.map_or_else(|| RwSignal::new(Login::Running), |LoginState(login)| login)
}

/// Whether the browser brought the mark of a login that is none any more: it has ended meanwhile.
#[must_use]
pub fn login_was_here() -> bool {
    SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        if let Some(parts) = use_context::<http::request::Parts>() {
            return matches!(signed_in(), Ok(None)) && crate::auth::sessions::brings_mark(&parts.headers);
        }
        false
    })
    .into_inner()
}

/// Who is logged in, for as long as this page is loaded: logging in and out load a new one.
#[derive(Clone)]
pub(super) struct Session(pub(super) Result<Option<Me>, ApiError>);

/// Gives language and session to everything below. Called once, by the app.
pub fn provide_session() {
    provide_context(asked_language());
    provide_context(LoginState(RwSignal::new(Login::Running)));
    let session = SharedValue::new(signed_in).into_inner();
    if let Ok(Some(me)) = &session {
        provide_context(me.clone());
    }
    provide_context(Session(session));
}
