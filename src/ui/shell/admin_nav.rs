//! The pages of the administration.

use domain::access::Actor;
use leptos::prelude::*;

use crate::{
    i18n::Language,
    ui::{
        kit::{browser, language::use_language, location::here},
        shell::session::use_me,
    },
    views::addresses,
};

/// Where the administration begins for the reader; for most there is none.
#[must_use]
pub fn beginning(actor: &Actor) -> Option<&'static str> {
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

/// The pages of the administration that are for the reader, by what they are about.
#[must_use]
pub fn pages(lang: Language, actor: &Actor) -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let isv_admin = actor.isv_admin;
    let people = vec![
        (
            actor.looks_after_people(),
            addresses::USERS,
            lang.persons_and_users(),
        ),
        (isv_admin, addresses::ACTIVE_SESSIONS, lang.sessions()),
    ];
    let catalogue = vec![
        (isv_admin, addresses::PRODUCTS, lang.products()),
        (
            actor.creates_tickets(),
            addresses::CREATE,
            lang.create_tickets_title(),
        ),
    ];
    let insight = vec![
        (actor.has_use(), addresses::USE, lang.usage()),
        (actor.has_reports(), addresses::REPORTS, lang.reports()),
    ];
    let instance = vec![
        (isv_admin, addresses::INSTANCE, lang.license_administration()),
        (
            isv_admin,
            addresses::IDENTITY_PROVIDERS,
            lang.identity_providers(),
        ),
        (isv_admin, addresses::WEBHOOKS, lang.webhooks()),
        (isv_admin, addresses::IMPORTS, lang.import_export()),
    ];
    let all = [
        (lang.admin_people(), people),
        (lang.admin_catalogue(), catalogue),
        (lang.admin_insight(), insight),
        (lang.admin_instance(), instance),
    ];
    let own = all.into_iter().map(|(name, pages)| {
        let own = pages.into_iter().filter(|(own, ..)| *own);
        (name, own.map(|(_, to, name)| (to, name)).collect::<Vec<_>>())
    });
    own.filter(|(_, pages)| !pages.is_empty()).collect()
}

/// Links to these pages: at the side on a wide screen, in a row that scrolls on a narrow one.
#[component]
pub fn AdminNav() -> impl IntoView {
    let lang = use_language();
    let here = here();
    let link = move |(to, name): (&'static str, &'static str)| {
        let current = move || {
            // Its tab is another page of the same list.
            let page = |here: &String| match here.split('?').next() {
                Some(addresses::ENDED_SESSIONS) => to == addresses::ACTIVE_SESSIONS,
                path => path == Some(to),
            };
            here.with(page).then_some("page")
        };
        view! { <a href=to aria-current=current>{name}</a> }
    };
    let group = move |(name, pages): (&'static str, Vec<(&'static str, &'static str)>)| {
        view! {
            <div role="group" aria-label=name>
                <span class="group-name" aria-hidden="true">{name}</span>
                {pages.into_iter().map(link).collect::<Vec<_>>()}
            </div>
        }
    };
    let groups = pages(lang, &use_me().actor).into_iter().map(group);
    let groups = groups.collect::<Vec<_>>();
    // In the row, the page shown may lie beyond the edge.
    Effect::new(|_| browser::scroll_to(".admin-nav [aria-current]"));
    view! {
        <nav class="admin-nav" aria-label=lang.administration()>
            {groups}
        </nav>
    }
}
