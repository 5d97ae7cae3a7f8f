//! Changes made by others appear by themselves (experience 21, 22).

use crate::ui::desk::DeskState;

#[cfg(feature = "hydrate")]
pub use alive::listen;

/// Listens until the desk is left.
#[cfg(not(feature = "hydrate"))]
pub fn listen(_desk: DeskState) {}

#[cfg(feature = "hydrate")]
mod alive {
    use std::time::Duration;

    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Event, EventSource, MessageEvent};

    use super::DeskState;
    use crate::ui::browser;

    /// Changes that come close together are fetched together.
    const TOGETHER: Duration = Duration::from_millis(50);
    /// How long a lost connection may take to come back before it is told of.
    const PATIENCE: Duration = Duration::from_millis(1200);
    /// A browser gives up on an answer that is an error; then we try again ourselves.
    const AGAIN: Duration = Duration::from_secs(3);

    type Listener = Closure<dyn FnMut(Event)>;

    #[derive(Clone, Copy)]
    struct Live {
        desk: DeskState,
        source: StoredValue<Option<EventSource>, LocalStorage>,
        handlers: StoredValue<Vec<Listener>, LocalStorage>,
        waiting: StoredValue<bool>,
        tree_changed: StoredValue<bool>,
        /// The connection was lost; what happened meanwhile is not known.
        lost: StoredValue<bool>,
    }

    /// Listens until the desk is left.
    pub fn listen(desk: DeskState) {
        let live = Live {
            desk,
            source: StoredValue::new_local(None),
            handlers: StoredValue::new_local(Vec::new()),
            waiting: StoredValue::new(false),
            tree_changed: StoredValue::new(false),
            lost: StoredValue::new(false),
        };
        let handlers = vec![
            Closure::new(move |event| live.changed(&event)),
            Closure::new(|_| browser::reload()),
            Closure::new(move |_| live.opened()),
            Closure::new(move |_| live.failed()),
        ];
        live.handlers.set_value(handlers);
        live.connect();
        on_cleanup(move || {
            if let Some(source) = live.source.try_update_value(Option::take).flatten() {
                source.close();
            }
        });
    }

    impl Live {
        fn connect(self) {
            let Ok(source) = EventSource::new("/live") else {
                return;
            };
            self.handlers.with_value(|handlers| {
                for (name, handler) in ["changed", "bye", "open", "error"].into_iter().zip(handlers) {
                    // Fails for no function only.
                    let _ = source.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
                }
            });
            self.source.set_value(Some(source));
        }

        fn changed(self, event: &Event) {
            let data = event
                .dyn_ref::<MessageEvent>()
                .and_then(|message| message.data().as_string());
            if data.is_some_and(|nodes| nodes.contains("\"tree\"")) {
                self.tree_changed.set_value(true);
            }
            if self.waiting.get_value() {
                return;
            }
            self.waiting.set_value(true);
            set_timeout(
                move || {
                    if self.waiting.try_set_value(false).is_some() {
                        return;
                    }
                    if self.tree_changed.try_update_value(std::mem::take) == Some(true) {
                        self.desk.renew_me();
                    }
                    self.desk.renew();
                },
                TOGETHER,
            );
        }

        fn opened(self) {
            self.desk.online.set(true);
            if self.lost.try_update_value(std::mem::take) == Some(true) {
                self.desk.renew_me();
                self.desk.renew();
            }
        }

        fn failed(self) {
            self.lost.set_value(true);
            let closed = self.source.with_value(|source| {
                source
                    .as_ref()
                    .is_none_or(|source| source.ready_state() == EventSource::CLOSED)
            });
            set_timeout(
                move || {
                    if self.lost.try_get_value() == Some(true) {
                        self.desk.online.try_set(false);
                    }
                },
                PATIENCE,
            );
            if closed {
                set_timeout(
                    move || {
                        if self.source.try_with_value(Option::is_some) == Some(true) {
                            self.connect();
                            // An ended session answers with an error, too.
                            self.desk.renew_me();
                        }
                    },
                    AGAIN,
                );
            }
        }
    }
}
