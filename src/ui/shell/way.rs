//! Where a page belongs: the section that it is part of, and the page above it.

use domain::access::Actor;
use leptos::prelude::*;

use crate::{
    i18n::Language,
    ui::{
        kit::{language::use_language, location::here},
        shell::session::use_me,
    },
    views::addresses,
};

/// A part of the portal, as the bar names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Tickets,
    Containers,
    Activity,
    Administration,
    Me,
    Help,
}

/// Pages of each section, and with them all that begin in the same way.
const SECTIONS: &[(Section, &[&str])] = &[
    (Section::Overview, &[addresses::OVERVIEW]),
    (
        Section::Tickets,
        &[
            addresses::HOME,
            addresses::TREE,
            addresses::TICKET,
            addresses::MOVE,
            addresses::ADD,
            addresses::GROUP,
        ],
    ),
    (Section::Containers, &[addresses::CONTAINERS]),
    (
        Section::Activity,
        &[
            addresses::HISTORY,
            addresses::EXPIRING,
            addresses::UNUSED,
            addresses::TAKE_BACKS,
        ],
    ),
    (
        Section::Administration,
        &[
            addresses::INSTANCE,
            addresses::USERS,
            addresses::OFFBOARDING_REPORT,
            addresses::PRODUCTS,
            addresses::IDENTITY_PROVIDERS,
            addresses::IMPORTS,
            addresses::ACTIVE_SESSIONS,
            addresses::CREATE,
            addresses::CREATED,
            addresses::REPORTS,
            addresses::USE,
        ],
    ),
    (Section::Me, &[addresses::ME]),
    (Section::Help, &[addresses::HELP]),
];

/// The pages above others, where there are some; what stands for `{id}` is the same in both.
type Above = (&'static str, &'static str, fn(Language) -> &'static str);
const ABOVE: &[Above] = &[
    (addresses::TICKET, addresses::ALL_TICKETS, Language::tickets),
    (addresses::VIEWERS, addresses::TICKET, Language::ticket),
    (addresses::TICKET_USE, addresses::TICKET, Language::ticket),
    (addresses::SPLIT, addresses::TICKET, Language::ticket),
    (addresses::JOIN, addresses::TICKET, Language::ticket),
    (addresses::MOVE, addresses::ALL_TICKETS, Language::tickets),
    (addresses::ADD, addresses::ALL_TICKETS, Language::tickets),
    (addresses::GROUP, addresses::TREE, Language::groups_and_people),
    (addresses::PARTNER, addresses::GROUP, Language::group),
    (addresses::GROUP_WEBHOOKS, addresses::GROUP, Language::group),
    (addresses::WEBHOOK, addresses::WEBHOOKS, Language::webhooks),
    (addresses::USER, addresses::USERS, Language::persons_and_users),
    (addresses::OFFBOARDING, addresses::USER, Language::person),
    (
        addresses::OFFBOARDING_REPORT,
        addresses::USERS,
        Language::persons_and_users,
    ),
    (addresses::PRODUCT, addresses::PRODUCTS, Language::products),
    (addresses::CONTAINER, addresses::CONTAINERS, Language::containers),
    (
        addresses::CREATED,
        addresses::CREATE,
        Language::create_tickets_title,
    ),
    (addresses::IMPORT, addresses::IMPORTS, Language::import_export),
    (addresses::MY_PASSWORD, addresses::ME, Language::my_account),
    (addresses::MY_TOKENS, addresses::ME, Language::my_account),
    (addresses::MY_SECOND_FACTOR, addresses::ME, Language::my_account),
    (addresses::MY_SIGN_INS, addresses::ME, Language::my_account),
    (addresses::MY_USE, addresses::ME, Language::my_account),
    (
        addresses::IDENTITY_PROVIDER,
        addresses::IDENTITY_PROVIDERS,
        Language::identity_providers,
    ),
];

/// The segments of an address, without its query.
fn segments(address: &str) -> impl Iterator<Item = &str> {
    let path = address.split('?').next().unwrap_or_default();
    path.split('/').skip(1)
}

impl Section {
    /// The section that an address is part of.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        // The webhooks of groups stand behind those of the instance, and are no part of its administration.
        if segments(address).eq(segments(addresses::WEBHOOKS)) {
            return Some(Self::Administration);
        }
        let begin = segments(address).next();
        let mut all = SECTIONS.iter();
        let found = all.find(|(_, pages)| pages.iter().any(|page| segments(page).next() == begin));
        found.map(|(section, _)| *section)
    }

    /// Whether the bar of a phone leads there by itself.
    #[must_use]
    pub const fn is_on_phones(self) -> bool {
        match self {
            Self::Overview | Self::Tickets | Self::Containers | Self::Me => true,
            Self::Activity | Self::Administration | Self::Help => false,
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self, lang: Language) -> &'static str {
        match self {
            Self::Overview => lang.overview(),
            Self::Tickets => lang.tickets(),
            Self::Containers => lang.containers(),
            Self::Activity => lang.activity(),
            Self::Administration => lang.administration(),
            Self::Me => lang.my_account(),
            Self::Help => lang.help(),
        }
    }
}

