//! What machines are told when something cannot be done: problem details (RFC 9457), in one place.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{accounts::personal_tokens::Scope, licensing::leases::LeaseRefusal, refusals::Refusal};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{self, ContentBuilder, Ref, RefOr, ResponseBuilder},
};

use crate::{
    errors::ApiError,
    ops::{OpError, licensing::access_tokens::TOKEN_PATH},
    views::schemas::*,
};

/// The media type of problem details.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The last segment of its address, which machines act on.
    pub slug: &'static str,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// The same words each time.
    pub title: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $status:literal $slug:literal, $title:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: Kind = Kind { slug: $slug, status: $status, title: $title };
        )*
        /// Every kind of problem.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    MALFORMED_REQUEST = 400 "malformed-request", "The request cannot be read.";
    UNAUTHORIZED = 401 "unauthorized", "The access token is missing, has expired, or is not accepted.";
    INSUFFICIENT_SCOPE = 403 "insufficient-scope", "The access token is not good for that.";
    DENIED = 403 "denied", "That is not permitted.";
    FOREIGN_REQUEST = 403 "foreign-request", "The request came from a page of another site.";
    NOT_FOUND = 404 "not-found", "There is nothing at this address.";
    NO_SUCH_LICENSE = 404 "no-such-license", "The container has no licence for that product.";
    NO_SUCH_LEASE = 404 "no-such-lease", "There is no such lease in the container.";
    METHOD_NOT_ALLOWED = 405 "method-not-allowed", "The address knows other methods.";
    NO_LICENSE_FREE = 409 "no-license-free", "All licences of that product are in use.";
    LICENSE_NOT_VALID = 409 "license-not-valid", "The licence is not valid yet, or has expired.";
    LICENSE_SUSPENDED = 409 "license-suspended", "The licence is suspended.";
    LICENSE_REVOKED = 409 "license-revoked", "The licence is revoked, for good.";
    WRONG_BINDING = 409 "wrong-binding", "Floating licences are leased, node-locked ones are bound to a node.";
    CONFLICT = 409 "conflict", "What is there now does not fit the request.";
    KEY_REUSED = 409 "key-reused", "The idempotency key was used for another request, or for a lease that has ended.";
    NO_RETURNS_LEFT = 409 "no-returns-left", "The licence was given back as often as it may be.";
    LEASE_LOST = 410 "lease-lost", "The lease was ended, withdrawn, or not renewed in time.";
    LICENSE_REDUCED = 410 "license-reduced", "There are fewer licences than before, and this machine's is none of them.";
    TOO_LARGE = 413 "too-large", "The body of the request is too large.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported-media-type", "The body of the request is of another media type.";
    INVALID_REQUEST = 422 "invalid-request", "Something in the request cannot be used.";
    TOO_MANY_REQUESTS = 429 "too-many-requests", "There were too many requests.";
    INTERNAL = 500 "internal-error", "Something broke in the portal; it was recorded.";
    UNAVAILABLE = 503 "unavailable", "The portal does not answer now.";
    TIMEOUT = 504 "timeout", "The answer took too long.";
}

/// A problem: a bare answer, to which [`write`] gives its body.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: Kind,
    detail: String,
    wait: Option<u64>,
    refusal: Option<Box<Refusal>>,
    scope: Option<Scope>,
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Problem")]
pub struct ProblemDetails {
    /// What kind of problem it is: an address whose last segment machines act on.
    #[serde(rename = "type")]
    #[schema(example = "https://portal.example.org/problems/no-license-free")]
    kind: String,
    /// The kind in words, the same each time.
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 409)]
    status: u16,
    /// What happened this time, and what to do.
    detail: String,
    /// The reason, for programs of people to act on.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
}

/// The problems that any request with an access token may meet.
pub struct Usual;

impl IntoResponses for Usual {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let problem = |description: &str| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("ProblemDetails")))
                .build();
            let response = ResponseBuilder::new().description(description);
            RefOr::T(response.content(MEDIA_TYPE, content).build())
        };
        BTreeMap::from([
            (
                "401".to_owned(),
                problem("`unauthorized`: get a new access token, once, and then give up"),
            ),
            (
                "429".to_owned(),
                problem("`too-many-requests`: try again after `Retry-After` seconds"),
            ),
            (
                "500".to_owned(),
                problem("`internal-error`: try again later, with the same idempotency key"),
            ),
        ])
    }
}

