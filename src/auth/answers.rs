//! What goes out beside an answer: cookies, and the page to show next.

use http::{HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::{auth::callers::program::Program, errors::ApiError};

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

/// Goes on to a page of the portal, where one is named.
pub fn go_on(next: Option<&str>) {
    if Program::of_request().is_none() && next.is_some_and(|next| !next.is_empty()) {
        leptos_axum::redirect(local(next));
    }
}

/// An address within the portal; the start page for anything else, so that nobody is sent elsewhere by a link.
pub(crate) fn local(next: Option<&str>) -> &str {
    let fits = |next: &&str| {
        next.starts_with('/')
            && !next.starts_with("//")
            && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    next.filter(fits).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local(Some("/tickets/group:7?page=2")), "/tickets/group:7?page=2");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\nb",
            "",
        ] {
            assert_eq!(local(Some(elsewhere)), "/", "{elsewhere:?}");
        }
        assert_eq!(local(None), "/");
    }
}
