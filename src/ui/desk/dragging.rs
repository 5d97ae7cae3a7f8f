//! The drag on the desk: tickets and groups onto the lines of the tree.

use std::{sync::Arc, time::Duration};

use domain::{access::Denied, groups::tree::Node, ids::TicketId};
use leptos::{prelude::*, web_sys::Element};

use crate::{
    errors::words::why_not,
    i18n::{Language, format},
    ui::{
        desk::{
            finding::FIELD,
            state::{DeskState, HEADING},
            verdict::{Destination, DraggedItem, NotHere, movable, verdict},
        },
        drag::board::{Board, Drag},
        kit::{browser, toast::Toasts},
        tickets::selection::Selection,
    },
    views::tickets::TicketRow,
};

/// How long a drag rests on a closed branch until it opens.
const SPRING: Duration = Duration::from_millis(600);

impl Board for DeskState {
    type DraggedItem = DraggedItem;
    type Target = Node;
    type Outcome = Destination;
    type Why = NotHere;

    const OBJECTS: &'static str = "[data-ticket],[data-node]";
    const HEADING: &'static str = HEADING;
    const TARGET: &'static str = "data-node";
    const SCROLLS: &'static str = ".tree-lines";
    const FILTER: Option<&'static str> = Some(FIELD);

    fn drag(self) -> Drag<DraggedItem, Node> {
        self.drag
    }

    fn language(self) -> Language {
        self.lang
    }

    fn messages(self) -> Toasts {
        self.toasts
    }

    fn item_of(self, pressed: &Element) -> Option<DraggedItem> {
        if let Some(ticket) = pressed.get_attribute("data-ticket") {
            let ticket: TicketId = ticket.parse().ok()?;
            return self.selected_with(ticket).map(DraggedItem::Tickets);
        }
        let node: Node = pressed.get_attribute("data-node")?.parse().ok()?;
        let row = self
            .lines
            .with_untracked(|lines| lines.of(node).map(|line| line.row.clone()))?;
        let may = self.me.with_untracked(|me| movable(&me.actor, &row));
        may.then_some(DraggedItem::Group(row))
    }

    fn item_name(self, dragged_item: &DraggedItem) -> String {
        match dragged_item {
            DraggedItem::Group(row) => row.name.clone(),
            DraggedItem::Tickets(selection) => match (&selection.all, selection.rows.as_slice()) {
                (None, [row]) => ticket_called(self.lang, row),
                _ => self.lang.count_tickets(selection.count() as u64),
            },
        }
    }

    fn item_title(self, dragged_item: &DraggedItem) -> String {
        match dragged_item {
            DraggedItem::Tickets(Selection { all: None, rows }) if rows.len() == 1 => rows
                .first()
                .map(|row| format::licenses(self.lang, &row.licenses))
                .unwrap_or_default(),
            _ => self.item_name(dragged_item),
        }
    }

    fn item_contents(self, dragged_item: &DraggedItem) -> String {
        match dragged_item {
            DraggedItem::Group(row) => self.lang.count_tickets(row.tickets),
            DraggedItem::Tickets(selection) => match (&selection.all, selection.rows.as_slice()) {
                (None, [row]) => row.code.to_string(),
                (_, rows) => {
                    rows.iter()
                        .take(2)
                        .map(|row| format::licenses(self.lang, &row.licenses))
                        .collect::<Vec<_>>()
                        .join("; ")
                        + " …"
                }
            },
        }
    }

    fn item_count(self, dragged_item: &DraggedItem) -> Option<usize> {
        match dragged_item {
            DraggedItem::Tickets(selection) if selection.count() > 1 => Some(selection.count()),
            DraggedItem::Tickets(_) | DraggedItem::Group(_) => None,
        }
    }

    fn target_name(self, node: Node) -> String {
        self.name_of(node)
    }

    fn verdict(self, node: Node) -> Option<Result<Destination, NotHere>> {
        let dragged_item = self.drag.dragged_item.get()?;
        self.lines.with(|lines| {
            let line = lines.of(node)?;
            Some(self.me.with(|me| verdict(&me.actor, &dragged_item, &line.row)))
        })
    }

    fn remark(self, outcome: &Destination) -> Option<String> {
        let Destination::Preview(_, Some(partly)) = outcome else {
            return None;
        };
        let why = why_not(self.lang, &partly.why);
        Some(self.lang.partly_allowed(partly.allowed, partly.refused, why))
    }

