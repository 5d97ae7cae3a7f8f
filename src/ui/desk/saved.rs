//! Saved views: chosen, saved and removed above the list.

use domain::groups::tree::Node;
use leptos::prelude::*;

use crate::{
    api::tickets::saved::{RemoveTicketView, SaveTicketView},
    ui::{
        desk::{
            address::{Panel, sort_name, with_columns},
            opener::{Opened, Opener},
            state::DeskState,
        },
        kit::{
            forms::{Problem, after, failure},
            icons::{CrossIcon, ViewsIcon},
        },
    },
    views::tickets::saved::{SavedView, ViewQuery},
};

/// Opens and closes the saved views.
#[component]
pub fn ViewsButton() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    view! {
        <Opener panel=Panel::Views>
            <ViewsIcon/>
            {desk.lang.saved_views()}
        </Opener>
    }
}

/// The views that there are here, and a form that saves the list as it is.
#[component]
pub fn ViewsPanel() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    view! { <Opened panel=Panel::Views>{panel(desk)}</Opened> }
}

fn panel(desk: DeskState) -> AnyView {
    let lang = desk.lang;
    let (save, remove) = (
        ServerAction::<SaveTicketView>::new(),
        ServerAction::<RemoveTicketView>::new(),
    );
    after(save, move || desk.renew_views());
    after(remove, move || desk.renew_views());
    let views = move || {
        desk.views.with(|known| {
            known
                .as_ref()
                .map(|known| known.views.clone())
                .unwrap_or_default()
        })
    };
    let here = move || desk.query.with(|query| desk.address(query));
    let list = move || {
        let views = views();
        if views.is_empty() {
            return view! { <p class="quiet">{lang.no_saved_views()}</p> }.into_any();
        }
        let lines = views
            .into_iter()
            .map(|one| line(desk, one, remove))
            .collect::<Vec<_>>();
        view! { <ul class="saved-views" aria-label=lang.saved_views()>{lines}</ul> }.into_any()
    };
    let group = move || {
        let group = desk
            .views
            .with(|known| known.as_ref().and_then(|known| known.group))?;
        let Node::Group(_) = desk.query.with(|query| query.node) else {
            return None;
        };
        Some(view! {
            <label class="check">
                <input type="checkbox" name="group" value=group.to_string()/>
                <span>{lang.view_for_group()}</span>
            </label>
        })
    };
    view! {
        <section class="views-panel" tabindex="-1" aria-label=lang.saved_views()>
            {list}
            <ActionForm action=save attr:class="save-view">
                <input type="hidden" name="next" value=here/>
                {move || fields(&desk.query.with(|query| desk.layout.with(|layout| ViewQuery::of(query, layout))))}
                <label>
                    <span class="hidden">{lang.name_of_view()}</span>
                    <input class="input" name="name" required maxlength="100" autocomplete="off" placeholder=lang.name_of_view()/>
                </label>
                {group}
                <button class="btn">{lang.save_view()}</button>
            </ActionForm>
            <Problem error=failure(save.value())/>
            <Problem error=failure(remove.value())/>
        </section>
    }
    .into_any()
}

/// What is saved, as fields of a form.
fn fields(query: &ViewQuery) -> AnyView {
    let fields = [
        ("query[below]", query.below.to_string()),
        ("query[search]", query.search.clone()),
        ("query[facets]", query.facets.to_string()),
        ("query[sort]", sort_name(query.sort).to_owned()),
        ("query[reverse]", query.reverse.to_string()),
        ("query[layout]", query.layout.to_string()),
    ];
    fields
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .into_iter()
        .collect::<Vec<_>>()
        .into_any()
}

/// A view: the way to it, and what removes it.
fn line(desk: DeskState, saved: SavedView, remove: ServerAction<RemoveTicketView>) -> AnyView {
    let lang = desk.lang;
    let SavedView {
        id,
        name,
        group,
        query,
        may_keep,
    } = saved;
    let asked = query.clone();
    let to = move || {
        let list = asked.at(desk.query.with(|query| query.node));
        with_columns(desk.address_without_panel(&list), &asked.layout)
    };
    let is_current = {
        let query = query.clone();
        move || {
            let now = desk
                .query
                .with(|query| desk.layout.with(|layout| ViewQuery::of(query, layout)));
            (now == query).then_some("true")
        }
    };
    let removal = may_keep.then(|| {
        let label = lang.remove_view(&name);
        view! {
            <ActionForm action=remove>
                <input type="hidden" name="view" value=id.to_string()/>
                <input type="hidden" name="next" value=move || desk.query.with(|query| desk.address(query))/>
                <button class="icon-btn" aria-label=label.clone() title=label><CrossIcon/></button>
            </ActionForm>
        }
    });
    let of_group = group.map(|_| view! { <span class="tag">{lang.view_of_group()}</span> });
    view! {
        <li>
            <a
                href=to
                aria-current=is_current
                data-noscroll=""
                on:click=move |_| desk.layout.set(query.layout.clone())
            >
                <bdi>{name}</bdi>
            </a>
            {of_group}
            {removal}
        </li>
    }
    .into_any()
}
