//! Who changes something, or is told a secret.

use domain::ids::UserId;

use crate::{
    auth::{
        callers::{own_login::OwnLogin, visitor::Visitor},
        portal::Portal,
    },
    errors::ApiError,
};

/// A person as themselves, with nothing else to do first, or a program: for what changes something, tells a secret or hands
/// out a file. Not for who looks as another person (N16).
pub struct Writer {
    /// The portal.
    pub portal: Portal,
    /// Who acts.
    pub user: UserId,
}

impl Writer {
    /// Who calls this server function.
    ///
    /// # Errors
    /// Those of [`OwnLogin`]; [`Refusal::PasswordTemporary`](domain::refusals::Refusal::PasswordTemporary);
    /// [`Refusal::SecondFactorDemanded`](domain::refusals::Refusal::SecondFactorDemanded).
    pub async fn of_request() -> Result<Self, ApiError> {
        Self::of(&Visitor::of_request()?).await
    }

    /// Who sends this request, for a file.
    ///
    /// # Errors
    /// As [`Writer::of_request`].
    pub async fn of(visitor: &Visitor) -> Result<Self, ApiError> {
        // What a token is good for was judged by the route.
        if let Some(program) = visitor.program() {
            return Ok(Self {
                portal: visitor.portal.clone(),
                user: program.user,
            });
        }
        let OwnLogin { portal, session } = OwnLogin::of(visitor).await?.ready()?;
        Ok(Self {
            portal,
            user: session.user,
        })
    }
}
