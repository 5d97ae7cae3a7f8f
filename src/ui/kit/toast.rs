//! Short messages at the bottom of the screen, some with a button (experience 20, 24).

use std::time::Duration;

use leptos::{ev, prelude::*};

use crate::{
    i18n::Language,
    ui::kit::{browser, icons::CrossIcon, language::use_language},
};

/// How long a message stays, in steps of [`STEP`].
const STAY: u32 = 40;
/// A message with a problem stays longer.
const STAY_PROBLEM: u32 = 120;
/// The id of the part of a page that is not navigation.
const MAIN: &str = "main";
const STEP: Duration = Duration::from_millis(250);
/// More than this many hide the page.
const MOST: usize = 3;

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    problem: bool,
    /// What the button says, what it does, and the keys that do the same.
    action: Option<(&'static str, &'static str, Callback<()>)>,
    left: u32,
}

/// The messages on the screen.
#[derive(Clone, Copy)]
pub struct Toasts {
    lang: Language,
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    /// The pointer or the focus is on them: the time stands still.
    paused: RwSignal<bool>,
    before: StoredValue<Option<String>>,
    /// What gets the focus where that is gone.
    heading: StoredValue<&'static str>,
}

impl Toasts {
    /// The messages of the app, made where they are first needed.
    #[must_use]
    pub fn provided() -> Self {
        use_context().unwrap_or_else(|| {
            let toasts = Self {
                lang: use_language(),
                list: RwSignal::default(),
                next: StoredValue::new(0),
                paused: RwSignal::new(false),
                before: StoredValue::new(None),
                heading: StoredValue::new(MAIN),
            };
            provide_context(toasts);
            toasts
        })
    }

    /// Shows a message; with `undo`, a button that takes back what it tells of.
    pub fn show(self, text: String, undo: Option<Callback<()>>) {
        self.push(text, false, undo.map(|undo| (self.lang.undo(), "Ctrl Z", undo)));
    }

    /// Shows a message with a button of its own, which no keys stand for.
    pub fn show_with(self, text: String, label: &'static str, act: Callback<()>) {
        self.push(text, false, Some((label, "", act)));
    }

    /// Tells of a problem; with `retry`, a button that tries again.
    pub fn error(self, text: String, retry: Option<Callback<()>>) {
        self.error_with(text, retry.map(|retry| (self.lang.try_again(), retry)));
    }

    /// Tells of a problem, with a button that does something else about it.
    pub fn error_with(self, text: String, action: Option<(&'static str, Callback<()>)>) {
        self.push(text, true, action.map(|(label, act)| (label, "", act)));
    }

    fn push(self, text: String, problem: bool, action: Option<(&'static str, &'static str, Callback<()>)>) {
        self.next.update_value(|next| *next += 1);
        let toast = Toast {
            id: self.next.get_value(),
            text,
            problem,
            action,
            left: if problem { STAY_PROBLEM } else { STAY },
        };
        self.list.update(|list| {
            // An older offer to undo would take back something else than the keys do.
            list.retain(|old| old.problem || old.action.is_none() || toast.problem);
            list.push(toast);
            let over = list.len().saturating_sub(MOST);
            list.drain(..over);
        });
    }

    /// Takes the offer to undo away: what it told of has been undone.
    pub fn withdraw_undo(self) {
        self.list
            .update(|list| list.retain(|toast| toast.problem || toast.action.is_none()));
    }

    fn remove(self, id: u32) {
        let held_focus = browser::focus_is_within(".toasts");
        self.list.update(|list| list.retain(|toast| toast.id != id));
        self.paused.set(false);
        if held_focus {
            self.leave();
        }
    }

    /// Gives the focus back to where it was before F6.
    fn leave(self) {
        let before = self
            .before
            .get_value()
            .into_iter()
            .chain([format!("#{}", self.heading.get_value()), format!("#{MAIN}")]);
        browser::focus_soon(before.collect());
    }

    fn tick(self) {
        if self.paused.get_untracked() || self.list.with_untracked(Vec::is_empty) {
            return;
        }
        // Quietly, unless one goes.
        let mut gone = false;
        self.list.update_untracked(|list| {
            for toast in list.iter_mut() {
                toast.left = toast.left.saturating_sub(1);
                gone |= toast.left == 0;
            }
        });
        if gone {
            self.list.update(|list| list.retain(|toast| toast.left > 0));
        }
    }
}

/// Where the messages are shown. F6 goes there, Esc leaves.
#[component]
pub fn ToastArea(
    /// The id of what gets the focus after the messages, where what had it before is gone.
    #[prop(default = MAIN)]
    heading: &'static str,
) -> impl IntoView {
    let lang = use_language();
    let toasts = Toasts::provided();
    toasts.heading.set_value(heading);
    Effect::new(move |_| {
        if let Ok(clock) = set_interval_with_handle(move || toasts.tick(), STEP) {
            on_cleanup(move || clock.clear());
        }
        let keys = window_event_listener(ev::keydown, move |event| {
            if event.key() == "F6" && toasts.list.with_untracked(|list| !list.is_empty()) {
                event.prevent_default();
                if !browser::focus_is_within(".toasts") {
                    toasts.before.set_value(browser::focused());
                }
                browser::focus(".toast:last-of-type button");
            }
        });
        on_cleanup(move || keys.remove());
    });
    view! {
        <section
            class="toasts"
            aria-label=lang.notifications()
            on:pointerenter=move |_| toasts.paused.set(true)
            on:pointerleave=move |_| toasts.paused.set(false)
            on:focusin=move |_| toasts.paused.set(true)
            on:focusout=move |_| toasts.paused.set(false)
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    toasts.leave();
                }
            }
        >
            <div aria-live="polite">
                <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                    <ToastView toast/>
                </For>
            </div>
        </section>
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let lang = use_language();
    let toasts = Toasts::provided();
    let Toast {
        id,
        text,
        problem,
        action,
        ..
    } = toast;
    view! {
        <div class="toast" class:problem=problem role=if problem { "alert" } else { "status" }>
            <span class="toast-text">{text}</span>
            {action
                .map(|(label, keys, run)| {
                    view! {
                        <button
                            type="button"
                            on:click=move |_| {
                                toasts.remove(id);
                                run.run(());
                            }
                        >
                            {label}
                            {(!keys.is_empty()).then(|| view! { <kbd aria-hidden="true">{keys}</kbd> })}
                        </button>
                    }
                })}
            <button type="button" class="toast-close" aria-label=lang.close() on:click=move |_| toasts.remove(id)>
                <CrossIcon/>
            </button>
        </div>
    }
}
