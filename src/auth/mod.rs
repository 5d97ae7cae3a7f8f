//! Login sessions of browsers: a random token in an HttpOnly, SameSite cookie, its SHA-256 in the database
//! (ASVS 5.0, 7.2).

pub mod caller;
pub mod codes;
pub mod forgotten;
pub mod headers;
pub mod impersonation;
pub mod limits;
pub mod portal;
pub mod second_factor;

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use domain::{
    accounts::{
        self, Login,
        sessions::{LIFETIME, RequiredAction, Session},
    },
    ids::{SessionId, UserId},
    refusals::Refusal,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::{
    auth::{
        headers::{TYPED_LOGIN_COOKIE, asks_for_page, cookie, language_of},
        portal::Portal,
    },
    errors::ApiError,
    i18n::{LANGUAGE_COOKIE, Language},
    ops::{
        self, OpError,
        accounts::{personal_tokens::Bearer, sessions::Origin},
        tokens,
    },
    views::{accounts::sessions::Me, addresses},
};

pub use crate::auth::{
    caller::Caller,
    codes::{language, mail_codes},
    forgotten::{forgot_password, password_link, use_password_link},
    second_factor::log_in_with_code,
};

/// Longest password that is looked at, in bytes.
const MAX_PASSWORD: usize = accounts::MAX_PASSWORD;

/// The portal of this request.
///
/// # Errors
/// [`ApiError::Internal`] outside a request: a defect.
pub fn portal() -> Result<Portal, ApiError> {
    use_context::<Portal>().ok_or(ApiError::Internal)
}

fn parts() -> Result<Parts, ApiError> {
    use_context::<Parts>().ok_or(ApiError::Internal)
}

/// With TLS in front, the prefix makes browsers refuse the cookie from anywhere but this very host.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-portal" } else { "portal" }
}

