//! Logging in and out, and who is logged in.

use domain::{accounts::presence::TabId, ids::SessionId, time::Milliseconds};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::accounts::sessions::{ActiveSession, Demo, EndedSession, Heard, Me, SessionPage},
};

/// Who is asking; `None` when nobody is logged in.
#[server(endpoint = "me")]
pub async fn who_am_i() -> Result<Option<Me>, ApiError> {
    crate::auth::Visitor::of_request()?.me().await
}

/// Begins a session, and goes to the start page. With `end_other`, another login of the account ends if
/// its tab is gone (S18).
#[server(endpoint = "log_in")]
pub async fn log_in(
    login: String,
    password: String,
    #[server(default)] end_other: bool,
) -> Result<(), ApiError> {
    crate::auth::login::log_in(&login, &password, end_other).await
}

/// Ends the session.
#[server(endpoint = "log_out")]
pub async fn log_out() -> Result<(), ApiError> {
    crate::auth::login::log_out().await
}

/// The people of the demo data, on a server started with it; `None` on a real one.
#[server(endpoint = "demo")]
pub async fn demo_people() -> Result<Option<Demo>, ApiError> {
    use crate::{auth::Visitor, ops};
    let Visitor { portal, .. } = Visitor::of_request()?;
    match &portal.demo_password {
        Some(password) => {
            let people = ops::instance::demo::people(&portal.store).await?;
            Ok(Some(Demo {
                people,
                password: password.clone(),
            }))
        }
        None => Ok(None),
    }
}

/// Sets the language of this browser (`en` or `de`), and returns to the page.
#[server(endpoint = "language")]
pub async fn set_language(language: String) -> Result<(), ApiError> {
    crate::auth::language::set_language(&language).await
}

/// Sets the theme of this browser (`light`, `dark` or `system`), and returns to the page.
#[server(endpoint = "theme")]
pub async fn set_theme(theme: String) -> Result<(), ApiError> {
    crate::auth::theme::set_theme(&theme)
}

/// A sign of life of an open tab, whose user has done nothing in it for so long.
#[server(endpoint = "beat")]
pub async fn beat(tab: TabId, idle: Milliseconds) -> Result<Heard, ApiError> {
    use crate::auth::BrowserLogin;
    let login = BrowserLogin::of_request().await?;
    let BrowserLogin { portal, session } = &login;
    Ok(Heard {
        // Once an impersonation is over, the page that still shows it is loaded again.
        user: login.seen_as().await.unwrap_or(session.user),
        left: portal.sessions.beat(session, tab, idle.into()).into(),
    })
}

/// A tab is closed, or goes on to another page.
#[server(endpoint = "leave")]
pub async fn leave(tab: TabId) -> Result<(), ApiError> {
    use crate::auth::BrowserLogin;
    let BrowserLogin { portal, session } = BrowserLogin::of_request().await?;
    portal.sessions.leave(&session, tab);
    Ok(())
}

/// The running logins of people whose name or login contains the text, the newest first. For ISV admins.
#[server(endpoint = "active_sessions")]
pub async fn active_sessions(
    #[server(default)] search: String,
    #[server(default)] page: u32,
) -> Result<SessionPage<ActiveSession>, ApiError> {
    use crate::auth::Reader;
    let Reader { portal, user, login } = Reader::of_request().await?;
    Ok(portal.sessions.active(user, login, &search, page).await?)
}

/// The ended logins of people whose name or login contains the text, the last first. For ISV admins.
#[server(endpoint = "ended_sessions")]
pub async fn ended_sessions(
    #[server(default)] search: String,
    #[server(default)] page: u32,
) -> Result<SessionPage<EndedSession>, ApiError> {
    use crate::auth::Reader;
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(portal.sessions.ended(user, &search, page).await?)
}

/// CLOSE (S19): ends a login at once, if its tab is gone. For ISV admins.
#[server(endpoint = "close_session")]
pub async fn close_session(session: SessionId) -> Result<(), ApiError> {
    use crate::auth::Writer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(portal.sessions.close(user, session).await?)
}

/// Ends a login although its tab is open; the reason is recorded. For ISV admins.
#[server(endpoint = "end_session")]
pub async fn end_session(session: SessionId, reason: String) -> Result<(), ApiError> {
    use crate::auth::Writer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(portal.sessions.end_anyway(user, session, &reason).await?)
}
