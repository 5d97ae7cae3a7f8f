//! Who reads.

use domain::ids::{SessionId, UserId};

use crate::{
    auth::{
        callers::{browser_login::BrowserLogin, visitor::Visitor},
        impersonation::through,
        portal::Portal,
        required_actions::nothing_outstanding,
    },
    errors::ApiError,
};

/// A person or a program, also a person who looks as another one (N16): for what only reads, and tells no secrets. A
/// person has nothing else to do first.
pub struct Reader {
    /// The portal as they see it. For who looks as another person, it is over a store that does not write.
    pub portal: Portal,
    /// Who reads, or as whom.
    pub user: UserId,
    /// The login of the browser; `None` for a program.
    pub login: Option<SessionId>,
}

impl Reader {
    /// Who calls this server function.
    ///
    /// # Errors
    /// [`ApiError::NotLoggedIn`]; [`Refusal::ViewOver`](domain::refusals::Refusal::ViewOver);
    /// [`Refusal::PasswordTemporary`](domain::refusals::Refusal::PasswordTemporary);
    /// [`Refusal::SecondFactorDemanded`](domain::refusals::Refusal::SecondFactorDemanded).
    pub async fn of_request() -> Result<Self, ApiError> {
        let visitor = Visitor::of_request()?;
        if let Some(program) = visitor.program() {
            return Ok(Self {
                portal: visitor.portal,
                user: program.user,
                login: None,
            });
        }
        let BrowserLogin { portal, session } = BrowserLogin::of(&visitor).await?;
        let (portal, session) = through(&portal, session).await?;
        nothing_outstanding(&session)?;
        Ok(Self {
            portal,
            user: session.user,
            login: Some(session.id),
        })
    }
}
