//! How attempts to log in end, as they are counted.

use domain::{accounts::identity_providers::FailedSignIn, refusals::Refusal};

use crate::{
    errors::ApiError,
    metrics::{self, LoginOutcome, LoginWay},
};

/// Counts an attempt that got so far, or failed.
pub(crate) fn count(way: LoginWay, done: Result<LoginOutcome, &ApiError>) {
    let outcome = done.unwrap_or_else(|error| match error {
        ApiError::WrongLogin | ApiError::Refused(Refusal::WrongCode | Refusal::WrongPassword) => {
            LoginOutcome::Wrong
        }
        ApiError::TooMany { .. } => LoginOutcome::Limited,
        ApiError::Internal | ApiError::DatabaseAway { .. } | ApiError::Overloaded { .. } => {
            LoginOutcome::Failed
        }
        ApiError::Refused(Refusal::FailedSignIn(FailedSignIn::Unreachable)) => LoginOutcome::Failed,
        _ => LoginOutcome::Refused,
    });
    metrics::login(way, outcome);
}
