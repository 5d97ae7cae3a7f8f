//! The document around the app, as the server writes it.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::{
    ui::{
        app::App,
        page::Page,
        routes::page_at,
        shell::{
            assets::{Assets, MANIFEST},
            session::{asked_language, asked_start, asked_theme},
        },
    },
    views::themes::Theme,
};

/// What scripts may make the browser read as HTML or load as a script.
const TRUSTED_TYPES: &str = include_str!("shell/trusted_types.js");

/// What a page does that has no program: it is alive at once, keeps nothing of who was here before, and tells of a refusal once.
const PLAIN: &str = include_str!("shell/plain.js");

/// The page at the address of the request; `None` where there is none.
fn page_asked() -> Option<&'static Page> {
    let parts = use_context::<http::request::Parts>()?;
    page_at(parts.uri.path())
}

/// All that brings a page to life: scripts, what all pages share, and its own.
fn files(assets: &Assets, page: &str) -> Vec<String> {
    let common = [Some(&assets.js), assets.split.as_ref(), Some(&assets.wasm)];
    let common = common.into_iter().flatten();
    common.chain(assets.of(page)).cloned().collect()
}

/// The script that brings the page to life; the browser fetches all it needs at once.
fn alive(assets: &Assets, page: Option<&'static str>) -> AnyView {
    let Assets { js, wasm, .. } = assets;
    let start = format!(
        "import init, {{ hydrate }} from {js:?};\n{TRUSTED_TYPES}init({{ module_or_path: {wasm:?} }}).then(hydrate);"
    );
    let link = |file: String| {
        if file.ends_with(".js") {
            view! { <link rel="modulepreload" href=file/> }.into_any()
        } else {
            view! { <link rel="preload" href=file r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/> }
                .into_any()
        }
    };
    let links: Vec<_> = files(assets, page.unwrap_or_default())
        .into_iter()
        .map(link)
        .collect();
    view! {
        {links}
        <script type="module" nonce=leptos::nonce::use_nonce()>{start}</script>
    }
    .into_any()
}

/// The document around the app.
///
/// It writes the link and script tags itself: those of Leptos carry the nonce in `crossorigin`.
#[must_use]
pub fn document(options: LeptosOptions, assets: Assets) -> impl IntoView {
    // Development only: `cargo leptos watch` reloads by other means than an inline script here.
    drop(options);
    let start = match page_asked().map(Page::name) {
        // What is written for who is not logged in needs no program; while they type, the desk's comes already.
        Some(None) => view! {
            <script type="module" nonce=leptos::nonce::use_nonce()>{PLAIN}</script>
            {files(&assets, "desk").into_iter().map(|file| view! { <link rel="prefetch" href=file/> }).collect_view()}
        }
        .into_any(),
        found => alive(&assets, found.flatten()),
    };
    let css = assets.css;
    let theme = asked_theme();
    // The colours of the bar, which browsers take on: `--surface` of `style/tokens.css`.
    let theme_colors = match theme {
        Theme::System => [("light", "#ffffff"), ("dark", "#171d1a")]
            .map(|(scheme, color)| {
                leptos::html::meta()
                    .name("theme-color")
                    .attr("media", format!("(prefers-color-scheme: {scheme})"))
                    .content(color)
            })
            .into_any(),
        Theme::Light => view! { <meta name="theme-color" content="#ffffff"/> }.into_any(),
        Theme::Dark => view! { <meta name="theme-color" content="#171d1a"/> }.into_any(),
    };
    let manifest = format!("{MANIFEST}?language={}", asked_language().tag());
    view! {
        <!DOCTYPE html>
        <html lang=asked_language().tag() data-theme=theme.name() data-start=asked_start().name()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content=theme.color_scheme()/>
                {theme_colors}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icon-180.png"/>
                <link rel="manifest" href=manifest/>
                <link rel="stylesheet" href=css/>
                <MetaTags/>
                {start}
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
