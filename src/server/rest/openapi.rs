//! The description of the interface (OpenAPI 3.1), made from the handlers.

use std::collections::BTreeMap;

use axum::{Json, extract::State, response::IntoResponse};
use http::header;
use utoipa::{
    IntoResponses, Modify, OpenApi,
    openapi::{
        self, ContentBuilder, Ref, RefOr, ResponseBuilder, Server,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{PUBLIC, access_tokens, containers, leases, nodes, problems, wire};
use crate::server::Portal;

/// The problems that any request with an access token may meet.
pub struct Usual;

impl IntoResponses for Usual {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let problem = |description: &str| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("ProblemDetails")))
                .build();
            let response = ResponseBuilder::new().description(description);
            RefOr::T(response.content(problems::MEDIA_TYPE, content).build())
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

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("An access token of POST /oauth/token."))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("access_token", SecurityScheme::Http(scheme));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "License Portal for machines",
        version = "1",
        description = "With the credential file of a container, and nothing else, a machine gets the licences in it. It gets an access token for an assertion that it signs with the key in the file, and shows that token with each request. Ids are strings of digits, times are RFC 3339 in UTC; what cannot be done is told as problem details (RFC 9457)."
    ),
    paths(
        access_tokens::token,
        super::jwks,
        containers::container,
        leases::acquire,
        leases::renew,
        leases::release,
        nodes::bind,
        nodes::refresh,
        nodes::give_back,
    ),
    components(schemas(problems::ProblemDetails, wire::KeySet)),
    security(("access_token" = [])),
    modifiers(&BearerToken)
)]
struct Document;

/// The document, for a portal at that address.
#[must_use]
pub fn document(url: &str) -> openapi::OpenApi {
    let mut document = Document::openapi();
    document.servers = Some(vec![Server::new(url)]);
    document
}

/// `GET /api/v1/openapi.json`
pub async fn json(State(portal): State<Portal>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, PUBLIC)],
        Json(document(&portal.headless.url)),
    )
}
