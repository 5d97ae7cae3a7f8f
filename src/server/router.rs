//! Which request goes where, and the layers around it.

use std::{path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{FromRef, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use domain::{accounts::sessions::Session, history::events::Channel, refusals::Refusal};
use http::{HeaderMap, HeaderName, StatusCode, header};
use leptos::{
    prelude::{LeptosOptions, Owner, provide_context},
    reactive::computed::ScopedFuture,
};
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions};
use tower::{ServiceBuilder, ServiceExt};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::CsrfLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    services::ServeDir,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use crate::{
    auth::{
        headers::{asks_for_page, start_of},
        me::me_of,
        portal::Portal,
        sessions::session_of,
    },
    errors::ApiError,
    jobs::supervisor::{Health, Lost},
    metrics::{Unavailable, unavailable},
    ops::{self, OpError},
    server::{
        failures,
        files::{codes, credentials, exchange, history, imports, reports, tickets, usage},
        forms, headers, hosts, live, manifest, metrics, rest, security_txt, shares, sign_in,
    },
    ui::{
        app::App,
        document::document,
        kit::keys::RequestKey,
        shell::{
            assets::{Assets, MANIFEST},
            session::SignedIn,
        },
    },
    views::{accounts::sessions::Me, addresses, start::Start},
};

/// Largest body of a request, in bytes: the longest form is some hundred tickets.
const MAX_BODY: usize = 256 * 1024;
/// Longest time until an answer begins.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long browsers may use a file whose name does not change.
const FILE_CACHE: &str = "public, max-age=3600";
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone)]
struct AppState {
    portal: Portal,
    health: Health,
    options: LeptosOptions,
    assets: Assets,
}

impl FromRef<AppState> for Portal {
    fn from_ref(state: &AppState) -> Self {
        state.portal.clone()
    }
}

impl FromRef<AppState> for Health {
    fn from_ref(state: &AppState) -> Self {
        state.health.clone()
    }
}

impl FromRef<AppState> for Assets {
    fn from_ref(state: &AppState) -> Self {
        state.assets.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

/// The whole portal as a service; `readyz` tells the health of its jobs.
pub fn router(portal: Portal, health: Health, assets: Assets, site: &Path) -> Router {
    let options = LeptosOptions::builder()
        .output_name("license-portal")
        .site_root(site.display().to_string())
        .site_pkg_dir("pkg")
        .build();
    let https = portal.https;
    let failure_assets = assets.clone();
    let programs = rest::routes(&portal, assets.clone());
    let portal = portal.over(Channel::Browser);
    let problems_at = Arc::<str>::from(portal.headless.url.as_str());
    let downloads = credentials::routes(portal.clone(), assets.clone())
        .merge(history::routes(portal.clone(), assets.clone()))
        .merge(codes::routes(portal.clone(), assets.clone()))
        .merge(reports::routes(portal.clone(), assets.clone()))
        .merge(usage::routes(portal.clone(), assets.clone()))
        .merge(tickets::routes(portal.clone(), assets.clone()));
    let sign_in = sign_in::routes(portal.clone());
    let exchange = exchange::routes(portal.clone(), assets.clone());
    let files = imports::routes(portal.clone(), assets.clone());
    let state = AppState {
        portal: portal.clone(),
        health,
        options: options.clone(),
        assets: assets.clone(),
    };
    let portal_for_pages = portal.clone();
    let portal_for_shares = portal.clone();
    let portal_for_hosts = portal.clone();
    let context = move || {
        provide_context(RequestKey(hex::encode(portal.store.sources.random::<16>())));
        provide_context(portal.clone());
    };
    let page_context = {
        let context = context.clone();
        move || {
            context();
            headers::page_policy();
        }
    };
    let api = any({
        let context = context.clone();
        move |request: Request| server_function(context.clone(), request)
    });
    let page = {
        let options = options.clone();
        move || document(options.clone(), assets.clone())
    };
    // The route below serves server functions, with limits and statuses of its own; Leptos must not add theirs.
    let functions = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .collect();
    let pages = generate_route_list_with_exclusions(App, Some(functions));
    Router::new()
        .route(
            "/api/{*function}",
            api.layer(middleware::from_fn(headers::error_status))
                .layer(middleware::from_fn(forms::lead_on)),
        )
        .route("/live", get(live::stream))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route(security_txt::PATH, get(security_txt::served))
        .route(MANIFEST, get(manifest::served))
        .route(failures::OFFLINE_PAGE, get(failures::offline_page))
        .route("/offline.js", get(failures::offline_worker))
        .nest_service("/pkg", ServeDir::new(site.join("pkg")).precompressed_br())
        .leptos_routes_with_context(&state, pages, page_context, page)
        .fallback(file_or_not_found)
        .layer(middleware::from_fn_with_state(portal_for_pages, signed_in))
        .with_state(state)
        .merge(programs)
        .merge(downloads)
        .merge(sign_in)
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .merge(exchange)
        .layer(middleware::from_fn_with_state(
            portal_for_shares,
            shares::take_turns,
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            TIMEOUT,
        ))
        // What is as large as these takes its time.
        .merge(files)
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::new(REQUEST_ID.clone(), MakeRequestUuid))
                .layer(TraceLayer::new_for_http().make_span_with(span).on_response(
                    |response: &Response, latency: Duration, _: &tracing::Span| {
                        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
                        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
                    },
                ))
                .layer(middleware::from_fn(metrics::count))
                .layer(PropagateRequestIdLayer::new(REQUEST_ID.clone()))
                .layer(middleware::from_fn(move |request, next| {
                    headers::add(https, request, next)
                }))
                .layer(middleware::from_fn_with_state(
                    failure_assets,
                    failures::give_page,
                ))
                .layer(middleware::from_fn_with_state(problems_at, rest::problems::write))
                .layer(CatchPanicLayer::custom(|_| {
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }))
                .layer(middleware::from_fn_with_state(portal_for_hosts, hosts::only_own))
                .layer(CsrfLayer::new())
                .layer(CompressionLayer::new()),
        )
}

