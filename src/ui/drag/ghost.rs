//! What hangs on the pointer during a drag.

use leptos::prelude::*;

use crate::ui::drag::board::Board;

/// What is dragged, and what a drop would do here or why it would do nothing.
#[component]
pub fn Ghost<B: Board>(
    /// The screen with the drag.
    board: B,
) -> impl IntoView {
    let lang = board.language();
    let drag = board.drag();
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
                view! { <span>"→ " <b>{board.target_name(over)}</b> {remark}</span> }.into_any()
            }
            Err(why) => {
                let why = format!("{}: {}", lang.not_allowed(), board.why_not(why));
                view! { <span class="ghost-no">{why}</span> }.into_any()
            }
        })
    };
    view! {
        <div
            class="ghost"
            aria-hidden="true"
            style:left=move || format!("{}px", drag.at.get().0)
            style:top=move || format!("{}px", drag.at.get().1)
        >
            {move || count().map(|n| view! { <span class="badge">{n}</span> })}
            <span class="ghost-text">
                <span class="ghost-what">{move || of_item(B::item_name)} " " {target}</span>
                <small class="quiet">{move || of_item(B::item_contents)}</small>
            </span>
        </div>
    }
}
