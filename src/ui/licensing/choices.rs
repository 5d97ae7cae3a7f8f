//! Containers to choose from, in a list that a search narrows.

use std::collections::BTreeMap;

use domain::ids::ContainerId;
use leptos::prelude::*;

use crate::{
    api::licensing::containers::containers,
    errors::{ApiError, words::explain},
    i18n::format,
    ui::kit::{
        forms::SearchForm,
        language::use_language,
        location::{here, searched},
    },
    views::{
        addresses,
        licensing::containers::{CONTAINERS_PAGE, ContainerPage, ContainerQuery, ContainerRow},
    },
};

/// Containers to choose from, narrowed by a search.
#[derive(Clone, Copy)]
pub struct ContainerChoices {
    parameter: &'static str,
    text: RwSignal<String>,
    found: Resource<Result<ContainerPage, ApiError>>,
    /// What was chosen, by the ids of the fields: it stays chosen when the page is renewed around them.
    chosen: StoredValue<BTreeMap<String, ContainerId>>,
}

impl ContainerChoices {
    /// The containers that the reader reaches; `parameter` carries the search in the address.
    pub fn new(parameter: &'static str) -> Self {
        let text = searched(parameter);
        let query = move || ContainerQuery {
            search: text.get(),
            ..ContainerQuery::default()
        };
        Self {
            parameter,
            text,
            found: Resource::new(query, containers),
            chosen: StoredValue::default(),
        }
    }

    /// What is searched for.
    #[must_use]
    pub const fn search(self) -> RwSignal<String> {
        self.text
    }
}

/// The search among the containers to choose from; a form of its own, for the time before wasm.
#[component]
pub fn ContainerSearch(
    /// The page, for the search without wasm.
    action: String,
    /// What is searched.
    choices: ContainerChoices,
) -> impl IntoView {
    let label = use_language().search_containers();
    let ContainerChoices { parameter, text, .. } = choices;
    view! { <SearchForm action name=parameter label text/> }
}

/// The containers to choose from. Where there are none, it says so with a class by which the style takes the rest away.
#[component]
pub fn ContainerSelect(
    choices: ContainerChoices,
    /// Name of the field.
    name: &'static str,
    /// Id of the field, where there are several on a page.
    #[prop(into, optional)]
    id: Option<String>,
    label: &'static str,
    /// A container that is not offered.
    without: Option<ContainerId>,
) -> impl IntoView {
    let lang = use_language();
    let id = StoredValue::new(id.unwrap_or_else(|| name.to_owned()));
    let new = format::address(addresses::NEW_CONTAINER, &[("next", here().get_untracked())]);
    let new = StoredValue::new(new);
    view! {
        <div class="labelled grow">
            <label for=id.get_value()>{label}</label>
            <Transition>
                {move || Suspend::new(async move {
                    match choices.found.await {
                        Ok(mut found) => {
                            found.rows.retain(|row| Some(row.id) != without);
                            if found.rows.is_empty() && choices.text.with_untracked(String::is_empty) {
                                return view! {
                                    <p class="no-choice">
                                        {lang.no_containers()} " "
                                        <a href=new.get_value()>{lang.new_container()}</a>
                                    </p>
                                }
                                    .into_any();
                            }
                            let field = id.get_value();
                            let chosen = choices.chosen.with_value(|chosen| chosen.get(&field).copied());
                            let more = found.total > u64::from(CONTAINERS_PAGE);
                            let nothing = found.rows.is_empty().then(|| lang.no_container_to_choose());
                            let option = |row: ContainerRow| {
                                let label = format!("{} · {}", row.person, row.name);
                                view! {
                                    <option value=row.id.to_string() selected=chosen == Some(row.id)>
                                        {label}
                                    </option>
                                }
                            };
                            view! {
                                <select
                                    id=id.get_value()
                                    name=name
                                    class="input"
                                    required
                                    on:change:target=move |event| {
                                        if let Ok(container) = event.target().value().parse() {
                                            choices.chosen.update_value(|chosen| {
                                                chosen.insert(id.get_value(), container);
                                            });
                                        }
                                    }
                                >
                                    {nothing.map(|nothing| view! { <option value="">{nothing}</option> })}
                                    {found.rows.into_iter().map(option).collect::<Vec<_>>()}
                                </select>
                                {more.then(|| view! { <span class="quiet">{lang.narrow_containers()}</span> })}
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
