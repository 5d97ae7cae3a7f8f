//! What goes out beside an answer: cookies, and the page to show next.

use http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::{
    auth::{callers::program::Program, headers::asks_for_page, portal::Portal},
    errors::ApiError,
};

/// What a cookie says where TLS ends in front of the portal.
pub(crate) const fn secure(portal: &Portal) -> &'static str {
    if portal.https { "; Secure" } else { "" }
}

/// Has the browser keep a cookie, given as `name=value; attributes`.
///
/// # Errors
/// [`ApiError::Malformed`] where the value is none of a header; [`ApiError::Internal`] outside a request: a defect.
pub(crate) fn set_cookie(value: &str) -> Result<(), ApiError> {
    let options = use_context::<ResponseOptions>().ok_or(ApiError::Internal)?;
    options.append_header(
        header::SET_COOKIE,
        HeaderValue::from_str(value).map_err(|_| ApiError::Malformed)?,
    );
    Ok(())
}

/// Goes on to a page of the portal. Programs stay where they are.
pub fn go_on(to: &str) {
    if Program::of_request().is_none() {
        leptos_axum::redirect(to);
    }
}

/// The same, for forms without wasm alone: with it, their page knows where to go on.
pub fn lead_form_on(to: &str) {
    if use_context::<Parts>().is_some_and(|parts| asks_for_page(&parts.headers)) {
        go_on(to);
    }
}
