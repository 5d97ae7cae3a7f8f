//! Reports of one's own branch (N13).

use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::resellers::reports::{Report, ReportQuery},
};

/// A page of a report.
#[server(endpoint = "report")]
pub async fn read_report(#[server(default)] query: ReportQuery) -> Result<Report, ApiError> {
    use crate::views::resellers::reports::REPORT_PAGE;
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::resellers::reports::page(&portal.store, user, &query, REPORT_PAGE).await?)
}
