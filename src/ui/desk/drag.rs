//! The drag as the desk shows it, whatever drives it.

use std::{sync::Arc, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::DeskState;
use crate::{
    domain::tree::Node,
    ui::{
        browser,
        drag::{
            machine::At,
            verdict::{Cargo, Destination, NotHere, verdict},
        },
        errors::why_not,
        format,
    },
};

/// How long a drag rests on a closed branch until it opens.
const SPRING: Duration = Duration::from_millis(600);

/// The signals of the drag.
#[derive(Clone, Copy, Default)]
pub struct Drag {
    /// What is dragged.
    pub cargo: RwSignal<Option<Arc<Cargo>>>,
    /// By keys, not by a pointer.
    pub by_keys: RwSignal<bool>,
    /// The line it is over.
    pub over: RwSignal<Option<Node>>,
    /// Where the pointer is.
    pub at: RwSignal<At>,
    /// A line of a long tree that has to be drawn.
    pub reveal: RwSignal<Option<Node>>,
    /// A finger rests on this line or row, and has yet to rest a little longer.
    pub resting: RwSignal<bool>,
    /// Branches that opened under the drag.
    sprung: StoredValue<Vec<Node>>,
    spring: StoredValue<Option<TimeoutHandle>>,
    /// What had the focus before.
    origin: StoredValue<Option<String>>,
}

impl DeskState {
    /// Whether something is dragged.
    pub fn drags(self) -> bool {
        self.drag.cargo.with_untracked(Option::is_some)
    }

    /// Whether what is dragged may be dropped on the node; `None` when nothing is dragged or the node is not shown.
    pub fn verdict(self, node: Node) -> Option<Result<Destination, NotHere>> {
        let cargo = self.drag.cargo.get()?;
        self.lines.with(|lines| {
            let line = lines.of(node)?;
            Some(self.me.with(|me| verdict(&me.actor, &cargo, &line.row)))
        })
    }

    /// Why not, in a few words.
    pub fn why_not(self, reason: NotHere) -> &'static str {
        match reason {
            NotHere::Denied(denied) => why_not(self.lang, &denied),
            NotHere::NoTarget => self.lang.no_target(),
        }
    }

    /// What is dragged, in words.
    pub fn cargo_words(self, cargo: &Cargo) -> String {
        match cargo {
            Cargo::Group(row) => row.name.clone(),
            Cargo::Tickets(rows) => match rows.as_slice() {
                [row] => self.lang.ticket_called(&row.code.to_string()),
                _ => self.lang.count_tickets(rows.len() as u64),
            },
        }
    }

    /// The second line on the drag image: what the tickets hold.
    pub fn cargo_contents(self, cargo: &Cargo) -> String {
        match cargo {
            Cargo::Group(row) => self.lang.count_tickets(row.tickets),
            Cargo::Tickets(rows) => match rows.as_slice() {
                [row] => format::licenses(self.lang, &row.licenses),
                _ => {
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

    /// Begins a drag.
    pub fn lift(self, cargo: Cargo, by_keys: bool, at: At) {
        self.drag.origin.set_value(browser::focused());
        self.drag.sprung.set_value(Vec::new());
        self.drag.by_keys.set(by_keys);
        self.drag.at.set(at);
        self.drag.over.set(None);
        self.say(self.lang.lifted(&self.cargo_words(&cargo), by_keys));
        self.drag.cargo.set(Some(Arc::new(cargo)));
    }

    /// The drag is over this line now, or over none.
    pub fn hover(self, node: Option<Node>) {
        if self.drag.over.get_untracked() == node {
            return;
        }
        self.stop_spring();
        self.drag.over.set(node);
        let Some(node) = node else { return };
        self.say_target(node);
        let closed = self
            .lines
            .with_untracked(|lines| lines.of(node).and_then(|line| line.open) == Some(false));
        if closed && !self.drag.by_keys.get_untracked() {
            let open = move || {
                if self.drag.over.try_get_untracked() == Some(Some(node)) {
                    self.spring_open(node, || {});
                }
            };
            self.drag
                .spring
                .set_value(set_timeout_with_handle(open, SPRING).ok());
        }
    }

    /// Opens a branch on the way of the drag; it closes again if the drag is cancelled.
    pub fn spring_open(self, node: Node, then: impl FnOnce() + 'static) {
        self.drag.sprung.update_value(|sprung| sprung.push(node));
        self.open_branch(node, then);
    }

    fn stop_spring(self) {
        if let Some(timer) = self.drag.spring.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// The permitted targets among the lines shown.
    pub fn permitted(self) -> Vec<Node> {
        untrack(|| {
            let Some(cargo) = self.drag.cargo.get() else {
                return Vec::new();
            };
            self.me.with(|me| {
                self.lines.with(|lines| {
                    let rows = lines.list.iter().map(|line| &line.row);
                    rows.filter(|row| verdict(&me.actor, &cargo, row).is_ok())
                        .map(|row| row.node)
                        .collect()
                })
            })
        })
    }

    /// Tells screen readers where the drag is.
    fn say_target(self, node: Node) {
        let Some(cargo) = self.drag.cargo.get_untracked() else {
            return;
        };
        let (what, target) = (self.cargo_words(&cargo), untrack(|| self.name_of(node)));
        match untrack(|| self.verdict(node)) {
            Some(Ok(_)) => {
                let permitted = self.permitted();
                let at = permitted
                    .iter()
                    .position(|one| *one == node)
                    .map_or(0, |at| at + 1);
                self.say(self.lang.over_target(&what, &target, at, permitted.len()));
            }
            Some(Err(reason)) => self.say(self.lang.over_forbidden(&what, &target, self.why_not(reason))),
            None => {}
        }
    }

    /// Drops what is dragged where it is. Nothing is sent for a target that refuses it.
    pub fn drop_here(self) {
        let Some(cargo) = self.drag.cargo.get_untracked() else {
            return;
        };
        let Some(node) = self.drag.over.get_untracked() else {
            self.cancel_drag();
            return;
        };
        let what = self.cargo_words(&cargo);
        let destination = match untrack(|| self.verdict(node)) {
            Some(Ok(destination)) => destination,
            Some(Err(reason)) => {
                let refusal = self
                    .lang
                    .refused(&what, &untrack(|| self.name_of(node)), self.why_not(reason));
                self.refuse(refusal);
                return;
            }
            // Somebody has deleted or moved it meanwhile.
            None => {
                self.refuse(self.lang.target_gone(&what));
                return;
            }
        };
        let by_keys = self.drag.by_keys.get_untracked();
        let sprung = self.drag.sprung.get_value();
        let above = self.above(node);
        self.end_drag();
        for node in sprung.into_iter().filter(|node| !above.contains(node)) {
            self.close_branch(node);
        }
        self.say(self.lang.dropped(&what, &untrack(|| self.name_of(node))));
        match (destination, &*cargo) {
            (Destination::Owner(place), Cargo::Tickets(rows)) => {
                self.assign(rows.clone(), place);
                if by_keys {
                    let moved = rows.iter().map(|row| format!("[data-ticket=\"{}\"]", row.id()));
                    self.active.set(Some(node));
                    browser::focus_soon(moved.chain([format!("[data-node=\"{node}\"]")]).collect());
                }
            }
            (Destination::Parent(parent), Cargo::Group(row)) => self.move_group(row.clone(), parent, false),
            (Destination::Owner(_), Cargo::Group(_)) | (Destination::Parent(_), Cargo::Tickets(_)) => {}
        }
    }

    fn refuse(self, why: String) {
        self.cancel_drag();
        self.say(why.clone());
        self.toasts.error(why, None);
    }

    /// The node and those above it.
    fn above(self, node: Node) -> Vec<Node> {
        self.lines.with_untracked(|lines| {
            std::iter::successors(Some(node), |node| lines.of(*node).and_then(|line| line.parent)).collect()
        })
    }

    /// Ends the drag as if it had not begun: the same tree, the focus where it was, nothing sent.
    pub fn cancel_drag(self) {
        if !self.drags() {
            return;
        }
        let by_keys = self.drag.by_keys.get_untracked();
        let sprung = self.drag.sprung.get_value();
        self.end_drag();
        for node in sprung {
            self.close_branch(node);
        }
        self.say(self.lang.drag_cancelled().to_owned());
        if by_keys && let Some(origin) = self.drag.origin.get_value() {
            browser::focus_soon(vec![origin, "#where".to_owned()]);
        }
    }

    fn end_drag(self) {
        self.stop_spring();
        self.drag.cargo.set(None);
        self.drag.over.set(None);
        self.drag.by_keys.set(false);
        self.drag.sprung.set_value(Vec::new());
    }
}
