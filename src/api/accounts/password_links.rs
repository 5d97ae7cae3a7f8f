//! The forgotten password (S12).

use domain::accounts::Login;
use leptos::prelude::*;

use crate::errors::ApiError;

/// Has a link mailed that sets a new password. The answer does not tell whether there is an account of that address.
#[server(endpoint = "forgot_password")]
pub async fn forgot_password(email: String) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Visitor},
        views::addresses,
    };
    use domain::{accounts::clean_email, refusals::Refusal};
    let visitor = Visitor::of_request()?;
    let email = clean_email(&email).ok().flatten();
    let email = email.ok_or(Refusal::InvalidEmail)?;
    visitor.portal.limits.link(visitor.address(), &email)?;
    visitor.portal.outbox.ask_for_link(email, visitor.language());
    auth::go_on(&addresses::asked_for_password());
    Ok(())
}

/// Whose password a link sets.
#[server(endpoint = "password_link")]
pub async fn password_link(token: String) -> Result<Login, ApiError> {
    use crate::{auth::Visitor, ops};
    let Visitor { portal, .. } = Visitor::of_request()?;
    Ok(ops::accounts::password_links::login(&portal.store, &token).await?)
}

/// Sets a new password by a link, once, and goes to the login page.
#[server(endpoint = "use_password_link")]
pub async fn use_password_link(token: String, chosen: String) -> Result<(), ApiError> {
    use crate::{
        auth::{self, Visitor},
        ops,
        views::addresses,
    };
    let Visitor { portal, .. } = Visitor::of_request()?;
    ops::accounts::password_links::set_password(&portal.store, &token, &chosen).await?;
    auth::go_on(&addresses::changed_password());
    Ok(())
}
