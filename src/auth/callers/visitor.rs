//! Anybody.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use domain::accounts::sessions::Session;
use http::{HeaderMap, request::Parts};
use leptos::prelude::use_context;

use crate::{
    auth::{
        callers::program::Program, client_address::ClientAddress, headers, me::me_of, portal::Portal,
        sessions::session_of,
    },
    errors::ApiError,
    i18n::Language,
    views::accounts::sessions::Me,
};

/// Whoever sends a request, before it is known who that is: for what needs no login. All other callers are made of it.
#[derive(Clone)]
pub struct Visitor {
    /// The portal, as it is for everybody.
    pub portal: Portal,
    parts: Parts,
    program: Option<Program>,
}

impl Visitor {
    /// Whoever calls this server function.
    ///
    /// # Errors
    /// [`ApiError::Internal`] outside a request: a defect.
    pub fn of_request() -> Result<Self, ApiError> {
        Ok(Self {
            portal: use_context().ok_or(ApiError::Internal)?,
            parts: use_context().ok_or(ApiError::Internal)?,
            program: Program::of_request(),
        })
    }

    /// Whoever sends a request that is no server function.
    #[must_use]
    pub const fn of(portal: Portal, parts: Parts) -> Self {
        Self {
            portal,
            parts,
            program: None,
        }
    }

    /// The program that it is, where it is one.
    #[must_use]
    pub const fn program(&self) -> Option<Program> {
        self.program
    }

    /// Whether it is a program, which is told in JSON what a person is shown as a page.
    #[must_use]
    pub const fn is_program(&self) -> bool {
        self.program.is_some()
    }

    /// The headers of the request.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The request, without its body.
    pub(in crate::auth) const fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The language that is asked for.
    #[must_use]
    pub fn language(&self) -> Language {
        headers::language_of(self.headers())
    }

    /// The address that the request came from.
    #[must_use]
    pub fn address(&self) -> ClientAddress {
        headers::address(&self.portal, &self.parts)
    }

    /// Who is logged in, as they see themselves, or as whom they look at the portal; `None` where nobody is.
    ///
    /// # Errors
    /// As [`me_of`].
    pub async fn me(&self) -> Result<Option<Me>, ApiError> {
        me_of(&self.portal, self.headers()).await
    }

    /// The login of the browser.
    pub(in crate::auth) async fn session(&self) -> Result<Option<Session>, ApiError> {
        session_of(&self.portal, self.headers()).await
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    Portal: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            portal: Portal::from_ref(state),
            parts: parts.clone(),
            program: Program::of(parts),
        })
    }
}