/// What stands for `{…}` in an address that has this pattern; nothing in one without.
fn fits<'a>(pattern: &str, address: &'a str) -> Option<&'a str> {
    let (mut pattern, mut address) = (segments(pattern), segments(address));
    let mut id = "";
    loop {
        match (pattern.next(), address.next()) {
            (None, None) => return Some(id),
            (Some(variable), Some(segment)) if variable.starts_with('{') => id = segment,
            (Some(fixed), Some(segment)) if fixed == segment => {}
            _ => return None,
        }
    }
}

/// The page above that address, and its name, where the reader may go there. What the bar of a phone has no place for is reached
/// from one's own page.
fn above(lang: Language, actor: &Actor, address: &str) -> Option<(String, &'static str)> {
    let found = ABOVE
        .iter()
        .find_map(|(page, above, name)| Some((*above, fits(page, address)?, name)));
    let Some((above, id, name)) = found else {
        let from_me = Section::of(address).is_some_and(|section| !section.is_on_phones());
        return from_me.then(|| (addresses::ME.to_owned(), lang.me()));
    };
    let may = match above {
        addresses::USERS => actor.looks_after_people(),
        addresses::WEBHOOKS => actor.isv_admin,
        _ => true,
    };
    may.then(|| (above.replace("{id}", id), name(lang)))
}

/// On a phone, the way to the page above.
#[component]
pub fn WayBack() -> impl IntoView {
    let (lang, here, actor) = (use_language(), here(), use_me().actor);
    move || {
        let above = here.with(|here| above(lang, &actor, here));
        above.map(|(to, name)| view! { <a class="way-back on-phone" href=to>"‹ " {name}</a> })
    }
}

/// The pages about what happens in the course of time: what has happened, and what ends.
#[component]
pub fn ActivityTabs() -> impl IntoView {
    let (lang, here) = (use_language(), here());
    let link = move |to: &'static str, name: &'static str| {
        let current = move || here.with(|here| fits(to, here).is_some()).then_some("page");
        view! { <a href=to aria-current=current>{name}</a> }
    };
    view! {
        <nav class="sub-nav" aria-label=lang.activity()>
            {link(addresses::HISTORY, lang.history())} {link(addresses::EXPIRING, lang.expiring())}
            {link(addresses::UNUSED, lang.unused_licenses())} {link(addresses::TAKE_BACKS, lang.take_backs())}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::ids::UserId;

    use super::*;

    fn actor(isv_admin: bool) -> Actor {
        Actor {
            user: UserId(1),
            isv_admin,
            memberships: BTreeMap::new(),
            impersonated: false,
        }
    }

    #[test]
    fn pages_belong_to_sections() {
        for (address, section) in [
            ("/", Some(Section::Tickets)),
            ("/tickets/group:7?q=a/b", Some(Section::Tickets)),
            ("/groups/7/webhooks", Some(Section::Tickets)),
            ("/containers/7", Some(Section::Containers)),
            ("/expiring?days=1", Some(Section::Activity)),
            ("/sessions/ended", Some(Section::Administration)),
            ("/created/7", Some(Section::Administration)),
            ("/webhooks", Some(Section::Administration)),
            ("/webhooks/7", None),
            ("/login", None),
        ] {
            assert_eq!(Section::of(address), section, "{address}");
        }
    }

    #[test]
    fn the_page_above_is_one_that_the_reader_has() {
        let to = |isv_admin, address| above(Language::En, &actor(isv_admin), address).map(|(to, _)| to);
        assert_eq!(to(false, "/ticket/7/viewers?q=x").as_deref(), Some("/ticket/7"));
        assert_eq!(to(false, "/ticket/7").as_deref(), Some("/tickets/all"));
        assert_eq!(to(false, "/groups/new?parent=7").as_deref(), Some("/tickets"));
        assert_eq!(to(true, "/users/7/leaver").as_deref(), Some("/users/7"));
        assert_eq!(
            (to(true, "/users/7").as_deref(), to(false, "/users/7")),
            (Some("/users"), None)
        );
        assert_eq!(
            (to(true, "/webhooks/7").as_deref(), to(false, "/webhooks/7")),
            (Some("/webhooks"), None)
        );
        assert_eq!(
            (to(true, "/"), to(true, "/tickets/all"), to(true, "/me")),
            (None, None, None)
        );
        for from_me in ["/history", "/users", "/help"] {
            assert_eq!(to(true, from_me).as_deref(), Some("/me"), "{from_me}");
        }
    }
}
