//! Logging in and out.

use domain::{
    accounts::{Login, MAX_PASSWORD},
    refusals::Refusal,
};

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::visitor::Visitor,
        headers::{TYPED_LOGIN_COOKIE, asks_for_page},
        known_device, outcomes, second_factor, sessions,
    },
    errors::ApiError,
    metrics::{LoginOutcome, LoginWay},
    ops::{
        self,
        accounts::{second_factors::First, sessions::Origin},
    },
    views::addresses,
};

/// Checks login and password, begins a session and goes to the start page; where the account has a second factor, to
/// the page that asks for it. With `end_other`, another login of the account whose tab is gone ends.
///
/// # Errors
/// [`ApiError::WrongLogin`]; [`ApiError::TooMany`]; [`Refusal::LoggedInAlready`].
pub async fn log_in(login: &str, password: &str, end_other: bool) -> Result<(), ApiError> {
    let done = enter(login, password, end_other).await;
    outcomes::count(LoginWay::Password, done.as_ref().copied());
    done.map(drop)
}

async fn enter(login: &str, password: &str, end_other: bool) -> Result<LoginOutcome, ApiError> {
    let visitor = Visitor::of_request()?;
    let portal = &visitor.portal;
    let device = known_device::of(portal, visitor.headers(), login).await?;
    portal.limits.login(visitor.address(), login, device.as_deref())?;
    if password.len() > MAX_PASSWORD {
        return Err(ApiError::WrongLogin);
    }
    let Some((user, hash)) = ops::accounts::people::authenticate(&portal.store, login, password).await?
    else {
        tracing::info!("a login was refused");
        keep_login(&visitor, login)?;
        return Err(ApiError::WrongLogin);
    };
    let given = Origin {
        password_hash: Some(hash.clone()),
        ..Origin::default()
    };
    match sessions::begin(portal, visitor.parts(), user, given, end_other).await {
        Ok(()) => {
            leptos_axum::redirect(addresses::HOME);
            Ok(LoginOutcome::Begun)
        }
        Err(ApiError::Refused(Refusal::CodeNeeded)) => {
            let first = First::Password(&hash);
            let to = second_factor::ask_for_code(portal, user, first, addresses::HOME, end_other).await?;
            leptos_axum::redirect(&to);
            Ok(LoginOutcome::CodeNeeded)
        }
        Err(error) => {
            keep_login(&visitor, login)?;
            Err(error)
        }
    }
}

/// The login page shows again what was typed as login.
fn keep_login(visitor: &Visitor, login: &str) -> Result<(), ApiError> {
    // Other programs know what they sent.
    let asks = asks_for_page(visitor.headers());
    let typed: Option<Login> = login.parse().ok().filter(|_| asks);
    match typed.filter(|login| login.as_str().is_ascii()) {
        Some(login) => set_cookie(&format!(
            "{TYPED_LOGIN_COOKIE}={login}; Path={}; HttpOnly; SameSite=Strict; Max-Age=60{}",
            addresses::LOGIN,
            secure(&visitor.portal)
        )),
        None => Ok(()),
    }
}

/// Ends the session and goes to the login page.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails.
pub async fn log_out() -> Result<(), ApiError> {
    let visitor = Visitor::of_request()?;
    let provider = sessions::end(&visitor.portal, visitor.headers()).await?;
    match provider {
        Some(provider) => leptos_axum::redirect(&addresses::signed_in_by(provider)),
        None => leptos_axum::redirect(addresses::LOGIN),
    }
    Ok(())
}
