//! Pages that need nothing but the style: where the app cannot answer.

use domain::refusals::Refusal;
use leptos::prelude::*;

use crate::{
    errors::{ApiError, words::explain},
    i18n::Language,
    ui::shell::assets::Assets,
    views::addresses,
};

/// What is told when the portal answers with this HTTP status and nothing else: a heading, and what to do next.
fn words_for(lang: Language, status: u16) -> (&'static str, String) {
    match status {
        403 => (lang.foreign_request(), lang.foreign_request_text().into()),
        404 => (lang.not_found(), lang.not_found_text().into()),
        413 => (lang.too_large(), lang.too_large_text().into()),
        503 => (lang.offline(), explain(lang, &ApiError::Unreachable)),
        504 => (lang.took_too_long(), lang.took_too_long_text().into()),
        400..=499 => (lang.not_done(), explain(lang, &ApiError::Malformed)),
        _ => (lang.something_broke(), explain(lang, &ApiError::Internal)),
    }
}

/// The page for an HTTP status that comes without one.
#[must_use]
pub fn failure(lang: Language, status: u16, assets: &Assets) -> String {
    let (heading, text) = words_for(lang, status);
    page(lang, heading, text, assets)
}

/// The page that a browser keeps, and shows while the portal cannot be reached.
#[must_use]
pub fn offline(lang: Language, assets: &Assets) -> String {
    page(lang, lang.offline(), lang.offline_text().into(), assets)
}

/// The page in the place of a file, or after a plain form that was not taken.
#[must_use]
pub fn refused(lang: Language, error: &ApiError, assets: &Assets) -> String {
    let heading = match error.status() {
        404 => lang.not_found(),
        503 => lang.moment_please(),
        500.. => lang.something_broke(),
        _ => lang.not_done(),
    };
    let first =
        (*error == ApiError::Refused(Refusal::ImportOpen)).then(|| (addresses::IMPORTS, lang.imports()));
    page_with(lang, heading, explain(lang, error), first, assets)
}

fn page(lang: Language, heading: &'static str, text: String, assets: &Assets) -> String {
    page_with(lang, heading, text, None, assets)
}

fn page_with(
    lang: Language,
    heading: &'static str,
    text: String,
    first: Option<(&'static str, &'static str)>,
    assets: &Assets,
) -> String {
    let title = format!("{heading} – {}", lang.license_portal());
    let css = assets.css.clone();
    let page = view! {
        <html lang=lang.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                // A text of its own would be followed by a mark, which stands in a title as it is.
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
            </head>
            <body>
                <main id="main" class="main">
                    <div class="notice">
                        <h1>{heading}</h1>
                        <p>{text}</p>
                        <p class="actions">
                            {first.map(|(to, name)| view! { <a class="btn primary" href=to>{name}</a> })}
                            // The empty address is that of the page in whose place this one stands.
                            <a class="btn" class:primary=first.is_none() href="">{lang.try_again()}</a>
                            <a class="btn" href=addresses::HOME>{lang.go_to_tickets()}</a>
                        </p>
                    </div>
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}
