//! Files in and out as plain forms and links: an upload, which goes to the disk as it comes, and downloads of everything.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    sync::Arc,
    time::Duration,
};

use axum::{
    Extension, Json, Router,
    body::{Body, Bytes},
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::instance::imports::{MAX_UPLOAD, Noun};
use http::{HeaderValue, StatusCode, header};
use tokio::{
    io::AsyncWriteExt,
    sync::{Semaphore, mpsc},
};
use tokio_stream::wrappers::ReceiverStream;
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    ops::instance::{imports::Imports, organisation::Format},
    server::{
        files::downloads::{self, Downloads},
        rest::administration::files,
    },
    ui::shell::assets::Assets,
    views::addresses,
};

/// The form around a file, in bytes.
const FORM: u64 = 64 * 1024;
/// Files that are taken at the same time.
const UPLOADS: usize = 2;
/// Longest time that a file may take to come.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// How much of a file is sent at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The routes, with limits of size and time of their own.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let limit = usize::try_from(MAX_UPLOAD + FORM).unwrap_or(usize::MAX);
    let downloads = Downloads { portal, assets };
    Router::new()
        .route(
            addresses::UPLOAD,
            post(upload).get(|| async { Redirect::to(addresses::IMPORTS) }),
        )
        .with_state(downloads.clone())
        .merge(files::at(&downloads, "/imports", post(upload)))
        .layer(Extension(Arc::new(Semaphore::new(UPLOADS))))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limit))
        .merge(
            Router::new()
                .route(addresses::EXPORT, get(download))
                .with_state(downloads.clone()),
        )
        .merge(files::at(&downloads, "/exports/{file}", get(download)))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            UPLOAD_TIMEOUT,
        ))
}

/// Why no file was taken.
enum NotTaken {
    /// For a reason that has words.
    Api(ApiError),
    /// With that status: too large, or broken off.
    Status(StatusCode),
}

impl From<ApiError> for NotTaken {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for NotTaken {
    fn from(error: io::Error) -> Self {
        tracing::error!(%error, "an upload cannot be kept");
        Self::Api(ApiError::Internal)
    }
}

fn refused(downloads: &Downloads, visitor: &Visitor, error: &ApiError) -> Response {
    if *error == ApiError::NotLoggedIn {
        return Redirect::to(&format!("{}?next={}", addresses::LOGIN, addresses::IMPORTS)).into_response();
    }
    downloads.refuse(visitor, "", error)
}

async fn upload(
    State(downloads): State<Downloads>,
    Extension(uploads): Extension<Arc<Semaphore>>,
    visitor: Visitor,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let by = Writer::of(&visitor).await?.user;
        // Nothing is taken in vain.
        portal.imports.expect(by).await.map_err(ApiError::from)?;
        let _turn = uploads.acquire().await.map_err(|_| ApiError::Unreachable)?;
        let (name, file) = taken(form.map_err(|_| ApiError::Malformed)?).await?;
        let id = portal.imports.take(by, &name, file.into()).await;
        Ok::<_, NotTaken>(id.map_err(ApiError::from)?)
    };
    match work.await {
        Ok(id) if visitor.is_program() => {
            let at = [(header::LOCATION, format!("/api/v1/imports/{id}"))];
            (StatusCode::CREATED, at, Json(serde_json::json!({ "id": id }))).into_response()
        }
        Ok(id) => Redirect::to(&addresses::import(id)).into_response(),
        Err(NotTaken::Api(error)) => refused(&downloads, &visitor, &error),
        Err(NotTaken::Status(status)) => status.into_response(),
    }
}

/// The file, on the disk and without a name there: it is gone with the last who has it open.
async fn taken(mut form: Multipart) -> Result<(String, File), NotTaken> {
    let broken = |error: axum::extract::multipart::MultipartError| NotTaken::Status(error.status());
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        return Ok((name, file.into_std().await));
    }
    Err(ApiError::Malformed.into())
}

/// What a file of that name has in it.
fn format_of(name: &str) -> Option<Format> {
    match name.rsplit_once('.')? {
        ("organisation", "json") => Some(Format::Json),
        (noun, "csv") => noun.parse::<Noun>().ok().map(Format::Table),
        _ => None,
    }
}

async fn download(
    State(downloads): State<Downloads>,
    Path(name): Path<String>,
    visitor: Visitor,
) -> Response {
    let begin = async {
        let by = Writer::of(&visitor).await?.user;
        downloads.portal.imports.permit(by).await?;
        let format = format_of(&name).ok_or(ApiError::HIDDEN)?;
        Ok::<_, ApiError>((by, format, downloads.portal.limits.export(by)?))
    };
    let (by, format, one) = match begin.await {
        Ok(begin) => begin,
        Err(error) => return refused(&downloads, &visitor, &error),
    };
    let (to, chunks) = mpsc::channel(2);
    let imports = downloads.portal.imports.clone();
    tokio::spawn(async move {
        let sent = async {
            let file = tempfile::tempfile()?;
            // As a whole first: a slow line would hold a state of the database for as long as it takes.
            write(&imports, by, format, file.try_clone()?).await?;
            let to = to.clone();
            // Who reads slowly has a file under way until the end of it, and a thread with it. Free again before they see the end.
            let work = move || {
                let sent = send(file, &to);
                drop(one);
                sent
            };
            tokio::task::spawn_blocking(work).await?
        };
        if let Err(error) = sent.await {
            tracing::warn!(%error, "an export ended early");
            // The file ends in the middle, and the browser says so.
            let _ = to.send(Err(error)).await;
        }
    });
    let kind = match format {
        Format::Json => "application/json",
        Format::Table(_) => downloads::CSV,
    };
    let attachment = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CONTENT_DISPOSITION,
            attachment.unwrap_or(HeaderValue::from_static("attachment")),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(ReceiverStream::new(chunks))).into_response()
}

async fn write(imports: &Imports, by: domain::ids::UserId, format: Format, file: File) -> io::Result<()> {
    imports.export(by, format, file).await.map_err(io::Error::other)
}

fn send(mut file: File, to: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    loop {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk)?;
        chunk.truncate(read);
        if read == 0 || to.blocking_send(Ok(chunk.into())).is_err() {
            return Ok(());
        }
    }
}
