//! Offboardings (N7).

use domain::{
    accounts::offboarding::Plan,
    ids::{EventId, UserId},
};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::accounts::offboarding::{DryRun, Offboarding, OffboardingReport},
};

/// What somebody has, as far as the reader administers it, and where it could go; people who could take over are searched.
#[server(name = OffboardingOf, endpoint = "leaver")]
pub async fn leaver(
    user: UserId,
    successor: Option<UserId>,
    #[server(default)] search: String,
) -> Result<Offboarding, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader {
        portal, user: reader, ..
    } = Reader::of_request().await?;
    let (store, sessions) = (&portal.store, &portal.sessions);
    Ok(ops::accounts::offboarding::leaver(store, sessions, reader, user, successor, &search).await?)
}

/// What a plan would do, line by line. Nothing of it is done.
#[server(endpoint = "rehearse_leaver")]
pub async fn dry_run_offboarding(user: UserId, plan: Plan) -> Result<DryRun, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user: by } = Writer::of_request().await?;
    Ok(ops::accounts::offboarding::dry_run(&portal.store, &portal.sessions, by, user, &plan).await?)
}

/// Carries a plan out, all of it or nothing, and goes to the report. A repetition with the same `key` changes nothing.
#[server(endpoint = "process_leaver")]
pub async fn process_offboarding(
    user: UserId,
    plan: Plan,
    #[server(default)] reason: String,
    seen: Option<String>,
    key: String,
) -> Result<EventId, ApiError> {
    use crate::{
        auth::{self, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user: by } = Writer::of_request().await?;
    let said = (reason.as_str(), seen.as_deref());
    let report =
        ops::accounts::offboarding::process(&portal.store, &portal.sessions, by, user, &plan, said, &key)
            .await?;
    auth::go_on(&addresses::offboarding_report(report));
    Ok(report)
}

/// What was done for a leaver.
#[server(name = ReportOfOffboarding, endpoint = "leaver_report")]
pub async fn offboarding_report(report: EventId) -> Result<OffboardingReport, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader {
        portal, user: reader, ..
    } = Reader::of_request().await?;
    Ok(ops::accounts::offboarding::report(&portal.store, reader, report).await?)
}
