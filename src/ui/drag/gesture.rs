//! When a press becomes a drag. Pure: the listeners tell it what happened, and it tells them what to do.

use std::time::Duration;

/// With what is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse, or a pen: drags once it has moved.
    Mouse,
    /// A finger: drags once it has rested; a swipe scrolls.
    Touch,
}

/// A place on the screen, in CSS pixels.
pub type At = (f64, f64);

/// A press of the mouse that moves less than this is a click.
pub const MOUSE_THRESHOLD: f64 = 5.0;
/// A finger that moves more than this before it has rested scrolls.
pub const TOUCH_SLACK: f64 = 10.0;
/// How long a finger rests until it drags.
pub const HOLD: Duration = Duration::from_millis(400);

#[derive(Debug, Clone, PartialEq)]
pub enum Input<C> {
    /// A button or finger went down on something that can be dragged.
    Press {
        /// Identifies mouse or finger.
        id: i32,
        pointer: Pointer,
        at: At,
        /// What would be dragged.
        dragged_item: C,
    },
    Move {
        id: i32,
        at: At,
    },
    /// It has rested for [`HOLD`].
    Held,
    Release {
        id: i32,
    },
    /// The browser, another finger, a key or another window took it away.
    Cancel,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Step<C> {
    Nothing,
    /// Tell me [`Input::Held`] when [`HOLD`] has passed.
    AwaitHold,
    Begin(C, At),
    /// The drag goes on.
    Drag(At),
    /// The drag ends here.
    Drop,
    /// The drag, or the waiting for it, ends without a drop.
    Abort,
}

/// How far the press of a pointer has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture<C> {
    /// Nothing is pressed.
    #[default]
    Idle,
    /// Pressed; click, swipe or drag is still open.
    Pressed {
        /// Identifies mouse or finger.
        id: i32,
        pointer: Pointer,
        /// Where it went down, or a finger is now.
        at: At,
        /// What would be dragged.
        dragged_item: C,
    },
    Dragging {
        /// Identifies mouse or finger.
        id: i32,
    },
}

impl<C> Gesture<C> {
    /// Whether a drag is under way.
    #[must_use]
    pub const fn drags(&self) -> bool {
        matches!(self, Self::Dragging { .. })
    }

    /// Whether a finger is down that may still become a drag.
    #[must_use]
    pub const fn waits_for_hold(&self) -> bool {
        matches!(
            self,
            Self::Pressed {
                pointer: Pointer::Touch,
                ..
            }
        )
    }

    /// Goes on by one step.
    pub fn step(&mut self, input: Input<C>) -> Step<C> {
        match (std::mem::take(self), input) {
            (
                Self::Idle,
                Input::Press {
                    id,
                    pointer,
                    at,
                    dragged_item,
                },
            ) => {
                *self = Self::Pressed {
                    id,
                    pointer,
                    at,
                    dragged_item,
                };
                if pointer == Pointer::Touch {
                    Step::AwaitHold
                } else {
                    Step::Nothing
                }
            }
            (Self::Idle, _) => Step::Nothing,
            // A second finger, or a second button.
            (_, Input::Press { .. } | Input::Cancel) => Step::Abort,
            (
                Self::Pressed {
                    id,
                    pointer,
                    at,
                    dragged_item,
                },
                input,
            ) => self.pressed(id, pointer, at, dragged_item, input),
            (Self::Dragging { id }, Input::Release { id: up }) if up == id => Step::Drop,
            (Self::Dragging { id }, input) => {
                *self = Self::Dragging { id };
                match input {
                    Input::Move { id: moved, at } if moved == id => Step::Drag(at),
                    _ => Step::Nothing,
                }
            }
        }
    }