    fn why_not(self, reason: NotHere) -> &'static str {
        match reason {
            NotHere::Denied(denied) => why_not(self.lang, &denied),
            NotHere::NoTarget => self.lang.no_target(),
        }
    }

    fn is_there(self, reason: NotHere) -> bool {
        reason == NotHere::Denied(Denied::AlreadyThere)
    }

    fn no_targets(self) -> &'static str {
        self.lang.no_targets()
    }

    fn permitted(self) -> Vec<Node> {
        self.permitted.with_untracked(|permitted| permitted.to_vec())
    }

    fn focus_target(self, node: Node) {
        self.focus_node(node);
    }

    fn set_out(self) {
        self.seek(0, true, true);
    }

    fn how_to_filter(self) -> &'static str {
        self.lang.slash_filters()
    }

    fn travel(self, key: &str) -> bool {
        self.travel_tree(key)
    }

    fn dropped(self, dragged_item: Arc<DraggedItem>, on: Node, destination: Destination, by_keys: bool) {
        match (destination, &*dragged_item) {
            (Destination::Preview(place, _), DraggedItem::Tickets(selection)) => {
                let target = self.in_words(place);
                self.previewing.set(Some((selection.clone(), target)));
            }
            (Destination::Owner(place), DraggedItem::Tickets(selection)) => {
                let target = self.in_words(place);
                self.assign_to(selection.clone(), target);
                if by_keys {
                    let moved = selection
                        .rows
                        .iter()
                        .map(|row| format!("[data-ticket=\"{}\"]", row.id()));
                    self.active.set(Some(on));
                    browser::focus_soon(moved.chain([format!("[data-node=\"{on}\"]")]).collect());
                }
            }
            (Destination::Parent(parent), DraggedItem::Group(row)) => {
                self.move_group(row.clone(), parent, false)
            }
            (Destination::Owner(_) | Destination::Preview(..), DraggedItem::Group(_))
            | (Destination::Parent(_), DraggedItem::Tickets(_)) => {}
        }
    }

    /// A branch on which a pointer rests opens.
    fn rests_on(self, node: Option<Node>) {
        self.springs.stop();
        let Some(node) = node else { return };
        let closed = self
            .lines
            .with_untracked(|lines| lines.of(node).and_then(|line| line.open) == Some(false));
        if closed && !self.drag.by_keys.get_untracked() {
            let open = move || {
                if self.drag.over.try_get_untracked() == Some(Some(node)) {
                    self.spring_open(node, || {});
                }
            };
            self.springs
                .timer
                .set_value(set_timeout_with_handle(open, SPRING).ok());
        }
    }

    /// What opened on the way closes, except for the way to the drop.
    fn ended(self, on: Option<Node>) {
        self.springs.stop();
        let above = on.map(|node| self.above(node)).unwrap_or_default();
        let sprung = self.springs.sprung.try_update_value(std::mem::take);
        for (open, node) in sprung.unwrap_or_default() {
            if !above.contains(&node) {
                open.update(|open| {
                    open.remove(&node);
                });
            }
        }
    }

    fn undo_last(self) -> bool {
        self.undo(None);
        true
    }
}

/// A ticket in a few words: its product first, then its code.
pub(super) fn ticket_called(lang: Language, row: &TicketRow) -> String {
    lang.ticket_called(&format::licenses(lang, &row.licenses), &row.code.to_string())
}

impl DeskState {
    /// How many of the tickets may be dropped, where some may not; beside the target.
    pub fn so_many(self, outcome: &Destination) -> Option<String> {
        let Destination::Preview(_, Some(partly)) = outcome else {
            return None;
        };
        Some(
            self.lang
                .so_many_of(partly.allowed, partly.allowed + partly.refused),
        )
    }

    /// Opens a branch on the way of the drag; it closes again if the drag is cancelled.
    pub fn spring_open(self, node: Node, then: impl FnOnce() + 'static) {
        let (_, open) = untrack(|| self.shown());
        self.springs
            .sprung
            .update_value(|sprung| sprung.push((open, node)));
        self.open_branch(node, then);
    }

    /// The node and those above it.
    fn above(self, node: Node) -> Vec<Node> {
        self.lines.with_untracked(|lines| {
            std::iter::successors(Some(node), |node| lines.of(*node).and_then(|line| line.parent)).collect()
        })
    }
}
