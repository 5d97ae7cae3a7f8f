//! Use as a file: the steps that the page shows (N18). CSV as in RFC 4180, in UTF-8.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{ids::TicketId, time::Seconds};
use jiff::Timestamp;

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    i18n::{Language, format},
    ops::licensing::usage::told,
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
        licensing::usage::{BranchUse, TicketUse, UseQuery, average, span_of},
    },
};

/// The first line: stable names for programs, in every language. What a branch has no number of stays empty.
const COLUMNS: [&str; 9] = [
    "begin",
    "article",
    "product",
    "leased_seconds",
    "average",
    "peak",
    "granted",
    "refused",
    "waited_minutes",
];

type Line = [String; COLUMNS.len()];

/// The route.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let downloads = Downloads { portal, assets };
    Router::new()
        .route(addresses::USE_FILE, get(file))
        .with_state(downloads.clone())
        .merge(files::at(&downloads, "/use.csv", get(file)))
}

async fn file(
    State(downloads): State<Downloads>,
    Query(parameters): Query<HashMap<String, String>>,
    visitor: Visitor,
) -> Response {
    let parameter = |name: &'static str| parameters.get(name).map(String::as_str);
    let lang = visitor.language();
    let store = &downloads.portal.store;
    let work = async {
        let reader = Writer::of(&visitor).await?.user;
        let lines = match parameter("ticket") {
            Some(ticket) => {
                let ticket: TicketId = ticket.parse().map_err(|_| ApiError::HIDDEN)?;
                let span = span_of(parameter("span"));
                of_ticket(lang, &told::of_ticket(store, reader, ticket, span).await?)
            }
            None => {
                let query = UseQuery::read(parameter);
                of_branch(lang, &query, &told::of_branch(store, reader, &query).await?)
            }
        };
        Ok(lines)
    };
    let found = match work.await {
        Ok(found) => found,
        Err(ApiError::NotLoggedIn) => {
            return Redirect::to(&format!("{}?next={}", addresses::LOGIN, addresses::USE)).into_response();
        }
        Err(error) => return downloads.refuse(&visitor, "", &error),
    };
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(found);
    let Ok(body) = history::written(&lines) else {
        return downloads.refuse(&visitor, "", &ApiError::Internal);
    };
    downloads::named("use.csv", CSV, body)
}

/// The mean of what was leased, with a tenth.
fn mean(leased: Seconds, step: Seconds) -> String {
    let tenths = average(leased, step);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn begin(at: Timestamp) -> String {
    format::machine_time(at)
}

fn of_ticket(lang: Language, found: &TicketUse) -> Vec<Line> {
    let mut lines = Vec::new();
    for license in &found.licenses {
        lines.extend(license.points.iter().map(|point| {
            [
                begin(point.begin),
                license.article.clone(),
                format::product(lang, &license.license.product).to_owned(),
                point.leased.to_string(),
                mean(point.leased, found.step),
                point.peak.to_string(),
                point
                    .granted
                    .map_or_else(String::new, |granted| granted.to_string()),
                point.refused.to_string(),
                point.waited.to_string(),
            ]
        }));
    }
    lines
}

fn of_branch(lang: Language, query: &UseQuery, found: &BranchUse) -> Vec<Line> {
    let product = found
        .products
        .iter()
        .find(|product| Some(product.id) == query.product);
    let (article, name) = product.map_or_else(Default::default, |product| {
        let name = format::product(lang, &product.product);
        (product.article.clone(), name.to_owned())
    });
    let line = |point: &crate::views::licensing::usage::BranchPoint| {
        [
            begin(point.begin),
            article.clone(),
            name.clone(),
            point.leased.to_string(),
            mean(point.leased, found.step),
            String::new(),
            String::new(),
            point.refused.to_string(),
            point.waited.to_string(),
        ]
    };
    found.points.iter().map(line).collect()
}
