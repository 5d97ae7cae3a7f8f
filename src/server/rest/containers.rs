//! The container of a machine.

use axum::{Extension, Json, extract::State};

use super::{openapi::Usual, problems::Problem, wire::Container};
use crate::{
    ops::{self, access_tokens::Machine},
    server::Portal,
};

/// The container, with its licences
#[utoipa::path(
    get,
    path = "/api/v1/container",
    tag = "Container",
    responses((status = 200, description = "The container", body = Container), Usual)
)]
pub async fn container(
    State(portal): State<Portal>,
    Extension(machine): Extension<Machine>,
) -> Result<Json<Container>, Problem> {
    let found = ops::leases::container(&portal.store, &machine).await??;
    Ok(Json(found.into()))
}
