//! What hangs on the pointer during a drag: a small chip that stays inside the window and hides no target.

use leptos::{html::Div, prelude::*};

use crate::ui::{
    drag::{board::Board, gesture::At},
    kit::browser,
};

/// The least distance from the edges of the window, in CSS pixels.
const MARGIN: f64 = 8.0;
/// The distance from a mouse, and from the list of targets.
const GAP: f64 = 12.0;
/// The distance from a finger, which hides what is nearer.
const FINGER: f64 = 30.0;
/// A narrower window is that of a phone.
const PHONE: f64 = 720.0;

/// A part of the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    fn holds(&self, (x, y): At) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }
}

/// Where the upper left corner of the chip comes to be: over the targets beside or above their list, elsewhere beside the
/// pointer or above the finger; inside the window in any case, as long as it fits.
#[must_use]
pub fn place(pointer: At, size: (f64, f64), window: (f64, f64), targets: Option<Area>) -> At {
    let ((x, y), (wide, high)) = (pointer, size);
    let fits = |from: f64, length: f64, of: f64| from >= MARGIN && from + length <= of - MARGIN;
    let clamped = |from: f64, length: f64, of: f64| from.min(of - MARGIN - length).max(MARGIN);
    // Where the lower edge is too near, above the pointer; where the upper one is, below the finger.
    let below = if fits(y + GAP, high, window.1) {
        y + GAP
    } else {
        y - GAP - high
    };
    let above = if fits(y - FINGER - high, high, window.1) {
        y - FINGER - high
    } else {
        y + FINGER
    };
    let (left, top) = match targets.filter(|targets| targets.holds(pointer)) {
        Some(targets) if fits(targets.right + GAP, wide, window.0) => (targets.right + GAP, y - high / 2.0),
        Some(targets) if fits(targets.left - GAP - wide, wide, window.0) => {
            (targets.left - GAP - wide, y - high / 2.0)
        }
        Some(targets) if fits(targets.top - GAP - high, high, window.1) => {
            (x - wide / 2.0, targets.top - GAP - high)
        }
        _ if window.0 <= PHONE => (x - wide / 2.0, above),
        _ if fits(x + GAP, wide, window.0) => (x + GAP, below),
        _ => (x - GAP - wide, below),
    };
    (clamped(left, wide, window.0), clamped(top, high, window.1))
}

/// What is dragged, and what a drop would do here or why it would do nothing.
#[component]
pub fn Ghost<B: Board>(
    /// The screen with the drag.
    board: B,
) -> impl IntoView {
    let lang = board.language();
    let drag = board.drag();
    let chip = NodeRef::<Div>::new();
    let of_item = move |say: fn(B, &B::DraggedItem) -> String| {
        drag.dragged_item
            .with(|dragged_item| dragged_item.as_ref().map(|dragged_item| say(board, dragged_item)))
    };
    let count = move || {
        drag.dragged_item.with(|dragged_item| {
            dragged_item
                .as_ref()
                .and_then(|dragged_item| board.item_count(dragged_item))
        })
    };
    let target = move || {
        let over = drag.over.get()?;
        Some(match board.verdict(over)? {
            Ok(outcome) => {
                let remark = board
                    .remark(&outcome)
                    .map(|remark| view! { " " <span class="ghost-no">{remark}</span> });
                view! { <span class="ghost-to">"→ " <b>{board.target_name(over)}</b> {remark}</span> }
                    .into_any()
            }
            Err(why) if board.is_there(why) => {
                view! { <span class="ghost-to quiet">{board.why_not(why)}</span> }.into_any()
            }
            Err(why) => {
                let why = format!("{}: {}", lang.not_allowed(), board.why_not(why));
                view! { <span class="ghost-to ghost-no">{why}</span> }.into_any()
            }
        })
    };
    // Where there is a target, the second place is that of its name.
    let contents = move || drag.over.with(Option::is_none).then(|| of_item(B::item_contents));
    Effect::new(move |_| {
        drag.at.track();
        drag.over.track();
        // Once what it says is on the page, and its size with it.
        browser::next_frame(move || {
            let Some(chip) = chip.try_get_untracked().flatten() else {
                return;
            };
            let Some(at) = drag.at.try_get_untracked() else {
                return;
            };
            if let Some((size, window, targets)) = browser::room_for(&chip, B::SCROLLS) {
                let targets = targets.map(|(left, top, right, bottom)| Area {
                    left,
                    top,
                    right,
                    bottom,
                });
                let (left, top) = place(at, size, window, targets);
                // Fails for no valid length.
                let chip: &leptos::web_sys::HtmlElement = &chip;
                let _ = chip
                    .style()
                    .set_property("translate", &format!("{left}px {top}px"));
            }
        });
    });
    view! {
        <div class="ghost" aria-hidden="true" node_ref=chip>
            {move || count().map(|n| view! { <span class="badge">{n}</span> })}
            <span class="ghost-what">{move || of_item(B::item_title)}</span>
            {target}
            <small class="quiet">{contents}</small>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: (f64, f64) = (1280.0, 800.0);
    const PHONE_WINDOW: (f64, f64) = (390.0, 844.0);
    const CHIP: (f64, f64) = (280.0, 34.0);

    fn area(left: f64, top: f64, right: f64, bottom: f64) -> Area {
        Area {
            left,
            top,
            right,
            bottom,
        }
    }

    #[test]
    fn it_stays_inside_the_window_wherever_the_pointer_is() {
        let sheet = area(0.0, 300.0, 390.0, 844.0);
        let tree = area(8.0, 100.0, 304.0, 760.0);
        for (window, targets) in [
            (WINDOW, None),
            (WINDOW, Some(tree)),
            (PHONE_WINDOW, None),
            (PHONE_WINDOW, Some(sheet)),
            ((320.0, 568.0), Some(area(0.0, 200.0, 320.0, 568.0))),
        ] {
            for across in 0..=20 {
                for down in 0..=20 {
                    let pointer = (
                        window.0 * f64::from(across) / 20.0,
                        window.1 * f64::from(down) / 20.0,
                    );
                    let (left, top) = place(pointer, CHIP, window, targets);
                    assert!(
                        left >= MARGIN && left + CHIP.0 <= window.0 - MARGIN,
                        "{pointer:?} {left}"
                    );
                    assert!(
                        top >= MARGIN && top + CHIP.1 <= window.1 - MARGIN,
                        "{pointer:?} {top}"
                    );
                    let covered = area(left, top, left + CHIP.0, top + CHIP.1);
                    assert!(!covered.holds(pointer), "{pointer:?} {covered:?}");
                }
            }
        }
    }

    #[test]
    fn over_the_targets_it_hides_none() {
        let tree = area(8.0, 100.0, 304.0, 760.0);
        let (left, top) = place((100.0, 400.0), CHIP, WINDOW, Some(tree));
        assert!(left > tree.right && (top..top + CHIP.1).contains(&400.0));
        let shelf = area(920.0, 60.0, 1280.0, 800.0);
        let (left, _) = place((1000.0, 400.0), CHIP, WINDOW, Some(shelf));
        assert!(left + CHIP.0 < shelf.left);
        let sheet = area(0.0, 300.0, 390.0, 844.0);
        let (_, top) = place((380.0, 600.0), CHIP, PHONE_WINDOW, Some(sheet));
        assert!(top + CHIP.1 < sheet.top);
    }
}
