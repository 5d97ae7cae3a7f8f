//! The document, and what all pages have in common.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{components::Router, hooks::use_location};

use crate::{
    ui::{
        kit::{browser, language::use_language, location::here},
        routes::Pages,
        shell::{
            assets::{Assets, MANIFEST},
            session::{asked_language, asked_start, asked_theme, provide_session},
            way::Section,
        },
    },
    views::{addresses, themes::Theme},
};

/// What scripts may make the browser read as HTML or load as a script.
const TRUSTED_TYPES: &str = include_str!("shell/trusted_types.js");

/// The document around the app.
///
/// It writes the link and script tags itself: those of Leptos carry the nonce in `crossorigin`.
#[must_use]
pub fn shell(options: LeptosOptions, assets: Assets) -> impl IntoView {
    // Development only: `cargo leptos watch` reloads by other means than an inline script here.
    drop(options);
    let Assets { js, wasm, css } = assets;
    let start = format!(
        "import init, {{ hydrate }} from {js:?};\n{TRUSTED_TYPES}init({{ module_or_path: {wasm:?} }}).then(hydrate);"
    );
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
                <link rel="modulepreload" href=js/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <MetaTags/>
                <script type="module" nonce=leptos::nonce::use_nonce()>{start}</script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Names of groups and people stand in titles, and on the server leptos_meta 0.8 writes a title as it comes.
fn title_text(title: String) -> String {
    if cfg!(feature = "ssr") {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
    }
}

/// Tells style and tests that the page has come alive.
fn mark_ready() {
    if let Some(html) = document().document_element() {
        // Only the wish to show a button early depends on it.
        let _ = html.set_attribute("data-ready", "");
    }
}

/// After a way to another page, the focus is on its heading, unless what had it is there as before.
#[component]
fn Landing() -> impl IntoView {
    let path = use_location().pathname;
    // A refusal that came with the address was read by then; whoever loads the page again is not told of it once more.
    let (search, here) = (use_location().search, here());
    Effect::new(move |_| {
        if search.with(|search| search.contains("__err=")) {
            browser::rename_page(&here.get_untracked());
        }
    });
    // The desk looks after its focus itself.
    let on_desk =
        |path: &str| addresses::is_tree(path) || addresses::rest_of(path, addresses::TICKETS).is_some();
    Effect::watch(
        move || path.get(),
        move |path, _, _| {
            if !on_desk(path) {
                browser::land();
            }
        },
        false,
    );
}

/// The title of the document: thing, section, portal.
#[component]
fn Titles() -> impl IntoView {
    let (language, here) = (use_language(), here());
    let section = move || {
        here.with_untracked(|here| Section::of(here))
            .map(|section| section.name(language))
    };
    // On the server it is written when the address has gone already.
    let known = cfg!(feature = "ssr").then(section);
    let title = move |page: String| {
        let section = known
            .unwrap_or_else(section)
            .filter(|section| *section != page)
            .map(str::to_owned);
        let page = Some(title_text(page)).filter(|page| !page.is_empty());
        let portal = Some(language.license_portal().to_owned());
        let parts = [page, section, portal].into_iter().flatten();
        parts.collect::<Vec<_>>().join(" – ")
    };
    view! { <Title formatter=title/> }
}

/// The app: every page of the portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_session();
    let language = use_language();
    Effect::new(move |_| {
        mark_ready();
        browser::lines_have(&["data-node", "data-ticket", "data-license"]);
        browser::keep_offline_page(language.tag());
    });
    view! {
        <Router>
            <Titles/>
            <a class="skip" href="#main">{language.skip_to_content()}</a>
            <Landing/>
            <Pages/>
        </Router>
    }
}
