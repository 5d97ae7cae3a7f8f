//! What can be found and gone to, as one list: pages by their names, and what the server found.

use domain::{access::Actor, groups::tree::Node, names::fold, tickets::SelectedTickets};
use leptos::prelude::*;

use crate::{
    i18n::{Language, format},
    ui::{
        kit::icons::{ContainerIcon, GroupIcon, MoveIcon, PersonIcon, TicketIcon},
        shell::admin_nav,
    },
    views::{
        addresses,
        find::{Found, FoundCustomer, FoundGroup, FoundKind, FoundPerson},
        licensing::containers::ContainerRow,
        tickets::{TicketRow, bulk::TicketSelection},
    },
};

/// What an item is, which its drawing says, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    Ticket,
    Person,
    Group,
    Container,
    /// A page, or something to do.
    Page,
}

impl ItemKind {
    /// Its drawing.
    #[must_use]
    pub fn icon(self) -> AnyView {
        match self {
            Self::Ticket => view! { <TicketIcon/> }.into_any(),
            Self::Person => view! { <PersonIcon/> }.into_any(),
            Self::Group => view! { <GroupIcon/> }.into_any(),
            Self::Container => view! { <ContainerIcon/> }.into_any(),
            Self::Page => view! { <MoveIcon/> }.into_any(),
        }
    }
}

/// Something that one can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its address.
    pub to: String,
    pub name: String,
    /// What tells it from others of that name.
    pub detail: String,
    pub kind: ItemKind,
}

/// Items under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemGroup {
    pub heading: &'static str,
    pub items: Vec<Item>,
    /// The list of all that fit, where there are more.
    pub all: Option<String>,
}

/// The pages that the reader has, and what can be done there.
#[must_use]
pub fn pages(lang: Language, actor: &Actor) -> Vec<Item> {
    let page = |to: &str, name: &str, detail: &str| Item {
        to: to.to_owned(),
        name: name.to_owned(),
        detail: detail.to_owned(),
        kind: ItemKind::Page,
    };
    let mut pages = vec![
        page(addresses::OVERVIEW, lang.overview(), ""),
        page(addresses::ALL_TICKETS, lang.all_tickets(), lang.tickets()),
        page(&addresses::tickets(Node::Mine), lang.my_tickets(), lang.tickets()),
        page(addresses::ADD, lang.add_ticket(), lang.tickets()),
        page(addresses::CONTAINERS, lang.containers(), ""),
        page(addresses::NEW_CONTAINER, lang.new_container(), lang.containers()),
        page(addresses::HISTORY, lang.history(), lang.activity()),
        page(addresses::EXPIRING, lang.expiring(), lang.activity()),
        page(addresses::ME, lang.my_account(), ""),
        page(addresses::MY_PASSWORD, lang.change_password(), lang.my_account()),
        page(
            addresses::MY_SECOND_FACTOR,
            lang.second_factor(),
            lang.my_account(),
        ),
        page(addresses::MY_TOKENS, lang.access_tokens(), lang.my_account()),
        page(addresses::MY_USE, lang.own_use(), lang.my_account()),
        page(addresses::HELP, lang.help(), ""),
    ];
    if actor.looks_after_people() {
        pages.push(page(addresses::NEW_USER, lang.new_user(), lang.administration()));
    }
    if actor.isv_admin {
        pages.push(page(addresses::NEW_GROUP, lang.new_group(), lang.tickets()));
        pages.push(page(
            addresses::NEW_PRODUCT,
            lang.new_product(),
            lang.administration(),
        ));
    }
    for (_, links) in admin_nav::pages(lang, actor) {
        let links = links.into_iter();
        pages.extend(links.map(|(to, name)| page(to, name, lang.administration())));
    }
    pages
}

/// Those that have all the words; such first whose names begin with what was typed.
#[must_use]
pub fn matching(items: Vec<Item>, search: &str) -> Vec<Item> {
    let whole = fold(search.trim());
    let words: Vec<&str> = whole.split_whitespace().collect();
    let has = |item: &Item| {
        let text = fold(&format!("{} {}", item.name, item.detail));
        words.iter().all(|word| text.contains(word))
    };
    let mut found: Vec<Item> = items.into_iter().filter(has).collect();
    found.sort_by_key(|item| !fold(&item.name).starts_with(&whole));
    found
}

/// What the server found, by kinds; those without an item are left out.
#[must_use]
pub fn by_kind(lang: Language, actor: &Actor, found: &Found, search: &str) -> Vec<ItemGroup> {
    let all = |kind: FoundKind, list: &str| {
        let more = found.more.contains(&kind);
        more.then(|| format::address(list, &[("q", search.trim().to_owned())]))
    };
    let users = actor.looks_after_people();
    let groups = [
        ItemGroup {
            heading: lang.tickets(),
            items: found.tickets.iter().map(|row| ticket(lang, row)).collect(),
            all: all(FoundKind::Tickets, addresses::ALL_TICKETS),
        },
        ItemGroup {
            heading: lang.admin_people(),
            items: found.people.iter().map(|row| person(actor, row)).collect(),
            all: all(FoundKind::People, addresses::USERS).filter(|_| users),
        },
        ItemGroup {
            heading: lang.groups(),
            items: found.groups.iter().map(group).collect(),
            all: None,
        },
        ItemGroup {
            heading: lang.containers(),
            items: found.containers.iter().map(container).collect(),
            all: all(FoundKind::Containers, addresses::CONTAINERS),
        },
        ItemGroup {
            heading: lang.customers(),
            items: found.customers.iter().map(|row| customer(actor, row)).collect(),
            all: None,
        },
    ];
    groups
        .into_iter()
        .filter(|group| !group.items.is_empty())
        .collect()
}

