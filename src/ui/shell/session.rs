//! Who uses this page, and in which language.

use std::str::FromStr;

use domain::{access::Actor, accounts::sessions::RequiredAction};
use leptos::prelude::*;
use leptos_router::{
    components::Redirect,
    hooks::{use_location, use_params_map},
};

use crate::{
    errors::ApiError,
    i18n::Language,
    ui::shell::{
        bar::Frame,
        errors::{NotFound, Trouble},
    },
    views::{accounts::sessions::Me, addresses::login_address},
};

/// The page on which one adds or removes one's second factor.
pub const SECOND_FACTOR_PAGE: &str = "/me/second-factor";

/// One's own account.
pub const ME_PAGE: &str = "/me";

/// The page on which one changes one's password.
pub const PASSWORD_PAGE: &str = "/me/password";

/// The page of one's own access tokens.
pub const TOKENS_PAGE: &str = "/me/tokens";

/// The language of this page; it stays the same until the page is loaded again.
#[must_use]
pub fn use_language() -> Language {
    use_context().unwrap_or_default()
}

/// The person who is logged in. Only below [`Protected`].
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

/// Who is logged in, for as long as this page is loaded: logging in and out load a new one.
#[derive(Clone)]
struct Session(Result<Option<Me>, ApiError>);

/// Gives language and session to everything below. Called once, by the app.
pub fn provide_session() {
    provide_context(asked_language());
    let session = SharedValue::new(signed_in).into_inner();
    if let Ok(Some(me)) = &session {
        provide_context(me.clone());
    }
    provide_context(Session(session));
}

/// Path and query of the page shown.
#[must_use]
pub fn here() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let query = location.search.get();
        let path = location.pathname.get();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.trim_start_matches('?'))
        }
    })
}

/// The id that the route of the page calls `id`; `None` where the address holds something else.
#[must_use]
pub fn id_of_address<T>() -> Memo<Option<T>>
where
    T: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

/// A page for people who are logged in; all others are sent to the login page first.
#[component]
pub fn Protected(
    /// Whom it is for, where it is not for all: to the others it does not exist.
    #[prop(default = |_| true)]
    whom: fn(&Actor) -> bool,
    children: Children,
) -> impl IntoView {
    let Session(session) = expect_context();
    match session {
        Ok(Some(me)) => {
            let first = match me.required_action {
                Some(RequiredAction::ReplacePassword) => Some(PASSWORD_PAGE),
                Some(RequiredAction::AddSecondFactor) => Some(SECOND_FACTOR_PAGE),
                None => None,
            };
            match first.filter(|first| !here().get_untracked().starts_with(first)) {
                Some(first) => view! { <Redirect path=first/> }.into_any(),
                None if !whom(&me.actor) => view! { <Frame><NotFound/></Frame> }.into_any(),
                None => view! { <Frame>{children()}</Frame> }.into_any(),
            }
        }
        Ok(None) => view! { <Redirect path=login_address(&here().get_untracked())/> }.into_any(),
        Err(error) => view! {
            <main id="main" class="main" tabindex="-1">
                <Trouble error/>
            </main>
        }
        .into_any(),
    }
}
