//! The choice of a new owner for some tickets: a search, a list, a button (experience 9).

use domain::tickets::owners::Owner;
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use crate::{
    api::tickets::{Reassign, targets},
    errors::{ApiError, words::explain},
    i18n::format,
    ui::{
        kit::{
            forms::{Problem, SearchForm, failure},
            icons::{GroupIcon, InboxIcon, PersonIcon},
            keys::form_key,
            language::use_language,
        },
        tickets::{activated::ActivatedChoice, done::Done},
    },
    views::{
        addresses,
        tickets::{Target, bulk::TicketSelection},
    },
};

/// How many targets the server names at most.
const MOST_TARGETS: usize = 100;

/// The permitted targets of some tickets, narrowed by a search.
#[derive(Clone, Copy)]
pub struct TargetSearch {
    text: RwSignal<String>,
    found: Resource<Result<Vec<Target>, ApiError>>,
}

impl TargetSearch {
    /// Asks the server. Not inside of a `Suspend` on a page: see `session::SignedIn`.
    #[must_use]
    pub fn new(tickets: Signal<Option<TicketSelection>>, text: String) -> Self {
        let text = RwSignal::new(text);
        let found = Resource::new(
            move || (tickets.get(), text.get()),
            |(tickets, text)| async move {
                match tickets {
                    Some(tickets) => targets(tickets, text).await,
                    None => Ok(Vec::new()),
                }
            },
        );
        Self { text, found }
    }
}

/// The choice of a new owner for some tickets: a search, a list, a button.
///
/// Alone on its page it is two plain forms; that of several tickets leads to a preview. In the dialog the choice goes to
/// `on_moved` instead.
#[component]
pub fn MoveForm(
    tickets: TicketSelection,
    /// Where they may go.
    search: TargetSearch,
    /// The page to show afterwards.
    next: String,
    /// Gets the choice, instead of the server.
    #[prop(optional_no_strip)]
    on_moved: Option<Callback<Target>>,
    /// Asks what becomes of activated licences.
    #[prop(optional)]
    ask: bool,
) -> impl IntoView {
    let lang = use_language();
    let TargetSearch { text, found } = search;
    let target = RwSignal::new(None::<Target>);
    let refused = failure(ServerAction::<Reassign>::new().value());
    let count = tickets.count();
    let keep = vec![("tickets", tickets.to_string()), ("next", next.clone())];
    let at_once = matches!(tickets, TicketSelection::These(_)) && count == 1;
    let (method, action) = if at_once {
        ("post", Reassign::url())
    } else {
        ("get", addresses::MOVE)
    };
    // The browser asks for a choice before it submits.
    let on_submit = move |event: SubmitEvent| {
        if let (Some(on_moved), Some(target)) = (on_moved, target.get_untracked()) {
            event.prevent_default();
            on_moved.run(target);
        }
    };
    view! {
        <div class="move">
            <Problem error=refused/>
            <SearchForm action=addresses::MOVE name="q" label=lang.search_targets() text keep/>
            <form class="move-form" method=method action=action on:submit=on_submit>
                <input type="hidden" name="tickets" value=tickets.to_string()/>
                {if at_once {
                    view! {
                        <input type="hidden" name="key" value=form_key()/>
                        <input type="hidden" name="next" value=Done::Moved.then(&next)/>
                    }
                        .into_any()
                } else {
                    view! { <input type="hidden" name="next" value=next/> }.into_any()
                }}
                <fieldset class="targets">
                    <legend class="hidden">{lang.targets()}</legend>
                    <Transition>
                        {move || Suspend::new(async move { view! { <Targets answer=found.await target count/> } })}
                    </Transition>
                </fieldset>
                {ask.then(|| view! { <ActivatedChoice/> })}
                <p class="actions">
                    <button class="btn primary">
                        {if at_once || on_moved.is_some() { lang.move_word() } else { lang.go_on() }}
                    </button>
                </p>
            </form>
        </div>
    }
}

/// The permitted targets.
#[component]
fn Targets(
    /// What the server said.
    answer: Result<Vec<Target>, ApiError>,
    /// The one that was tickets.
    target: RwSignal<Option<Target>>,
    /// How many tickets there are.
    count: usize,
) -> impl IntoView {
    let lang = use_language();
    let targets = match answer {
        Ok(targets) => targets,
        Err(error) => return view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
    };
    if targets.is_empty() {
        return view! { <p class="empty">{lang.no_targets()}</p> }.into_any();
    }
    let full = targets.len() >= MOST_TARGETS;
    view! {
        // By key: a row never turns into another one while somebody is about to press it.
        <For each=move || targets.clone() key=|target| target.place.owner() let:this>
            <TargetRow this target count/>
        </For>
        {full.then(|| view! { <p class="empty">{lang.narrow_search()}</p> })}
    }
    .into_any()
}

/// A target: its name, and below it where it stands.
#[component]
fn TargetRow(this: Target, target: RwSignal<Option<Target>>, count: usize) -> impl IntoView {
    let lang = use_language();
    let Target {
        place,
        person,
        mut path,
        permitted,
    } = this.clone();
    let this = StoredValue::new(this);
    let some = permitted as usize;
    let some = (some < count).then(|| lang.so_many_of(some, count));
    let owner = place.owner();
    let (icon, name, place) = match owner {
        Owner::Unassigned => (
            view! { <InboxIcon/> }.into_any(),
            lang.unassigned().to_owned(),
            String::new(),
        ),
        Owner::Group(_) => {
            let name = path.pop().unwrap_or_default();
            let place = if path.is_empty() {
                lang.top_of_what_you_see().to_owned()
            } else {
                format::path(&path)
            };
            (view! { <GroupIcon/> }.into_any(), name, place)
        }
        Owner::User { .. } => {
            let place = if path.is_empty() {
                lang.without_group_context().to_owned()
            } else {
                format::path(&path)
            };
            (
                view! { <PersonIcon/> }.into_any(),
                person.unwrap_or_default(),
                place,
            )
        }
    };
    view! {
        <label class="target">
            <input
                type="radio"
                name="to"
                value=owner.to_string()
                required
                on:change=move |_| target.set(Some(this.get_value()))
                prop:checked=move || target.with(|target| target.as_ref().is_some_and(|target| target.place.owner() == owner))
            />
            {icon}
            <span class="target-name">
                {name} " "
                <small>{place} {some.map(|some| view! { " · " <b>{some}</b> })}</small>
            </span>
        </label>
    }
}
