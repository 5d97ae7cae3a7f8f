//! Credential files as downloads (S11): plain forms, whose answer is the file. It is shown this once: whoever loads the
//! address again gets to the page of the container.

use axum::{
    Extension, Router,
    extract::{Path, State},
    response::{Redirect, Response},
    routing::post,
};
use domain::{
    ids::{CredentialId, UserId},
    licensing::credentials::InvalidCredential,
    refusals::Refusal,
};
use serde::Deserialize;

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    ops::{
        self,
        licensing::credentials::{CredentialFile, Others},
    },
    server::{
        files::downloads::{self, Downloads, File, Sent},
        rest::administration::files,
    },
    ui::shell::assets::Assets,
    views::addresses,
};

/// The routes.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let downloads = Downloads { portal, assets };
    let issuing = |others| post(issue).layer(Extension(others));
    Router::new()
        .route(
            addresses::CREDENTIALS,
            issuing(Others::Stay).get(downloads::to_container),
        )
        .route(
            addresses::CREDENTIALS_RESET,
            issuing(Others::End).get(downloads::to_container),
        )
        .route(addresses::CREDENTIAL_ROTATE, post(rotate).get(to_container_of))
        .with_state(downloads.clone())
        .merge(files::at(
            &downloads,
            "/containers/{container}/credentials",
            issuing(Others::Stay),
        ))
        .merge(files::at(
            &downloads,
            "/containers/{container}/credentials/reset",
            issuing(Others::End),
        ))
        .merge(files::at(
            &downloads,
            "/containers/{container}/credentials/{credential}/rotate",
            post(rotate),
        ))
}

async fn to_container_of(Path((id, _)): Path<(String, String)>) -> Redirect {
    downloads::back(&id)
}

/// A new credential.
#[derive(Deserialize)]
struct New {
    label: String,
    #[serde(default)]
    days: Days,
}

/// A credential in the place of another one.
#[derive(Deserialize)]
struct Rotation {
    #[serde(default)]
    overlap: Days,
    #[serde(default)]
    days: Days,
}

/// A number of days: as people type it, or as programs write it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Days {
    Number(u32),
    Text(String),
}

impl Default for Days {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Days {
    /// The number; none where nothing was typed.
    fn read(&self, invalid: InvalidCredential) -> Result<Option<u32>, Refusal> {
        match self {
            Self::Number(days) => Ok(Some(*days)),
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => Ok(Some(text.trim().parse().map_err(|_| invalid)?)),
        }
    }
}

/// Who asks, and for what.
async fn asked<T>(visitor: &Visitor, form: Sent<T>) -> Result<(UserId, T), ApiError> {
    Ok((Writer::of(visitor).await?.user, form.0?))
}

async fn issue(
    State(downloads): State<Downloads>,
    Extension(others): Extension<Others>,
    Path(container): Path<String>,
    visitor: Visitor,
    form: Sent<New>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let (by, New { label, days: given }) = asked(&visitor, form).await?;
        let (store, url) = (&portal.store, &portal.headless.url);
        let new = (label.as_str(), given.read(InvalidCredential::Days)?);
        Ok(
            ops::licensing::credentials::issue(store, url, by, downloads::id(&container)?, new, others)
                .await?,
        )
    };
    let file = work.await.map(file);
    downloads.answer(&visitor, &container, file)
}

async fn rotate(
    State(downloads): State<Downloads>,
    Path((container, credential)): Path<(String, String)>,
    visitor: Visitor,
    form: Sent<Rotation>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let (by, form) = asked(&visitor, form).await?;
        let credential: CredentialId = downloads::id(&credential)?;
        let old = form.overlap.read(InvalidCredential::Overlap)?.unwrap_or_default();
        let new = form.days.read(InvalidCredential::Days)?;
        let (store, url) = (&portal.store, &portal.headless.url);
        Ok(ops::licensing::credentials::rotate(
            store,
            url,
            by,
            downloads::id(&container)?,
            credential,
            old,
            new,
        )
        .await?)
    };
    let file = work.await.map(file);
    downloads.answer(&visitor, &container, file)
}

fn file(CredentialFile { name, text }: CredentialFile) -> File {
    File {
        name,
        text,
        kind: "application/json",
    }
}
