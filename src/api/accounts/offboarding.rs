//! Leavers (N7).

use domain::{
    accounts::offboarding::Plan,
    ids::{EventId, UserId},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::accounts::offboarding::{Leaver, LeaverReport, Rehearsal},
};

/// What somebody has, as far as the reader administers it, and where it could go; people who could take over are searched.
#[server(name = LeaverOf, endpoint = "leaver")]
pub async fn leaver(
    user: UserId,
    successor: Option<UserId>,
    #[server(default)] search: String,
) -> Result<Leaver, ApiError> {
    use crate::{auth, ops};
    let (portal, reader) = auth::reading().await?;
    let (store, sessions) = (&portal.store, &portal.sessions);
    Ok(ops::accounts::offboarding::leaver(store, sessions, reader, user, successor, &search).await?)
}

/// What a plan would do, line by line. Nothing of it is done.
#[server(endpoint = "rehearse_leaver")]
pub async fn rehearse_leaver(user: UserId, plan: Plan) -> Result<Rehearsal, ApiError> {
    use crate::{auth, ops};
    let (portal, by) = auth::required().await?;
    Ok(ops::accounts::offboarding::rehearse(&portal.store, &portal.sessions, by, user, &plan).await?)
}

/// Carries a plan out, all of it or nothing, and goes to the report. A repetition with the same `key` changes nothing.
#[server(endpoint = "process_leaver")]
pub async fn process_leaver(
    user: UserId,
    plan: Plan,
    #[server(default)] reason: String,
    seen: Option<String>,
    key: String,
) -> Result<EventId, ApiError> {
    use crate::{auth, ops};
    let (portal, by) = auth::required().await?;
    let said = (reason.as_str(), seen.as_deref());
    let report =
        ops::accounts::offboarding::process(&portal.store, &portal.sessions, by, user, &plan, said, &key)
            .await?;
    auth::go_on(Some(&format!("/leavers/{report}")));
    Ok(report)
}

/// What was done for a leaver.
#[server(name = ReportOfLeaver, endpoint = "leaver_report")]
pub async fn leaver_report(report: EventId) -> Result<LeaverReport, ApiError> {
    use crate::{auth, ops};
    let (portal, reader) = auth::reading().await?;
    Ok(ops::accounts::offboarding::report(&portal.store, reader, report).await?)
}