fn own_hash(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    cookie(headers, cookie_name(portal.https)).map(tokens::hash)
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

/// Who is logged in with these headers, as they see themselves, or as whom they look at the portal.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails; [`Refusal::ViewOver`].
pub async fn me_of(portal: &Portal, headers: &HeaderMap) -> Result<Option<Me>, ApiError> {
    let Some(own) = session_of(portal, headers).await? else {
        return Ok(None);
    };
    let (portal, session) = impersonation::through(portal, own).await?;
    let account = ops::accounts::people::account(&portal.store, session.user).await?;
    let me = Me::from(account);
    Ok(Some(match session.view {
        None => me,
        // What the other person has yet to do is not for who looks.
        Some(view) => Me {
            required_action: None,
            impersonated_until: Some(view.until),
            ..me
        },
    }))
}

/// Who is logged in, in this request.
///
/// # Errors
/// As [`me_of`].
pub async fn current() -> Result<Option<Me>, ApiError> {
    me_of(&portal()?, &parts()?.headers).await
}

/// The portal, and the login of this request with its own user, whomever they look as.
///
/// # Errors
/// [`ApiError::NotLoggedIn`].
pub async fn own_session() -> Result<(Portal, Session), ApiError> {
    let portal = portal()?;
    let session = session_of(&portal, &parts()?.headers).await?;
    Ok((portal, session.ok_or(ApiError::NotLoggedIn)?))
}

/// The portal as the login sees it, and the login of this request as that of whom it looks as.
async fn seen_session() -> Result<(Portal, Session), ApiError> {
    let (portal, session) = own_session().await?;
    impersonation::through(&portal, session).await
}

/// The portal, and the login of this request, even where its user has something else to do first. Not for who looks as
/// another person.
///
/// # Errors
/// [`ApiError::NotLoggedIn`]; [`Refusal::ViewingAs`]; [`Refusal::ViewOver`].
pub async fn any_session() -> Result<(Portal, Session), ApiError> {
    let (portal, session) = seen_session().await?;
    match session.view {
        None => Ok((portal, session)),
        Some(_) => Err(Refusal::ViewingAs.into()),
    }
}

/// The portal, and the login of this request.
///
/// # Errors
/// [`ApiError::NotLoggedIn`]; [`Refusal::PasswordTemporary`]; [`Refusal::SecondFactorDemanded`]; those of a view as another
/// person, as [`any_session`].
pub async fn required_session() -> Result<(Portal, Session), ApiError> {
    let (portal, session) = any_session().await?;
    Ok((portal, without_required_action(session)?))
}

/// The login, unless its user has something else to do first.
fn without_required_action(session: Session) -> Result<Session, ApiError> {
    match session.required_action {
        None => Ok(session),
        // A generated password is good for one thing only: to be replaced (S17).
        Some(RequiredAction::ReplacePassword) => Err(Refusal::PasswordTemporary.into()),
        Some(RequiredAction::AddSecondFactor) => Err(Refusal::SecondFactorDemanded.into()),
    }
}

/// The portal, and who is logged in, or whose program shows an access token.
///
/// # Errors
/// As [`required_session`].
pub async fn required() -> Result<(Portal, UserId), ApiError> {
    // What a token is good for was judged by the route.
    if let Some(bearer) = use_context::<Bearer>() {
        return Ok((portal()?, bearer.user));
    }
    let (portal, session) = required_session().await?;
    Ok((portal, session.user))
}

/// The same for what only reads, and tells no secrets: it is also for who looks as another person (N16).
///
/// # Errors
/// As [`required`], but not [`Refusal::ViewingAs`].
pub async fn reading() -> Result<(Portal, UserId), ApiError> {
    if let Some(bearer) = use_context::<Bearer>() {
        return Ok((portal()?, bearer.user));
    }
    let (portal, session) = seen_session().await?;
    Ok((portal, without_required_action(session)?.user))
}

/// The same, with the login itself where there is one.
///
/// # Errors
/// As [`reading`].
pub async fn reading_here() -> Result<(Portal, UserId, Option<SessionId>), ApiError> {
    let (portal, user) = reading().await?;
    let own = session_of(&portal, &parts()?.headers).await?;
    Ok((portal, user, own.map(|own| own.id)))
}

fn set_cookie(value: &str) -> Result<(), ApiError> {
    let options = use_context::<ResponseOptions>().ok_or(ApiError::Internal)?;
    options.append_header(
        header::SET_COOKIE,
        HeaderValue::from_str(value).map_err(|_| ApiError::Malformed)?,
    );
    Ok(())
}

/// The address that a request came from, as far as it can be known; empty where it cannot.
pub(crate) fn address(portal: &Portal, parts: &Parts) -> String {
    let forwarded = || {
        parts
            .headers
            .get("x-forwarded-for")?
            .to_str()
            .ok()?
            .rsplit(',')
            .next()
    };
    if let Some(address) = portal.behind_proxy.then(forwarded).flatten() {
        return address.trim().to_owned();
    }
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or_else(String::new, |info| info.0.ip().to_string())
}

/// The browser in a few words: "Firefox 142, Windows".
fn browser(headers: &HeaderMap) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        // Of Safari, the version stands elsewhere.
        ("Version/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let named = BROWSERS.iter().find_map(|(token, name)| {
        let version: String = agent
            .split_once(token)?
            .1
            .chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect();
        Some(format!("{name} {version}"))
    });
    let system = SYSTEMS
        .iter()
        .find_map(|(token, name)| agent.contains(token).then_some(*name));
    match (named, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser,
        // A program, then: by the name it gives itself.
        (None, _) => agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect(),
    }
}

/// Checks login and password, begins a session and goes to the page `next`; where the account has a second factor, to
/// the page that asks for it. With `end_other`, another login of the account whose tab is gone ends.
///
/// # Errors
/// [`ApiError::WrongLogin`]; [`ApiError::TooMany`]; [`Refusal::LoggedInAlready`].
pub async fn log_in(login: &str, password: &str, end_other: bool) -> Result<(), ApiError> {
    let (portal, parts) = (portal()?, parts()?);
    portal.limits.login(&address(&portal, &parts), login)?;
    if password.len() > MAX_PASSWORD {
        return Err(ApiError::WrongLogin);
    }
    let Some((user, hash)) = ops::accounts::people::authenticate(&portal.store, login, password).await?
    else {
        tracing::info!("a login was refused");
        keep_login(login)?;
        return Err(ApiError::WrongLogin);
    };
    let given = Origin {
        password_hash: Some(hash.clone()),
        ..Origin::default()
    };
    match begin(&portal, &parts, user, given, end_other).await {
        Ok(()) => leptos_axum::redirect("/"),
        Err(ApiError::Refused(Refusal::CodeNeeded)) => {
            return second_factor::ask_for_code(&portal, user, &hash, end_other).await;
        }
        Err(error) => {
            keep_login(login)?;
            return Err(error);
        }
    }
    Ok(())
}

