//! Changes made by others appear by themselves (experience 21, 22).

use std::collections::BTreeSet;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::errors::ApiError;

#[cfg(feature = "hydrate")]
pub use alive::listen;

/// What a page does when it is told of changes.
#[derive(Clone, Copy)]
pub struct Listener {
    /// Gets the places where something may have changed; none where that is not known, because the connection was lost.
    pub changed: Callback<Option<BTreeSet<String>>>,
    /// Whether the server is there.
    pub online: Callback<bool>,
}

/// Listens until the page is left.
#[cfg(not(feature = "hydrate"))]
pub fn listen(_listener: Listener) {}

/// Asks again when something has changed at that place, until the page is left.
pub fn follow(
    place: impl Fn() -> Option<String> + Copy + Send + Sync + 'static,
    again: impl Fn() + Copy + Send + Sync + 'static,
) {
    let changed = move |places: Option<BTreeSet<String>>| {
        let concerns = places.is_none_or(|places| {
            let here = untrack(place);
            places.contains("all") || here.is_some_and(|here| places.contains(&here))
        });
        if concerns {
            again();
        }
    };
    Effect::new(move |_| {
        listen(Listener {
            changed: Callback::new(changed),
            online: Callback::new(|_| ()),
        });
    });
}

/// The last answer to a question that is asked again and again: it stays while the server is away.
pub struct Known<Q: Send + Sync + 'static, T: Send + Sync + 'static>(StoredValue<Option<(Q, T)>>);

impl<Q: Send + Sync + 'static, T: Send + Sync + 'static> Clone for Known<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Send + Sync + 'static, T: Send + Sync + 'static> Copy for Known<Q, T> {}

impl<Q, T> Known<Q, T>
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Nothing is known yet.
    #[must_use]
    pub fn nothing() -> Self {
        Self(StoredValue::new(None))
    }

    /// The answer to the question; the one before, where the server is away.
    ///
    /// # Errors
    /// That of the answer.
    pub fn or_before(self, question: Q, answer: Result<T, ApiError>) -> Result<T, ApiError> {
        match answer {
            Err(away) if away.passes() => {
                let before = self.0.try_get_value().flatten();
                let same = before.filter(|(asked, _)| *asked == question);
                same.map(|(_, known)| known).ok_or(away)
            }
            Err(error) => Err(error),
            Ok(fresh) => {
                self.learn(question, &fresh);
                Ok(fresh)
            }
        }
    }

    /// Whether this answer is another than the last one, and not because the server is away.
    #[must_use]
    pub fn is_news(self, question: Q, answer: &Result<T, ApiError>) -> bool
    where
        T: PartialEq,
    {
        match answer {
            Err(error) if error.passes() => false,
            Err(_) => true,
            Ok(fresh) => {
                let same = |known: &Option<(Q, T)>| {
                    known
                        .as_ref()
                        .is_some_and(|(asked, known)| *asked == question && known == fresh)
                };
                self.0.try_with_value(same) == Some(false)
            }
        }
    }

    fn learn(self, question: Q, answer: &T) {
        // The page may have been left meanwhile.
        self.0.try_set_value(Some((question, answer.clone())));
    }

    /// Remembers the first answer, too: that comes with the page.
    pub fn learn_from(self, question: Memo<Option<Q>>, answers: Resource<Result<T, ApiError>>) {
        Effect::new(move |_| {
            if let (Some(question), Some(Ok(answer))) = (question.get_untracked(), answers.get()) {
                self.learn(question, &answer);
            }
        });
    }
}

/// What the server answers to a question, which is asked again when `again` changes: after what was done on the page. While the
/// server is away, the last answer stays on the page, and with it what was typed there.
pub fn kept<Q, A, T, F>(
    question: impl Fn() -> Q + Copy + Send + Sync + 'static,
    again: impl Fn() -> A + Send + Sync + 'static,
    ask: impl Fn(Q) -> F + Send + Sync + 'static,
) -> Resource<Result<T, ApiError>>
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    A: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    let known = Known::nothing();
    let answers = Resource::new(
        move || (question(), again()),
        move |(question, _)| {
            let answer = ask(question.clone());
            async move { known.or_before(question, answer.await) }
        },
    );
    // The first answer comes with the page.
    Effect::new(move |_| {
        if let Some(Ok(answer)) = answers.get() {
            known.learn(untrack(question), &answer);
        }
    });
    answers
}

