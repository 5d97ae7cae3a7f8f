//! The cookie by which a browser is known in which somebody has logged in before.

use domain::ids::UserId;
use http::HeaderMap;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        headers::cookie,
        portal::Portal,
    },
    errors::ApiError,
    ops::accounts::known_devices,
};

/// How long a browser is known, in seconds: half a year.
const LIFE: u32 = 180 * 24 * 60 * 60;

const fn cookie_name(https: bool) -> &'static str {
    if https {
        "__Host-portal-device"
    } else {
        "portal-device"
    }
}

/// The name of the browser, where that person has logged in there before.
///
/// # Errors
/// Those of the database.
pub(crate) async fn of(
    portal: &Portal,
    headers: &HeaderMap,
    login: &str,
) -> Result<Option<String>, ApiError> {
    match cookie(headers, cookie_name(portal.https)) {
        Some(token) => Ok(known_devices::known(&portal.store, login, token).await?),
        None => Ok(None),
    }
}

/// That person has logged in in this browser.
///
/// # Errors
/// Those of the database.
pub(crate) async fn remember(portal: &Portal, user: UserId) -> Result<(), ApiError> {
    let Some(token) = known_devices::remember(&portal.store, user).await? else {
        return Ok(());
    };
    let (name, secure) = (cookie_name(portal.https), secure(portal));
    set_cookie(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFE}{secure}"
    ))
}
