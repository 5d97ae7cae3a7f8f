//! The second step of a login, where the account has a second factor (ASVS 5.0, 6.3.3).

use domain::{
    accounts::second_factors::{Code, PENDING_LIFE},
    ids::UserId,
    refusals::Refusal,
};
use http::HeaderMap;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::visitor::Visitor,
        headers::cookie,
        outcomes,
        portal::Portal,
        sessions::begin,
    },
    errors::ApiError,
    metrics::{LoginOutcome, LoginWay},
    ops::{
        self,
        accounts::{second_factors::First, sessions::Origin},
    },
    views::addresses,
};

/// Like that of the login's own cookie, with the same prefix where TLS ends in front.
const fn cookie_name(https: bool) -> &'static str {
    if https {
        "__Host-portal-code"
    } else {
        "portal-code"
    }
}

/// The right password was given, or a provider signed somebody in: the browser gets the mark of who waits for the code. Returns
/// the address of the page that asks for it.
///
/// # Errors
/// [`ApiError::WrongLogin`] when the password is another one by now.
pub(crate) async fn ask_for_code(
    portal: &Portal,
    user: UserId,
    first: First<'_>,
    next: &str,
    end_other: bool,
) -> Result<String, ApiError> {
    let token = ops::accounts::second_factors::wait(&portal.store, user, first).await?;
    let token = token.ok_or(ApiError::WrongLogin)?;
    let name = cookie_name(portal.https);
    let (age, secure) = (PENDING_LIFE.as_secs(), secure(portal));
    set_cookie(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))?;
    Ok(addresses::code_address(next, end_other))
}

/// Whose login waits for a code in the browser of this request.
async fn waiting(portal: &Portal, headers: &HeaderMap) -> Result<UserId, ApiError> {
    let token = cookie(headers, cookie_name(portal.https)).ok_or(Refusal::LoginExpired)?;
    Ok(ops::accounts::second_factors::waiting(&portal.store, token).await?)
}

/// Begins the session that was waiting for its code, and goes to the start page.
///
/// # Errors
/// [`Refusal::LoginExpired`]; [`Refusal::WrongCode`]; [`Refusal::LoggedInAlready`]; [`ApiError::TooMany`].
pub async fn log_in_with_code(code: &str, end_other: bool) -> Result<(), ApiError> {
    let done = enter(code, end_other).await;
    let outcome = done.as_ref().map(|()| LoginOutcome::Begun);
    outcomes::count(LoginWay::Code, outcome);
    done
}

async fn enter(code: &str, end_other: bool) -> Result<(), ApiError> {
    let visitor = Visitor::of_request()?;
    let portal = &visitor.portal;
    let user = waiting(portal, visitor.headers()).await?;
    portal
        .limits
        .second_factor(user, visitor.address(), &Code::read(code))?;
    let given = Origin {
        code: Some(code.to_owned()),
        ..Origin::default()
    };
    begin(portal, visitor.parts(), user, given, end_other).await?;
    let name = cookie_name(portal.https);
    let secure = secure(portal);
    set_cookie(&format!(
        "{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
    ))?;
    leptos_axum::redirect(addresses::HOME);
    Ok(())
}
