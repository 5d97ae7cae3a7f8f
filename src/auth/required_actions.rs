//! What somebody has to do before anything else.

use domain::{
    accounts::sessions::{RequiredAction, Session},
    refusals::Refusal,
};

use crate::errors::ApiError;

/// Whether the user of the login may do what they ask for, or has something else to do first.
///
/// # Errors
/// [`Refusal::PasswordTemporary`]; [`Refusal::SecondFactorDemanded`].
pub(crate) fn nothing_outstanding(session: &Session) -> Result<(), ApiError> {
    match session.required_action {
        None => Ok(()),
        // A generated password is good for one thing only: to be replaced (S17).
        Some(RequiredAction::ReplacePassword) => Err(Refusal::PasswordTemporary.into()),
        Some(RequiredAction::AddSecondFactor) => Err(Refusal::SecondFactorDemanded.into()),
    }
}
