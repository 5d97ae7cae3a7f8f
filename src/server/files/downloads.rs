//! Files as downloads: the page of a container offers them, and a plain form or link gets them.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{Form, FromRef, FromRequest, Path, Request},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{access::Denied, ids::ContainerId, refusals::Refusal};
use http::{HeaderValue, header};
use serde::de::DeserializeOwned;

use crate::{
    auth::{Visitor, portal::Portal},
    errors::ApiError,
    server::{failures::PAGE_POLICY, refusals, rest::administration},
    ui::shell::{assets::Assets, failure},
    views::addresses,
};

/// What the routes of downloads need.
#[derive(Clone)]
pub struct Downloads {
    /// The portal.
    pub portal: Portal,
    /// For the pages in the place of files.
    pub assets: Assets,
}

impl FromRef<Downloads> for Portal {
    fn from_ref(downloads: &Downloads) -> Self {
        downloads.portal.clone()
    }
}

/// What was sent as a form, or by programs as JSON.
pub struct Sent<T>(pub Result<T, ApiError>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        let sent = if is_json {
            Json::from_request(request, state)
                .await
                .map(|Json(sent)| sent)
                .ok()
        } else {
            Form::from_request(request, state)
                .await
                .map(|Form(sent)| sent)
                .ok()
        };
        Ok(Self(sent.ok_or(ApiError::Malformed)))
    }
}

/// A file for the person who asked.
pub struct File {
    /// What it may be called.
    pub name: String,
    /// What stands in it.
    pub text: String,
    /// Its media type.
    pub kind: &'static str,
}

/// Whoever loads the address of a form gets to the page that it stands in.
pub async fn to_container(Path(id): Path<String>) -> Redirect {
    back(&id)
}

/// The page of the container; what is no id leads to a page that says that there is nothing.
pub fn back(id: &str) -> Redirect {
    Redirect::to(&addresses::container(id.parse().unwrap_or(ContainerId(0))))
}

/// An id in an address; what is none is the id of nothing.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn id<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::Denied(Denied::Hidden))
}

impl Downloads {
    /// The file, or a page with the reason why there is none.
    pub fn answer(&self, visitor: &Visitor, container: &str, made: Result<File, ApiError>) -> Response {
        match made {
            Ok(file) => {
                let headers = [
                    (header::CONTENT_TYPE, HeaderValue::from_static(file.kind)),
                    (header::CONTENT_DISPOSITION, attachment(&file.name)),
                    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                ];
                (headers, file.text).into_response()
            }
            Err(error) => self.refuse(visitor, container, &error),
        }
    }

    /// A page that says what went wrong; whoever is not logged in is asked to do that first. Programs are told it as a problem.
    pub fn refuse(&self, visitor: &Visitor, container: &str, error: &ApiError) -> Response {
        if visitor.is_program() {
            return administration::problem(visitor.headers(), error).into_response();
        }
        if *error == ApiError::NotLoggedIn {
            let next = container.parse().unwrap_or(ContainerId(0));
            return Redirect::to(&format!(
                "{}?next={}",
                addresses::LOGIN,
                addresses::container(next)
            ))
            .into_response();
        }
        let (status, headers) = refusals::head(error);
        let page = failure::refused(visitor.language(), error, &self.assets);
        let policy = [(header::CONTENT_SECURITY_POLICY, PAGE_POLICY)];
        (status, headers, policy, Html(page)).into_response()
    }
}

/// The media type of tables.
pub const CSV: &str = "text/csv; charset=utf-8; header=present";

/// A file that always has that name. Nothing on the way keeps it.
pub fn named(name: &'static str, kind: &'static str, body: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
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
