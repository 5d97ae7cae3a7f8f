//! Leavers (N7).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::{
    ids::{EventId, UserId},
    leavers::{Leaver, LeaverReport, Plan, Rehearsal},
};

/// What somebody has, as far as the reader administers it, and where it could go; people who could take over are searched.
#[server(name = LeaverOf, endpoint = "leaver")]
pub async fn leaver(
    user: UserId,
    successor: Option<UserId>,
    #[server(default)] search: String,
) -> Result<Leaver, ApiError> {
    use crate::{ops, server::login};
    let (portal, reader) = login::reading().await?;
    let (store, sessions) = (&portal.store, &portal.sessions);
    Ok(ops::leavers::leaver(store, sessions, reader, user, successor, &search).await?)
}

/// What a plan would do, line by line. Nothing of it is done.
#[server(endpoint = "rehearse_leaver")]
pub async fn rehearse_leaver(user: UserId, plan: Plan) -> Result<Rehearsal, ApiError> {
    use crate::{ops, server::login};
    let (portal, by) = login::required().await?;
    Ok(ops::leavers::rehearse(&portal.store, &portal.sessions, by, user, &plan).await?)
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
    use crate::{ops, server::login};
    let (portal, by) = login::required().await?;
    let said = (reason.as_str(), seen.as_deref());
    let report = ops::leavers::process(&portal.store, &portal.sessions, by, user, &plan, said, &key).await?;
    login::go_on(Some(&format!("/leavers/{report}")));
    Ok(report)
}

/// What was done for a leaver.
#[server(name = ReportOfLeaver, endpoint = "leaver_report")]
pub async fn leaver_report(report: EventId) -> Result<LeaverReport, ApiError> {
    use crate::{ops, server::login};
    let (portal, reader) = login::reading().await?;
    Ok(ops::leavers::report(&portal.store, reader, report).await?)
}