/// The query is left out: people search for codes.
fn span(request: &Request<Body>) -> tracing::Span {
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok());
    tracing::info_span!(
        "request",
        id = id.unwrap_or_default(),
        method = %request.method(),
        path = request.uri().path()
    )
}

/// Tells pages who looks at them, before they are rendered: what a page shows from its first byte on must not wait
/// for anything, or browser and server would number their resources differently.
async fn signed_in(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let page = request.method() == http::Method::GET
        && !["/pkg/", "/live", "/healthz", "/readyz"]
            .iter()
            .any(|start| request.uri().path().starts_with(start));
    if page {
        let me = match session_of(&portal, request.headers()).await {
            Ok(Some(session)) => {
                if asks_for_page(request.headers()) {
                    portal.sessions.asked_for_page(&session);
                }
                match me_of(&portal, request.headers()).await {
                    // The view is over: this page is the user's own again.
                    Err(ApiError::Refused(Refusal::ViewOver)) => {
                        own_again(&portal, &session, request.headers()).await
                    }
                    me => me,
                }
            }
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        // The portal begins with another page, for who chose that; the desk has an address of its own.
        let start = start_of(request.headers());
        let begins = request.uri().path() == addresses::HOME
            && request.uri().query().is_none()
            && start != Start::Desk;
        if begins && matches!(&me, Ok(Some(me)) if me.required_action.is_none()) {
            return (StatusCode::FOUND, [(header::LOCATION, start.address())]).into_response();
        }
        request.extensions_mut().insert(SignedIn(me));
    }
    let mut response = next.run(request).await;
    // Leptos redirects only clients that ask for HTML by name.
    if page && response.status() == StatusCode::OK && response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::FOUND;
    }
    response
}

async fn own_again(portal: &Portal, session: &Session, headers: &HeaderMap) -> Result<Option<Me>, ApiError> {
    match ops::accounts::impersonation::end(&portal.store, session.id).await {
        // Another tab was faster.
        Ok(_) | Err(OpError::Refused(Refusal::NotViewing)) => me_of(portal, headers).await,
        Err(error) => Err(error.into()),
    }
}

async fn server_function(context: impl Fn() + Clone + Send + 'static, request: Request) -> Response {
    // Their answers are somebody's own, and they change things: no link or image may call them.
    if request.method() != http::Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response();
    }
    if leptos::server_fn::axum::server_fn_paths().all(|(path, _)| path != request.uri().path()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // A root of its own: otherwise it would hang below whatever page this thread rendered last, and end with it.
    let owner = Owner::new_root(None);
    let answer =
        owner.with(|| ScopedFuture::new(leptos_axum::handle_server_fns_with_context(context, request)));
    answer.await.into_response()
}

async fn ready(State(portal): State<Portal>, State(health): State<Health>) -> Response {
    if let Err(error) = portal.store.ping().await {
        unavailable(Unavailable::NotReady);
        tracing::warn!(%error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    }
    let lost = health.lost();
    if lost.is_empty() {
        return "ready\n".into_response();
    }
    unavailable(Unavailable::NotReady);
    let mut answer = String::new();
    for Lost { name, does } in lost {
        tracing::warn!(job = name, "not ready: a job does not come back");
        answer.push_str(&format!("the job {name} does not come back ({does})\n"));
    }
    (StatusCode::SERVICE_UNAVAILABLE, answer).into_response()
}

/// A file of the site, or the page that says that there is nothing.
///
/// Not by Leptos' own handler for files: that one takes whatever request this thread rendered last for its own, and with
/// it the headers of somebody else's answer.
async fn file_or_not_found(State(state): State<AppState>, request: Request) -> Response {
    let mut wanted = Request::new(Body::empty());
    wanted.method_mut().clone_from(request.method());
    wanted.uri_mut().clone_from(request.uri());
    wanted.headers_mut().clone_from(request.headers());
    let files = ServeDir::new(state.options.site_root.as_ref())
        .precompressed_br()
        .append_index_html_on_directories(false);
    let Ok(file) = files.oneshot(wanted).await;
    if file.status() != StatusCode::NOT_FOUND {
        return ([(header::CACHE_CONTROL, FILE_CACHE)], file).into_response();
    }
    let portal = state.portal.clone();
    let render = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(portal.clone());
            headers::page_policy();
        },
        move || document(state.options.clone(), state.assets.clone()),
    );
    render(request).await
}
