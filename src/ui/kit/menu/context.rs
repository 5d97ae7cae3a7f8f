//! The menu of a line of a list: it opens by the secondary button of the mouse, by the keys for it, and by a button of the line,
//! and is made when it is opened. A list has one, however many lines.

use std::rc::Rc;

use leptos::{
    ev::{self, FocusEvent, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, EventTarget, HtmlElement, Node, PointerEvent},
};

use crate::ui::kit::{browser, location::here, menu::pressed};

/// How far a menu keeps from the edges of the window, in CSS pixels.
const GAP: f64 = 8.0;

/// What a menu is open for.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened<T> {
    /// The line.
    of: T,
    /// Where it opens, in CSS pixels from the corner of the window.
    at: (f64, f64),
    /// A selector of what gets the focus back.
    back: String,
}

impl<T> Opened<T> {
    /// At the pointer.
    #[must_use]
    pub fn at_pointer(of: T, event: &MouseEvent, back: String) -> Self {
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        Self { of, at, back }
    }

    /// Below what gets the focus back.
    #[must_use]
    pub fn below(of: T, back: String) -> Self {
        let at = browser::sides(&back).map_or((GAP, GAP), |(left, _, _, bottom)| (left + GAP, bottom));
        Self { of, at, back }
    }
}

/// Whether the key asks for the menu of what has the focus.
#[must_use]
pub fn is_key_for_it(event: &KeyboardEvent) -> bool {
    let others = event.ctrl_key() || event.meta_key() || event.alt_key();
    !others && (event.key() == "ContextMenu" || event.key() == "F10" && event.shift_key())
}

/// Whether the secondary button asks for it: a finger that rests drags, and with a key held down the browser's own menu comes.
#[must_use]
pub fn is_press_for_it(event: &MouseEvent) -> bool {
    let finger = event
        .dyn_ref::<PointerEvent>()
        .is_some_and(|event| event.pointer_type() == "touch");
    !(finger || event.ctrl_key() || event.shift_key() || event.meta_key() || event.alt_key())
}

/// The first that fits of what the event happened in.
#[must_use]
pub fn closest(event: &ev::Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()
}

/// Where along a side of the window something stands that is to begin at `at`: inside, and where there is no room behind, before.
fn within(at: f64, size: f64, window: f64) -> f64 {
    let last = window - size - GAP;
    let at = if at <= last { at } else { at - size };
    at.min(last).max(GAP)
}

/// The menu, while it is open.
#[component]
pub fn ContextMenu<T: Clone + Send + Sync + 'static>(
    open: RwSignal<Option<Opened<T>>>,
    /// What it is called.
    label: Callback<T, String>,
    /// Its items, made when it opens: [`item`] and [`link`].
    items: Callback<T, AnyView>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let close = move || drop(open.try_set(None));
    let leave = move || {
        if let Some(Some(opened)) = open.try_update(Option::take) {
            browser::focus(&opened.back);
        }
    };
    let inside = move || {
        let node = node.try_get_untracked().flatten();
        node.map_or_else(Vec::new, |node| browser::all_inside(&node, "[role=menuitem]"))
    };
    let is_inside = move |other: Option<EventTarget>| {
        let other = other.and_then(|other| other.dyn_into::<Node>().ok());
        let node = node.try_get_untracked().flatten();
        node.is_some_and(|node| node.contains(other.as_ref()))
    };
    let here = here();
    Effect::watch(move || here.get(), move |_, _, _| close(), false);
    Effect::new(move |_| {
        // What is pressed or scrolled beside it ends it.
        let beside = move |target: Option<EventTarget>| {
            if open.with_untracked(Option::is_some) && !is_inside(target) {
                close();
            }
        };
        let handles = [
            window_event_listener(ev::pointerdown, move |event| beside(event.target())),
            window_event_listener(ev::wheel, move |event| beside(event.target())),
            window_event_listener(ev::resize, move |_| beside(None)),
        ];
        on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    });
    Effect::new(move |_| {
        let Some(opened) = open.get() else { return };
        browser::next_frame(move || {
            let Some(node) = node.try_get_untracked().flatten() else {
                return;
            };
            let node: &HtmlElement = &node;
            if let Some((size, window, _)) = browser::room_for(node, "body") {
                let left = within(opened.at.0, size.0, window.0);
                let top = within(opened.at.1, size.1, window.1);
                // Fails for no valid length.
                let _ = node.style().set_property("left", &format!("{left}px"));
                let _ = node.style().set_property("top", &format!("{top}px"));
            }
            if let Some(item) = inside().first() {
                let _ = item.focus();
            }
        });
    });
    let on_key = move |event: KeyboardEvent| {
        // The list behind it has keys, too.
        event.stop_propagation();
        if !(event.ctrl_key() || event.meta_key() || event.alt_key()) {
            // The next stop of the keyboard is that after the line.
            pressed(&event, &inside(), leave, leave);
        }
    };
    let focus_out = move |event: FocusEvent| {
        // In some browsers a button that is pressed has no focus: then nothing has it.
        let to = event.related_target();
        if to.is_some() && !is_inside(to) {
            close();
        }
    };
    move || {
        open.get().map(|opened| {
            view! {
                <div
                    class="menu at"
                    role="menu"
                    aria-label=label.run(opened.of.clone())
                    node_ref=node
                    on:keydown=on_key
                    on:focusout=focus_out
                    on:contextmenu=|event| event.prevent_default()
                    on:click=move |_| leave()
                >
                    {items.run(opened.of.clone())}
                </div>
            }
            .into_any()
        })
    }
}

/// An item that does something, once the line has the focus again: a dialog that opens gives it back to there.
pub fn item(label: String, act: impl Fn() + 'static) -> AnyView {
    let act = Rc::new(act);
    let chosen = move |_| {
        let act = Rc::clone(&act);
        browser::next_frame(move || act());
    };
    view! {
        <button type="button" class="btn plain" role="menuitem" tabindex="-1" on:click=chosen>
            {label}
        </button>
    }
    .into_any()
}

/// An item that leads to another page.
pub fn link(label: String, to: String) -> AnyView {
    view! { <a class="btn plain" role="menuitem" tabindex="-1" href=to>{label}</a> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_menu_stays_inside_the_window() {
        let at = [
            (100.0, 200.0, 800.0),
            (700.0, 200.0, 800.0),
            (100.0, 300.0, 320.0),
            (0.0, 200.0, 800.0),
        ];
        let at = at.map(|(at, size, window)| within(at, size, window).round() as i32);
        // As asked for; on the other side of the pointer; there is room on neither side; off the edge.
        assert_eq!(at, [100, 500, 8, 8]);
        assert_eq!(within(2000.0, 200.0, 800.0).round() as i32, 592);
    }
}
