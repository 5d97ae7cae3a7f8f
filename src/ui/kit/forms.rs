//! Small parts of forms.

use std::{sync::Arc, time::Duration};

use leptos::{
    ev::{Event, SubmitEvent},
    html::{self, ElementType},
    prelude::*,
    server_fn::ServerFn,
    wasm_bindgen::JsCast,
    web_sys::{Element, FormData, HtmlFormElement},
};
use leptos_router::{NavigateOptions, components::Form, hooks::use_navigate};

use crate::{
    errors::{ApiError, words::explain},
    ui::kit::{browser, icons::SearchIcon, language::use_language},
};

/// How long typing must pause until what was typed is searched for.
pub const TYPING_PAUSE: Duration = Duration::from_millis(150);

/// What went wrong with the last attempt, read out when it appears.
#[component]
pub fn Problem(
    /// The error of the last attempt, if it failed.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let lang = use_language();
    let place = NodeRef::<html::Div>::new();
    revealed_when(place, move || error.with(Option::is_some));
    view! {
        <div role="alert" node_ref=place>
            {move || error.get().map(|error| view! { <p class="problem">{explain(lang, &error)}</p> })}
        </div>
    }
}

/// Scrolls to what is told, where its form was sent from further down the page.
pub fn revealed_when<E>(place: NodeRef<E>, told: impl Fn() -> bool + 'static)
where
    E: ElementType + 'static,
    E::Output: AsRef<Element> + JsCast + Clone + 'static,
{
    Effect::new(move |_| {
        if told()
            && let Some(place) = place.get_untracked()
        {
            browser::reveal(place.as_ref());
        }
    });
}

/// The error in the value of an action.
pub fn failure<T: Clone + Send + Sync + 'static>(
    value: impl Get<Value = Option<Result<T, ApiError>>> + Copy + Send + Sync + 'static,
) -> Signal<Option<ApiError>> {
    Signal::derive(move || value.get().and_then(Result::err))
}

/// Does something when an action has its answer: forgets what another one said, so that only the last is told.
pub fn after<S>(action: ServerAction<S>, act: impl Fn() + 'static)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    let version = action.version();
    Effect::watch(move || version.get(), move |_, _, _| act(), false);
}

/// An action whose answer is told, among others of the same page.
#[derive(Clone, Copy)]
pub struct Told {
    version: Signal<usize>,
    forget: Callback<()>,
}

impl<S> From<ServerAction<S>> for Told
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Error: Send + Sync + 'static,
{
    fn from(action: ServerAction<S>) -> Self {
        let version = action.version();
        Self {
            version: Signal::derive(move || version.get()),
            forget: Callback::new(move |()| action.clear()),
        }
    }
}

/// Of several actions of a page, only the last answer is told: it takes those of the others away.
pub fn only_the_last<const N: usize>(actions: [Told; N]) {
    for (at, action) in actions.into_iter().enumerate() {
        let act = move |_: &usize, _: Option<&usize>, _: Option<()>| {
            for (_, other) in actions.iter().enumerate().filter(|(other, _)| *other != at) {
                other.forget.run(());
            }
        };
        Effect::watch(move || action.version.get(), act, false);
    }
}

/// Sends the form in which something was changed.
pub fn send_form_of(event: &Event) {
    let form = event_target::<Element>(event).closest("form").ok().flatten();
    if let Some(Ok(form)) = form.map(JsCast::dyn_into::<HtmlFormElement>) {
        // Asks for what is missing first.
        let _ = form.request_submit();
    }
}

