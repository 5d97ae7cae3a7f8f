//! Who gives their present password once more.

use domain::ids::UserId;

use crate::{
    auth::{
        callers::{own_login::OwnLogin, visitor::Visitor, writer::Writer},
        portal::Portal,
    },
    errors::ApiError,
};

/// A person who gives their present password once more: for changes of their credentials, which somebody could ask for who
/// found the browser open. The operation compares the password; here it is counted how often one is tried.
pub struct Reauthenticated {
    /// The portal.
    pub portal: Portal,
    /// Who it is.
    pub user: UserId,
}

impl Reauthenticated {
    /// A person in a browser, even where they have something else to do first. Not for programs.
    ///
    /// # Errors
    /// Those of [`OwnLogin`]; [`ApiError::TooMany`].
    pub async fn of_browser() -> Result<Self, ApiError> {
        let OwnLogin { portal, session } = OwnLogin::of_request().await?;
        Self::counted(portal, session.user)
    }

    /// The same, or a program.
    ///
    /// # Errors
    /// As [`Reauthenticated::of_browser`].
    pub async fn of_request() -> Result<Self, ApiError> {
        let visitor = Visitor::of_request()?;
        match visitor.program() {
            Some(program) => Self::counted(visitor.portal, program.user),
            None => Self::of_browser().await,
        }
    }

    /// A person who has nothing else to do first, or a program.
    ///
    /// # Errors
    /// Those of [`Writer`]; [`ApiError::TooMany`].
    pub async fn of_writer() -> Result<Self, ApiError> {
        let Writer { portal, user } = Writer::of_request().await?;
        Self::counted(portal, user)
    }

    fn counted(portal: Portal, user: UserId) -> Result<Self, ApiError> {
        portal.limits.password(user.0)?;
        Ok(Self { portal, user })
    }
}
