//! Where to report a vulnerability of this instance (RFC 9116).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::time::{days, later};
use http::{StatusCode, header};

use crate::auth::portal::Portal;

/// For how many days what is told may be believed: the RFC wishes for less than a year.
const GOOD_FOR: u32 = 90;
/// The address.
pub const PATH: &str = "/.well-known/security.txt";

/// Whether a text is a way to reach somebody, as an address: `mailto:`, `https://` or `tel:`.
#[must_use]
pub fn is_contact(text: &str) -> bool {
    ["mailto:", "https://", "tel:"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme))
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `GET /.well-known/security.txt`; 404 where the operator names nobody.
pub async fn served(State(portal): State<Portal>) -> Response {
    let Some(contact) = &portal.security_contact else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let expires = later(portal.store.sources.now(), days(GOOD_FOR));
    let canonical = format!("{}{PATH}", portal.headless.url);
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, de\nCanonical: {canonical}\n"
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_addresses() {
        for good in [
            "mailto:security@example.org",
            "https://example.org/report",
            "tel:+49-30-1234",
        ] {
            assert!(is_contact(good), "{good}");
        }
        for bad in [
            "",
            "mailto:",
            "security@example.org",
            "http://example.org",
            "mailto:a\nExpires: never",
        ] {
            assert!(!is_contact(bad), "{bad:?}");
        }
    }
}
