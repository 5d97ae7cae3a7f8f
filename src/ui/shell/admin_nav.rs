//! The pages of the administration.

use leptos::prelude::*;

use crate::{
    ui::{
        kit::{browser, language::use_language, location::here},
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

/// Links to the pages of the administration that are for the reader, by what they are about: at the side on a wide screen, in
/// a row that scrolls on a narrow one.
#[component]
pub fn AdminNav() -> impl IntoView {
    let lang = use_language();
    let here = here();
    let actor = use_me().actor;
    let isv_admin = actor.isv_admin;
    let people = [
        (
            actor.looks_after_people(),
            addresses::USERS,
            lang.persons_and_users(),
        ),
        (isv_admin, addresses::ACTIVE_SESSIONS, lang.active_sessions()),
        (isv_admin, addresses::ENDED_SESSIONS, lang.ended_sessions()),
    ];
    let catalogue = [
        (isv_admin, addresses::PRODUCTS, lang.products()),
        (
            actor.creates_tickets(),
            addresses::CREATE,
            lang.create_tickets_title(),
        ),
    ];
    let insight = [(actor.has_reports(), addresses::REPORTS, lang.reports())];
    let instance = [
        (isv_admin, addresses::INSTANCE, lang.license_administration()),
        (isv_admin, addresses::WEBHOOKS, lang.webhooks()),
        (isv_admin, addresses::IMPORTS, lang.import_export()),
    ];
    let link = move |to: &'static str, name: &'static str| {
        let current = move || {
            here.with(|here| here.split('?').next() == Some(to))
                .then_some("page")
        };
        view! { <a href=to aria-current=current>{name}</a> }
    };
    let group = move |name: &'static str, pages: &[(bool, &'static str, &'static str)]| {
        let own = pages.iter().filter(|(own, ..)| *own);
        let links: Vec<_> = own.map(|(_, to, name)| link(to, name)).collect();
        (!links.is_empty()).then(|| {
            view! {
                <div role="group" aria-label=name>
                    <span class="group-name" aria-hidden="true">{name}</span>
                    {links}
                </div>
            }
        })
    };
    // In the row, the page shown may lie beyond the edge.
    Effect::new(|_| browser::scroll_to(".admin-nav [aria-current]"));
    view! {
        <nav class="admin-nav" aria-label=lang.administration()>
            {group(lang.admin_people(), &people)}
            {group(lang.admin_catalogue(), &catalogue)}
            {group(lang.admin_insight(), &insight)}
            {group(lang.admin_instance(), &instance)}
        </nav>
    }
}
