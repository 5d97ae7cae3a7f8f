//! Who sends a request that is no call of a server function: a browser with a login, or a program with an access token.

use std::{convert::Infallible, ops::Deref};

use axum::extract::FromRequestParts;
use domain::{ids::UserId, refusals::Refusal};
use http::{HeaderMap, request::Parts};

use crate::{
    auth::{portal::Portal, session_of, without_required_action},
    errors::ApiError,
    ops::accounts::personal_tokens::Bearer,
};

/// The headers of a request, and the token that the route has let in.
#[derive(Clone)]
pub struct Caller {
    headers: HeaderMap,
    bearer: Option<Bearer>,
}

impl Deref for Caller {
    type Target = HeaderMap;

    fn deref(&self) -> &HeaderMap {
        &self.headers
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            headers: parts.headers.clone(),
            bearer: parts.extensions.get().cloned(),
        })
    }
}

impl Caller {
    /// Whether it is a program, which is told in JSON what a person is shown as a page.
    #[must_use]
    pub const fn is_program(&self) -> bool {
        self.bearer.is_some()
    }

    /// Who it is, and has nothing else to do first. What they are answered with is for the person alone.
    ///
    /// # Errors
    /// As [`required_session`](crate::auth::required_session).
    pub async fn user(&self, portal: &Portal) -> Result<UserId, ApiError> {
        if let Some(bearer) = &self.bearer {
            return Ok(bearer.user);
        }
        let session = session_of(portal, &self.headers).await?;
        let session = without_required_action(session.ok_or(ApiError::NotLoggedIn)?)?;
        match session.view {
            None => Ok(session.user),
            Some(_) => Err(Refusal::ViewingAs.into()),
        }
    }
}
