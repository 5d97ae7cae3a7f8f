//! The parts of a group's page, and the pages about it.

use domain::ids::GroupId;
use leptos::prelude::*;

use crate::{
    i18n::format,
    ui::kit::{
        language::use_language,
        tabs::{Tab, Tabs, part_of, tab_bar},
    },
    views::{addresses, licensing::usage::UseQuery},
};

/// The members: the first part.
pub const MEMBERS: &str = "members";
/// Name, place and end.
pub const SETTINGS: &str = "settings";

/// The page about a group that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Products,
    Webhooks,
}

/// The tabs of the group's own page.
#[must_use]
pub fn of_group(group: GroupId, tabs: Tabs, members: u64, administers: bool) -> AnyView {
    let lang = use_language();
    let page = addresses::group(group);
    let count = Signal::stored(lang.count(members));
    let mut bar = vec![tabs.tab(&page, MEMBERS, lang.members()).counting(count)];
    if administers {
        bar.extend(others(group, None));
        bar.push(tabs.tab(&page, SETTINGS, lang.settings()));
    }
    tab_bar(bar)
}

/// The tabs of a page about a group, which only those see who administer it.
#[must_use]
pub fn about_group(group: GroupId, shown: Shown) -> AnyView {
    let lang = use_language();
    let page = addresses::group(group);
    let settings = part_of(&page, SETTINGS);
    let mut bar = vec![Tab::page(page, lang.members(), false)];
    bar.extend(others(group, Some(shown)));
    bar.push(Tab::page(settings, lang.settings(), false));
    tab_bar(bar)
}

/// The page of what is used in its branch.
fn use_of(group: GroupId) -> String {
    let query = UseQuery {
        group: Some(group),
        ..UseQuery::default()
    };
    format::address(addresses::USE, &query.parameters())
}

fn others(group: GroupId, shown: Option<Shown>) -> [Tab; 3] {
    let lang = use_language();
    [
        Tab::page(
            addresses::partner(group),
            lang.partner_rules(),
            shown == Some(Shown::Products),
        ),
        Tab::page(use_of(group), lang.usage(), false),
        Tab::page(
            addresses::group_webhooks(group),
            lang.webhooks(),
            shown == Some(Shown::Webhooks),
        ),
    ]
}
