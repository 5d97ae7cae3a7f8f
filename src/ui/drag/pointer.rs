//! Listens to mouse, pen, fingers and keys for a whole screen, and drives its drag.
//!
//! A finger scrolls unless it has rested (`touch-action: pan-y` and a `touchmove` that is not passive and prevents the
//! default only during a drag); `touch-action: none` set after `pointerdown` would come too late.

use crate::ui::drag::board::Board;

#[cfg(feature = "hydrate")]
pub use alive::listen;

/// Listens until the screen is left.
#[cfg(not(feature = "hydrate"))]
pub fn listen<B: Board>(_board: B) {}

#[cfg(feature = "hydrate")]
mod alive {
    use std::time::Duration;

    use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{AddEventListenerOptions, Element, Event, EventTarget, MouseEvent, PointerEvent};

    use super::Board;
    use crate::ui::{
        drag::{
            gesture::{Gesture, HOLD, Input, Pointer, Step},
            keyboard,
        },
        kit::browser,
    };

    /// How long after the release of a drag its click may come.
    const CLICK_FOLLOWS: Duration = Duration::from_millis(80);

    type Listener = Closure<dyn FnMut(Event)>;

    struct Driver<B: Board> {
        board: B,
        gesture: StoredValue<Gesture<B::DraggedItem>>,
        hold: StoredValue<Option<TimeoutHandle>>,
        /// The click that ends a drag is not one.
        swallow_click: StoredValue<bool>,
        /// The first finger may lie on what a live update takes from the page; its moves go there all the same.
        held: StoredValue<Option<EventTarget>, LocalStorage>,
        on_touch: StoredValue<Option<Listener>, LocalStorage>,
    }

    impl<B: Board> Clone for Driver<B> {
        fn clone(&self) -> Self {
            *self
        }
    }

    impl<B: Board> Copy for Driver<B> {}

    /// Listens until the screen is left.
    pub fn listen<B: Board>(board: B) {
        let driver = Driver {
            board,
            gesture: StoredValue::new(Gesture::Idle),
            hold: StoredValue::default(),
            swallow_click: StoredValue::new(false),
            held: StoredValue::new_local(None),
            on_touch: StoredValue::new_local(None),
        };
        let handles = [
            window_event_listener(ev::pointerdown, move |event| driver.pressed(&event)),
            window_event_listener(ev::pointermove, move |event| driver.moved(&event)),
            window_event_listener(ev::pointerup, move |event| {
                driver.released(&event);
            }),
            window_event_listener(ev::pointercancel, move |_| driver.step(Input::Cancel)),
            window_event_listener(ev::blur, move |_| {
                driver.step(Input::Cancel);
                board.cancel_drag();
            }),
            window_event_listener(ev::keydown, move |event| driver.key(&event)),
            window_event_listener(ev::contextmenu, move |event| {
                if driver.busy() {
                    event.prevent_default();
                }
            }),
            window_event_listener(ev::dragstart, |event| {
                if closest(&event, B::OBJECTS).is_some() {
                    event.prevent_default();
                }
            }),
        ];
        on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
        driver.listen_to_fingers();
        driver.listen_to_clicks();
    }

    fn closest(event: &Event, selector: &str) -> Option<Element> {
        let target: Element = event.target()?.dyn_into().ok()?;
        target.closest(selector).ok().flatten()
    }

    impl<B: Board> Driver<B> {
        fn busy(self) -> bool {
            self.gesture
                .with_value(|gesture| gesture.drags() || gesture.waits_for_hold())
        }

        /// What a press on this element would drag.
        fn dragged_item(self, event: &Event) -> Option<B::DraggedItem> {
            if closest(event, "button,input,label,select,[data-no-drag]").is_some() {
                return None;
            }
            self.board.item_of(&closest(event, B::OBJECTS)?)
        }

        fn pressed(self, event: &PointerEvent) {
            self.swallow_click.set_value(false);
            if self.board.drags_by_keys() {
                self.place_by_click(event);
                return;
            }
            let pointer = if event.pointer_type() == "touch" {
                Pointer::Touch
            } else {
                Pointer::Mouse
            };
            let first = event.is_primary() && event.button() == 0;
            if !first || event.ctrl_key() && pointer == Pointer::Mouse && event.button() != 0 {
                self.step(Input::Cancel);
                return;
            }
            let Some(dragged_item) = self.dragged_item(event) else {
                self.step(Input::Cancel);
                return;
            };
            if pointer == Pointer::Touch {
                self.hold_on_to(event.target());
            }
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.step(Input::Press {
                id: event.pointer_id(),
                pointer,
                at,
                dragged_item,
            });
        }

        /// What was lifted by keys, or by a click on its handle, can be put down by a click.
        fn place_by_click(self, event: &PointerEvent) {
            let selector = format!("[{}]", B::TARGET);
            let target = closest(event, &selector).and_then(|target| target.get_attribute(B::TARGET));
            match target.and_then(|target| target.parse().ok()) {
                Some(target) => {
                    event.prevent_default();
                    self.swallow_click.set_value(true);
                    self.board.hover(Some(target));
                    self.board.drop_here();
                }
                None => self.board.cancel_drag(),
            }
        }

        fn moved(self, event: &PointerEvent) {
            let at = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.step(Input::Move {
                id: event.pointer_id(),
                at,
            });
        }

