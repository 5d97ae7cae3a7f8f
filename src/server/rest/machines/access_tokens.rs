//! `POST /oauth/token`: an access token for a signed assertion (RFC 6749, RFC 7523).

use axum::{
    Json,
    extract::{Form, Request, State, rejection::FormRejection},
    response::{IntoResponse, Response},
};
use domain::time::Seconds;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::{headers::address, portal::Portal},
    ops::licensing::access_tokens::{self, LIFETIME},
    server::rest::problems::{Problem, ProblemDetails},
};

const GRANT: &str = "client_credentials";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What is sent.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    /// `client_credentials`
    #[schema(value_type = String, required = true, pattern = "^client_credentials$", example = "client_credentials")]
    grant_type: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`
    #[schema(
        value_type = String,
        required = true,
        pattern = "^urn:ietf:params:oauth:client-assertion-type:jwt-bearer$",
        example = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    )]
    client_assertion_type: Option<String>,
    /// A JWT signed with the key of the credential file: `iss` and `sub` are its `key_id`, `aud` is this address, `exp` is at
    /// most 300 s after `iat`, and each `jti` works once.
    #[schema(value_type = String, required = true)]
    client_assertion: Option<String>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// To be sent as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`
    token_type: &'static str,
    /// For how many seconds it is good.
    #[schema(example = 600)]
    expires_in: Seconds,
}

/// An error of OAuth 2.0 (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenError {
    /// `invalid_request`, `unsupported_grant_type` or `invalid_client`.
    #[schema(example = "invalid_client")]
    error: &'static str,
    /// The error in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'static str>,
}

fn invalid(error: &'static str, description: &'static str) -> Response {
    let answer = TokenError {
        error,
        error_description: Some(description),
    };
    (StatusCode::BAD_REQUEST, Json(answer)).into_response()
}

/// Get an access token
///
/// The machine signs an assertion with the key of its credential file. What is wrong with an assertion that is not accepted
/// is not told.
#[utoipa::path(
    post,
    path = "/oauth/token",
    tag = "Access",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "An access token", body = TokenAnswer),
        (status = 400, description = "Something is missing", body = TokenError),
        (status = 401, description = "The assertion or its credential is not accepted", body = TokenError),
        (status = 413, description = "`too-large`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported-media-type`: it is not sent as a form", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "`too-many-requests`: try again after `Retry-After` seconds", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 500, description = "`internal-error`", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub async fn token(
    State(portal): State<Portal>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Response {
    let form = match form {
        Ok(Form(form)) => form,
        // The layers around have words for these.
        Err(rejection)
            if matches!(
                rejection.status(),
                StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE
            ) =>
        {
            return rejection.status().into_response();
        }
        Err(_) => return invalid("invalid_request", "The form cannot be read."),
    };
    match form.grant_type.as_deref() {
        None => return invalid("invalid_request", "grant_type is missing."),
        Some(GRANT) => {}
        Some(_) => return invalid("unsupported_grant_type", "grant_type must be client_credentials."),
    }
    if form.client_assertion_type.as_deref() != Some(ASSERTION) {
        let why = "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.";
        return invalid("invalid_request", why);
    }
    let Some(assertion) = form.client_assertion else {
        return invalid("invalid_request", "client_assertion is missing.");
    };
    match access_tokens::issue(&portal.store, &portal.headless, &assertion).await {
        Ok(Some(access_token)) => Json(TokenAnswer {
            access_token,
            token_type: "Bearer",
            expires_in: LIFETIME.into(),
        })
        .into_response(),
        Ok(None) => {
            tracing::info!("an assertion was refused");
            let answer = TokenError {
                error: "invalid_client",
                error_description: None,
            };
            (StatusCode::UNAUTHORIZED, Json(answer)).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Counts a request for a token, before anything of it is looked at.
pub async fn limited(
    State(portal): State<Portal>,
    request: Request,
    next: axum::middleware::Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match portal.limits.access_token(address(&portal, &parts)) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(seconds) => Problem::too_many(seconds).into_response(),
    }
}