/// Goes to a page once what a form asks for is done. Without wasm, its field `next` names the page.
pub fn leads_on<S>(action: ServerAction<S>, page: impl Fn(&S::Output) -> String + 'static)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
    S::Error: Clone + Send + Sync + 'static,
{
    let (value, navigate) = (action.value(), use_navigate());
    after(action, move || {
        let page = value.with_untracked(|value| value.as_ref()?.as_ref().ok().map(&page));
        if let Some(page) = page {
            navigate(&page, NavigateOptions::default());
        }
    });
}

/// Empties a form once what it asked for is done, so that nothing is asked for twice, and no password stays in it.
pub fn emptied_after<S>(action: ServerAction<S>, form: NodeRef<html::Form>)
where
    S: ServerFn + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
    S::Error: Clone + Send + Sync + 'static,
{
    let value = action.value();
    after(action, move || {
        let done = value.with_untracked(|value| matches!(value, Some(Ok(_))));
        if let Some(form) = form.get_untracked().filter(|_| done) {
            form.reset();
        }
    });
}

/// Rows keep their place on the screen when a list is renewed, and with it what was ticked, typed or opened in them. Where
/// other rows stand there now, that is forgotten: it was meant for those before.
pub fn reset_when_other<T: PartialEq + Send + Sync + 'static>(
    rows: impl Fn() -> Option<Vec<T>> + 'static,
    selector: &'static str,
) {
    Effect::new(move |before: Option<Option<Vec<T>>>| {
        let before = before.flatten();
        let now = rows();
        if before.is_some() && now.is_some() && before != now {
            browser::reset_forms(selector);
        }
        now.or(before)
    });
}

/// Says that the button beside it, of class `with-wasm`, needs scripts: its answer is shown once, and only where there are some.
#[component]
pub fn NeedsScripts() -> impl IntoView {
    let lang = use_language();
    view! { <noscript><p class="quiet">{lang.needs_scripts()}</p></noscript> }
}

/// What cannot be taken back: its button shows first what it would do.
#[component]
pub fn AskedFirst(
    /// What stands on the button.
    label: &'static str,
    /// Its accessible name, where that is another.
    #[prop(into, optional)]
    name: Option<String>,
    /// What is told, and the form.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="asked">
            <summary class="btn" aria-label=name>{label}</summary>
            {children()}
        </details>
    }
}

/// A search box. With wasm it searches as one types; without, its button loads the page again.
#[component]
pub fn SearchForm(
    /// The page, for the search without wasm.
    #[prop(into)]
    action: String,
    /// Name of the parameter in the address.
    name: &'static str,
    label: &'static str,
    /// What is searched for.
    text: RwSignal<String>,
    /// Other parameters that the address keeps.
    #[prop(optional)]
    keep: Vec<(&'static str, String)>,
) -> impl IntoView {
    let lang = use_language();
    let typed = StoredValue::new(0_u32);
    view! {
        <form class="searching" method="get" action=action on:submit=|event: SubmitEvent| event.prevent_default()>
            {keep
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect::<Vec<_>>()}
            <span class="field">
                <SearchIcon/>
                <input
                    type="search"
                    name=name
                    aria-label=label
                    placeholder=label
                    autocomplete="off"
                    value=text.get_untracked()
                    on:input:target=move |event| {
                        let value = event.target().value();
                        typed.update_value(|typed| *typed += 1);
                        let this = typed.get_value();
                        // Asks once the typing pauses.
                        set_timeout(
                            move || {
                                if typed.try_get_value() == Some(this) {
                                    text.try_set(value);
                                }
                            },
                            TYPING_PAUSE,
                        );
                    }
                />
            </span>
            <button class="btn without-wasm">{lang.search()}</button>
        </form>
    }
}

/// A form whose answer is the page with another address.
#[component]
pub fn FilterForm(
    #[prop(into)] action: String,
    /// What it shows stands further down: the page stays where it is.
    #[prop(optional)]
    noscroll: bool,
    children: Children,
) -> impl IntoView {
    // The router adds the button that was pressed, which has no name.
    let nameless = |data: &FormData| data.delete("");
    let on_form_data: Arc<dyn Fn(&FormData)> = Arc::new(nameless);
    view! {
        <Form method="GET" action=action on_form_data=on_form_data noscroll=noscroll>
            {children()}
        </Form>
    }
}

/// Says that the last attempt succeeded.
#[component]
pub fn Saved(
    /// The value of the action.
    #[prop(into)]
    value: Signal<Option<Result<(), ApiError>>>,
) -> impl IntoView {
    let lang = use_language();
    let saved = move || matches!(value.get(), Some(Ok(())));
    let place = NodeRef::<html::P>::new();
    revealed_when(place, saved);
    view! { <p class="saved" role="status" node_ref=place>{move || saved().then(|| lang.saved())}</p> }
}
