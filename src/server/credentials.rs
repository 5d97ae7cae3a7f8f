//! Credential files as downloads (S11): plain forms, whose answer is the file. It is shown this once: whoever loads the
//! address again gets to the page of the container.

use axum::{
    Extension, Router,
    extract::{Form, FromRef, Path, State, rejection::FormRejection},
    response::{Html, IntoResponse, Redirect, Response},
    routing::post,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::{Portal, failures::PAGE_POLICY, login};
use crate::{
    api::error::ApiError,
    domain::{
        access::Denied,
        credentials::InvalidCredential,
        ids::{ContainerId, CredentialId, UserId},
        refusals::Refusal,
    },
    ops::{
        self,
        credentials::{CredentialFile, Others},
    },
    ui::{app::Assets, pages::failure, session::language_of},
};

#[derive(Clone)]
struct Downloads {
    portal: Portal,
    assets: Assets,
}

impl FromRef<Downloads> for Portal {
    fn from_ref(downloads: &Downloads) -> Self {
        downloads.portal.clone()
    }
}

/// The routes.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    Router::new()
        .route(
            "/containers/{id}/credentials",
            post(issue).get(to_container).layer(Extension(Others::Stay)),
        )
        .route(
            "/containers/{id}/credentials/reset",
            post(issue).get(to_container).layer(Extension(Others::End)),
        )
        .route(
            "/containers/{id}/credentials/{credential}/rotate",
            post(rotate).get(to_container_of),
        )
        .with_state(Downloads { portal, assets })
}

async fn to_container(Path(id): Path<String>) -> Redirect {
    back(&id)
}

async fn to_container_of(Path((id, _)): Path<(String, String)>) -> Redirect {
    back(&id)
}

/// The page of the container; what is no id leads to a page that says that there is nothing.
fn back(id: &str) -> Redirect {
    let id = id.parse::<ContainerId>().map_or(0, |id| id.0);
    Redirect::to(&format!("/containers/{id}"))
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

fn id<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::Denied(Denied::Hidden))
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
        Ok(ops::credentials::issue(store, url, by, id(&container)?, new, others).await?)
    };
    answer(&downloads, &headers, &container, work.await)
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
        let credential: CredentialId = id(&credential)?;
        let (old, new) = (overlap(&form.overlap)?, days(&form.days)?);
        let (store, url) = (&portal.store, &portal.headless.url);
        Ok(ops::credentials::rotate(store, url, by, id(&container)?, credential, old, new).await?)
    };
    answer(&downloads, &headers, &container, work.await)
}

/// The file, or a page with the reason why there is none.
fn answer(
    downloads: &Downloads,
    headers: &HeaderMap,
    container: &str,
    made: Result<CredentialFile, ApiError>,
) -> Response {
    match made {
        Ok(file) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::CONTENT_DISPOSITION, attachment(&file.name)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (headers, file.text).into_response()
        }
        Err(ApiError::NotLoggedIn) => {
            let next = container.parse::<ContainerId>().map_or(0, |id| id.0);
            Redirect::to(&format!("/login?next=/containers/{next}")).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let page = failure::no_file(language_of(headers), &error, &downloads.assets);
            let policy = [(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)];
            (status, policy, Html(page)).into_response()
        }
    }
}

/// `Content-Disposition` for a download of that name (RFC 6266), in ASCII for old programs and in full (RFC 8187). What
/// file systems do not take is replaced.
fn attachment(name: &str) -> HeaderValue {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_control() || r#"/\:*?"<>|"#.contains(c) {
                '-'
            } else {
                c
            }
        })
        .collect();
    let name = name.trim_start_matches('.');
    // A percent sign is taken for an encoding by some programs.
    let plain: String = name
        .chars()
        .map(|c| {
            if (c.is_ascii_graphic() || c == ' ') && c != '%' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let full: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    // Nothing but ASCII stands in it.
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_whole() {
        let named = |name| attachment(name).to_str().map(str::to_owned).ok();
        assert_eq!(
            named("Build-ci.credential.json").as_deref(),
            Some(
                "attachment; filename=\"Build-ci.credential.json\"; filename*=UTF-8''Build-ci.credential.json"
            )
        );
        assert_eq!(
            named("../Büro \"1\"%\n").as_deref(),
            Some("attachment; filename=\"-B_ro -1-_-\"; filename*=UTF-8''-B%C3%BCro%20-1-%25-")
        );
    }
}
