//! The codes of new tickets as a file (S13): a plain form, whose answer is a text or CSV. Whoever loads the address of the
//! form gets to the page with the codes.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use domain::ids::CreationId;
use serde::Deserialize;

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    i18n::{Language, format},
    ops::{self, resellers::creations::HandOut},
    server::{
        files::{
            downloads::{self, CSV, Downloads, Sent},
            history,
        },
        rest::administration::files,
    },
    ui::shell::assets::Assets,
    views::{addresses, resellers::creations::CreationDetail},
};

/// The route.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let downloads = Downloads { portal, assets };
    Router::new()
        .route(addresses::CREATED_CODES, post(file).get(to_page))
        .with_state(downloads.clone())
        .merge(files::at(&downloads, "/creations/{creation}/codes", post(file)))
}

async fn to_page(Path(id): Path<String>) -> Redirect {
    Redirect::to(&address(&id))
}

/// The page with the codes; what is no id leads to a page that says that there is nothing.
fn address(id: &str) -> String {
    addresses::created(id.parse().unwrap_or(CreationId(0)))
}

/// What the file is to be.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// The codes that can still be handed out, one a line.
    Text,
    /// A table of all.
    Csv,
}

#[derive(Deserialize)]
struct Asked {
    kind: Kind,
}

async fn file(
    State(downloads): State<Downloads>,
    Path(id): Path<String>,
    visitor: Visitor,
    form: Sent<Asked>,
) -> Response {
    let work = async {
        let portal = &downloads.portal;
        let reader = Writer::of(&visitor).await?.user;
        let Asked { kind } = form.0?;
        let creation = downloads::id(&id)?;
        let detail =
            ops::resellers::creations::hand_out(&portal.store, reader, creation, HandOut::File).await?;
        Ok::<_, ApiError>((kind, detail))
    };
    let (kind, detail) = match work.await {
        Ok(made) => made,
        Err(ApiError::NotLoggedIn) => {
            return Redirect::to(&format!("{}?next={}", addresses::LOGIN, address(&id))).into_response();
        }
        Err(error) => return downloads.refuse(&visitor, "", &error),
    };
    let (media, name, body) = match kind {
        Kind::Text => ("text/plain; charset=utf-8", "codes.txt", text(&detail)),
        Kind::Csv => match table(visitor.language(), &detail) {
            Ok(table) => (CSV, "codes.csv", table),
            Err(_) => return downloads.refuse(&visitor, "", &ApiError::Internal),
        },
    };
    downloads::named(name, media, body)
}

fn text(detail: &CreationDetail) -> Vec<u8> {
    let lines = detail.free_codes().map(|code| format!("{code}\r\n"));
    lines.collect::<String>().into_bytes()
}

fn table(lang: Language, detail: &CreationDetail) -> std::io::Result<Vec<u8>> {
    // Stable names for programs, in every language.
    let mut lines = vec![["code", "product", "quantity", "validity", "state"].map(str::to_owned)];
    lines.extend(detail.tickets.iter().map(|ticket| {
        [
            ticket.code.to_string(),
            format::product(lang, &detail.row.product).to_owned(),
            detail.row.quantity.to_string(),
            format::validity(lang, detail.terms.validity),
            if ticket.free { "free" } else { "taken" }.to_owned(),
        ]
    }));
    Ok(history::written(&lines)?.to_vec())
}
