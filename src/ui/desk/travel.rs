//! The ways of a drag by keys through the tree: branches open on the way (experience 5).

use leptos::prelude::*;

use crate::ui::{
    desk::{finding::FIELD, state::DeskState},
    drag::board::Board,
    kit::browser,
};

impl DeskState {
    /// Goes on as a key says. Whether it means a way.
    pub(super) fn travel_tree(self, key: &str) -> bool {
        let lines = self.lines.get_untracked();
        let over = self.drag.over.get_untracked();
        let at = over.and_then(|node| lines.position(node));
        match key {
            "ArrowDown" => self.down(at),
            "ArrowUp" => {
                if let Some(before) = at.and_then(|at| at.checked_sub(1)) {
                    self.seek(before, false, false);
                }
            }
            "ArrowRight" => match (over, at.and_then(|at| lines.list[at].open)) {
                (Some(node), Some(false)) => self.spring_open(node, move || self.say_again()),
                _ => self.down(at),
            },
            "ArrowLeft" => {
                let above = std::iter::successors(over, |node| lines.of(*node).and_then(|line| line.parent));
                let permitted = self.permitted();
                if let Some(node) = above.skip(1).find(|node| permitted.contains(node)) {
                    self.arrive(node);
                }
            }
            "Home" => self.seek(0, true, false),
            "End" => self.seek(lines.list.len().saturating_sub(1), false, false),
            // Over a branch without going into it.
            "PageDown" | "PageUp" => {
                let forward = key == "PageDown";
                if let Some(at) = at {
                    let level = lines.list[at].level;
                    let outside = |i: &usize| lines.list[*i].level <= level;
                    let next = if forward {
                        (at + 1..lines.list.len()).find(outside)
                    } else {
                        (0..at).rev().find(outside)
                    };
                    if let Some(next) = next {
                        self.seek(next, forward, false);
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn down(self, at: Option<usize>) {
        let Some(at) = at else {
            self.seek(0, true, false);
            return;
        };
        let lines = self.lines.get_untracked();
        if lines.list[at].open == Some(false) && self.opens_on_the_way() {
            self.spring_open(lines.list[at].row.node, move || self.seek(at + 1, true, false));
        } else {
            self.seek(at + 1, true, false);
        }
    }

    /// Goes on to the next permitted target, from this line on. Where there is none it stays where it is, or, at the
    /// start, gives up.
    pub(super) fn seek(self, from: usize, forward: bool, at_start: bool) {
        if !self.drags() {
            return;
        }
        let lines = self.lines.get_untracked();
        let mut at = from;
        while let Some(line) = lines.list.get(at) {
            let node = line.row.node;
            if untrack(|| self.verdict(node)).is_some_and(|verdict| verdict.is_ok()) {
                self.arrive(node);
                return;
            }
            if forward && line.open == Some(false) && self.opens_on_the_way() {
                self.spring_open(node, move || self.seek(at + 1, true, at_start));
                return;
            }
            let Some(next) = (if forward {
                at.checked_add(1)
            } else {
                at.checked_sub(1)
            }) else {
                break;
            };
            at = next;
        }
        if at_start && untrack(|| self.finding.is_shown()) {
            // There may be targets among what was not searched for.
            self.say(self.lang.no_found_targets().to_owned());
            browser::focus(FIELD);
        } else if at_start {
            self.give_up();
        } else {
            self.say_again();
        }
    }

    /// Among what was found, only what was found is visited; what is in it, by the arrow that opens it.
    fn opens_on_the_way(self) -> bool {
        !untrack(|| self.finding.is_shown())
    }
}
