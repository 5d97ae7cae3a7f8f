//! Dragging by keys: only permitted targets are visited (experience 5–7).

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::ui::{drag::board::Board, kit::browser};

/// Lifts something. The focus goes to the first permitted target.
pub fn lift<B: Board>(board: B, dragged_item: B::DraggedItem) {
    board.lift(dragged_item, true, (0.0, 0.0));
    set_out(board);
}

/// Goes to the first permitted target, if the targets are known yet.
pub fn set_out<B: Board>(board: B) {
    let spoken = board.drag().spoken;
    let how = spoken.get_untracked();
    board.set_out();
    // How it goes on, and where it is now, are one announcement: the second would silence the first.
    let now = spoken.get_untracked();
    if now != how && board.drags() {
        board.say(format!("{how} {now}"));
    }
}

/// Keys during a drag. Whether the key was meant for it.
pub fn on_key<B: Board>(board: B, event: &KeyboardEvent) -> bool {
    if !board.drags() {
        return false;
    }
    let key = event.key();
    if !board.drags_by_keys() {
        // A drag by mouse or finger takes only the key that ends it.
        if key == "Escape" {
            board.cancel_drag();
        } else if types(event) && key != " " {
            // Before the browser puts the character somewhere: then it goes there.
            to_filter::<B>();
        }
        return key == "Escape";
    }
    if B::FILTER.is_some_and(browser::focus_is_within) {
        return on_filter_key(board, event);
    }
    match key.as_str() {
        "Escape" | "Tab" => board.cancel_drag(),
        "Enter" | " " => board.drop_here(),
        "/" if to_filter::<B>() => {}
        key if board.travel(key) => {}
        _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return false,
        key if key.chars().count() == 1 => begins(board, key),
        _ => return false,
    }
    true
}

/// Whether the key is a character.
fn types(event: &KeyboardEvent) -> bool {
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    !modified && event.key().chars().count() == 1
}

/// Goes to the field that filters the targets. Whether there is one, and it was not there.
fn to_filter<B: Board>() -> bool {
    B::FILTER.is_some_and(|filter| !browser::focus_is_within(filter) && browser::focus(filter))
}

/// Keys in the field that filters the targets, during a drag by keys: the field has cleared itself on Escape while it held
/// something.
fn on_filter_key<B: Board>(board: B, event: &KeyboardEvent) -> bool {
    match event.key().as_str() {
        "Escape" => board.cancel_drag(),
        "Enter" | "ArrowDown" => board.set_out(),
        "Tab" if !event.shift_key() => board.set_out(),
        _ => return false,
    }
    true
}

/// Goes to the next permitted target whose name begins with that.
fn begins<B: Board>(board: B, key: &str) {
    let start = key.to_lowercase();
    let over = board.drag().over.get_untracked();
    let permitted = board.permitted();
    let from = over
        .and_then(|target| permitted.iter().position(|one| *one == target))
        .map_or(0, |at| at + 1);
    let mut next = permitted.iter().cycle().skip(from).take(permitted.len());
    let name = |target: B::Target| untrack(|| board.target_name(target)).to_lowercase();
    if let Some(target) = next.find(|target| name(**target).starts_with(&start)) {
        board.arrive(*target);
    }
}

/// The way through targets that stand in one list, as a key says; `None` when the key means none.
#[must_use]
pub fn along<T: Copy + PartialEq>(list: &[T], over: Option<T>, key: &str) -> Option<Option<T>> {
    let at = over.and_then(|over| list.iter().position(|one| *one == over));
    let to = match key {
        "ArrowDown" => at.map_or(0, |at| at + 1),
        "ArrowUp" => match at?.checked_sub(1) {
            Some(to) => to,
            None => return Some(None),
        },
        "Home" | "PageUp" => 0,
        "End" | "PageDown" => list.len().saturating_sub(1),
        _ => return None,
    };
    Some(list.get(to).copied())
}
