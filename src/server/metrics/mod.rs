//! Metrics for who operates the portal, at a listener of their own: `GET /metrics`, and `GET /healthz` for who looks whether
//! it listens.
//!
//! Nobody logs in there, and nothing there is about persons. What is counted where it happens, `crate::metrics` has; what is looked
//! at, `look` looks at.

pub mod look;

use std::{future::Future, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header;
use tokio::{net::TcpListener, time::Instant};

use crate::{
    metrics::{self, Exposition, Listener},
    server::{connections, metrics::look::Look},
};

/// The format of the answer.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Most connections at a time: one Prometheus has one.
const CONNECTIONS: usize = 16;
/// How long a request may take to say what it wants; and how long a connection is kept on which nothing is asked. Longer than from
/// one scrape to the next, mostly.
const HEAD_TIMEOUT: Duration = Duration::from_secs(65);
/// How often what was measured is put into its buckets while nobody asks.
const TIDY: Duration = Duration::from_secs(5);

/// What is not one of the routes that the router names.
const OTHER: &str = "other";
/// The files of the site, by whatever name.
const FILES: &str = "/pkg";

/// What the listener answers with.
#[derive(Clone)]
struct Told {
    exposition: Exposition,
    look: Look,
}

/// The routes.
pub fn routes(exposition: Exposition, look: Look) -> Router {
    Router::new()
        .route("/metrics", get(tell))
        .route("/healthz", get(|| async { "ok\n" }))
        .with_state(Told { exposition, look })
}

/// Answers until `ended`.
pub async fn serve(
    listener: TcpListener,
    exposition: Exposition,
    look: Look,
    ended: impl Future<Output = ()>,
) {
    let routes = routes(exposition.clone(), look);
    let tidy = async {
        let mut next = tokio::time::interval(TIDY);
        loop {
            next.tick().await;
            exposition.tidy();
        }
    };
    let answering = connections::serve(
        listener,
        None,
        routes,
        CONNECTIONS,
        HEAD_TIMEOUT,
        Listener::Metrics,
        ended,
    );
    tokio::select! {
        () = answering => {}
        () = tidy => {}
    }
}

async fn tell(State(told): State<Told>) -> Response {
    told.look.at_all().await;
    ([(header::CONTENT_TYPE, FORMAT)], told.exposition.text()).into_response()
}

/// Counts a request of the portal: by the pattern of its route, which says nothing of who or what is asked for.
pub async fn count(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = route_of(&request);
    let response = next.run(request).await;
    metrics::request(&method, &route, response.status().as_u16(), begun.elapsed());
    response
}

/// Server functions have one route for all of them: those that there are, are told apart.
fn route_of(request: &Request) -> String {
    let path = request.uri().path();
    let matched = request.extensions().get::<axum::extract::MatchedPath>();
    match matched.map(axum::extract::MatchedPath::as_str) {
        Some("/api/{*function}") => leptos::server_fn::axum::server_fn_paths()
            .find(|(known, _)| *known == path)
            .map_or(OTHER, |(known, _)| known)
            .to_owned(),
        Some(pattern) => pattern.to_owned(),
        None if path.starts_with("/pkg/") => FILES.to_owned(),
        None => OTHER.to_owned(),
    }
}
