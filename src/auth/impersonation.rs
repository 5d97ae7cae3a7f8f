//! Looking at the portal as another person (N16): what a request is answered with then, and that it changes nothing.
//!
//! Every request for which somebody has to be logged in passes [`through`]. There it gets the portal as the other person
//! sees it, over a store that does not write; and only functions that ask for a [`Reader`](crate::auth::callers::reader::Reader)
//! answer it, be they called or part of a page, so that one that is added is refused until it says that it reads and tells no
//! secrets.

use domain::{
    accounts::sessions::{Impersonating, Session},
    refusals::Refusal,
};

use crate::{
    auth::portal::Portal,
    errors::ApiError,
    ops::accounts::impersonation::{self, Perspective},
};

/// The portal as the login sees it, and the login as that of the person it sees as.
///
/// # Errors
/// [`Refusal::ViewOver`] until a page is loaded, once a view is over.
pub async fn through(portal: &Portal, session: Session) -> Result<(Portal, Session), ApiError> {
    match impersonation::perspective(&portal.store, &session).await? {
        Perspective::Own => Ok((portal.clone(), session)),
        Perspective::Of {
            user,
            impersonated,
            until,
        } => {
            let impersonation = Some(Impersonating {
                user,
                until,
                recorded: false,
            });
            Ok((
                portal.impersonated(impersonated),
                Session {
                    user,
                    impersonation,
                    ..session
                },
            ))
        }
        Perspective::Closed => Err(Refusal::ViewOver.into()),
    }
}
