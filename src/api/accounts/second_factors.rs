//! Second factors: one's own, those of people one looks after, and the second step of a login.

use domain::ids::UserId;
use leptos::prelude::*;

use crate::{errors::ApiError, views::accounts::second_factors::SecondFactor};

/// One's own second factor.
#[server(endpoint = "own_second_factor")]
pub async fn own_second_factor() -> Result<SecondFactor, ApiError> {
    use crate::{auth::OwnLogin, ops};
    let OwnLogin { portal, session } = OwnLogin::of_request().await?;
    Ok(ops::accounts::second_factors::own(&portal.store, session.user).await?)
}

/// Begins to add a second factor.
#[server(endpoint = "begin_second_factor")]
pub async fn begin_second_factor(present: String) -> Result<(), ApiError> {
    use crate::{auth::Reauthenticated, ops};
    let Reauthenticated { portal, by } = Reauthenticated::of_browser(present).await?;
    Ok(ops::accounts::second_factors::begin(&portal.store, &by).await?)
}

/// Adds the second factor that was begun, by its first code. This answer is the only place where the recovery codes are
/// shown.
#[server(endpoint = "confirm_second_factor")]
pub async fn confirm_second_factor(code: String) -> Result<Vec<String>, ApiError> {
    use crate::{auth::OwnLogin, ops};
    let OwnLogin { portal, session } = OwnLogin::of_request().await?;
    Ok(ops::accounts::second_factors::confirm(&portal.store, session.user, &code).await?)
}

/// Makes new recovery codes. This answer is the only place where they are shown.
#[server(endpoint = "renew_recovery_codes")]
pub async fn renew_recovery_codes(present: String) -> Result<Vec<String>, ApiError> {
    use crate::{auth::Reauthenticated, ops};
    let Reauthenticated { portal, by } = Reauthenticated::of_browser(present).await?;
    Ok(ops::accounts::second_factors::renew_recovery_codes(&portal.store, &by).await?)
}

/// Takes one's own second factor away.
#[server(endpoint = "remove_second_factor")]
pub async fn remove_second_factor(present: String) -> Result<(), ApiError> {
    use crate::{auth::Reauthenticated, ops};
    let Reauthenticated { portal, by } = Reauthenticated::of_browser(present).await?;
    Ok(ops::accounts::second_factors::remove_own(&portal.store, &by).await?)
}

/// Takes the second factor of somebody away, who lost it.
#[server(endpoint = "reset_second_factor")]
pub async fn reset_second_factor(user: UserId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::accounts::second_factors::remove(&portal.store, by, user).await?)
}

/// The second step of a login: begins the session that waits for a code, and goes to the start page.
#[server(endpoint = "log_in_with_code")]
pub async fn log_in_with_code(code: String, #[server(default)] end_other: bool) -> Result<(), ApiError> {
    crate::auth::second_factor::log_in_with_code(&code, end_other).await
}
