//! What the reader went to lately from the palette. It stays in this browser until they log out.

use domain::ids::UserId;

use crate::ui::shell::found::Item;
#[cfg(any(test, feature = "hydrate"))]
use crate::ui::shell::found::ItemKind;

/// How many are kept.
#[cfg(any(test, feature = "hydrate"))]
const KEPT: usize = 8;
/// What the keys begin with.
#[cfg(feature = "hydrate")]
const KEY: &str = "recent.";

/// One a line; no name contains a tab or the end of a line.
#[cfg(any(test, feature = "hydrate"))]
fn read(text: &str) -> Vec<Item> {
    let item = |line: &str| {
        let mut parts = line.split('\t');
        let item = Item {
            kind: match parts.next()? {
                "ticket" => ItemKind::Ticket,
                "person" => ItemKind::Person,
                "group" => ItemKind::Group,
                "container" => ItemKind::Container,
                _ => return None,
            },
            to: parts.next()?.to_owned(),
            name: parts.next()?.to_owned(),
            detail: parts.next()?.to_owned(),
        };
        // Pages of the portal only, whoever wrote that there.
        let own = item.to.starts_with('/') && !item.to.starts_with("//") && !item.to.contains('\\');
        own.then_some(item)
    };
    text.lines().filter_map(item).take(KEPT).collect()
}

#[cfg(any(test, feature = "hydrate"))]
fn written(items: &[Item]) -> String {
    let line = |item: &Item| {
        let kind = match item.kind {
            ItemKind::Ticket => "ticket",
            ItemKind::Person => "person",
            ItemKind::Group => "group",
            ItemKind::Container => "container",
            ItemKind::Page => return None,
        };
        let plain = |text: &str| text.replace(char::is_control, " ");
        // That of a ticket holds its code, which is for no storage of a browser.
        let detail = if item.kind == ItemKind::Ticket {
            ""
        } else {
            item.detail.as_str()
        };
        Some(format!(
            "{kind}\t{}\t{}\t{}\n",
            plain(&item.to),
            plain(&item.name),
            plain(detail)
        ))
    };
    items.iter().filter_map(line).collect()
}

#[cfg(any(test, feature = "hydrate"))]
fn with(mut items: Vec<Item>, chosen: &Item) -> Vec<Item> {
    items.retain(|item| item.to != chosen.to);
    items.insert(0, chosen.clone());
    items.truncate(KEPT);
    items
}

#[cfg(feature = "hydrate")]
fn storage() -> Option<leptos::web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

/// What that person went to lately, the last first.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn of(user: UserId) -> Vec<Item> {
    let text = storage().and_then(|storage| storage.get_item(&format!("{KEY}{user}")).ok().flatten());
    text.map_or_else(Vec::new, |text| read(&text))
}

/// That person went there. Pages are not remembered: they are all in the list anyway.
#[cfg(feature = "hydrate")]
pub fn remember(user: UserId, chosen: &Item) {
    if let Some(storage) = storage().filter(|_| chosen.kind != ItemKind::Page) {
        // Refused only where nothing can be stored; then nothing is remembered.
        let _ = storage.set_item(&format!("{KEY}{user}"), &written(&with(of(user), chosen)));
    }
}

/// Forgets what anybody went to in this browser.
#[cfg(feature = "hydrate")]
pub fn forget() {
    let Some(storage) = storage() else { return };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let own: Vec<String> = keys.filter(|key| key.starts_with(KEY)).collect();
    for key in own {
        // What is there can be removed.
        let _ = storage.remove_item(&key);
    }
}

/// The server knows of none.
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub const fn of(_user: UserId) -> Vec<Item> {
    Vec::new()
}

/// Remembered in browsers only.
#[cfg(not(feature = "hydrate"))]
pub const fn remember(_user: UserId, _chosen: &Item) {}

/// Forgotten in browsers only.
#[cfg(not(feature = "hydrate"))]
pub const fn forget() {}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(to: &str, name: &str) -> Item {
        Item {
            to: to.to_owned(),
            name: name.to_owned(),
            detail: String::new(),
            kind: ItemKind::Group,
        }
    }

    #[test]
    fn the_last_comes_first_and_only_once() {
        let mut items = Vec::new();
        for at in 0..12 {
            items = with(items, &item(&format!("/groups/{at}"), "Köln\tund\nBonn"));
        }
        items = with(items, &item("/groups/9", "Köln"));
        assert_eq!(items.len(), KEPT);
        assert_eq!(
            (items[0].to.as_str(), items[1].to.as_str()),
            ("/groups/9", "/groups/11")
        );
        let again = read(&written(&items));
        assert_eq!(again[0], items[0]);
        assert_eq!(again[1].name, "Köln und Bonn");
    }

    #[test]
    fn what_leads_out_of_the_portal_is_not_read() {
        let text = "group\thttps://example.org/\tX\t\ngroup\t//example.org\tX\t\nx\t/a\tX\t\ngroup\t/a\nticket\t/ticket/7\tX\t\n";
        assert_eq!(read(text).len(), 1);
    }
}
