//! The offline exchange as plain pages and files (N10): a setup and an update to download, and a form that takes what the
//! machine wrote, as a file, as text, or as a photo of its QR code.

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{
    ids::{ContainerId, UserId},
    licensing::devices::InvalidExchange,
    refusals::Refusal,
};
use tower_http::limit::RequestBodyLimitLayer;

use crate::{
    auth::{Visitor, Writer, at_once::Held, portal::Portal},
    errors::ApiError,
    ops::{self, OpError, licensing::devices::Exchanged, workers::PHOTOS},
    server::{
        files::{
            downloads::{self, Downloads, File},
            photos,
        },
        rest::administration::files,
    },
    ui::shell::assets::Assets,
    views::addresses,
};

/// Largest photo, with the form around it, in bytes.
const MAX_PHOTO: usize = 16 * 1024 * 1024;

/// The routes, with a limit of the body of their own: photos are larger than all else that is sent.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let downloads = Downloads { portal, assets };
    let wanted = |wanted| get(file).layer(Extension(wanted));
    Router::new()
        .route(
            addresses::CONTAINER_EXCHANGE,
            post(exchange).get(downloads::to_container),
        )
        .route(addresses::CONTAINER_SETUP, wanted(Wanted::Setup))
        .route(addresses::CONTAINER_UPDATE, wanted(Wanted::Update))
        .with_state(downloads.clone())
        .merge(files::at(
            &downloads,
            "/containers/{container}/exchange",
            post(exchange),
        ))
        .merge(files::at(
            &downloads,
            "/containers/{container}/setup",
            wanted(Wanted::Setup),
        ))
        .merge(files::at(
            &downloads,
            "/containers/{container}/update",
            wanted(Wanted::Update),
        ))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAX_PHOTO))
}

/// A file for the machine.
#[derive(Clone, Copy)]
enum Wanted {
    Setup,
    Update,
}

async fn file(
    State(downloads): State<Downloads>,
    Extension(wanted): Extension<Wanted>,
    Path(container): Path<String>,
    visitor: Visitor,
) -> Response {
    let work = async {
        let Portal { store, headless, .. } = &downloads.portal;
        let by = Writer::of(&visitor).await?.user;
        let id = downloads::id(&container)?;
        let ((name, text), kind) = match wanted {
            Wanted::Setup => (
                ops::licensing::devices::setup(store, &headless.url, by, id).await?,
                "application/json",
            ),
            Wanted::Update => (
                ops::licensing::devices::update(store, by, id).await?,
                "application/jwt",
            ),
        };
        Ok(File { name, text, kind })
    };
    let file = work.await;
    downloads.answer(&visitor, &container, file)
}

async fn exchange(
    State(downloads): State<Downloads>,
    Path(container): Path<String>,
    visitor: Visitor,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let by = Writer::of(&visitor).await?.user;
        let id: ContainerId = downloads::id(&container)?;
        // Nothing is read for who may not.
        ops::licensing::devices::expect(&portal.store, by, id).await?;
        let one = portal.limits.photo(by)?;
        let text = given(form.map_err(|_| ApiError::Malformed)?, one).await?;
        let url = &portal.headless.url;
        let exchanged = ops::licensing::devices::exchange(&portal.store, url, by, id, &text).await?;
        Ok::<_, ApiError>((id, exchanged))
    };
    match work.await {
        Ok((id, exchanged)) => {
            let what = match exchanged {
                Exchanged::Updated => "update",
                Exchanged::Confirmed => "receipt",
            };
            if visitor.is_program() {
                return Json(serde_json::json!({ "exchanged": what })).into_response();
            }
            Redirect::to(&format!("{}?exchanged={what}#exchange", addresses::container(id))).into_response()
        }
        Err(error) => downloads.refuse(&visitor, &container, &error),
    }
}

/// What the machine wrote: the file, if one was chosen, or else the text.
async fn given(mut form: Multipart, one: Held<UserId>) -> Result<String, ApiError> {
    let mut text = String::new();
    while let Some(field) = form.next_field().await.map_err(|_| ApiError::Malformed)? {
        let name = field.name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| ApiError::Malformed)?;
        match name.as_deref() {
            Some("file") if !bytes.is_empty() => return read(bytes, one).await,
            Some("text") => text = String::from_utf8_lossy(&bytes).into_owned(),
            _ => {}
        }
    }
    Ok(text)
}

async fn read(file: Bytes, one: Held<UserId>) -> Result<String, ApiError> {
    if !photos::is_picture(&file) {
        return String::from_utf8(file.into()).map_err(|_| Refusal::from(InvalidExchange::Unreadable).into());
    }
    // Who hangs up has a photo under way until it is read.
    let work = move || {
        let text = photos::text_in(&file);
        drop(one);
        text
    };
    let text = PHOTOS.run(work).await.map_err(OpError::from)?;
    Ok(text.ok_or(ApiError::Internal)?.map_err(Refusal::from)?)
}
