//! The way of a browser to an identity provider and back: addresses that are no pages and only lead on. What went wrong is told by
//! the page that it began with.

use std::sync::PoisonError;

use axum::{
    Router,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::ids::IdentityProviderId;
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::{
    prelude::{Owner, provide_context},
    reactive::computed::ScopedFuture,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use leptos_axum::ResponseOptions;
use serde::Deserialize;

use crate::{
    api::accounts::{identity_providers::LinkSignIn, sessions::LogIn},
    auth::{
        Visitor,
        portal::Portal,
        provider_sign_in::{self, Arrived},
    },
    errors::ApiError,
    ops::accounts::identity_providers::protocol::Returned,
    server::forms::local,
    views::addresses,
};

/// The routes.
pub fn routes(portal: Portal) -> Router {
    Router::new()
        .route(addresses::SIGN_IN, get(begin))
        .route(addresses::SIGN_IN_LINK, get(begin_linking))
        .route(addresses::SIGN_IN_BACK, get(back))
        .route(addresses::SIGN_OUT, get(log_out))
        .with_state(portal)
}

#[derive(Default, Deserialize)]
struct Wished {
    #[serde(default)]
    next: String,
    #[serde(default)]
    end_other: bool,
}

/// What a provider sends along; of all that, nothing has to be there.
#[derive(Default, Deserialize)]
struct Answered {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Does something as a server function would be done, and answers with where to go on, and the cookies that were set.
async fn led<F>(portal: Portal, parts: Parts, to: impl FnOnce(Visitor) -> F) -> Response
where
    F: Future<Output = String> + Send,
{
    let visitor = Visitor::of(portal, parts);
    let options = ResponseOptions::default();
    let owner = Owner::new_root(None);
    let address = owner.with(|| {
        provide_context(options.clone());
        ScopedFuture::new(to(visitor))
    });
    let Ok(address) = HeaderValue::from_str(&address.await) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response();
    let kept = options.0.read().unwrap_or_else(PoisonError::into_inner);
    response.headers_mut().extend(kept.headers.clone());
    drop(kept);
    response
}

/// The page with what went wrong, as forms without scripts are told.
fn told(page: &str, function: &str, error: ApiError) -> String {
    let page = format!("http://portal{page}");
    let told = ServerFnUrlError::new(function, error).to_url(&page);
    told.map_or_else(
        |_| addresses::LOGIN.to_owned(),
        |url| {
            let url = url.as_str();
            url.strip_prefix("http://portal")
                .unwrap_or(addresses::LOGIN)
                .to_owned()
        },
    )
}

fn of_login(error: ApiError) -> String {
    told(addresses::LOGIN, LogIn::url(), error)
}

fn of_links(error: ApiError) -> String {
    match error {
        ApiError::NotLoggedIn => addresses::login_address(addresses::MY_SIGN_INS),
        error => told(addresses::MY_SIGN_INS, LinkSignIn::url(), error),
    }
}

/// The provider of an address; of what is no id, none.
fn provider(id: &str) -> IdentityProviderId {
    id.parse().unwrap_or(IdentityProviderId(0))
}

/// What stands behind the question mark. What cannot be read is as if nothing stood there: people are told so by a page.
fn read<T: Default>(asked: Result<Query<T>, QueryRejection>) -> T {
    asked.map(|Query(asked)| asked).unwrap_or_default()
}

async fn begin(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    wished: Result<Query<Wished>, QueryRejection>,
    request: Request,
) -> Response {
    let wished = read(wished);
    led(portal, request.into_parts().0, |visitor| async move {
        let begun = provider_sign_in::begin(&visitor, provider(&id), wished.end_other, &wished.next).await;
        begun.unwrap_or_else(of_login)
    })
    .await
}

async fn begin_linking(State(portal): State<Portal>, Path(id): Path<String>, request: Request) -> Response {
    led(portal, request.into_parts().0, |visitor| async move {
        let begun = provider_sign_in::begin_linking(&visitor, provider(&id)).await;
        begun.unwrap_or_else(of_links)
    })
    .await
}

async fn back(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    answered: Result<Query<Answered>, QueryRejection>,
    request: Request,
) -> Response {
    let answered = read(answered);
    let returned = Returned {
        state: answered.state,
        code: answered.code,
        iss: answered.iss,
        error: answered.error,
    };
    led(portal, request.into_parts().0, |visitor| async move {
        match provider_sign_in::come_back(&visitor, provider(&id), &returned).await {
            Arrived::SignedIn(Ok(next)) => local(&next).to_owned(),
            Arrived::SignedIn(Err(error)) => of_login(error),
            Arrived::Linked(Ok(())) => format!("{}?done=linked", addresses::MY_SIGN_INS),
            Arrived::Linked(Err(error)) => of_links(error),
        }
    })
    .await
}

async fn log_out(State(portal): State<Portal>, Path(id): Path<String>, request: Request) -> Response {
    led(portal, request.into_parts().0, |visitor| async move {
        let there = provider_sign_in::log_out_there(&visitor.portal, provider(&id)).await;
        there.unwrap_or_else(of_login)
    })
    .await
}
