//! The interface for programs of people: everything that the pages can do, by the same functions and the same policy. Programs
//! show a personal access token; whatever its person may not do, or its scopes do not name, is refused.

pub mod admission;
mod call;
pub mod description;
pub mod document;
pub mod files;
mod find;
mod groups;
mod history;
mod instance;
mod licenses;
mod products;
pub mod route;
mod routes;
mod tickets;
pub mod told;
mod users;
mod webhooks;
mod wire;

use std::sync::{Arc, LazyLock};

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawPathParams, Request, State, rejection::BytesRejection},
    middleware::{self},
    response::IntoResponse,
    routing::{MethodFilter, MethodRouter, on},
};
use http::request::Parts;

use crate::{
    auth::portal::Portal,
    ops::accounts::personal_tokens::Bearer,
    server::rest::{
        administration::{
            admission::{let_in, permit},
            route::{Called, Route},
        },
        problems::{self, Problem},
    },
};

pub use crate::server::rest::administration::{document::add, route::Described, told::problem};

/// Largest body of a request, in bytes: as for the pages, some hundred tickets.
const MAX_BODY: usize = 256 * 1024;

/// Every route, with its arguments by place.
pub static ROUTES: LazyLock<Vec<Arc<Described>>> = LazyLock::new(|| {
    all()
        .iter()
        .map(|route| Arc::new(Described::new(route)))
        .collect()
});

/// The routes as a service.
pub fn router(portal: Portal) -> Router<Portal> {
    let mut router = Router::new();
    for route in ROUTES.iter() {
        router = router.route(&format!("/api/v1{}", route.path), handler(route.clone()));
    }
    router
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route_layer(middleware::from_fn(move |request: Request, next| {
            let_in(portal.clone(), None, request, next)
        }))
}

fn handler(route: Arc<Described>) -> MethodRouter<Portal> {
    let filter = match route.method {
        "post" => MethodFilter::POST,
        "put" => MethodFilter::PUT,
        "patch" => MethodFilter::PATCH,
        "delete" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    };
    on(
        filter,
        move |State(portal): State<Portal>,
              Extension(bearer): Extension<Bearer>,
              path: RawPathParams,
              parts: Parts,
              body: Result<Bytes, BytesRejection>| async move {
            let path: Vec<(String, String)> = path
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let called = || async {
                for scope in route.scopes {
                    permit(&bearer, &parts.headers, *scope)?;
                }
                known(&route, &path)?;
                let body = body.map_err(|_| Problem::plain(problems::TOO_LARGE))?;
                (route.call)(Called {
                    portal,
                    bearer: bearer.clone(),
                    route: route.clone(),
                    path: path.clone(),
                    parts: parts.clone(),
                    body,
                })
                .await
            };
            called().await.into_response()
        },
    )
}

/// What is no id is the id of nothing.
fn known(route: &Described, path: &[(String, String)]) -> Result<(), Problem> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if path
        .iter()
        .all(|(name, value)| !route.is_id(name) || digits(value))
    {
        Ok(())
    } else {
        Err(Problem::plain(problems::NOT_FOUND))
    }
}

/// Every route.
#[must_use]
pub fn all() -> Vec<Route> {
    [
        find::routes(),
        groups::routes(),
        users::routes(),
        tickets::routes(),
        licenses::routes(),
        products::routes(),
        history::routes(),
        webhooks::routes(),
        instance::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