        fn step(self, input: Input<B::DraggedItem>) {
            let step = self
                .gesture
                .try_update_value(|gesture| gesture.step(input))
                .unwrap_or(Step::Nothing);
            match step {
                Step::Nothing => {}
                Step::AwaitHold => {
                    self.board.drag().resting.set(true);
                    let held = move || {
                        if self.gesture.try_with_value(|_| ()).is_some() {
                            self.step(Input::Held);
                        }
                    };
                    let timer = set_timeout_with_handle(held, HOLD);
                    self.hold.set_value(timer.ok());
                }
                Step::Begin(dragged_item, at) => {
                    self.stop_waiting();
                    // A mouse that has left the threshold may have marked some text.
                    if let Ok(Some(marked)) = window().get_selection() {
                        // Nothing marked is what is wanted.
                        let _ = marked.remove_all_ranges();
                    }
                    self.board.lift(dragged_item, false, at);
                    self.look();
                    self.scroll();
                }
                Step::Drag(at) => {
                    self.board.drag().at.set(at);
                    self.look();
                }
                Step::Drop => {
                    self.ended();
                    self.board.drop_here();
                }
                Step::Abort => {
                    if self.board.drags() && !self.board.drags_by_keys() {
                        self.ended();
                        self.board.cancel_drag();
                    }
                    self.stop_waiting();
                    self.let_go();
                }
            }
        }

        fn stop_waiting(self) {
            self.board.drag().resting.set(false);
            if let Some(timer) = self.hold.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        }

        /// The click that the browser makes of the release is not meant, however long that takes to come.
        fn ended(self) {
            self.let_go();
            self.swallow_click.set_value(true);
        }

        fn released(self, event: &PointerEvent) {
            self.step(Input::Release {
                id: event.pointer_id(),
            });
            set_timeout(
                move || {
                    self.swallow_click.try_set_value(false);
                },
                CLICK_FOLLOWS,
            );
        }

        /// Over which target the pointer is.
        fn look(self) {
            let target = browser::attribute_at(self.board.drag().at.get_untracked(), B::TARGET);
            self.board.hover(target.and_then(|target| target.parse().ok()));
        }

        /// Scrolls the targets as long as the pointer rests near their edge.
        fn scroll(self) {
            request_animation_frame(move || {
                let going_on = self.gesture.try_with_value(Gesture::drags) == Some(true);
                if !going_on || !self.board.drags() {
                    return;
                }
                if browser::scroll_near_edge(self.board.drag().at.get_untracked(), B::SCROLLS) {
                    self.look();
                }
                self.scroll();
            });
        }

        fn key(self, event: &web_sys::KeyboardEvent) {
            if keyboard::on_key(self.board, event) {
                event.prevent_default();
                event.stop_propagation();
                let dragged = self.gesture.try_update_value(|gesture| {
                    let dragged = gesture.drags();
                    gesture.step(Input::Cancel);
                    dragged
                });
                if dragged == Some(true) {
                    self.ended();
                }
            } else if (event.ctrl_key() || event.meta_key()) && !event.shift_key() && event.key() == "z" {
                // In a text field Ctrl+Z takes back what was typed.
                if closest(event, "input:not([type=checkbox]),textarea,dialog").is_none()
                    && self.board.undo_last()
                {
                    event.prevent_default();
                }
            }
        }

        fn listen_to_fingers(self) {
            let quiet = move |event: Event| {
                let second = js_sys::Reflect::get(&event, &JsValue::from_str("touches"))
                    .and_then(|touches| js_sys::Reflect::get(&touches, &JsValue::from_str("length")))
                    .ok()
                    .and_then(|length| length.as_f64())
                    .is_some_and(|fingers| fingers > 1.0);
                if second {
                    self.step(Input::Cancel);
                } else if self.gesture.with_value(Gesture::drags) && event.cancelable() {
                    event.prevent_default();
                }
            };
            let closure = Listener::new(quiet);
            for name in ["touchstart", "touchmove", "touchend"] {
                add(&document(), name, &closure, false);
            }
            self.on_touch.set_value(Some(closure));
            on_cleanup(move || {
                self.let_go();
                self.on_touch.update_value(|closure| {
                    if let Some(closure) = closure.take() {
                        for name in ["touchstart", "touchmove", "touchend"] {
                            remove(&document(), name, &closure, false);
                        }
                    }
                });
            });
        }

        fn hold_on_to(self, target: Option<EventTarget>) {
            self.let_go();
            self.on_touch.with_value(|closure| {
                if let (Some(closure), Some(target)) = (closure, &target) {
                    add(target, "touchmove", closure, false);
                }
            });
            self.held.set_value(target);
        }

        fn let_go(self) {
            let Some(target) = self.held.try_update_value(Option::take).flatten() else {
                return;
            };
            self.on_touch.with_value(|closure| {
                if let Some(closure) = closure {
                    remove(&target, "touchmove", closure, false);
                }
            });
        }

        fn listen_to_clicks(self) {
            let swallow = move |event: Event| {
                // Keys make clicks, too; those have no count.
                let by_pointer = event
                    .dyn_ref::<MouseEvent>()
                    .is_some_and(|event| event.detail() > 0);
                if by_pointer && self.swallow_click.get_value() {
                    event.prevent_default();
                    event.stop_propagation();
                    self.swallow_click.set_value(false);
                }
            };
            let closure = Listener::new(swallow);
            add(&document(), "click", &closure, true);
            let closure = StoredValue::new_local(Some(closure));
            on_cleanup(move || {
                closure.update_value(|closure| {
                    if let Some(closure) = closure.take() {
                        remove(&document(), "click", &closure, true);
                    }
                });
            });
        }
    }

    fn add(target: &EventTarget, name: &str, closure: &Listener, capture: bool) {
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        options.set_capture(capture);
        // Fails for no function only.
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            closure.as_ref().unchecked_ref(),
            &options,
        );
    }

    fn remove(target: &EventTarget, name: &str, closure: &Listener, capture: bool) {
        // Fails for no function only.
        let _ = target.remove_event_listener_with_callback_and_bool(
            name,
            closure.as_ref().unchecked_ref(),
            capture,
        );
    }
}