    fn pressed(&mut self, id: i32, pointer: Pointer, at: At, dragged_item: C, input: Input<C>) -> Step<C> {
        match input {
            Input::Release { id: up } if up == id => Step::Abort,
            Input::Held if pointer == Pointer::Touch => {
                *self = Self::Dragging { id };
                Step::Begin(dragged_item, at)
            }
            Input::Move { id: moved, at: now } if moved == id => {
                let distance = (now.0 - at.0).hypot(now.1 - at.1);
                match pointer {
                    Pointer::Mouse if distance >= MOUSE_THRESHOLD => {
                        *self = Self::Dragging { id };
                        Step::Begin(dragged_item, now)
                    }
                    Pointer::Touch if distance > TOUCH_SLACK => Step::Abort,
                    Pointer::Mouse | Pointer::Touch => {
                        *self = Self::Pressed {
                            id,
                            pointer,
                            at,
                            dragged_item,
                        };
                        Step::Nothing
                    }
                }
            }
            _ => {
                *self = Self::Pressed {
                    id,
                    pointer,
                    at,
                    dragged_item,
                };
                Step::Nothing
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ui::drag::gesture::*;

    fn press(pointer: Pointer) -> Gesture<&'static str> {
        let mut gesture = Gesture::default();
        let step = gesture.step(Input::Press {
            id: 1,
            pointer,
            at: (10.0, 10.0),
            dragged_item: "ticket",
        });
        assert_eq!(
            step,
            if pointer == Pointer::Touch {
                Step::AwaitHold
            } else {
                Step::Nothing
            }
        );
        gesture
    }

    const fn to(x: f64, y: f64) -> Input<&'static str> {
        Input::Move { id: 1, at: (x, y) }
    }

    #[test]
    fn a_press_under_five_pixels_is_a_click() {
        let mut gesture = press(Pointer::Mouse);
        assert_eq!(gesture.step(to(13.0, 13.0)), Step::Nothing);
        assert_eq!(gesture.step(Input::Release { id: 1 }), Step::Abort);
        assert_eq!(gesture, Gesture::Idle);
    }

    #[test]
    fn a_mouse_drags_from_five_pixels_on() {
        let mut gesture = press(Pointer::Mouse);
        assert_eq!(gesture.step(to(13.0, 14.0)), Step::Begin("ticket", (13.0, 14.0)));
        assert_eq!(gesture.step(to(80.0, 9.0)), Step::Drag((80.0, 9.0)));
        assert_eq!(gesture.step(Input::Release { id: 1 }), Step::Drop);
        assert_eq!(gesture, Gesture::Idle);
    }

    #[test]
    fn a_swipe_scrolls() {
        let mut gesture = press(Pointer::Touch);
        assert_eq!(gesture.step(to(10.0, 25.0)), Step::Abort);
        assert_eq!(gesture.step(Input::Held), Step::Nothing);
    }

    #[test]
    fn a_finger_that_rests_drags() {
        let mut gesture = press(Pointer::Touch);
        assert_eq!(gesture.step(to(12.0, 13.0)), Step::Nothing);
        assert_eq!(gesture.step(Input::Held), Step::Begin("ticket", (10.0, 10.0)));
        assert_eq!(gesture.step(to(10.0, 90.0)), Step::Drag((10.0, 90.0)));
    }

    #[test]
    fn a_second_finger_or_a_cancelled_touch_ends_it() {
        for held in [false, true] {
            for end in [
                Input::Press {
                    id: 2,
                    pointer: Pointer::Touch,
                    at: (0.0, 0.0),
                    dragged_item: "other",
                },
                Input::Cancel,
            ] {
                let mut gesture = press(Pointer::Touch);
                if held {
                    gesture.step(Input::Held);
                }
                assert_eq!(gesture.step(end), Step::Abort);
                assert_eq!(gesture, Gesture::Idle);
            }
        }
    }

    #[test]
    fn other_pointers_do_not_disturb() {
        let mut gesture = press(Pointer::Mouse);
        gesture.step(to(30.0, 30.0));
        assert_eq!(
            gesture.step(Input::Move {
                id: 7,
                at: (0.0, 0.0)
            }),
            Step::Nothing
        );
        assert_eq!(gesture.step(Input::Release { id: 7 }), Step::Nothing);
        assert!(gesture.drags());
    }
}