impl Problem {
    /// A problem, with what happened this time.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            wait: None,
            refusal: None,
            scope: None,
        }
    }

    /// The same, with the reason why it was refused.
    #[must_use]
    pub fn refused(self, refusal: Refusal) -> Self {
        Self {
            refusal: Some(Box::new(refusal)),
            ..self
        }
    }

    /// The token lacks that scope (RFC 6750, section 3.1).
    #[must_use]
    pub fn insufficient(scope: Scope) -> Self {
        Self {
            scope: Some(scope),
            ..Self::new(
                INSUFFICIENT_SCOPE,
                format!("The access token lacks the scope {scope}."),
            )
        }
    }

    /// A problem about which nothing else is to be said.
    #[must_use]
    pub fn plain(kind: Kind) -> Self {
        Self::new(kind, kind.title)
    }

    /// Try again after so many seconds.
    #[must_use]
    pub fn after(self, seconds: u64) -> Self {
        Self {
            wait: Some(seconds),
            ..self
        }
    }

    /// Too many requests.
    #[must_use]
    pub fn too_many(seconds: u64) -> Self {
        Self::new(TOO_MANY_REQUESTS, format!("Try again in {seconds} s.")).after(seconds)
    }
}

impl From<LeaseRefusal> for Problem {
    fn from(refusal: LeaseRefusal) -> Self {
        match refusal {
            LeaseRefusal::Unauthorized => Self::plain(UNAUTHORIZED),
            LeaseRefusal::NoSuchLicense => Self::plain(NO_SUCH_LICENSE),
            LeaseRefusal::NoneFree { retry_after } => {
                let seconds = retry_after.as_secs().unsigned_abs();
                Self::new(
                    NO_LICENSE_FREE,
                    format!("All are in use. Ask again in {seconds} s."),
                )
                .after(seconds)
            }
            LeaseRefusal::NotValid => Self::plain(LICENSE_NOT_VALID),
            LeaseRefusal::Suspended => Self::plain(LICENSE_SUSPENDED),
            LeaseRefusal::Revoked => Self::plain(LICENSE_REVOKED),
            LeaseRefusal::Reduced => Self::plain(LICENSE_REDUCED),
            LeaseRefusal::WrongBinding => Self::plain(WRONG_BINDING),
            LeaseRefusal::KeyReused => Self::plain(KEY_REUSED),
            LeaseRefusal::NoSuchLease => Self::plain(NO_SUCH_LEASE),
            LeaseRefusal::Lost => Self::plain(LEASE_LOST),
            LeaseRefusal::NoReturnsLeft => Self::plain(NO_RETURNS_LEFT),
            LeaseRefusal::Invalid(why) => Self::new(INVALID_REQUEST, why),
        }
    }
}

impl From<OpError> for Problem {
    fn from(error: OpError) -> Self {
        // Writes to the log what broke.
        match ApiError::from(error).retry_after() {
            Some(seconds) => Self::plain(UNAVAILABLE).after(seconds),
            None => Self::plain(INTERNAL),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = self.wait {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if self.kind == UNAUTHORIZED {
            let challenge = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(scope) = self.scope {
            let challenge = format!(r#"Bearer error="insufficient_scope", scope="{scope}""#);
            if let Ok(challenge) = HeaderValue::from_str(&challenge) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether machines ask there, and not people.
fn is_rest(path: &str) -> bool {
    matches!(path, "/api/v1" | TOKEN_PATH | "/.well-known/jwks.json") || path.starts_with("/api/v1/")
}

/// The kind of an answer that is nothing but a status: of the layers around the routes.
fn kind_of(status: StatusCode) -> Kind {
    match status.as_u16() {
        401 => UNAUTHORIZED,
        403 => FOREIGN_REQUEST,
        404 => NOT_FOUND,
        405 => METHOD_NOT_ALLOWED,
        413 => TOO_LARGE,
        415 => UNSUPPORTED_MEDIA_TYPE,
        429 => TOO_MANY_REQUESTS,
        503 => UNAVAILABLE,
        504 => TIMEOUT,
        400 => MALFORMED_REQUEST,
        402..=499 => INVALID_REQUEST,
        _ => INTERNAL,
    }
}

/// Gives problems their body, and makes problems of the bare errors that the layers of the server answer with. Errors in a
/// form of their own stay as they are.
pub async fn write(State(url): State<Arc<str>>, request: Request, next: Next) -> Response {
    let rest = is_rest(request.uri().path());
    let mut response = next.run(request).await;
    if !rest {
        return response;
    }
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None => {
            let status = response.status();
            let told = response
                .headers()
                .get(header::CONTENT_TYPE)
                .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
            if told || !(status.is_client_error() || status.is_server_error()) {
                return response;
            }
            Problem::plain(kind_of(status))
        }
    };
    let details = ProblemDetails {
        kind: format!("{url}/problems/{}", problem.kind.slug),
        title: problem.kind.title,
        status: problem.kind.status,
        detail: problem.detail,
        refusal: problem.refusal.map(|refusal| *refusal),
    };
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::from_u16(details.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    let body = serde_json::to_vec(&details).unwrap_or_default();
    Response::from_parts(parts, Body::from(body))
}

/// `GET /problems/{slug}`: where the address of a problem leads people.
pub async fn page(axum::extract::Path(slug): axum::extract::Path<String>) -> Response {
    match ALL.iter().find(|kind| kind.slug == slug) {
        Some(kind) => Redirect::to(&format!("/api/v1#{}", kind.slug)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