/// Moving the ticket that fits best.
#[must_use]
pub fn moving(lang: Language, found: &Found, here: &str) -> Option<Item> {
    let row = found.tickets.first()?;
    let selected = SelectedTickets::new(vec![(row.id(), row.owner())]).ok()?;
    Some(Item {
        to: addresses::move_tickets(&TicketSelection::These(selected), here),
        name: lang.move_what_to(&format::licenses(lang, &row.licenses)),
        detail: owner(lang, row),
        kind: ItemKind::Page,
    })
}

fn owner(lang: Language, row: &TicketRow) -> String {
    match &row.person {
        Some(person) => person.clone(),
        None if row.path.is_empty() => lang.unassigned().to_owned(),
        None => format::path(&row.path),
    }
}

fn ticket(lang: Language, row: &TicketRow) -> Item {
    Item {
        to: addresses::ticket(row.id()),
        name: format::licenses(lang, &row.licenses),
        detail: format!("{} · {}", owner(lang, row), row.code),
        kind: ItemKind::Ticket,
    }
}

/// The page of a person is for those who look after people; one's own is for everybody.
fn address_of(actor: &Actor, user: domain::ids::UserId) -> String {
    if actor.looks_after_people() {
        addresses::user(user)
    } else {
        addresses::ME.to_owned()
    }
}

fn person(actor: &Actor, row: &FoundPerson) -> Item {
    let login = Some(row.login.clone()).filter(|login| *login != row.name);
    let path = Some(format::path(&row.path)).filter(|path| !path.is_empty());
    Item {
        to: address_of(actor, row.id),
        name: row.name.clone(),
        detail: [login, path]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        kind: ItemKind::Person,
    }
}

fn group(row: &FoundGroup) -> Item {
    let (name, above) = row
        .path
        .split_last()
        .map_or(("", &[][..]), |(name, above)| (name.as_str(), above));
    Item {
        to: addresses::tickets(Node::Group(row.id)),
        name: name.to_owned(),
        detail: format::path(above),
        kind: ItemKind::Group,
    }
}

fn container(row: &ContainerRow) -> Item {
    Item {
        to: addresses::container(row.id),
        name: row.name.clone(),
        detail: row.person.clone(),
        kind: ItemKind::Container,
    }
}

/// A customer leads to their own group, where the reader sees it; an ISV admin to the account; else to new tickets for them.
fn customer(actor: &Actor, row: &FoundCustomer) -> Item {
    let to = match (row.group, row.partner) {
        (Some(group), _) => addresses::tickets(Node::Group(group)),
        (None, _) if actor.isv_admin => addresses::user(row.customer.user),
        (None, Some(partner)) => format!("{}?group={partner}", addresses::CREATE),
        (None, None) => addresses::CREATE.to_owned(),
    };
    Item {
        to,
        name: row.customer.name.clone(),
        detail: row.customer.login.clone(),
        kind: ItemKind::Person,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{
        accounts::Permissions,
        ids::{GroupId, UserId},
    };

    use super::*;

    fn actor(memberships: &[(i64, Permissions)]) -> Actor {
        Actor {
            user: UserId(1),
            isv_admin: false,
            memberships: memberships
                .iter()
                .map(|(group, granted)| (GroupId(*group), *granted))
                .collect(),
            impersonated: false,
        }
    }

    #[test]
    fn pages_are_those_that_the_reader_has() {
        let names = |actor: &Actor| -> Vec<String> {
            pages(Language::En, actor)
                .into_iter()
                .map(|page| page.to)
                .collect()
        };
        let plain = names(&actor(&[]));
        assert!(plain.contains(&addresses::ADD.to_owned()));
        for hidden in [
            addresses::USERS,
            addresses::NEW_USER,
            addresses::INSTANCE,
            addresses::CREATE,
        ] {
            assert!(!plain.contains(&hidden.to_owned()), "{hidden}");
        }
        let admin = names(&actor(&[(7, Permissions::ADMIN)]));
        assert!(
            admin.contains(&addresses::USERS.to_owned()) && !admin.contains(&addresses::INSTANCE.to_owned())
        );
        let isv = names(&Actor {
            isv_admin: true,
            memberships: BTreeMap::new(),
            ..actor(&[])
        });
        assert!(isv.contains(&addresses::INSTANCE.to_owned()));
    }

    #[test]
    fn the_words_stand_anywhere_and_the_beginning_comes_first() {
        let item = |name: &str, detail: &str| Item {
            to: name.to_owned(),
            name: name.to_owned(),
            detail: detail.to_owned(),
            kind: ItemKind::Page,
        };
        let items = vec![
            item("Neuer Container", ""),
            item("Container", ""),
            item("Übersicht", "Container"),
        ];
        let found = |search| -> Vec<String> {
            matching(items.clone(), search)
                .into_iter()
                .map(|item| item.name)
                .collect()
        };
        assert_eq!(found("cont"), ["Container", "Neuer Container", "Übersicht"]);
        assert_eq!(found(" CONTAINER neu "), ["Neuer Container"]);
        assert_eq!(found("ÜBER"), ["Übersicht"]);
        assert_eq!(found("x"), Vec::<String>::new());
    }
}
