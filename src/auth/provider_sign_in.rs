//! Signing in by an identity provider: the browser goes there and comes back, each time by a link, so that no form leads out of the
//! portal.

use domain::{
    accounts::identity_providers::{FailedSignIn, PENDING_LIFE},
    ids::IdentityProviderId,
    refusals::Refusal,
};
use http::HeaderMap;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::{own_login::OwnLogin, reauthenticated::Reauthenticated, visitor::Visitor},
        headers::cookie,
        outcomes,
        portal::Portal,
        second_factor::ask_for_code,
        sessions,
    },
    errors::ApiError,
    metrics::{LoginOutcome, LoginWay},
    ops::{
        self,
        accounts::{
            identity_providers::{
                links,
                protocol::Returned,
                sign_in::{self, ByProvider, CameBack},
            },
            second_factors::First,
            sessions::Origin,
        },
    },
    views::addresses,
};

/// Like that of the login's own cookie, with the same prefix where TLS ends in front.
const fn cookie_name(https: bool) -> &'static str {
    if https {
        "__Host-portal-sign-in"
    } else {
        "portal-sign-in"
    }
}

fn keep(portal: &Portal, token: &str) -> Result<(), ApiError> {
    let (name, age, secure) = (cookie_name(portal.https), PENDING_LIFE.as_secs(), secure(portal));
    // Not strict: the provider's page leads back, and the cookie has to come along.
    set_cookie(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))
}

fn forget(portal: &Portal) -> Result<(), ApiError> {
    let (name, secure) = (cookie_name(portal.https), secure(portal));
    set_cookie(&format!(
        "{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
    ))
}

fn kept(portal: &Portal, headers: &HeaderMap) -> Result<String, ApiError> {
    let token = cookie(headers, cookie_name(portal.https)).ok_or(Refusal::from(FailedSignIn::Expired))?;
    Ok(token.to_owned())
}

/// Where to send somebody who wants to be signed in by that provider, and to be shown `next` then.
///
/// # Errors
/// [`FailedSignIn`]; [`ApiError::TooMany`].
pub async fn begin(
    visitor: &Visitor,
    provider: IdentityProviderId,
    end_other: bool,
    next: &str,
) -> Result<String, ApiError> {
    let portal = &visitor.portal;
    portal.limits.sign_in(visitor.address())?;
    let url = &portal.headless.url;
    let begun = sign_in::begin(&portal.store, &portal.providers, url, provider, end_other, next).await;
    let (token, address) = begun?;
    keep(portal, &token)?;
    Ok(address)
}

/// Somebody gives their password to have their account linked to that provider: their browser may go there.
///
/// # Errors
/// Those of [`Reauthenticated`]; [`FailedSignIn`].
pub async fn allow_linking(provider: IdentityProviderId, present: String) -> Result<(), ApiError> {
    let Reauthenticated { portal, by } = Reauthenticated::of_browser(present).await?;
    let token = links::begin(&portal.store, &by, provider).await?;
    keep(&portal, &token)
}

/// Where to send somebody who may link their account, see [`allow_linking`].
///
/// # Errors
/// [`FailedSignIn`]; [`ApiError::TooMany`]; [`ApiError::NotLoggedIn`].
pub async fn begin_linking(visitor: &Visitor, provider: IdentityProviderId) -> Result<String, ApiError> {
    let OwnLogin { portal, .. } = OwnLogin::of(visitor).await?;
    portal.limits.sign_in(visitor.address())?;
    let token = kept(&portal, visitor.headers())?;
    let url = &portal.headless.url;
    Ok(sign_in::begin_linking(&portal.store, &portal.providers, url, provider, &token).await?)
}

/// Somebody came back, and where they go on.
pub enum Arrived {
    /// They are signed in, or asked for their second factor.
    SignedIn(Result<String, ApiError>),
    /// Their account is linked.
    Linked(Result<(), ApiError>),
}

/// Somebody comes back from a provider.
pub async fn come_back(visitor: &Visitor, provider: IdentityProviderId, returned: &Returned) -> Arrived {
    match arrive(visitor, provider, returned).await {
        Ok(back) => match back.pending.links {
            Some(of) => Arrived::Linked(link(visitor, &back, of).await),
            None => {
                let done = enter(visitor, &back).await;
                let outcome = done.as_ref().map(|(outcome, _)| *outcome);
                outcomes::count(LoginWay::Provider, outcome);
                Arrived::SignedIn(done.map(|(_, next)| next))
            }
        },
        // Who is logged in came from the page of their links.
        Err(error) => match visitor.session().await {
            Ok(Some(_)) => Arrived::Linked(Err(error)),
            _ => {
                outcomes::count(LoginWay::Provider, Err(&error));
                Arrived::SignedIn(Err(error))
            }
        },
    }
}

async fn arrive(
    visitor: &Visitor,
    provider: IdentityProviderId,
    returned: &Returned,
) -> Result<CameBack, ApiError> {
    let portal = &visitor.portal;
    portal.limits.sign_in(visitor.address())?;
    let token = kept(portal, visitor.headers())?;
    let url = &portal.headless.url;
    let back = sign_in::come_back(&portal.store, &portal.providers, url, provider, &token, returned).await?;
    forget(portal)?;
    Ok(back)
}

async fn link(
    visitor: &Visitor,
    back: &CameBack,
    of: (domain::ids::UserId, domain::ids::SessionId),
) -> Result<(), ApiError> {
    let OwnLogin { portal, session } = OwnLogin::of(visitor).await?;
    if (session.user, session.id) != of {
        return Err(Refusal::from(FailedSignIn::Expired).into());
    }
    Ok(links::finish(&portal.store, back, of).await?)
}

/// Begins the session of who came back. Yields where they go on.
async fn enter(visitor: &Visitor, back: &CameBack) -> Result<(LoginOutcome, String), ApiError> {
    let portal = &visitor.portal;
    let user = sign_in::account_of(&portal.store, &portal.vendor, back).await?;
    let by = ByProvider(back.identity.clone());
    let given = Origin {
        provider: Some(by.clone()),
        ..Origin::default()
    };
    let (end_other, next) = (back.pending.end_other, back.pending.next.as_str());
    match sessions::begin(portal, visitor.parts(), user, given, end_other).await {
        Ok(()) => Ok((LoginOutcome::Begun, next.to_owned())),
        Err(ApiError::Refused(Refusal::CodeNeeded)) => {
            let to = ask_for_code(portal, user, First::Provider(&by), next, end_other).await?;
            Ok((LoginOutcome::CodeNeeded, to))
        }
        Err(error) => Err(error),
    }
}

/// Where somebody who has logged out here can log out at the provider that had signed them in; the login page where there is no such
/// place.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails.
pub async fn log_out_there(portal: &Portal, provider: IdentityProviderId) -> Result<String, ApiError> {
    let back = format!("{}{}", portal.headless.url, addresses::LOGIN);
    let address =
        ops::accounts::identity_providers::log_out_address(&portal.store, &portal.providers, provider, &back)
            .await?;
    Ok(address.unwrap_or_else(|| addresses::LOGIN.to_owned()))
}
