//! Signs of life of an open tab, the warning before an idle login ends, and what is said once it has (S19, S20).

use leptos::prelude::*;

use crate::{
    ui::{
        kit::{dialog::dialog_while, language::use_language, location::here},
        shell::session::{Login, login_state, use_me},
    },
    views::addresses,
};

/// Gives the server signs of life, warns a minute before an idle login ends, and says when it has ended.
#[component]
pub fn IdleWatch() -> impl IntoView {
    let lang = use_language();
    let here = here();
    let login = login_state();
    let stay = RwSignal::new(0_u32);
    let user = use_me().actor.user;
    Effect::new(move |_| watch::start(user, login, stay, here));
    let dialog = dialog_while(move || login.get() != Login::Running);
    // The text counts seconds; only its beginning is to be read out.
    let text = move || match login.get() {
        Login::Running => None,
        Login::Ending(seconds) => Some(lang.logged_out_in(seconds)),
        Login::Ended => Some(lang.login_has_ended_text().to_owned()),
    };
    let ended = Memo::new(move |_| login.get() == Login::Ended);
    view! {
        <dialog
            class="sheet ask"
            class:ended=ended
            role="alertdialog"
            node_ref=dialog
            aria-labelledby="idle-heading"
            aria-describedby="idle-text"
            on:close=move |_| stay.update(|times| *times += 1)
        >
            <div class="sheet-body">
                <h2 id="idle-heading">
                    {move || if ended.get() { lang.login_has_ended() } else { lang.still_there() }}
                </h2>
                <p id="idle-text">{text}</p>
                <p class="actions">
                    {move || {
                        if ended.get() {
                            view! {
                                <a class="btn primary" target="_blank" rel="external" href=addresses::login_address(&here.get())>
                                    {lang.log_in_again()}
                                </a>
                            }
                                .into_any()
                        } else {
                            view! {
                                <button
                                    type="button"
                                    class="btn primary"
                                    on:click=move |_| stay.update(|times| *times += 1)
                                >
                                    {lang.stay_logged_in()}
                                </button>
                            }
                                .into_any()
                        }
                    }}
                </p>
            </div>
        </dialog>
    }
}

#[cfg(not(feature = "hydrate"))]
mod watch {
    use leptos::prelude::{RwSignal, Signal};

    use super::Login;
    use domain::ids::UserId;

    pub fn start(_user: UserId, _login: RwSignal<Login>, _stay: RwSignal<u32>, _here: Signal<String>) {}
}

#[cfg(feature = "hydrate")]
mod watch {
    use std::time::Duration;

    use leptos::{prelude::*, task::spawn_local};
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{AddEventListenerOptions, Event, PageTransitionEvent, UrlSearchParams};

    use super::Login;
    use crate::{
        api::accounts::sessions::{Leave, beat},
        errors::ApiError,
        ui::kit::browser,
        views::addresses,
    };
    use domain::{
        accounts::{presence::TabId, sessions::BEAT},
        ids::UserId,
        time::{Seconds, later},
    };
    use jiff::{SignedDuration, Timestamp};

    /// How long before its end the login is said to end.
    const WARNING: SignedDuration = SignedDuration::from_mins(1);
    /// How often it is looked how the login stands.
    const LOOK: Duration = Duration::from_secs(1);
    /// What counts as doing something.
    const ACTIVITY: [&str; 5] = ["pointerdown", "keydown", "wheel", "touchstart", "input"];

    #[derive(Clone, Copy)]
    struct Watch {
        user: UserId,
        tab: TabId,
        login: RwSignal<Login>,
        here: Signal<String>,
        active_at: StoredValue<Timestamp>,
        /// When the last sign of life was sent.
        sent_at: StoredValue<Timestamp>,
        /// Not known before the first answer.
        ends_at: StoredValue<Option<Timestamp>>,
        asking: StoredValue<bool>,
    }

