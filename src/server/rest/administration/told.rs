//! How programs are told what went wrong.

use http::HeaderMap;

use crate::{
    auth::headers::language_of,
    errors::ApiError,
    server::rest::problems::{self, Problem},
};

/// What a server function has no answer for, as a problem.
pub fn problem(headers: &HeaderMap, error: &ApiError) -> Problem {
    let kind = match (error, error.status()) {
        (ApiError::Internal, _) => return Problem::plain(problems::INTERNAL),
        (ApiError::TooMany { seconds }, _) => return Problem::too_many(*seconds),
        (_, 401) => problems::UNAUTHORIZED,
        (_, 403) => problems::DENIED,
        (_, 404) => return Problem::plain(problems::NOT_FOUND),
        (_, 409) => problems::CONFLICT,
        (_, 422) => problems::INVALID_REQUEST,
        (_, 503) => problems::UNAVAILABLE,
        _ => problems::MALFORMED_REQUEST,
    };
    let problem = Problem::new(kind, crate::errors::words::explain(language_of(headers), error));
    match (error, error.retry_after()) {
        (ApiError::Refused(refusal), _) => problem.refused(refusal.clone()),
        (_, Some(seconds)) => problem.after(seconds),
        _ => problem,
    }
}