/// The login page shows again what was typed as login.
fn keep_login(login: &str) -> Result<(), ApiError> {
    // Other programs know what they sent.
    let asks = asks_for_page(&parts()?.headers);
    let typed: Option<Login> = login.parse().ok().filter(|_| asks);
    match typed.filter(|login| login.as_str().is_ascii()) {
        Some(login) => set_cookie(&format!(
            "{TYPED_LOGIN_COOKIE}={login}; Path={}; HttpOnly; SameSite=Strict; Max-Age=60",
            addresses::LOGIN
        )),
        None => Ok(()),
    }
}

/// Begins a session in the browser of the request, by the credentials that were given.
async fn begin(
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
        address: address(portal, parts),
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
    let (age, secure) = (LIFETIME / 1000, secure(portal));
    set_cookie(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))
}

const fn secure(portal: &Portal) -> &'static str {
    if portal.https { "; Secure" } else { "" }
}

/// Ends the session and goes to the login page.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails.
pub async fn log_out() -> Result<(), ApiError> {
    let (portal, parts) = (portal()?, parts()?);
    let name = cookie_name(portal.https);
    if let Some(hash) = own_hash(&portal, &parts.headers) {
        portal.sessions.log_out(&hash).await?;
    }
    let secure = secure(&portal);
    set_cookie(&format!(
        "{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}"
    ))?;
    leptos_axum::redirect(addresses::LOGIN);
    Ok(())
}

/// Remembers the language in this browser, and for the mails to who is logged in.
///
/// # Errors
/// [`ApiError::Refused`] for a language that the portal does not speak.
pub async fn set_language(language: &str) -> Result<(), ApiError> {
    let known = Language::ALL.iter().find(|known| known.tag() == language);
    let language = known.ok_or(ApiError::Refused(Refusal::Malformed))?;
    set_cookie(&format!(
        "{LANGUAGE_COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000",
        language.tag()
    ))?;
    let portal = portal()?;
    if let Some(session) = session_of(&portal, &parts()?.headers).await? {
        ops::accounts::people::speaks(&portal.store, session.user, language.tag()).await?;
    }
    leptos_axum::redirect("/");
    Ok(())
}

/// Goes on to a page of the portal. Programs stay where they are.
pub fn go_on(to: &str) {
    if use_context::<Bearer>().is_none() {
        leptos_axum::redirect(to);
    }
}

/// The same, for forms without wasm alone: with it, their page knows where to go on.
pub fn lead_form_on(to: &str) {
    if use_context::<Parts>().is_some_and(|parts| headers::asks_for_page(&parts.headers)) {
        go_on(to);
    }
}

/// The portal, and the login of a request that changes its user's own credentials: it gives the present password once
/// more, or a code, and may come from somebody who found the browser open.
///
/// # Errors
/// [`ApiError::NotLoggedIn`]; [`ApiError::TooMany`].
pub async fn own_credentials() -> Result<(Portal, Session), ApiError> {
    let (portal, session) = any_session().await?;
    portal.limits.password(session.user.0)?;
    Ok((portal, session))
}

/// The same for who gives the present password, be it on a page or by a program.
///
/// # Errors
/// As [`own_credentials`].
pub async fn with_password() -> Result<(Portal, UserId), ApiError> {
    let Some(bearer) = use_context::<Bearer>() else {
        let (portal, session) = own_credentials().await?;
        return Ok((portal, session.user));
    };
    let portal = portal()?;
    portal.limits.password(bearer.user.0)?;
    Ok((portal, bearer.user))
}

/// So many codes tried by that person.
///
/// # Errors
/// [`ApiError::TooMany`].
pub fn limit_codes(portal: &Portal, user: UserId, codes: &str) -> Result<(), ApiError> {
    // Mistyped codes are told apart before anything is looked up: they cost nothing.
    let count = ops::tickets::codes(codes).map_or(0, |codes| codes.len());
    if count == 0 {
        return Ok(());
    }
    portal
        .limits
        .codes(user.0, u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_in_a_few_words() {
        let named = |agent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().expect("a header"));
            browser(&headers)
        };
        assert_eq!(
            named("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"),
            "Firefox 142, Windows"
        );
        assert_eq!(
            named(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.0 Mobile/15E148 Safari/604.1"
            ),
            "Safari 18, iPhone"
        );
        assert_eq!(named("curl/8.5.0"), "curl");
        assert_eq!(browser(&HeaderMap::new()), "");
    }
}
