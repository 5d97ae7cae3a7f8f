//! Who gives their present password once more.

use domain::ids::{SessionId, UserId};

use crate::{
    auth::{
        callers::{own_login::OwnLogin, visitor::Visitor},
        portal::Portal,
    },
    errors::ApiError,
    ops::accounts::reauthentication::Reauthentication,
};

/// A person who gives their present password once more: for changes of their credentials, which somebody could ask for who
/// found the browser open. The operation compares the password; here it is counted how often one is tried.
pub struct Reauthenticated {
    /// The portal.
    pub portal: Portal,
    /// Who it is, with the password.
    pub by: Reauthentication,
}

impl Reauthenticated {
    /// A person in a browser, even where they have something else to do first. Not for programs.
    ///
    /// # Errors
    /// Those of [`OwnLogin`]; [`ApiError::TooMany`].
    pub async fn of_browser(present: String) -> Result<Self, ApiError> {
        let OwnLogin { portal, session } = OwnLogin::of_request().await?;
        Self::counted(portal, session.user, Some(session.id), present)
    }

    /// The same, or a program.
    ///
    /// # Errors
    /// As [`Reauthenticated::of_browser`].
    pub async fn of_request(present: String) -> Result<Self, ApiError> {
        let visitor = Visitor::of_request()?;
        match visitor.program() {
            Some(program) => Self::counted(visitor.portal, program.user, None, present),
            None => Self::of_browser(present).await,
        }
    }

    /// A person who has nothing else to do first, or a program.
    ///
    /// # Errors
    /// Those of [`Writer`](crate::auth::Writer); [`ApiError::TooMany`].
    pub async fn of_writer(present: String) -> Result<Self, ApiError> {
        let visitor = Visitor::of_request()?;
        if let Some(program) = visitor.program() {
            return Self::counted(visitor.portal, program.user, None, present);
        }
        let OwnLogin { portal, session } = OwnLogin::of(&visitor).await?.ready()?;
        Self::counted(portal, session.user, Some(session.id), present)
    }

    fn counted(
        portal: Portal,
        user: UserId,
        session: Option<SessionId>,
        present: String,
    ) -> Result<Self, ApiError> {
        portal.limits.password(user.0)?;
        let by = Reauthentication {
            user,
            session,
            present,
        };
        Ok(Self { portal, by })
    }
}
