//! Groups, people and containers to choose from, in lists that a search narrows.

use domain::ids::GroupId;
use leptos::prelude::*;

use crate::{
    api::groups::{administered, candidates},
    errors::{ApiError, words::explain},
    ui::kit::{forms::SearchForm, language::use_language, location::searched, tabs::PARAMETER},
    views::groups::Choice,
};

/// How many choices the server names at most.
const MOST_CHOICES: usize = 100;

/// Groups to choose from, narrowed by a search.
#[derive(Clone, Copy)]
pub struct GroupChoices {
    parameter: &'static str,
    text: RwSignal<String>,
    found: Resource<Result<Vec<Choice>, ApiError>>,
}

impl GroupChoices {
    /// The groups that the reader administers, outside of the branch; `parameter` carries the search in the address.
    pub fn new(parameter: &'static str, not_within: Memo<Option<GroupId>>) -> Self {
        let text = searched(parameter);
        let asked = move || (text.get(), not_within.get());
        let found = Resource::new(asked, |(text, not_within)| administered(text, not_within));
        Self {
            parameter,
            text,
            found,
        }
    }
}

/// People to choose from, narrowed by a search.
#[derive(Clone, Copy)]
pub struct PeopleChoices {
    /// Name of the search in the address.
    pub parameter: &'static str,
    /// What is searched for.
    pub text: RwSignal<String>,
    pub found: Resource<Result<Vec<Choice>, ApiError>>,
}

impl PeopleChoices {
    /// The people who can become members of the group.
    pub fn new(parameter: &'static str, id: Memo<Option<GroupId>>) -> Self {
        let text = searched(parameter);
        let asked = move || (text.get(), id.get());
        let found = Resource::new(asked, |(text, id)| async move {
            match id {
                Some(id) => candidates(id, text).await,
                None => Ok(Vec::new()),
            }
        });
        Self {
            parameter,
            text,
            found,
        }
    }
}

/// The search among the groups to choose from; a form of its own, for the time before wasm.
#[component]
pub fn GroupSearch(
    /// The page, for the search without wasm.
    action: String,
    label: &'static str,
    /// What is searched.
    choices: GroupChoices,
    /// The part of the page in which it stands, where that is not the first.
    #[prop(optional)]
    tab: Option<&'static str>,
) -> impl IntoView {
    let GroupChoices { parameter, text, .. } = choices;
    let keep = tab.map(|tab| (PARAMETER, tab.to_owned()));
    view! { <SearchForm action name=parameter label text keep=keep.into_iter().collect()/> }
}

/// The groups to choose from.
#[component]
pub fn GroupSelect(
    choices: GroupChoices,
    /// Name of the field.
    name: &'static str,
    label: &'static str,
    /// The choice of no group, if that is one.
    none: Option<&'static str>,
    /// Groups that are not offered.
    #[prop(optional)]
    without: Vec<GroupId>,
) -> impl IntoView {
    let lang = use_language();
    let without = StoredValue::new(without);
    view! {
        <div class="labelled grow">
            <label for=name>{label}</label>
            <Transition>
                {move || Suspend::new(async move {
                    match choices.found.await {
                        Ok(mut found) => {
                            let full = found.len() >= MOST_CHOICES;
                            without.with_value(|without| {
                                found.retain(|choice| !without.iter().any(|group| group.0 == choice.id));
                            });
                            let nothing = (found.is_empty() && none.is_none()).then(|| lang.no_group_to_choose());
                            let option = |choice: Choice| {
                                view! { <option value=choice.id.to_string()>{choice.label}</option> }
                            };
                            view! {
                                <select id=name name=name class="input" required=none.is_none()>
                                    {none.or(nothing).map(|none| view! { <option value="">{none}</option> })}
                                    {found.into_iter().map(option).collect::<Vec<_>>()}
                                </select>
                                {full.then(|| view! { <span class="quiet">{lang.narrow_search()}</span> })}
                            }
                                .into_any()
                        }
                        Err(error) => view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The options of a choice among the groups that the reader administers, once they are known.
#[component]
pub fn GroupOptions(
    /// The id of the one that is chosen at first.
    chosen: Option<String>,
) -> impl IntoView {
    let groups = Resource::new(|| (), |()| administered(String::new(), None));
    view! {
        <Suspense>
            {move || {
                let chosen = chosen.clone();
                Suspend::new(async move {
                    let option = |choice: Choice| {
                        let id = choice.id.to_string();
                        let selected = chosen.as_deref() == Some(id.as_str());
                        view! { <option value=id selected=selected>{choice.label}</option> }
                    };
                    groups.await.unwrap_or_default().into_iter().map(option).collect::<Vec<_>>()
                })
            }}
        </Suspense>
    }
}
