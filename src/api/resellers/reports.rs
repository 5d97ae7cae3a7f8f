//! Reports of one's own branch (N13).

use domain::resellers::reports::{Report, ReportQuery};
use leptos::prelude::*;

use crate::errors::ApiError;

/// A page of a report.
#[server(endpoint = "report")]
pub async fn read_report(#[server(default)] query: ReportQuery) -> Result<Report, ApiError> {
    use crate::{auth, ops};
    use domain::resellers::reports::REPORT_PAGE;
    let (portal, user) = auth::reading().await?;
    Ok(ops::resellers::reports::page(&portal.store, user, &query, REPORT_PAGE).await?)
}
