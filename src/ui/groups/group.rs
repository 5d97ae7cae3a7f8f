//! Groups by hand: the page of a group, and the form for a new one (S1).

use domain::{groups::tree::Node, ids::GroupId, names::MAX_NAME};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::groups::{CreateGroup, DeleteGroup, MoveGroup, RenameGroup, group},
    errors::ApiError,
    i18n::format,
    ui::{
        groups::{
            actions::GroupActions,
            choices::{GroupChoices, GroupSearch, GroupSelect, PeopleChoices},
            members::{Members, tell_switched},
            parts::{MEMBERS, SETTINGS, of_group},
        },
        kit::{
            browser,
            forms::{Problem, Saved, after, failure, reset_when_other},
            icons::{PlusIcon, TicketsIcon},
            language::use_language,
            location::id_of_address,
            menu::{Actions, MenuLink},
            tabs::Tabs,
            toast::ToastArea,
        },
        shell::{
            errors::{NotFound, Trouble},
            live,
            page_head::PageHead,
            session::use_me,
        },
    },
    views::{addresses, groups::GroupDetail},
};

/// The page of a group.
#[component]
pub fn GroupPage() -> impl IntoView {
    let id = id_of_address::<GroupId>();
    let actions = GroupActions {
        places: GroupChoices::new("place", id),
        heirs: GroupChoices::new("heir_search", id),
        people: PeopleChoices::new("person", id),
        rename: ServerAction::new(),
        relocate: ServerAction::new(),
        delete: ServerAction::new(),
        set: ServerAction::new(),
        remove: ServerAction::new(),
    };
    let tabs = Tabs::new(&[MEMBERS, SETTINGS]);
    tell_switched(actions.set);
    let detail = live::kept(
        move || id.get(),
        move || {
            [
                actions.rename.version().get(),
                actions.relocate.version().get(),
                actions.set.version().get(),
                actions.remove.version().get(),
            ]
        },
        |id| async move { group(id.ok_or(ApiError::HIDDEN)?).await },
    );
    let members = move || {
        let detail = detail.get()?.ok()?;
        Some(
            detail
                .members
                .iter()
                .map(|member| member.user)
                .collect::<Vec<_>>(),
        )
    };
    reset_when_other(members, ".members");
    // Only the last answer is told.
    after(actions.set, move || actions.remove.clear());
    after(actions.remove, move || {
        actions.set.clear();
        browser::land();
    });
    view! {
        <div class="page">
            <Transition>
                {move || Suspend::new(async move {
                    match detail.await {
                        Ok(detail) => view! { <Detail detail actions tabs/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
        <ToastArea/>
    }
}

/// Everything about a group that the reader may see and do.
#[component]
fn Detail(detail: GroupDetail, actions: GroupActions, tabs: Tabs) -> impl IntoView {
    let lang = use_language();
    let id = detail.lineage.group();
    let name = detail.path.last().cloned().unwrap_or_default();
    let above = detail
        .lineage
        .groups()
        .iter()
        .zip(&detail.path)
        .rev()
        .skip(1)
        .map(|(id, name)| {
            view! {
                <li>
                    <a href=addresses::group(*id)>{name.clone()}</a>
                </li>
            }
        });
    let above = above.rev().collect::<Vec<_>>();
    let may = detail.may;
    let tabs = if may.administer {
        tabs
    } else {
        tabs.without(SETTINGS)
    };
    let bar = of_group(id, tabs, detail.members.len() as u64, may.administer);
    view! {
        {(!above.is_empty()).then(|| view! { <nav aria-label=lang.groups()><ol class="crumbs">{above}</ol></nav> })}
        <PageHead title=name.clone()>
            <span class="quiet">
                {lang.tickets_of_branch(detail.tickets, detail.tickets_in_branch)} " · "
                {lang.count_subgroups(detail.subgroups)}
            </span>
            <span class="actions end">
                {may.administer.then(|| view! { <GroupMenu id relocate=may.relocate tabs/> })}
                <a class="btn" href=addresses::tickets(Node::Group(id))>
                    <TicketsIcon/>
                    {lang.show_tickets()}
                </a>
                {may
                    .administer
                    .then(|| {
                        view! {
                            <a class="btn primary" href=addresses::new_group_in(id)>
                                <PlusIcon/>
                                {lang.new_subgroup()}
                            </a>
                        }
                    })}
            </span>
        </PageHead>
        {bar}
        <div hidden=tabs.hides(MEMBERS)>
            <Members detail=detail.clone() actions/>
        </div>
        <div hidden=tabs.hides(SETTINGS)>
            {may.administer.then(|| view! { <Rename id name=name.clone() action=actions.rename/> })}
            {may.relocate.then(|| view! { <Relocate id action=actions.relocate choices=actions.places/> })}
            {may.relocate.then(|| view! { <Delete detail action=actions.delete choices=actions.heirs/> })}
        </div>
    }
}

/// What can be done with the group itself; the questions stand among its settings.
#[component]
fn GroupMenu(id: GroupId, relocate: bool, tabs: Tabs) -> impl IntoView {
    let lang = use_language();
    let settings = tabs.address(&addresses::group(id), SETTINGS);
    let more = relocate.then(|| {
        let (to, end) = (settings.clone(), settings.clone());
        view! {
            <MenuLink to label=lang.move_group()/>
            <MenuLink to=end label=lang.delete_group() danger=true/>
        }
    });
    view! {
        <Actions>
            <MenuLink to=settings label=lang.rename_group()/> {more}
        </Actions>
    }
}

fn page_of(id: GroupId) -> String {
    addresses::group(id)
}

/// Gives the group another name.
#[component]
fn Rename(id: GroupId, name: String, action: ServerAction<RenameGroup>) -> impl IntoView {
    let lang = use_language();
    view! {
        <section class="panel">
            <h2>{lang.rename_group()}</h2>
            <Problem error=failure(action.value())/>
            <ActionForm action>
                <input type="hidden" name="group" value=id.to_string()/>
                <div class="beside">
                    <label class="labelled grow">
                        {lang.group_name()} <input class="input" name="name" value=name required maxlength=MAX_NAME/>
                    </label>
                    <button class="btn">{lang.rename()}</button>
                </div>
            </ActionForm>
            <Saved value=action.value()/>
        </section>
    }
}

/// Hangs the group somewhere else.
#[component]
fn Relocate(id: GroupId, action: ServerAction<MoveGroup>, choices: GroupChoices) -> impl IntoView {
    let lang = use_language();
    let top = use_me().actor.isv_admin.then(|| lang.top_level());
    view! {
        <section class="panel">
            <h2>{lang.move_group()}</h2>
            <Problem error=failure(action.value())/>
            <GroupSearch action=page_of(id) label=lang.search_groups() choices tab=SETTINGS/>
            <ActionForm action>
                <input type="hidden" name="group" value=id.to_string()/>
                <div class="beside">
                    <GroupSelect choices name="parent" label=lang.new_parent() none=top/>
                    <button class="btn">{lang.move_group()}</button>
                </div>
            </ActionForm>
            <Saved value=action.value()/>
        </section>
    }
}

/// Dissolves the group; asks what becomes of what it holds.
#[component]
fn Delete(detail: GroupDetail, action: ServerAction<DeleteGroup>, choices: GroupChoices) -> impl IntoView {
    let lang = use_language();
    let id = detail.lineage.group();
    let empty = detail.subgroups == 0 && detail.tickets == 0 && detail.members.is_empty();
    let holds = lang.group_holds(detail.subgroups, detail.tickets, detail.members.len());
    view! {
        <section class="panel danger">
            <h2>{lang.delete_group()}</h2>
            <p>{holds} " " {lang.delete_group_final()}</p>
            <Problem error=failure(action.value())/>
            {(!empty).then(|| view! { <GroupSearch action=page_of(id) label=lang.search_heirs() choices tab=SETTINGS/> })}
            <ActionForm action>
                <input type="hidden" name="group" value=id.to_string()/>
                {(!empty)
                    .then(|| {
                        view! {
                            <div class="beside">
                                <GroupSelect choices name="heir" label=lang.heir() none=Some(lang.no_heir())/>
                                <label class="check">
                                    <input type="checkbox" name="people_follow" value="true"/>
                                    {lang.people_follow()}
                                </label>
                            </div>
                        }
                    })}
                <p class="actions">
                    <button class="btn dangerous">{lang.delete_group()}</button>
                </p>
            </ActionForm>
        </section>
    }
}

/// The form for a new group, below `parent` or at the top level.
#[component]
pub fn NewGroup() -> impl IntoView {
    let query = use_query_map();
    let parent = Memo::new(move |_| {
        match query
            .with(|query| query.get_str("parent").unwrap_or_default().to_owned())
            .as_str()
        {
            "" => Ok(None),
            id => id.parse::<GroupId>().map(Some),
        }
    });
    let above = Resource::new(
        move || parent.get(),
        |parent| async move {
            match parent {
                Ok(Some(id)) => group(id).await.map(Some),
                Ok(None) => Ok(None),
                Err(_) => Err(ApiError::HIDDEN),
            }
        },
    );
    let isv_admin = use_me().actor.isv_admin;
    view! {
        <div class="page">
            <Suspense>
                {move || Suspend::new(async move {
                    match above.await {
                        Err(error) => view! { <Trouble error/> }.into_any(),
                        Ok(Some(above)) if above.may.administer => view! { <NewGroupForm above=Some(above)/> }.into_any(),
                        Ok(None) if isv_admin => view! { <NewGroupForm above=None/> }.into_any(),
                        Ok(_) => view! { <NotFound/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn NewGroupForm(above: Option<GroupDetail>) -> impl IntoView {
    let lang = use_language();
    let action = ServerAction::<CreateGroup>::new();
    let heading = if above.is_some() {
        lang.new_subgroup()
    } else {
        lang.new_group()
    };
    let place = above
        .as_ref()
        .map_or_else(|| lang.top_level().to_owned(), |above| format::path(&above.path));
    let parent = above
        .map(|above| above.lineage.group().to_string())
        .unwrap_or_default();
    view! {
        <PageHead title=heading/>
        <p class="quiet">{place}</p>
        <section class="panel">
            <Problem error=failure(action.value())/>
            <ActionForm action>
                <input type="hidden" name="parent" value=parent/>
                <div class="beside">
                    <label class="labelled grow">
                        {lang.group_name()} <input class="input" name="name" required maxlength=MAX_NAME/>
                    </label>
                    <button class="btn primary">{lang.create_group()}</button>
                </div>
            </ActionForm>
        </section>
    }
}
