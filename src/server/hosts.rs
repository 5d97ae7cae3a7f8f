//! Under which names the portal answers: whoever leads a name of their own here (DNS rebinding) is not served.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri, header, uri::Authority};

use crate::auth::portal::Portal;

/// The host in an address of the portal.
#[must_use]
pub fn host_of(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    Some(url.host()?.to_ascii_lowercase())
}

/// Whether a request under that name is for this portal. Addresses are nobody's name, and load balancers ask by them.
fn is_own(own: &str, named: &str) -> bool {
    let Ok(named) = named.parse::<Authority>() else {
        return false;
    };
    let host = named.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case(own)
        || host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok()
}

fn names<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> impl Iterator<Item = &'a str> {
    let named = headers.get_all(header::HOST).into_iter();
    let named = named.map(|host| host.to_str().unwrap_or_default());
    named.chain(uri.authority().map(Authority::as_str))
}

/// Answers 421 (RFC 9110, 15.5.20) under any name but that of `--url`, where that is given.
pub async fn only_own(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if let Some(own) = &portal.host
        && !names(request.uri(), request.headers()).all(|named| is_own(own, named))
    {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_not_served() {
        assert_eq!(
            host_of("https://Portal.example.org:8443").as_deref(),
            Some("portal.example.org")
        );
        for own in [
            "portal.example.org",
            "PORTAL.example.org:8443",
            "localhost:3000",
            "127.0.0.1:3000",
            "[::1]:3000",
        ] {
            assert!(is_own("portal.example.org", own), "{own}");
        }
        for foreign in [
            "evil.example",
            "portal.example.org.evil.example",
            "127.0.0.1.evil.example",
            "portal.example.org@evil.example",
            "",
            "a b",
        ] {
            assert!(!is_own("portal.example.org", foreign), "{foreign}");
        }
    }
}
