//! Looking at the portal as another person (N16): what a request is answered with then, and that it changes nothing.
//!
//! Every request for which somebody has to be logged in passes [`through`]. There it gets the portal as the other person
//! sees it, over a store that does not write; and of the server functions it gets only [`READS`], so that one that is
//! added is refused until it stands here.

use http::{Method, request::Parts};

use super::{Portal, Session};
use crate::{
    api::error::ApiError,
    domain::{refusals::Refusal, sessions::View},
    ops::view_as::{self, Eyes},
};

/// The server functions that only read, and tell no secrets.
pub const READS: &[&str] = &[
    "active_sessions",
    "administered",
    "ancestors",
    "branches",
    "candidates",
    "container",
    "containers",
    "containers_for",
    "creation_form",
    "creations",
    "credentials",
    "ended_sessions",
    "events",
    "expiring",
    "expiry_mail",
    "group",
    "history",
    "instance",
    "leaver",
    "leaver_report",
    "licenses",
    "my_data",
    "partner",
    "preview_move",
    "product",
    "products",
    "report",
    "selected",
    "targets",
    "tickets",
    "tokens",
    "user",
    "users",
    "viewers",
    "webhook",
    "webhooks",
];

/// The portal as the login sees it, and the login as that of the person it sees as.
///
/// # Errors
/// [`Refusal::ViewOver`] until a page is loaded, once a view is over.
pub async fn through(portal: &Portal, session: Session) -> Result<(Portal, Session), ApiError> {
    match view_as::eyes(&portal.store, &session).await? {
        Eyes::Own => Ok((portal.clone(), session)),
        Eyes::Of { user, watched, until } => {
            let view = Some(View {
                user,
                until,
                recorded: false,
            });
            Ok((
                portal.viewed(watched),
                Session {
                    user,
                    view,
                    ..session
                },
            ))
        }
        Eyes::Closed => Err(Refusal::ViewOver.into()),
    }
}

/// Whether the request may be answered to who looks as another person. Pages only read.
///
/// # Errors
/// [`Refusal::ViewingAs`].
pub fn check(parts: &Parts) -> Result<(), ApiError> {
    let function = parts.uri.path().strip_prefix("/api/");
    match function {
        Some(function) if READS.contains(&function) => Ok(()),
        None if parts.method == Method::GET => Ok(()),
        _ => Err(Refusal::ViewingAs.into()),
    }
}
