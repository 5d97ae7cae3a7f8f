//! Tickets as a file: those that were chosen, a line for each licence in them. CSV as in RFC 4180, in UTF-8.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{access::Place, licensing::licenses::License, refusals::Refusal};

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    i18n::{Language, format},
    ops,
    server::files::{
        downloads::{self, CSV, Downloads},
        history,
    },
    ui::shell::assets::Assets,
    views::{
        addresses,
        tickets::{TicketRow, bulk::TicketSelection},
    },
};

/// The first line: stable names for programs, in every language.
const COLUMNS: [&str; 10] = [
    "code",
    "product",
    "quantity",
    "activated",
    "ends",
    "binding",
    "owner",
    "group",
    "protected",
    "since",
];

/// The route.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    Router::new()
        .route(addresses::TICKETS_FILE, get(file))
        .with_state(Downloads { portal, assets })
}

async fn file(
    State(downloads): State<Downloads>,
    Query(parameters): Query<HashMap<String, String>>,
    visitor: Visitor,
) -> Response {
    let portal = &downloads.portal;
    let work = async {
        let reader = Writer::of(&visitor).await?.user;
        let chosen = parameters.get("tickets").and_then(|text| text.parse().ok());
        let chosen: TicketSelection = chosen.ok_or(ApiError::Refused(Refusal::Malformed))?;
        Ok(ops::tickets::bulk::rows(&portal.store, reader, &chosen).await?)
    };
    let rows = match work.await {
        Ok(rows) => rows,
        Err(ApiError::NotLoggedIn) => {
            return Redirect::to(&format!("{}?next={}", addresses::LOGIN, addresses::HOME)).into_response();
        }
        Err(error) => return downloads.refuse(&visitor, "", &error),
    };
    let lang = visitor.language();
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    for row in &rows {
        lines.extend(row.licenses.iter().map(|license| line(lang, row, license)));
    }
    let Ok(body) = history::written(&lines) else {
        return downloads.refuse(&visitor, "", &ApiError::Internal);
    };
    downloads::named("tickets.csv", CSV, body)
}

fn line(lang: Language, row: &TicketRow, license: &License) -> [String; COLUMNS.len()] {
    [
        row.code.to_string(),
        format::product(lang, &license.product).to_owned(),
        license.quantity.to_string(),
        license.activated.to_string(),
        // The first moment at which it cannot be used any more.
        license.end().map(format::machine_time).unwrap_or_default(),
        license.binding.to_string(),
        match row.facts.place {
            Place::Unassigned => "unassigned".to_owned(),
            Place::Group(_) => "group".to_owned(),
            Place::User { .. } => row.person.clone().unwrap_or_default(),
        },
        format::path(&row.path),
        row.facts.protected.to_string(),
        format::machine_time(row.since),
    ]
}
