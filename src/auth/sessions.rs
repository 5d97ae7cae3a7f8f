//! Login sessions of browsers: a random token in an HttpOnly, SameSite cookie, its SHA-256 in the database
//! (ASVS 5.0, 7.2).

use domain::{
    accounts::sessions::{LIFETIME, Session},
    ids::{IdentityProviderId, UserId},
    refusals::Refusal,
};
use http::{HeaderMap, request::Parts};

use crate::{
    auth::{
        answers::{secure, set_cookie},
        headers::{address, browser, cookie, language_of},
        known_device,
        portal::Portal,
    },
    errors::ApiError,
    ops::{OpError, accounts::sessions::Origin, tokens},
};

/// With TLS in front, the prefix makes browsers refuse the cookie from anywhere but this very host.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-portal" } else { "portal" }
}

fn own_hash(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    cookie(headers, cookie_name(portal.https)).map(tokens::hash)
}

/// Whether a browser brings the mark of a login, whatever that is worth.
#[must_use]
pub fn brings_mark(headers: &HeaderMap) -> bool {
    [true, false]
        .into_iter()
        .any(|https| cookie(headers, cookie_name(https)).is_some())
}

/// What tells one who asks from another, before it is known whether it is any good: the hash of the cookie, or of the
/// header of a program.
#[must_use]
pub fn credential(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    let of_program = || {
        let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
        Some(tokens::hash(value))
    };
    own_hash(portal, headers).or_else(of_program)
}

/// The login that these headers belong to.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails.
pub async fn session_of(portal: &Portal, headers: &HeaderMap) -> Result<Option<Session>, ApiError> {
    match own_hash(portal, headers) {
        Some(hash) => Ok(portal.sessions.running(&hash).await?),
        None => Ok(None),
    }
}

/// Begins a session in the browser of the request, by the credentials that were given.
///
/// # Errors
/// [`ApiError::WrongLogin`] when the password is another one by now; those of
/// [`Sessions::begin`](crate::ops::accounts::sessions::Sessions::begin).
pub(crate) async fn begin(
    portal: &Portal,
    parts: &Parts,
    user: UserId,
    given: Origin,
    end_other: bool,
) -> Result<(), ApiError> {
    // A new token at each login (ASVS 7.2.4); whoever planted an old one gains nothing.
    let name = cookie_name(portal.https);
    let token = tokens::fresh(&portal.store.sources);
    let origin = Origin {
        address: address(portal, parts).to_string(),
        browser: browser(&parts.headers),
        language: Some(language_of(&parts.headers).tag()),
        token_hash: own_hash(portal, &parts.headers),
        ..given
    };
    let hash = tokens::hash(&token);
    match portal.sessions.begin(user, &hash, &origin, end_other).await {
        Err(OpError::Refused(Refusal::WrongPassword)) => return Err(ApiError::WrongLogin),
        begun => begun?,
    }
    tracing::info!(user = user.0, "logged in");
    let (age, secure) = (LIFETIME.as_secs(), secure(portal));
    set_cookie(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))?;
    known_device::remember(portal, user).await
}

/// Ends the session of the browser, where there is one. Returns which provider had signed its user in.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails.
pub(crate) async fn end(
    portal: &Portal,
    headers: &HeaderMap,
) -> Result<Option<IdentityProviderId>, ApiError> {
    let name = cookie_name(portal.https);
    let provider = match own_hash(portal, headers) {
        Some(hash) => portal.sessions.log_out(&hash).await?,
        None => None,
    };
    let secure = secure(portal);
    set_cookie(&format!(
        "{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
    ))?;
    Ok(provider)
}
