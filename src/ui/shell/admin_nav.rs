//! The pages of the administration.

use leptos::prelude::*;

use crate::{
    ui::{
        kit::{language::use_language, location::here},
        shell::session::use_me,
    },
    views::addresses,
};

/// Where the administration begins for the reader; for most there is none.
#[must_use]
pub fn beginning(actor: &domain::access::Actor) -> Option<&'static str> {
    if actor.isv_admin {
        Some(addresses::INSTANCE)
    } else if actor.looks_after_people() {
        Some(addresses::USERS)
    } else if actor.creates_tickets() {
        Some(addresses::CREATE)
    } else if actor.has_reports() {
        Some(addresses::REPORTS)
    } else {
        None
    }
}

/// Whether an address belongs to the administration.
#[must_use]
pub fn is_administration(path: &str) -> bool {
    // Behind the webhooks of the instance stand those of groups, too.
    let pages = [
        addresses::INSTANCE,
        addresses::USERS,
        addresses::PRODUCTS,
        addresses::IMPORTS,
        addresses::ACTIVE_SESSIONS,
        addresses::CREATE,
        addresses::REPORTS,
    ];
    path == addresses::WEBHOOKS || pages.iter().any(|start| path.starts_with(start))
}

/// Links to the pages of the administration that are for the reader.
#[component]
pub fn AdminNav() -> impl IntoView {
    let lang = use_language();
    let here = here();
    let actor = use_me().actor;
    let isv_admin = actor.isv_admin;
    let link = move |to: &'static str, name: &'static str| {
        let current = move || {
            here.with(|here| here.split('?').next() == Some(to))
                .then_some("page")
        };
        view! { <a href=to aria-current=current>{name}</a> }
    };
    view! {
        <nav class="sub-nav" aria-label=lang.administration()>
            {isv_admin.then(|| link(addresses::INSTANCE, lang.license_administration()))}
            {actor.looks_after_people().then(|| link(addresses::USERS, lang.persons_and_users()))}
            {isv_admin.then(|| view! { {link(addresses::PRODUCTS, lang.products())} {link(addresses::IMPORTS, lang.import_export())} {link(addresses::WEBHOOKS, lang.webhooks())} })}
            {actor.creates_tickets().then(|| link(addresses::CREATE, lang.create_tickets_title()))}
            {actor.has_reports().then(|| link(addresses::REPORTS, lang.reports()))}
            {isv_admin.then(|| view! { {link(addresses::ACTIVE_SESSIONS, lang.active_sessions())} {link(addresses::ENDED_SESSIONS, lang.ended_sessions())} })}
        </nav>
    }
}
