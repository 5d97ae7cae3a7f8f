//! Who can see a ticket, and why; and why somebody cannot (N2).

use domain::{
    access::{Because, Unseen},
    ids::{GroupId, TicketId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::tickets::viewers::viewers,
    errors::ApiError,
    i18n::{
        Language,
        format::{initials, path},
    },
    ui::{
        kit::{forms::SearchForm, language::use_language, location::id_of_address},
        shell::{errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        tickets::viewers::{Sight, Viewer},
    },
};

/// The people who see a ticket, with their reasons.
#[component]
pub fn ViewersPage() -> impl IntoView {
    let lang = use_language();
    let id = id_of_address::<TicketId>();
    let text = RwSignal::new(
        use_query_map().with_untracked(|query| query.get_str("q").unwrap_or_default().trim().to_owned()),
    );
    let found = Resource::new(
        move || (id.get(), text.get()),
        |(id, text)| async move { viewers(id.ok_or(ApiError::HIDDEN)?, text).await },
    );
    let action = id.with_untracked(|id| id.map_or_else(String::new, addresses::viewers));
    view! {
        <div class="page wide">
            <PageHead title=lang.who_can_see_ticket()/>
            <SearchForm action name="q" label=lang.search_viewers() text/>
            <Transition>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => {
                            let ticket = id.get_untracked().map(addresses::ticket);
                            view! { <People found ticket/> }.into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn People(found: Sight, ticket: Option<String>) -> impl IntoView {
    let lang = use_language();
    let Sight {
        code,
        person,
        path: groups,
        rows,
        more,
        whole,
    } = found;
    let words = Words {
        person: person.unwrap_or_default(),
        groups,
    };
    let table = if rows.is_empty() {
        view! { <p class="empty">{lang.no_viewers()}</p> }.into_any()
    } else {
        let row = |viewer: Viewer| view! { <Row answer=words.answer(lang, &viewer) viewer/> };
        view! {
            <table class="rows">
                <caption class="hidden">{lang.who_can_see_ticket()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.person()}</th>
                        <th scope="col">{lang.answer()}</th>
                        <th scope="col">{lang.reason()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <p>
            {lang.ticket()} " " <a class="mono" href=ticket>{code.to_string()}</a>
        </p>
        {table}
        {more.then(|| view! { <p class="quiet">{lang.narrow_viewers()}</p> })}
        {(!whole).then(|| view! { <p class="quiet">{lang.viewers_above()}</p> })}
    }
}

#[component]
fn Row(viewer: Viewer, answer: Vec<String>) -> impl IntoView {
    let lang = use_language();
    let sees = viewer.sees.is_ok();
    let word = if sees {
        lang.sees_it()
    } else {
        lang.does_not_see_it()
    };
    view! {
        <tr>
            <th scope="row">
                <span class="person">
                    <span class="avatar" aria-hidden="true">{initials(&viewer.name)}</span>
                    <span>
                        {viewer.name}
                        {(!viewer.active).then(|| view! { " " <span class="tag">{lang.account_is_off()}</span> })}
                    </span>
                </span>
            </th>
            <td data-label=lang.answer()>
                <span class="tag" class:warn=!sees>{word}</span>
            </td>
            <td data-label=lang.reason()>
                <span>{answer.join(" ")}</span>
            </td>
        </tr>
    }
}

/// The names that stand in the reasons.
struct Words {
    person: String,
    groups: Vec<(GroupId, String)>,
}

impl Words {
    /// The path of a group as far as the reader sees it; where they do not see it, what it is.
    fn path(&self, lang: Language, group: GroupId) -> String {
        let until = self.groups.iter().position(|(other, _)| *other == group);
        until.map_or_else(
            || lang.its_group().to_owned(),
            |until| {
                let names: Vec<String> = self
                    .groups
                    .iter()
                    .take(until + 1)
                    .map(|(_, name)| name.clone())
                    .collect();
                path(&names)
            },
        )
    }

    fn answer(&self, lang: Language, viewer: &Viewer) -> Vec<String> {
        match &viewer.sees {
            Ok(reasons) => {
                let reason = |because: &Because| match because {
                    Because::Member(group) | Because::Admin(group) => {
                        lang.because(*because, &self.path(lang, *group))
                    }
                    Because::Own | Because::IsvAdmin => lang.because(*because, ""),
                };
                reasons.iter().map(reason).collect()
            }
            Err(unseen) => {
                let group = match unseen {
                    Unseen::Protected(group) | Unseen::NotInGroup(group) | Unseen::Personal(group) => {
                        self.path(lang, *group)
                    }
                    Unseen::Unassigned | Unseen::Private => String::new(),
                };
                vec![lang.unseen(*unseen, &self.person, &group)]
            }
        }
    }
}
