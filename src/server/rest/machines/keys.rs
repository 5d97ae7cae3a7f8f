//! The public keys, for everybody.

use axum::{Json, extract::State, response::IntoResponse};
use http::header;
use jose::JwkSet;

use crate::{
    auth::portal::Portal,
    ops,
    server::rest::{
        problems::{self, Problem},
        requests::PUBLIC,
        wire,
    },
};

/// The keys that licences are signed with
///
/// A key set (RFC 7517) of Ed25519 keys (RFC 8037). Keys that are not used any more stay until everything that was signed
/// with them has expired.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "Access",
    security(()),
    responses(
        (status = 200, description = "The public keys", body = wire::KeySet),
        (status = 500, description = "`internal-error`", body = problems::ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub async fn jwks(State(portal): State<Portal>) -> Result<impl IntoResponse, Problem> {
    let keys: JwkSet = ops::instance::signing_keys::jwks(&portal.store).await?;
    Ok(([(header::CACHE_CONTROL, PUBLIC)], Json(keys)))
}
