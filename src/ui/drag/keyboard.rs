//! Dragging by keys: only permitted targets are visited, and branches open on the way (experience 5–7).

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::verdict::Cargo;
use crate::{domain::tree::Node, ui::desk::DeskState};

/// Lifts something. The focus goes to the first permitted target.
pub fn lift(desk: DeskState, cargo: Cargo) {
    desk.lift(cargo, true, (0.0, 0.0));
    let how = desk.spoken.get_untracked();
    seek(desk, 0, true, true);
    // How it goes on, and where it is now, are one announcement: the second would silence the first.
    let now = desk.spoken.get_untracked();
    if now != how && desk.drags() {
        desk.say(format!("{how} {now}"));
    }
}

/// Keys during a drag. Whether the key was meant for it.
pub fn on_key(desk: DeskState, event: &KeyboardEvent) -> bool {
    if !desk.drags() {
        return false;
    }
    let key = event.key();
    if !desk.drag.by_keys.get_untracked() {
        // A drag by mouse or finger takes only the key that ends it.
        if key == "Escape" {
            desk.cancel_drag();
        }
        return key == "Escape";
    }
    let lines = desk.lines.get_untracked();
    let over = desk.drag.over.get_untracked();
    let at = over.and_then(|node| lines.position(node));
    match key.as_str() {
        "Escape" | "Tab" => desk.cancel_drag(),
        "Enter" | " " => desk.drop_here(),
        "ArrowDown" => down(desk, at),
        "ArrowUp" => up(desk, at),
        "ArrowRight" => match (over, at.and_then(|at| lines.list[at].open)) {
            (Some(node), Some(false)) => desk.spring_open(node, move || say_again(desk)),
            _ => down(desk, at),
        },
        "ArrowLeft" => {
            let above = std::iter::successors(over, |node| lines.of(*node).and_then(|line| line.parent));
            let permitted = desk.permitted();
            if let Some(node) = above.skip(1).find(|node| permitted.contains(node)) {
                arrive(desk, node);
            }
        }
        "Home" => seek(desk, 0, true, false),
        "End" => seek(desk, lines.list.len().saturating_sub(1), false, false),
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
                    seek(desk, next, forward, false);
                }
            }
        }
        _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return false,
        key if key.chars().count() == 1 => {
            let start = key.to_lowercase();
            let permitted = desk.permitted();
            let from = over
                .and_then(|node| permitted.iter().position(|one| *one == node))
                .map_or(0, |at| at + 1);
            let mut next = permitted.iter().cycle().skip(from).take(permitted.len());
            let name = |node: Node| untrack(|| desk.name_of(node)).to_lowercase();
            if let Some(node) = next.find(|node| name(**node).starts_with(&start)) {
                arrive(desk, *node);
            }
        }
        _ => return false,
    }
    true
}

fn down(desk: DeskState, at: Option<usize>) {
    let Some(at) = at else {
        seek(desk, 0, true, false);
        return;
    };
    let lines = desk.lines.get_untracked();
    if lines.list[at].open == Some(false) {
        desk.spring_open(lines.list[at].row.node, move || seek(desk, at + 1, true, false));
    } else {
        seek(desk, at + 1, true, false);
    }
}

fn up(desk: DeskState, at: Option<usize>) {
    if let Some(before) = at.and_then(|at| at.checked_sub(1)) {
        seek(desk, before, false, false);
    }
}

/// Goes on to the next permitted target, from this line on. Where there is none it stays where it is, or, at the
/// start, gives up.
fn seek(desk: DeskState, from: usize, forward: bool, at_start: bool) {
    if !desk.drags() {
        return;
    }
    let lines = desk.lines.get_untracked();
    let mut at = from;
    while let Some(line) = lines.list.get(at) {
        let node = line.row.node;
        if untrack(|| desk.verdict(node)).is_some_and(|verdict| verdict.is_ok()) {
            arrive(desk, node);
            return;
        }
        if forward && line.open == Some(false) {
            desk.spring_open(node, move || seek(desk, at + 1, true, at_start));
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
    if at_start {
        desk.cancel_drag();
        desk.say(desk.lang.no_targets().to_owned());
        desk.toasts.error(desk.lang.no_targets().to_owned(), None);
    } else {
        say_again(desk);
    }
}

fn arrive(desk: DeskState, node: Node) {
    desk.hover(Some(node));
    desk.focus_node(node);
}

/// Tells the target and its position once more: there may be more targets now.
fn say_again(desk: DeskState) {
    let over = desk.drag.over.get_untracked();
    desk.drag.over.set(None);
    desk.hover(over);
}
