//! The login of a browser, whoever's eyes it sees with.

use domain::{accounts::sessions::Session, ids::UserId};

use crate::{
    auth::{callers::visitor::Visitor, impersonation::through, portal::Portal},
    errors::ApiError,
};

/// The login of a browser with its own user, whomever they look as and whatever they have to do first: for what concerns
/// the login alone, its signs of life and the end of an impersonation.
pub struct BrowserLogin {
    /// The portal, as its own user sees it.
    pub portal: Portal,
    /// The login.
    pub session: Session,
}

impl BrowserLogin {
    /// The login of the browser that calls this server function.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`].
    pub async fn of_request() -> Result<Self, ApiError> {
        Self::of(&Visitor::of_request()?).await
    }

    pub(super) async fn of(visitor: &Visitor) -> Result<Self, ApiError> {
        let session = visitor.session().await?;
        Ok(Self {
            portal: visitor.portal.clone(),
            session: session.ok_or(ApiError::NotLoggedIn)?,
        })
    }

    /// As whom the portal is seen: its user, or the person that they look as.
    ///
    /// # Errors
    /// [`Refusal::ViewOver`](domain::refusals::Refusal::ViewOver) until a page is loaded, once an impersonation is over.
    pub async fn seen_as(&self) -> Result<UserId, ApiError> {
        Ok(through(&self.portal, self.session).await?.1.user)
    }
}
