//! The interface for programs of people: everything that the pages can do, by the same functions and the same policy. Programs
//! show a personal access token; whatever its person may not do, or its scopes do not name, is refused.

mod call;
mod description;
pub mod files;
mod groups;
mod history;
mod instance;
mod licenses;
mod products;
mod routes;
mod tickets;
mod users;
mod webhooks;

use std::sync::{Arc, LazyLock};

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawPathParams, Request, State, rejection::BytesRejection},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use domain::accounts::personal_tokens::Scope;
use http::{HeaderMap, request::Parts};

use crate::{
    auth::portal::Portal,
    errors::ApiError,
    ops::accounts::personal_tokens::{self, Bearer},
    server::rest::{
        administration::{call::Called, routes::all},
        bearer, limited,
        problems::{self, Problem},
    },
};

pub use crate::server::rest::administration::{
    call::problem,
    description::{Described, add},
};

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
                known(&path)?;
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
fn known(path: &[(String, String)]) -> Result<(), Problem> {
    let is_id = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if path.iter().all(|(name, value)| name == "key" || is_id(value)) {
        Ok(())
    } else {
        Err(Problem::plain(problems::NOT_FOUND))
    }
}

/// Whether the token is good for that.
fn permit(bearer: &Bearer, headers: &HeaderMap, scope: Scope) -> Result<(), Problem> {
    bearer.permit(scope).map_err(|refusal| {
        use domain::{access::Denied, refusals::Refusal};
        match refusal {
            Refusal::Denied(Denied::BeyondToken(scope)) => Problem::insufficient(scope),
            refusal => call::problem(headers, &ApiError::Refused(refusal)),
        }
    })
}

/// Lets those in who show a personal access token that is good for the scope, where one is named, and not too often; handlers
/// find the [`Bearer`] among the extensions of the request.
async fn let_in(portal: Portal, scope: Option<Scope>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let found = match limited(&portal, &parts).and_then(|()| bearer(&parts.headers).ok_or_else(refused)) {
        Ok(token) => personal_tokens::bearer(&portal.store, token).await,
        Err(problem) => return problem.into_response(),
    };
    let shown = match found {
        Ok(Some(shown)) => shown,
        Ok(None) => return refused().into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    if let Some(Err(problem)) = scope.map(|scope| permit(&shown, &parts.headers, scope)) {
        return problem.into_response();
    }
    let id = shown.token.0;
    parts.extensions.insert(shown);
    crate::server::rest::within_limit(&portal, id, || next.run(Request::from_parts(parts, body))).await
}

fn refused() -> Problem {
    Problem::plain(problems::UNAUTHORIZED)
}
