//! NodeLock-locked licences.

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::IntoResponse,
};
use http::{StatusCode, header};

use crate::{
    auth::portal::Portal,
    ops::{self, licensing::access_tokens::Machine},
    server::rest::{
        problems::{Problem, ProblemDetails, Usual},
        requests::{Body, id},
        wire::{NodeLock, NodeRequest},
    },
};

/// Bind a node-locked licence to a machine
///
/// Again with the same fingerprint, it is the same node, with a fresh file.
#[utoipa::path(
    post,
    path = "/api/v1/nodes",
    tag = "NodeLock-locked licences",
    request_body = NodeRequest,
    responses(
        (status = 200, description = "The machine has one already", body = NodeLock),
        (status = 201, description = "The machine has one now", body = NodeLock),
        (status = 404, description = "`no-such-license`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "`no-license-free` (with `Retry-After`), `license-not-valid`, `license-suspended`, `license-revoked`, `wrong-binding`", body = ProblemDetails, content_type = "application/problem+json",
            headers(("Retry-After" = i64, description = "Seconds after which a licence may be free"))),
        (status = 410, description = "`lease-lost`, `license-reduced`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported-media-type`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "`invalid-request`", body = ProblemDetails, content_type = "application/problem+json"),
        Usual
    )
)]
pub async fn bind(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
    Body(wanted): Body<NodeRequest>,
) -> Result<impl IntoResponse, Problem> {
    let (store, headless) = (&portal.store, &portal.headless);
    let NodeRequest {
        product,
        fingerprint,
        name,
    } = wanted;
    let (used, new) =
        ops::licensing::nodes::bind(store, headless, &machine, &product, &fingerprint, &name).await??;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    let location = format!("/api/v1/nodes/{}", used.stored.id);
    Ok((status, [(header::LOCATION, location)], Json(NodeLock::from(used))))
}

/// A fresh licence file
#[utoipa::path(
    get,
    path = "/api/v1/nodes/{id}",
    tag = "NodeLock-locked licences",
    params(("id" = String, Path, description = "Id of the node")),
    responses(
        (status = 200, description = "The node, with a fresh file", body = NodeLock),
        (status = 404, description = "`no-such-lease`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "`license-suspended`, `license-revoked`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "`lease-lost`: given back, withdrawn, or the licence has expired; `license-reduced`: there are fewer than before", body = ProblemDetails, content_type = "application/problem+json"),
        Usual
    )
)]
pub async fn refresh(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
    Path(node): Path<String>,
) -> Result<Json<NodeLock>, Problem> {
    let used =
        ops::licensing::nodes::refresh(&portal.store, &portal.headless, &machine, id(&node)?).await??;
    Ok(Json(used.into()))
}

/// Give a node-locked licence back
#[utoipa::path(
    delete,
    path = "/api/v1/nodes/{id}",
    tag = "NodeLock-locked licences",
    params(("id" = String, Path, description = "Id of the node")),
    responses(
        (status = 204, description = "The machine has none any more"),
        (status = 404, description = "`no-such-lease`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "`no-returns-left`", body = ProblemDetails, content_type = "application/problem+json"),
        Usual
    )
)]
pub async fn give_back(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
    Path(node): Path<String>,
) -> Result<StatusCode, Problem> {
    ops::licensing::nodes::give_back(&portal.store, &machine, id(&node)?).await??;
    Ok(StatusCode::NO_CONTENT)
}
