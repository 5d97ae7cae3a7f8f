//! Credential files as downloads (S11): plain forms, whose answer is the file. It is shown this once: whoever loads the
//! address again gets to the page of the container.

use axum::{
    Extension, Router,
    extract::{Form, Path, State, rejection::FormRejection},
    response::{Redirect, Response},
    routing::post,
};
use http::HeaderMap;
use serde::Deserialize;

use super::{
    Portal,
    downloads::{self, Downloads, File},
    login,
};
use crate::{
    api::error::ApiError,
    domain::{
        credentials::InvalidCredential,
        ids::{CredentialId, UserId},
        refusals::Refusal,
    },
    ops::{
        self,
        credentials::{CredentialFile, Others},
    },
    ui::app::Assets,
};

/// The routes.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    Router::new()
        .route(
            "/containers/{id}/credentials",
            post(issue)
                .get(downloads::to_container)
                .layer(Extension(Others::Stay)),
        )
        .route(
            "/containers/{id}/credentials/reset",
            post(issue)
                .get(downloads::to_container)
                .layer(Extension(Others::End)),
        )
        .route(
            "/containers/{id}/credentials/{credential}/rotate",
            post(rotate).get(to_container_of),
        )
        .with_state(Downloads { portal, assets })
}

async fn to_container_of(Path((id, _)): Path<(String, String)>) -> Redirect {
    downloads::back(&id)
}

/// A new credential.
#[derive(Deserialize)]
struct New {
    label: String,
    #[serde(default)]
    days: String,
}

/// A credential in the place of another one.
#[derive(Deserialize)]
struct Rotation {
    #[serde(default)]
    overlap: String,
    #[serde(default)]
    days: String,
}

type Asked<T> = Result<Form<T>, FormRejection>;

fn days(text: &str) -> Result<Option<u32>, Refusal> {
    match text.trim() {
        "" => Ok(None),
        days => Ok(Some(days.parse().map_err(|_| InvalidCredential::Days)?)),
    }
}

fn overlap(text: &str) -> Result<u32, Refusal> {
    match text.trim() {
        "" => Ok(0),
        days => Ok(days.parse().map_err(|_| InvalidCredential::Overlap)?),
    }
}

/// Who asks, and for what.
async fn asked<T>(portal: &Portal, headers: &HeaderMap, form: Asked<T>) -> Result<(UserId, T), ApiError> {
    let user = login::required_user(portal, headers).await?;
    let Form(form) = form.map_err(|_| ApiError::Malformed)?;
    Ok((user, form))
}

async fn issue(
    State(downloads): State<Downloads>,
    Extension(others): Extension<Others>,
    Path(container): Path<String>,
    headers: HeaderMap,
    form: Asked<New>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let (by, New { label, days: given }) = asked(portal, &headers, form).await?;
        let (store, url) = (&portal.store, &portal.headless.url);
        let new = (label.as_str(), days(&given)?);
        Ok(ops::credentials::issue(store, url, by, downloads::id(&container)?, new, others).await?)
    };
    let file = work.await.map(file);
    downloads.answer(&headers, &container, file)
}

async fn rotate(
    State(downloads): State<Downloads>,
    Path((container, credential)): Path<(String, String)>,
    headers: HeaderMap,
    form: Asked<Rotation>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let (by, form) = asked(portal, &headers, form).await?;
        let credential: CredentialId = downloads::id(&credential)?;
        let (old, new) = (overlap(&form.overlap)?, days(&form.days)?);
        let (store, url) = (&portal.store, &portal.headless.url);
        Ok(
            ops::credentials::rotate(store, url, by, downloads::id(&container)?, credential, old, new)
                .await?,
        )
    };
    let file = work.await.map(file);
    downloads.answer(&headers, &container, file)
}

fn file(CredentialFile { name, text }: CredentialFile) -> File {
    File {
        name,
        text,
        kind: "application/json",
    }
}
