//! Floating licences.

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use http::{HeaderMap, StatusCode};

use crate::{
    auth::portal::Portal,
    ops::{self, licensing::access_tokens::Machine},
    server::rest::{
        problems::{INVALID_REQUEST, Problem, ProblemDetails, Usual},
        requests::{Body, id},
        wire::{Lease, LeaseRequest},
    },
};

/// Acquire a floating licence
///
/// The machine may use it until `expires_at`, and renews it after `renew_after` seconds. A repetition with the same
/// idempotency key is answered with the same lease.
#[utoipa::path(
    post,
    path = "/api/v1/leases",
    tag = "Floating licences",
    params(("Idempotency-Key" = String, Header, description = "8 to 64 visible ASCII characters, new for each lease", min_length = 8, max_length = 64, pattern = "^[!-~]*$")),
    request_body = LeaseRequest,
    responses(
        (status = 201, description = "The lease", body = Lease),
        (status = 404, description = "`no-such-license`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "`no-license-free` (with `Retry-After`), `license-not-valid`, `license-suspended`, `license-revoked`, `wrong-binding`, `key-reused`", body = ProblemDetails, content_type = "application/problem+json",
            headers(("Retry-After" = i64, description = "Seconds after which a licence may be free"))),
        (status = 413, description = "`too-large`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported-media-type`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "`invalid-request`", body = ProblemDetails, content_type = "application/problem+json"),
        Usual
    )
)]
pub async fn acquire(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
    headers: HeaderMap,
    Body(wanted): Body<LeaseRequest>,
) -> Result<(StatusCode, Json<Lease>), Problem> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.ok_or_else(|| Problem::new(INVALID_REQUEST, "The header Idempotency-Key is missing."))?;
    let (store, headless) = (&portal.store, &portal.headless);
    let used =
        ops::licensing::leases::acquire(store, headless, &machine, &wanted.product, &wanted.holder, key)
            .await??;
    Ok((StatusCode::CREATED, Json(used.into())))
}

/// Renew a lease
#[utoipa::path(
    post,
    path = "/api/v1/leases/{id}/renew",
    tag = "Floating licences",
    params(("id" = String, Path, description = "Id of the lease")),
    responses(
        (status = 200, description = "The lease, renewed", body = Lease),
        (status = 404, description = "`no-such-lease`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "`license-suspended`, `license-revoked`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "`lease-lost`: ended, withdrawn, or not renewed in time; `license-reduced`: there are fewer than before", body = ProblemDetails, content_type = "application/problem+json"),
        Usual
    )
)]
pub async fn renew(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
    Path(lease): Path<String>,
) -> Result<Json<Lease>, Problem> {
    let used =
        ops::licensing::leases::renew(&portal.store, &portal.headless, &machine, id(&lease)?).await??;
    Ok(Json(used.into()))
}

/// Release a lease
///
/// Its place is free at once. A lease that has ended already stays as it is.
#[utoipa::path(
    delete,
    path = "/api/v1/leases/{id}",
    tag = "Floating licences",
    params(("id" = String, Path, description = "Id of the lease")),
    responses(
        (status = 204, description = "The lease has ended"),
        (status = 404, description = "`no-such-lease`", body = ProblemDetails, content_type = "application/problem+json"),
        Usual
    )
)]
pub async fn release(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
    Path(lease): Path<String>,
) -> Result<StatusCode, Problem> {
    ops::licensing::leases::release(&portal.store, &machine, id(&lease)?).await??;
    Ok(StatusCode::NO_CONTENT)
}