#[cfg(feature = "hydrate")]
mod alive {
    use std::{collections::BTreeSet, time::Duration};

    use leptos::{prelude::*, task::spawn_local};
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Event, EventSource, MessageEvent};

    use super::Listener;
    use crate::{
        api::accounts::sessions::who_am_i,
        errors::ApiError,
        ui::{
            kit::browser,
            shell::session::{Login, login_state},
        },
        views::accounts::sessions::Me,
    };
    use domain::ids::UserId;

    /// Changes that come close together are fetched together.
    const TOGETHER: Duration = Duration::from_millis(50);
    /// How long a lost connection may take to come back before it is told of.
    const PATIENCE: Duration = Duration::from_millis(1200);
    /// A browser gives up on an answer that is an error; then we try again ourselves.
    const AGAIN: Duration = Duration::from_secs(3);

    type Handler = Closure<dyn FnMut(Event)>;

    #[derive(Clone, Copy)]
    struct Live {
        listener: Listener,
        login: RwSignal<Login>,
        /// Whose page it is.
        reader: Option<UserId>,
        source: StoredValue<Option<EventSource>, LocalStorage>,
        handlers: StoredValue<Vec<Handler>, LocalStorage>,
        /// Where something may have changed that has not been told of yet.
        places: StoredValue<BTreeSet<String>>,
        /// The connection was lost; what happened meanwhile is not known.
        lost: StoredValue<bool>,
    }

    /// Listens until the page is left.
    pub fn listen(listener: Listener) {
        let live = Live {
            listener,
            login: login_state(),
            reader: use_context::<Me>().map(|me| me.actor.user),
            source: StoredValue::new_local(None),
            handlers: StoredValue::new_local(Vec::new()),
            places: StoredValue::default(),
            lost: StoredValue::new(false),
        };
        let handlers = vec![
            Closure::new(move |event| live.changed(&event)),
            Closure::new(move |_| live.ask_who()),
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

    /// The texts in a JSON array of texts.
    fn places_in(data: &str) -> Option<BTreeSet<String>> {
        let list: js_sys::Array = js_sys::JSON::parse(data).ok()?.dyn_into().ok()?;
        list.iter().map(|place| place.as_string()).collect()
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
                .and_then(|message| message.data().as_string())
                .unwrap_or_default();
            // Of a server that says it in another way, everything is asked again.
            let places = places_in(&data).unwrap_or_else(|| BTreeSet::from(["all".to_owned()]));
            let first = self.places.try_update_value(|known| {
                let first = known.is_empty();
                known.extend(places);
                first
            });
            if first != Some(true) {
                return;
            }
            set_timeout(
                move || {
                    if let Some(places) = self.places.try_update_value(std::mem::take) {
                        self.listener.changed.run(Some(places));
                    }
                },
                TOGETHER,
            );
        }

        fn opened(self) {
            self.listener.online.run(true);
            if self.lost.try_update_value(std::mem::take) == Some(true) {
                self.listener.changed.run(None);
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
                    let ended = self.login.try_get_untracked() == Some(Login::Ended);
                    if !ended && self.lost.try_get_value() == Some(true) {
                        self.listener.online.run(false);
                    }
                },
                PATIENCE,
            );
            if closed {
                // An ended session answers with an error, too.
                self.ask_who();
                self.connect_later();
            }
        }

        /// Where the login has ended, once there is another.
        fn connect_later(self) {
            set_timeout(
                move || {
                    if self.source.try_with_value(Option::is_some) != Some(true) {
                        return;
                    }
                    if self.login.try_get_untracked() == Some(Login::Ended) {
                        self.connect_later();
                    } else {
                        self.connect();
                    }
                },
                AGAIN,
            );
        }

        /// Finds out whether the login has ended. What was typed stays; the page of somebody else does not.
        fn ask_who(self) {
            spawn_local(async move {
                match who_am_i().await {
                    Ok(None) | Err(ApiError::NotLoggedIn) => drop(self.login.try_set(Login::Ended)),
                    Ok(Some(me)) if Some(me.actor.user) == self.reader => {}
                    Err(away) if away.passes() => {}
                    Ok(Some(_)) | Err(_) => browser::reload(),
                }
            });
        }
    }
}
