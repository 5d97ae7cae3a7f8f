//! Logging in and out, and who is logged in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use crate::domain::{access::Actor, users::Login};

/// The person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Name shown to people.
    pub name: String,
    /// The name they log in with.
    pub login: Login,
    /// What the policy needs to know of them.
    pub actor: Actor,
}

#[cfg(feature = "ssr")]
impl From<crate::ops::users::Account> for Me {
    fn from(account: crate::ops::users::Account) -> Self {
        Self {
            name: account.user.name,
            login: account.user.login,
            actor: account.actor,
        }
    }
}

/// The people of the demo data (S7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// Login and name of each.
    pub people: Vec<(Login, String)>,
    /// The password they share.
    pub password: String,
}

/// Who is asking; `None` when nobody is logged in.
#[server(endpoint = "me")]
pub async fn who_am_i() -> Result<Option<Me>, ApiError> {
    use crate::{ops, server::login};
    let portal = login::portal()?;
    match login::current().await? {
        Some(user) => {
            let account = ops::users::account(&portal.store, user).await?;
            Ok(Some(account.into()))
        }
        None => Ok(None),
    }
}

/// Begins a session, and goes to the page `next` of the portal.
#[server(endpoint = "log_in")]
pub async fn log_in(login: String, password: String, next: Option<String>) -> Result<(), ApiError> {
    crate::server::login::log_in(&login, &password, next.as_deref()).await
}

/// Ends the session.
#[server(endpoint = "log_out")]
pub async fn log_out() -> Result<(), ApiError> {
    crate::server::login::log_out().await
}

/// The people of the demo data, on a server started with it; `None` on a real one.
#[server(endpoint = "demo")]
pub async fn demo_people() -> Result<Option<Demo>, ApiError> {
    use crate::{ops, server::login};
    let portal = login::portal()?;
    match &portal.demo_password {
        Some(password) => {
            let people = ops::demo::people(&portal.store).await?;
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
pub async fn set_language(language: String, next: Option<String>) -> Result<(), ApiError> {
    crate::server::login::set_language(&language, next.as_deref())
}
