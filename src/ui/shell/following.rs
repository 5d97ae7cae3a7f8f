//! A page that is open while what it shows changes (experience 21, 22).

use leptos::{prelude::*, reactive::computed::ScopedFuture, text_prop::TextProp};

use crate::{
    errors::ApiError,
    ui::{kit::browser, shell::errors::Trouble},
};

/// What the page shows at the moment.
#[derive(Clone, Copy)]
enum Shown<T: Send + Sync + 'static> {
    Nothing,
    Thing(RwSignal<T>),
    Trouble,
}

/// Shows a thing, and follows it: the view is made once for each thing, and gets what becomes of it by a signal.
///
/// A view made anew with each answer would empty the forms that somebody is filling in, and close what they opened. What
/// has the focus keeps it. Made with the page, as `session::SignedIn` is: what reads a resource below a `Suspense` has
/// everything below that taken off the page for as long as the answer takes.
pub struct Following<T: Send + Sync + 'static> {
    answers: Resource<Result<T, ApiError>>,
    shown: StoredValue<Shown<T>>,
    another: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Following<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Following<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Following<T> {
    /// Follows the answers as long as they are about the same thing. Where what had the focus is gone, the element with the
    /// id `heading` gets it.
    pub fn new<K: PartialEq + 'static>(
        answers: Resource<Result<T, ApiError>>,
        heading: &'static str,
        which: fn(&T) -> K,
    ) -> Self {
        let shown = StoredValue::new(Shown::Nothing);
        let another = RwSignal::new(0);
        Effect::new(move |_| {
            let Some(answer) = answers.get() else { return };
            match (shown.get_value(), answer) {
                // It comes with its first view.
                (Shown::Nothing, _) => {}
                (Shown::Thing(thing), Ok(fresh))
                    if thing.try_with_untracked(|old| which(old) == which(&fresh)) == Some(true) =>
                {
                    if thing.try_with_untracked(|old| *old == fresh) == Some(false) {
                        browser::keeping_focus(heading, || thing.set(fresh));
                    }
                }
                _ => another.update(|times| *times += 1),
            }
        });
        Self {
            answers,
            shown,
            another,
        }
    }

    /// The answers themselves, for what tells of the thing elsewhere on the page.
    #[must_use]
    pub const fn answers(self) -> Resource<Result<T, ApiError>> {
        self.answers
    }

    /// Shows the thing, or why it cannot be shown.
    pub fn shows(self, view: impl Fn(Signal<T>) -> AnyView + Copy + Send + Sync + 'static) -> impl IntoView {
        let Self {
            answers,
            shown,
            another,
        } = self;
        view! {
            <Transition>
                {move || {
                    another.track();
                    Suspend::new(async move {
                        match ScopedFuture::new_untracked(answers.into_future()).await {
                            Ok(first) => {
                                let thing = RwSignal::new(first);
                                shown.set_value(Shown::Thing(thing));
                                view(thing.into())
                            }
                            Err(error) => {
                                shown.set_value(Shown::Trouble);
                                view! { <Trouble error/> }.into_any()
                            }
                        }
                    })
                }}
            </Transition>
        }
    }
}

/// The title of a page, which changes with what it says. On the server it is written when what it says may have gone
/// already, together with the part of the page that it stands in. In the browser it may be read once more after that: what it
/// says has to bear it.
pub fn title(text: impl Fn() -> String + Send + Sync + 'static) -> TextProp {
    if cfg!(feature = "ssr") {
        untrack(text).into()
    } else {
        text.into()
    }
}

/// A part of a thing, which changes when that part does.
pub fn part<T, P>(thing: Signal<T>, of: impl Fn(&T) -> P + Send + Sync + 'static) -> Memo<P>
where
    T: Send + Sync + 'static,
    P: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| thing.with(&of))
}

/// One of a list, as it changes; nothing where it is not there.
pub fn one_of<L, T>(
    list: Signal<L>,
    find: impl Fn(&L) -> Option<T> + Send + Sync + 'static,
) -> Option<Memo<T>>
where
    L: Send + Sync + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let first = list.with_untracked(&find)?;
    // What is gone from the list stays as it was until its row is gone, too.
    Some(Memo::new(move |before: Option<&T>| {
        list.with(&find)
            .unwrap_or_else(|| before.unwrap_or(&first).clone())
    }))
}