    /// Watches until the page is left.
    pub fn start(user: UserId, login: RwSignal<Login>, stay: RwSignal<u32>, here: Signal<String>) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 2⁵³, and no less than 1"
        )]
        let tab = TabId((js_sys::Math::random() * 9_007_199_254_740_991.0) as u64 + 1);
        let watch = Watch {
            user,
            tab,
            login,
            here,
            active_at: StoredValue::new(now()),
            sent_at: StoredValue::new(Timestamp::UNIX_EPOCH),
            ends_at: StoredValue::new(None),
            asking: StoredValue::new(false),
        };
        watch.beat();
        browser::every(LOOK, move || watch.look());
        let options = AddEventListenerOptions::new();
        options.set_passive(true);
        options.set_capture(true);
        for name in ACTIVITY {
            listen(name, &options, move |_| watch.active_at.set_value(now()));
        }
        // Back from the tab in which one logs in again.
        listen("focus", &options, move |_| {
            if watch.login.try_get_untracked() == Some(Login::Ended) {
                watch.beat();
            }
        });
        listen("pagehide", &options, move |_| watch.leave());
        listen("pageshow", &options, |event| {
            // Kept by the browser from before: whose page it was may be logged out by now.
            if event
                .dyn_ref::<PageTransitionEvent>()
                .is_some_and(PageTransitionEvent::persisted)
            {
                browser::reload();
            }
        });
        Effect::watch(
            move || stay.get(),
            move |_, _, _| {
                if watch.login.get_untracked() != Login::Ended {
                    watch.active_at.set_value(now());
                    watch.login.set(Login::Running);
                    watch.beat();
                }
            },
            false,
        );
    }

    /// The time of day, by the clock of the browser.
    fn now() -> Timestamp {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole milliseconds, far below 2⁵³"
        )]
        domain::time::at_millisecond(js_sys::Date::now() as i64).unwrap_or_default()
    }

    /// The seconds that are left, with the one that has begun.
    fn begun(left: SignedDuration) -> Seconds {
        Seconds((left.as_secs() + i64::from(left.subsec_nanos() > 0)).max(0))
    }

    fn listen(name: &str, options: &AddEventListenerOptions, act: impl FnMut(Event) + 'static) {
        let act = Closure::<dyn FnMut(Event)>::new(act);
        // Fails for no function only.
        let _ = window().add_event_listener_with_callback_and_add_event_listener_options(
            name,
            act.as_ref().unchecked_ref(),
            options,
        );
        // It listens for as long as the page is loaded: logging in and out load another one.
        act.forget();
    }

    impl Watch {
        fn look(self) {
            let now = now();
            let left = self.ends_at.get_value().map(|end| end.duration_since(now));
            let soon = left.filter(|left| *left <= WARNING);
            if now.duration_since(self.sent_at.get_value()) >= BEAT
                || (soon.is_some() && self.active_at.get_value() > self.sent_at.get_value())
                || left.is_some_and(|left| left <= SignedDuration::ZERO)
            {
                self.beat();
            }
            if self.login.get_untracked() != Login::Ended {
                let state = soon.map_or(Login::Running, |left| Login::Ending(begun(left)));
                if self.login.get_untracked() != state {
                    self.login.set(state);
                }
            }
        }

        /// A sign of life; one at a time.
        fn beat(self) {
            if self.asking.get_value() {
                return;
            }
            self.asking.set_value(true);
            let sent = now();
            self.sent_at.set_value(sent);
            let idle = sent.duration_since(self.active_at.get_value());
            let idle = idle.max(SignedDuration::ZERO).into();
            let idle_to_the_end = self.ends_at.get_value().is_some_and(|end| end <= sent);
            spawn_local(async move {
                let answer = beat(self.tab, idle).await;
                self.asking.try_set_value(false);
                match answer {
                    // Somebody else logged in in another tab.
                    Ok(heard) if heard.user != self.user => browser::reload(),
                    Ok(heard) => {
                        self.ends_at.try_set_value(Some(later(sent, heard.left.into())));
                        if self.login.try_get_untracked() == Some(Login::Ended) {
                            self.login.try_set(Login::Running);
                        }
                    }
                    Err(ApiError::NotLoggedIn) if idle_to_the_end => {
                        // Nobody is there: nothing of theirs stays on the screen.
                        browser::go(&addresses::login_address(&self.here.get_untracked()));
                    }
                    Err(ApiError::NotLoggedIn) => {
                        self.login.try_set(Login::Ended);
                    }
                    // Offline, or a server that restarts: the next one may get through.
                    Err(_) => {}
                }
            });
        }

        fn leave(self) {
            let Ok(form) = UrlSearchParams::new() else {
                return;
            };
            form.append("tab", &self.tab.0.to_string());
            // Where it does not get through, the tab is gone when it has been silent for long enough.
            let _ = window().navigator().send_beacon_with_opt_url_search_params(
                <Leave as leptos::server_fn::ServerFn>::PATH,
                Some(&form),
            );
        }
    }
}
