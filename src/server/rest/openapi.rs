//! The description of the interface (OpenAPI 3.1), made from the handlers.

use axum::{Json, extract::State, response::IntoResponse};
use http::header;
use serde_json::{Value, json};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Server,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    auth::portal::Portal,
    server::rest::{
        administration::{self, description::PERSONAL_TOKEN},
        machines::{access_tokens, containers, keys, leases, nodes},
        problems,
        requests::PUBLIC,
        wire,
    },
};

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
        let personal = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A personal access token, made on the page of one's own account.",
            ))
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme(PERSONAL_TOKEN, SecurityScheme::Http(personal));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "License Portal for programs",
        version = "1",
        description = "With the credential file of a container, and nothing else, a machine gets the licences in it. It gets an access token for an assertion that it signs with the key in the file, and shows that token with each request: `/api/v1/container`, `/api/v1/leases`, `/api/v1/nodes`. A program of a person does everything else: whatever its person may do on the pages, as far as the scopes of the personal access token go that it shows with each request. Ids are strings of digits. Times are RFC 3339 in UTC for machines, and milliseconds since 1970 (UTC) for programs of people. What cannot be done is told as problem details (RFC 9457). An owner is `{\"group\": ID}`, `{\"user\": ID}`, `{\"user\": ID, \"context\": GROUP}` for what a person has through a group, or `{\"unassigned\": true}`; a place in the tree may also be `{\"list\": \"all\"}`, `\"mine\"` or `\"loose\"`. Addresses name the same as `group:ID`, `user:ID`, `user:ID@GROUP`, `none`, `all`, `mine` and `loose`."
    ),
    paths(
        access_tokens::token,
        keys::jwks,
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
pub fn document(url: &str) -> Value {
    let mut document = Document::openapi();
    administration::add(&mut document, &administration::ROUTES);
    document.servers = Some(vec![Server::new(url)]);
    let mut document = serde_json::to_value(document).unwrap_or_default();
    open_tuples(&mut document);
    document
}

/// utoipa 5 says of the variants of an enum with several values that all of these are objects; they are of any type.
fn open_tuples(schema: &mut Value) {
    let several = schema["minItems"].as_u64().is_some_and(|items| items > 1);
    if several && schema["items"] == json!({ "type": "object" }) {
        schema["items"] = json!({});
    }
    match schema {
        Value::Array(values) => values.iter_mut().for_each(open_tuples),
        Value::Object(members) => members.values_mut().for_each(open_tuples),
        _ => {}
    }
}

/// `GET /api/v1/openapi.json`
pub async fn served(State(portal): State<Portal>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, PUBLIC)],
        Json(document(&portal.headless.url)),
    )
}
