//! Programs of people.

use domain::ids::UserId;
use http::request::Parts;
use leptos::prelude::use_context;

use crate::ops::accounts::personal_tokens::Bearer;

/// A program that shows a personal access token: it acts for the person whose token it is. The route has judged already
/// what the token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// For whom it acts.
    pub user: UserId,
}

impl Program {
    /// The program that calls this server function; `None` where a browser does.
    #[must_use]
    pub fn of_request() -> Option<Self> {
        use_context::<Bearer>().map(|bearer| Self { user: bearer.user })
    }

    /// The program that sends this request.
    pub(super) fn of(parts: &Parts) -> Option<Self> {
        let bearer = parts.extensions.get::<Bearer>();
        bearer.map(|bearer| Self { user: bearer.user })
    }
}
