//! Reports of one's own branch (N13).

use leptos::prelude::*;

use super::error::ApiError;
use crate::domain::reports::{Report, ReportQuery};

/// A page of a report.
#[server(endpoint = "report")]
pub async fn read_report(#[server(default)] query: ReportQuery) -> Result<Report, ApiError> {
    use crate::{domain::reports::REPORT_PAGE, ops, server::login};
    let (portal, user) = login::reading().await?;
    Ok(ops::reports::page(&portal.store, user, &query, REPORT_PAGE).await?)
}
