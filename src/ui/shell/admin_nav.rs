//! The pages of the administration.

use leptos::prelude::*;

use crate::ui::shell::session::{here, use_language, use_me};

/// The licence administration.
pub const INSTANCE: &str = "/instance";
/// The users.
pub const USERS: &str = "/users";
/// The catalogue.
pub const PRODUCTS: &str = "/products";
/// What the instance tells other systems.
pub use crate::ui::history::webhooks::WEBHOOKS;
/// Files in and out.
pub use crate::ui::instance::imports::IMPORTS;
/// The running logins.
pub const ACTIVE: &str = "/sessions";
/// The ended logins.
pub const ENDED: &str = "/sessions/ended";

/// Creating tickets.
pub const CREATE: &str = "/create";
/// Reports.
pub const REPORTS: &str = "/reports";

/// Where the administration begins for the reader; for most there is none.
#[must_use]
pub fn beginning(actor: &domain::access::Actor) -> Option<&'static str> {
    if actor.isv_admin {
        Some(INSTANCE)
    } else if actor.looks_after_people() {
        Some(USERS)
    } else if actor.creates_tickets() {
        Some(CREATE)
    } else if actor.has_reports() {
        Some(REPORTS)
    } else {
        None
    }
}

/// Whether an address belongs to the administration.
#[must_use]
pub fn is_administration(path: &str) -> bool {
    // Behind the webhooks of the instance stand those of groups, too.
    let pages = [INSTANCE, USERS, PRODUCTS, IMPORTS, ACTIVE, CREATE, REPORTS];
    path == WEBHOOKS || pages.iter().any(|start| path.starts_with(start))
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
            {isv_admin.then(|| link(INSTANCE, lang.license_administration()))}
            {actor.looks_after_people().then(|| link(USERS, lang.persons_and_users()))}
            {isv_admin.then(|| view! { {link(PRODUCTS, lang.products())} {link(IMPORTS, lang.import_export())} {link(WEBHOOKS, lang.webhooks())} })}
            {actor.creates_tickets().then(|| link(CREATE, lang.create_tickets_title()))}
            {actor.has_reports().then(|| link(REPORTS, lang.reports()))}
            {isv_admin.then(|| view! { {link(ACTIVE, lang.active_sessions())} {link(ENDED, lang.ended_sessions())} })}
        </nav>
    }
}
