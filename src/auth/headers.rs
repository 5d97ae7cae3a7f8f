//! What the headers of a request say: its cookies, its language, whether a person asks for a page.

use http::{HeaderMap, header};

use crate::i18n::{LANGUAGE_COOKIE, Language};

/// The cookie in which a browser keeps the login that was typed, for the login page to show it again.
pub(crate) const TYPED_LOGIN_COOKIE: &str = "login";

/// The language a request asks for: by its cookie, else by `Accept-Language`.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok();
    let asked = cookie(headers, LANGUAGE_COOKIE).or_else(accepted);
    asked.map(Language::from_tags).unwrap_or_default()
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// What was typed as login at the last attempt in this browser.
#[must_use]
pub fn typed_login(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, TYPED_LOGIN_COOKIE)
}

/// Whether a person goes to a page: what pages fetch for themselves does not ask for HTML by name.
#[must_use]
pub fn asks_for_page(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
