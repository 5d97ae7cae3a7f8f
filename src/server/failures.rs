//! Pages for answers that come without one, and for the time when the server does not answer at all.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderMap, Method, header};

use crate::{
    auth::headers::{asks_for_page, language_of},
    ui::shell::{assets::Assets, failure},
};

/// Where the page stands that browsers keep for when they cannot reach the portal.
pub const OFFLINE_PAGE: &str = "/offline";

/// Nothing but the style and the picture.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                           base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
/// A worker may fetch what it keeps, and nothing from elsewhere.
const WORKER_POLICY: &str =
    "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

fn page(html: String) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)], Html(html)).into_response()
}

/// Gives people a page where the layers of the server answer with a bare status: after a panic, out of time, too large.
pub async fn give_page(State(assets): State<Assets>, request: Request, next: Next) -> Response {
    let reads_pages = asks_for_page(request.headers());
    let head = request.method() == Method::HEAD;
    let language = language_of(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let told = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if !reads_pages || head || told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let mut answer = page(failure::failure(language, status.as_u16(), &assets));
    *answer.status_mut() = status;
    if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
        answer.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    answer
}

/// `GET /offline`.
pub async fn offline_page(State(assets): State<Assets>, headers: HeaderMap) -> Response {
    page(failure::offline(language_of(&headers), &assets))
}

/// `GET /offline.js`: the service worker that keeps that page, and its style.
pub async fn offline_worker(State(assets): State<Assets>) -> impl IntoResponse {
    let script = format!(
        "const page = {OFFLINE_PAGE:?}\nconst style = {:?}\n{}",
        assets.css,
        include_str!("offline.js")
    );
    let headers = [
        (header::CONTENT_TYPE, "text/javascript"),
        (header::CONTENT_SECURITY_POLICY, WORKER_POLICY),
    ];
    (headers, script)
}
