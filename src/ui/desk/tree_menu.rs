//! The menu of a group in the tree.

use domain::{access::authorize_creating_in, groups::tree::Node};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
};

use crate::{
    ui::{
        desk::{names::node_name, state::DeskState},
        drag::board::Board,
        kit::menu::context::{self, ContextMenu, Opened, closest, link},
    },
    views::addresses,
};

fn line_of(node: Node) -> String {
    format!("[data-node=\"{node}\"]")
}

/// A press of the secondary button on the tree.
pub fn on_context_menu(desk: DeskState, event: &MouseEvent) {
    let line = closest(event, "[data-node]").and_then(|line| line.get_attribute("data-node")?.parse().ok());
    if let Some(node @ Node::Group(_)) = line
        && context::is_press_for_it(event)
        && !desk.drags()
    {
        event.prevent_default();
        desk.node_menu
            .set(Some(Opened::at_pointer(node, event, line_of(node))));
    }
}

/// A key on the line that has the focus. Whether it opened the menu.
pub fn on_key(desk: DeskState, event: &KeyboardEvent, node: Node) -> bool {
    let opens = matches!(node, Node::Group(_)) && context::is_key_for_it(event);
    if opens {
        event.prevent_default();
        desk.node_menu.set(Some(Opened::below(node, line_of(node))));
    }
    opens
}

/// The menu. It stands in the page once.
#[component]
pub fn TreeMenu() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let label = Callback::new(move |node: Node| {
        let row = untrack(|| desk.row(node));
        let name = row.map(|row| row.name).unwrap_or_default();
        lang.actions_for(&node_name(lang, node, &name))
    });
    let items = Callback::new(move |node: Node| {
        let (Node::Group(group), Some(row)) = (node, untrack(|| desk.row(node))) else {
            return ().into_any();
        };
        let (administers, creates) = desk.me.with_untracked(|me| {
            let lineage = row.lineage.as_ref();
            (
                lineage.is_some_and(|lineage| me.actor.administers(lineage)),
                lineage.is_some_and(|lineage| authorize_creating_in(&me.actor, Some(lineage)).is_ok()),
            )
        });
        let subgroup =
            administers.then(|| link(lang.new_subgroup().to_owned(), addresses::new_group_in(group)));
        let create = creates.then(|| {
            let to = format!("{}?group={group}", addresses::CREATE);
            link(lang.create_tickets_title().to_owned(), to)
        });
        view! {
            {link(lang.manage(&row.name), addresses::group(group))}
            {subgroup}
            {create}
        }
        .into_any()
    });
    view! { <ContextMenu open=desk.node_menu label items/> }.into_any()
}
