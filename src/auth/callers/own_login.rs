//! A person in a browser, as themselves.

use domain::{accounts::sessions::Session, refusals::Refusal};

use crate::{
    auth::{
        callers::{browser_login::BrowserLogin, visitor::Visitor},
        impersonation::through,
        portal::Portal,
        required_actions::nothing_outstanding,
    },
    errors::ApiError,
};

/// A person who is logged in with a browser and looks as nobody else, even where they have something else to do first:
/// for their own credentials, which is what they may have to see to. Not for programs.
pub struct OwnLogin {
    /// The portal.
    pub portal: Portal,
    /// The login.
    pub session: Session,
}

impl OwnLogin {
    /// The person whose browser calls this server function.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`]; [`Refusal::ViewingAs`]; [`Refusal::ViewOver`].
    pub async fn of_request() -> Result<Self, ApiError> {
        Self::of(&Visitor::of_request()?).await
    }

    pub(in crate::auth) async fn of(visitor: &Visitor) -> Result<Self, ApiError> {
        let BrowserLogin { portal, session } = BrowserLogin::of(visitor).await?;
        let (portal, session) = through(&portal, session).await?;
        match session.impersonation {
            None => Ok(Self { portal, session }),
            Some(_) => Err(Refusal::ViewingAs.into()),
        }
    }

    /// The same, unless there is something else to do first.
    ///
    /// # Errors
    /// [`Refusal::PasswordTemporary`]; [`Refusal::SecondFactorDemanded`].
    pub fn ready(self) -> Result<Self, ApiError> {
        nothing_outstanding(&self.session)?;
        Ok(self)
    }
}
