//! Use as a file: the steps that the page shows (N18). CSV as in RFC 4180, in UTF-8.

use std::collections::HashMap;

use axum::{
    Router,
    body::Bytes,
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
        licensing::usage::{BY, BY_PERSON, BranchUse, TicketUse, UseQuery, average, span_of},
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

/// The first line of a file by person. `since` is the first day that is counted.
const COLUMNS_BY_PERSON: [&str; 7] = [
    "since",
    "article",
    "product",
    "person",
    "leased_seconds",
    "refused",
    "waited_minutes",
];

type PersonLine = [String; COLUMNS_BY_PERSON.len()];

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
        let body = match parameter("ticket") {
            Some(ticket) => {
                let ticket: TicketId = ticket.parse().map_err(|_| ApiError::HIDDEN)?;
                let span = span_of(parameter("span"));
                let found = told::of_ticket(store, reader, ticket, span).await?;
                if parameter(BY) == Some(BY_PERSON) {
                    below(COLUMNS_BY_PERSON, by_person(lang, &found))
                } else {
                    below(COLUMNS, of_ticket(lang, &found))
                }
            }
            None => {
                let query = UseQuery::read(parameter);
                let found = told::of_branch(store, reader, &query).await?;
                below(COLUMNS, of_branch(lang, &query, &found))
            }
        };
        body.map_err(|_| ApiError::Internal)
    };
    let body = match work.await {
        Ok(body) => body,
        Err(ApiError::NotLoggedIn) => {
            return Redirect::to(&format!("{}?next={}", addresses::LOGIN, addresses::USE)).into_response();
        }
        Err(error) => return downloads.refuse(&visitor, "", &error),
    };
    downloads::named("use.csv", CSV, body)
}

/// The lines below their columns.
fn below<const FIELDS: usize>(
    columns: [&str; FIELDS],
    lines: Vec<[String; FIELDS]>,
) -> std::io::Result<Bytes> {
    let mut all = vec![columns.map(str::to_owned)];
    all.extend(lines);
    history::written(&all)
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

/// The people of the page.
fn by_person(lang: Language, found: &TicketUse) -> Vec<PersonLine> {
    let since = found.people_since.map_or_else(String::new, begin);
    let mut lines = Vec::new();
    for license in &found.licenses {
        lines.extend(license.people.iter().map(|person| {
            [
                since.clone(),
                license.article.clone(),
                format::product(lang, &license.license.product).to_owned(),
                person.name.clone(),
                person.leased.to_string(),
                person.refused.to_string(),
                person.waited.to_string(),
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
