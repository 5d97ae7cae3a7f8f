//! The container of a machine.

use axum::{Extension, Json, extract::State};

use crate::{
    auth::portal::Portal,
    ops::{self, licensing::access_tokens::Machine},
    server::rest::{
        problems::{Problem, Usual},
        wire::Container,
    },
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
    let found = ops::licensing::leases::container(&portal.store, &machine).await??;
    Ok(Json(found.into()))
}
