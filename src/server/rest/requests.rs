//! What all requests of programs have in common: the token, the limits, the body.

use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use serde::de::DeserializeOwned;

use crate::{
    auth::{headers::address, limits::BY_CREDENTIAL, portal::Portal},
    server::rest::problems::{self, Problem},
};

/// How long what is public may be kept.
pub const PUBLIC: &str = "public, max-age=300";
/// Largest body of a request of a machine, in bytes.
pub(crate) const MAX_BODY: usize = 64 * 1024;

/// The token in `Authorization: Bearer …` (RFC 6750, section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Counts a request from that address.
pub(crate) fn limited(portal: &Portal, parts: &Parts) -> Result<(), Problem> {
    let counted = portal.limits.machine_address(address(portal, parts));
    counted.map_err(Problem::too_many)
}

/// Counts a request with that credential or token, and answers it unless there were too many. Tells how many more there may
/// be (draft-ietf-httpapi-ratelimit-headers).
pub(crate) async fn within_limit<F: Future<Output = Response>>(
    portal: &Portal,
    id: i64,
    answer: impl FnOnce() -> F,
) -> Response {
    let left = portal.limits.machine(id);
    let mut response = match left {
        Ok(_) => answer().await,
        Err(seconds) => Problem::too_many(seconds).into_response(),
    };
    let left = left.unwrap_or(0);
    for (name, value) in [
        (
            "ratelimit-policy",
            format!("\"credential\";q={BY_CREDENTIAL};w=60"),
        ),
        ("ratelimit", format!("\"credential\";r={left}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A body in JSON; what cannot be read is told of as a problem.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(unreadable(&rejection)),
        }
    }
}

fn unreadable(rejection: &JsonRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            problems::TOO_LARGE,
            format!("The portal takes up to {} kB here.", MAX_BODY / 1024),
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
            problems::UNSUPPORTED_MEDIA_TYPE,
            "Send JSON, with Content-Type: application/json.",
        ),
        _ => Problem::new(problems::INVALID_REQUEST, rejection.body_text()),
    }
}

/// An id in the address; what is none is nothing that exists.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::plain(problems::NO_SUCH_LEASE))
}
