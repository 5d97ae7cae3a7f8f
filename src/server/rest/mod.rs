//! The interface for machines (N9) and for programs of people: REST over HTTP with access tokens, without cookies. Handlers
//! find out what was asked, call one function of `ops`, and nothing else.

pub mod administration;
pub mod machines;
pub mod openapi;
pub mod page;
pub mod problems;
pub mod requests;
pub mod wire;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, delete, get, post},
};
use domain::history::events::Channel;

use crate::{
    auth::portal::Portal,
    ops,
    server::rest::{
        problems::Problem,
        requests::{MAX_BODY, bearer, limited, within_limit},
    },
    ui::shell::assets::Assets,
};

/// The routes for machines and for programs of people, and the pages about them.
pub fn routes(portal: &Portal, assets: Assets) -> Router {
    let programs = portal.over(Channel::Api);
    let portal = portal.over(Channel::Client);
    let token = post(machines::access_tokens::token).layer(middleware::from_fn_with_state(
        portal.clone(),
        machines::access_tokens::limited,
    ));
    let with_token = Router::new()
        .route("/api/v1/container", get(machines::containers::container))
        .route("/api/v1/leases", post(machines::leases::acquire))
        .route("/api/v1/leases/{id}", delete(machines::leases::release))
        .route("/api/v1/leases/{id}/renew", post(machines::leases::renew))
        .route("/api/v1/nodes", post(machines::nodes::bind))
        .route(
            "/api/v1/nodes/{id}",
            get(machines::nodes::refresh).delete(machines::nodes::give_back),
        )
        .route_layer(middleware::from_fn_with_state(portal.clone(), authenticated));
    Router::new()
        .merge(with_token)
        .merge(administration::router(programs.clone()).with_state(programs))
        .route(ops::licensing::access_tokens::TOKEN_PATH, token)
        .route("/.well-known/jwks.json", get(machines::keys::jwks))
        .route("/api/v1/openapi.json", get(openapi::served))
        .route("/problems/{slug}", get(problems::page))
        .method_not_allowed_fallback(|| async { Problem::plain(problems::METHOD_NOT_ALLOWED) })
        .route("/api/v1", get(page::page).with_state(assets))
        .route(
            "/api/v1/{*nothing}",
            any(|| async { Problem::plain(problems::NOT_FOUND) }),
        )
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(portal)
}

/// Lets machines in that show an access token, not too often; handlers find the [`Machine`](ops::access_tokens::Machine)
/// among the extensions of the request.
async fn authenticated(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Err(problem) = limited(&portal, &parts) {
        return problem.into_response();
    }
    let Some(token) = bearer(&parts.headers) else {
        return Problem::plain(problems::UNAUTHORIZED).into_response();
    };
    let machine = match ops::licensing::access_tokens::machine(&portal.store, &portal.headless, token).await {
        Ok(Some(machine)) => machine,
        Ok(None) => return Problem::plain(problems::UNAUTHORIZED).into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    let id = machine.credential().0;
    parts.extensions.insert(machine);
    within_limit(&portal, id, || next.run(Request::from_parts(parts, body))).await
}
