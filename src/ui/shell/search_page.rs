//! The search over everything as a page of its own: works before, and without, wasm.

use leptos::prelude::*;

use crate::{
    api::find::find,
    ui::{
        kit::{forms::SearchForm, language::use_language, location::searched},
        shell::{
            errors::Trouble,
            found::{Item, ItemGroup, by_kind, matching, pages},
            page_head::PageHead,
            session::use_me,
        },
    },
    views::{addresses, find::Found},
};

/// Pages that fit, at most.
const PAGES: usize = 6;

/// The field, and what was found.
#[component]
pub fn SearchPage() -> impl IntoView {
    let lang = use_language();
    let text = searched("q");
    let found = Resource::new(move || text.get(), find);
    view! {
        <div class="page">
            <PageHead title=lang.find_title()/>
            <SearchForm action=addresses::SEARCH name="q" label=lang.find_anything() text/>
            <Transition>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <Results found search=text.get_untracked()/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Results(found: Found, search: String) -> impl IntoView {
    let lang = use_language();
    let actor = use_me().actor;
    if search.trim().is_empty() {
        return view! { <p class="empty">{lang.find_help()}</p> }.into_any();
    }
    let mut groups = by_kind(lang, &actor, &found, &search);
    let mut pages = matching(pages(lang, &actor), &search);
    pages.truncate(PAGES);
    if !pages.is_empty() {
        groups.push(ItemGroup {
            heading: lang.pages_and_actions(),
            items: pages,
            all: None,
        });
    }
    if groups.is_empty() {
        return view! { <p class="empty" role="status">{lang.nothing_found(search.trim())}</p> }.into_any();
    }
    let item = |item: Item| {
        view! {
            <li>
                <a class="row-link" href=item.to>
                    {item.kind.icon()}
                    <bdi>{item.name}</bdi>
                </a>
                <bdi class="quiet">{item.detail}</bdi>
            </li>
        }
    };
    let group = |group: ItemGroup| {
        let all = group
            .all
            .map(|all| view! { <p><a href=all>{lang.show_all_found(group.heading)}</a></p> });
        view! {
            <section class="panel">
                <h2>{group.heading}</h2>
                <ul class="plain-list found">{group.items.into_iter().map(item).collect::<Vec<_>>()}</ul>
                {all}
            </section>
        }
        .into_any()
    };
    groups.into_iter().map(group).collect::<Vec<_>>().into_any()
}
