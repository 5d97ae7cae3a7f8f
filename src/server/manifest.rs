//! What browsers read to install the portal as an app (Web Application Manifest, W3C).

use axum::{extract::Query, response::IntoResponse};
use http::header;
use serde::{Deserialize, Serialize};

use crate::i18n::Language;

/// The colour behind the sign, and of the bar of the window, before a page has said its own.
const COLOR: &str = "#ffffff";

#[derive(Debug, Serialize)]
struct Icon {
    src: &'static str,
    sizes: &'static str,
    r#type: &'static str,
    purpose: &'static str,
}

#[derive(Debug, Serialize)]
struct Manifest {
    id: &'static str,
    name: &'static str,
    short_name: &'static str,
    lang: &'static str,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    background_color: &'static str,
    theme_color: &'static str,
    icons: [Icon; 4],
}

const fn png(src: &'static str, sizes: &'static str, purpose: &'static str) -> Icon {
    Icon {
        src,
        sizes,
        r#type: "image/png",
        purpose,
    }
}

/// In which language.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    language: String,
}

/// `GET /manifest.webmanifest`.
pub async fn served(Query(Asked { language }): Query<Asked>) -> impl IntoResponse {
    let language = Language::from_tags(&language);
    let manifest = Manifest {
        id: "/",
        name: language.license_portal(),
        short_name: language.tickets(),
        lang: language.tag(),
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: COLOR,
        theme_color: COLOR,
        icons: [
            Icon {
                src: "/favicon.svg",
                sizes: "any",
                r#type: "image/svg+xml",
                purpose: "any",
            },
            png("/icon-192.png", "192x192", "any"),
            png("/icon-512.png", "512x512", "any"),
            png("/icon-maskable-512.png", "512x512", "maskable"),
        ],
    };
    let json = serde_json::to_string(&manifest).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/manifest+json")], json)
}
