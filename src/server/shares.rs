//! What one login or token may have answered at the same time, so that everybody else is answered, too.

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    auth::{portal::Portal, sessions::credential},
    errors::ApiError,
    server::refusals,
};

/// Has a request wait for its turn among those that show the same credential. Who shows none costs little.
pub async fn take_turns(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let Some(credential) = credential(&portal, request.headers()) else {
        return next.run(request).await;
    };
    match portal.limits.request(credential).await {
        Ok(_turn) => next.run(request).await,
        Err(error) => refused(request.uri().path(), &error),
    }
}

/// Server functions are read by the page; all else gets its page or its problem on the way out.
fn refused(path: &str, error: &ApiError) -> Response {
    let head = refusals::head(error);
    let is_function = path.starts_with("/api/") && !path.starts_with("/api/v1");
    if is_function {
        let (status, headers) = head;
        return (status, headers, Json(error)).into_response();
    }
    head.into_response()
}
