//! What all pages have in common.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{components::Router, hooks::use_location};

use crate::{
    ui::{
        kit::{browser, language::use_language, location::here},
        routes::Pages,
        shell::{session::provide_session, way::Section},
    },
    views::addresses,
};

/// Names of groups and people stand in titles, and on the server leptos_meta 0.8 writes a title as it comes.
fn title_text(title: String) -> String {
    if cfg!(feature = "ssr") {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
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
