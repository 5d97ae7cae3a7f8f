//! The containers within the reader's reach (S9).

use domain::licensing::containers::ContainerKind;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

use crate::{
    api::licensing::containers::containers,
    i18n::format,
    ui::{
        kit::{forms::SearchForm, icons::PlusIcon, language::use_language, pager::Pager},
        shell::{errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        licensing::containers::{CONTAINERS_PAGE, ContainerPage as Listed, ContainerQuery, ContainerRow},
    },
};

fn address(query: &ContainerQuery) -> String {
    let mut asked = Vec::new();
    if !query.search.is_empty() {
        asked.push(format!("q={}", Url::escape(&query.search)));
    }
    if let Some(user) = query.user {
        asked.push(format!("user={user}"));
    }
    if query.page > 0 {
        asked.push(format!("page={}", query.page));
    }
    if asked.is_empty() {
        addresses::CONTAINERS.to_owned()
    } else {
        format!("{}?{}", addresses::CONTAINERS, asked.join("&"))
    }
}

/// The containers within the reader's reach.
#[component]
pub fn ContainersPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let text = RwSignal::new(
        params.with_untracked(|params| params.get_str("q").unwrap_or_default().trim().to_owned()),
    );
    let query = Memo::new(move |_| {
        params.with(|params| ContainerQuery {
            search: text.get(),
            user: params.get_str("user").and_then(|user| user.parse().ok()),
            page: params
                .get_str("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(0),
        })
    });
    let list = Resource::new(move || query.get(), containers);
    let new = move || match query.with(|query| query.user) {
        Some(user) => format!("{}?user={user}", addresses::NEW_CONTAINER),
        None => addresses::NEW_CONTAINER.to_owned(),
    };
    view! {
        <div class="page wide">
            <PageHead title=lang.containers()>
                <a class="btn primary" href=new>
                    <PlusIcon/>
                    {lang.new_container()}
                </a>
            </PageHead>
            <SearchForm action=addresses::CONTAINERS name="q" label=lang.search_containers() text/>
            <Transition>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) => view! { <Table list query/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Table(list: Listed, query: Memo<ContainerQuery>) -> impl IntoView {
    let lang = use_language();
    let Listed { rows, total } = list;
    let page = Signal::derive(move || query.with(|query| query.page));
    let to = Callback::new(move |page| {
        query.with(|query| {
            address(&ContainerQuery {
                page,
                ..query.clone()
            })
        })
    });
    let row = move |row: ContainerRow| {
        view! {
            <tr>
                <th scope="row">
                    <span>
                        <a href=addresses::container(row.id)>{row.name}</a> " "
                        {(row.kind != ContainerKind::Cloud)
                            .then(|| view! { <span class="tag">{lang.container_kind(row.kind)}</span> })}
                    </span>
                </th>
                <td data-label=lang.whose()>{row.person}</td>
                <td data-label=lang.group_context()>
                    {row.context.map(|(_, names)| view! { <span class="path">{format::path(&names)}</span> })}
                </td>
            </tr>
        }
    };
    let table = if rows.is_empty() {
        let searched = query.with_untracked(|query| !query.search.is_empty());
        let empty = if searched {
            lang.no_matches()
        } else {
            lang.no_containers()
        };
        view! { <p class="empty">{empty}</p> }.into_any()
    } else {
        view! {
            <table class="rows">
                <caption class="hidden">{lang.containers()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.name()}</th>
                        <th scope="col">{lang.whose()}</th>
                        <th scope="col">{lang.group_context()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {table}
        <Pager page size=CONTAINERS_PAGE total=Signal::stored(total) to/>
    }
}
