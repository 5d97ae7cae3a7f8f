//! A report as a file: the lines that the page shows, without its pages (N13). CSV as in RFC 4180, in UTF-8.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    i18n::{Language, format},
    ops,
    server::{
        files::{
            downloads::{self, CSV, Downloads},
            history,
        },
        rest::administration::files,
    },
    ui::shell::assets::Assets,
    views::{
        addresses,
        resellers::reports::{ReportQuery, ReportRow},
    },
};

/// Most lines of a file: each is a product in a period.
const MAX_LINES: u32 = 50_000;
/// The first line: stable names for programs, in every language.
const COLUMNS: [&str; 7] = [
    "period",
    "article",
    "product",
    "created",
    "assigned",
    "activated",
    "expiring",
];

/// The route.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let downloads = Downloads { portal, assets };
    Router::new()
        .route(addresses::REPORTS_FILE, get(file))
        .with_state(downloads.clone())
        .merge(files::at(&downloads, "/reports.csv", get(file)))
}

async fn file(
    State(downloads): State<Downloads>,
    Query(parameters): Query<HashMap<String, String>>,
    visitor: Visitor,
) -> Response {
    let query = ReportQuery {
        page: 0,
        ..ReportQuery::read(|name| parameters.get(name).map(String::as_str))
    };
    let portal = &downloads.portal;
    let work = async {
        let reader = Writer::of(&visitor).await?.user;
        Ok(ops::resellers::reports::page(&portal.store, reader, &query, MAX_LINES).await?)
    };
    let report = match work.await {
        Ok(report) => report,
        Err(ApiError::NotLoggedIn) => {
            return Redirect::to(&format!("{}?next={}", addresses::LOGIN, addresses::REPORTS))
                .into_response();
        }
        Err(error) => return downloads.refuse(&visitor, "", &error),
    };
    let lang = visitor.language();
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(report.rows.iter().map(|row| line(lang, row)));
    let Ok(body) = history::written(&lines) else {
        return downloads.refuse(&visitor, "", &ApiError::Internal);
    };
    downloads::named("report.csv", CSV, body)
}

fn line(lang: Language, row: &ReportRow) -> [String; COLUMNS.len()] {
    [
        // The first day of the period.
        format::machine_time(row.begin).chars().take(10).collect(),
        row.article.clone(),
        format::product(lang, &row.product).to_owned(),
        row.created.to_string(),
        row.assigned.to_string(),
        row.activated.to_string(),
        row.expiring.to_string(),
    ]
}
