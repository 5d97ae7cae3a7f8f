//! Who is logged in, as pages know them.

use http::HeaderMap;

use crate::{
    auth::{impersonation, portal::Portal, sessions::session_of},
    errors::ApiError,
    ops,
    views::accounts::sessions::Me,
};

/// Who is logged in with these headers, as they see themselves, or as whom they look at the portal; `None` where nobody is.
///
/// # Errors
/// [`ApiError::Internal`] when the database fails; [`Refusal::ViewOver`](domain::refusals::Refusal::ViewOver).
pub async fn me_of(portal: &Portal, headers: &HeaderMap) -> Result<Option<Me>, ApiError> {
    let Some(own) = session_of(portal, headers).await? else {
        return Ok(None);
    };
    let (portal, session) = impersonation::through(portal, own).await?;
    let account = ops::accounts::people::account(&portal.store, session.user).await?;
    let me = Me::from(account);
    Ok(Some(match session.impersonation {
        // By their login: a provider that signs people in may have asked for a second factor.
        None => Me {
            required_action: session.required_action,
            ..me
        },
        // What the other person has yet to do is not for who looks.
        Some(impersonation) => Me {
            required_action: None,
            impersonated_until: Some(impersonation.until),
            ..me
        },
    }))
}
