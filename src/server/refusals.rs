//! How every answer begins that tells an error: its status, and when to come again.

use http::{HeaderMap, StatusCode, header};

use crate::errors::ApiError;

/// The status of an error, with `Retry-After` where time alone helps.
pub fn head(error: &ApiError) -> (StatusCode, HeaderMap) {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    if let Some(seconds) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    (status, headers)
}
