//! Accounts: those one looks after (S17), and one's own (S12).

pub mod identity_providers;
pub mod impersonation;
pub mod offboarding;
pub mod password_links;
pub mod personal_tokens;
pub mod second_factors;
pub mod sessions;

use domain::{
    accounts::Permissions,
    ids::{GroupId, UserId},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::accounts::{OwnAccount, UserDetail, UserPage, UserQuery},
};

/// The accounts within the reader's reach, and the seats.
#[server(endpoint = "users")]
pub async fn users(#[server(default)] query: UserQuery) -> Result<UserPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::accounts::list(&portal.store, &portal.vendor, user, &query).await?)
}

/// An account within the reader's reach.
#[server(endpoint = "user")]
pub async fn user(user: UserId) -> Result<UserDetail, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader {
        portal, user: reader, ..
    } = Reader::of_request().await?;
    Ok(ops::accounts::detail(&portal.store, &portal.vendor, reader, user).await?)
}

/// Makes an account without a password, whose person becomes a member of the group, with a field for each permission there.
/// It is switched off, or, with `invite`, switched on: then its person is sent a link that sets a password.
#[server(endpoint = "create_user")]
pub async fn create_user(
    login: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    group: Option<GroupId>,
    #[server(default)] permissions: Permissions,
    #[server(default)] invite: bool,
) -> Result<UserId, ApiError> {
    use crate::{
        auth::{self, Visitor, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user: by } = Writer::of_request().await?;
    let language = Visitor::of_request()?.language().tag();
    let new = ops::accounts::newcomers::NewAccount {
        login: &login,
        name: &name,
        email: &email,
        group,
        permissions,
        invited_in: invite.then_some(language),
    };
    let user = ops::accounts::newcomers::create(&portal.store, &portal.vendor, by, &new).await?;
    auth::go_on(&addresses::user(user));
    Ok(user)
}

/// Changes name and mail address of an account.
#[server(endpoint = "save_user")]
pub async fn save_user(user: UserId, name: String, #[server(default)] email: String) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::accounts::rewrite(&portal.store, by, user, &name, &email).await?)
}

/// Switches accounts on or off, all of them or none; with `end_login`, running logins of those switched off end.
#[server(endpoint = "switch_users")]
pub async fn switch_users(
    #[server(default)] users: Vec<UserId>,
    active: bool,
    #[server(default)] end_login: bool,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::accounts::switch(&portal.store, &portal.vendor, by, &users, active, end_login).await?)
}

/// Has a person without a password sent a link that sets one, again if need be; the account is switched on.
#[server(endpoint = "invite_user")]
pub async fn invite_user(user: UserId) -> Result<(), ApiError> {
    use crate::{
        auth::{Visitor, Writer},
        ops::accounts::newcomers,
    };
    let Writer { portal, user: by } = Writer::of_request().await?;
    let language = Visitor::of_request()?.language().tag();
    Ok(newcomers::invite(&portal.store, &portal.vendor, by, user, language).await?)
}

/// Generates a password for an account. This answer is the only place where it is ever shown.
#[server(endpoint = "generate_password")]
pub async fn generate_password(user: UserId) -> Result<String, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::accounts::generate_password(&portal.store, by, user).await?)
}

/// Changes one's own password; with `end_tokens`, one's access tokens end.
#[server(endpoint = "change_password")]
pub async fn change_password(
    present: String,
    chosen: String,
    #[server(default)] end_tokens: bool,
) -> Result<(), ApiError> {
    use crate::{auth::Reauthenticated, ops};
    let Reauthenticated { portal, by } = Reauthenticated::of_request(present).await?;
    Ok(ops::accounts::change_password(&portal.store, &by, &chosen, end_tokens).await?)
}

/// One's own account.
#[server(endpoint = "my_data")]
pub async fn my_data() -> Result<OwnAccount, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::accounts::own(&portal.store, user).await?)
}

/// Changes one's own name.
#[server(endpoint = "save_me")]
pub async fn save_me(name: String) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::accounts::rename_own(&portal.store, user, &name).await?)
}

/// Replaces one's own mail address; without one, there is none any more.
#[server(endpoint = "change_email")]
pub async fn change_email(#[server(default)] email: String, present: String) -> Result<(), ApiError> {
    use crate::{auth::Reauthenticated, ops};
    // A generated password is not good for it.
    let Reauthenticated { portal, by } = Reauthenticated::of_writer(present).await?;
    Ok(ops::accounts::change_own_email(&portal.store, &by, &email).await?)
}
