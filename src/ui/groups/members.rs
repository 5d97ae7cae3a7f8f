//! The members of a group and what they may do there.

use domain::{
    accounts::{Permission, Permissions},
    ids::{GroupId, UserId},
};
use leptos::{ev::Event, prelude::*, web_sys::Element};

use crate::{
    api::groups::{RemoveMember, SetMember},
    errors::words::explain,
    i18n::format::initials,
    ui::{
        groups::{actions::GroupActions, choices::PeopleChoices},
        kit::{
            browser,
            forms::{AskedFirst, Problem, Saved, SearchForm, after, failure, send_form_of},
            language::use_language,
            toast::Toasts,
        },
        shell::session::use_me,
    },
    views::{
        addresses,
        groups::{Choice, GroupDetail, Member},
    },
};

/// The members, each with their permissions, and the form that adds another.
#[component]
pub fn Members(
    detail: GroupDetail,
    /// The actions of the page.
    actions: GroupActions,
) -> impl IntoView {
    let lang = use_language();
    let GroupDetail {
        lineage,
        members,
        may,
        ..
    } = detail;
    let id = lineage.group();
    let list = if members.is_empty() {
        view! { <p class="empty">{lang.no_members()}</p> }.into_any()
    } else {
        let row =
            move |member| view! { <MemberRow id member administer=may.administer grant=may.grant actions/> };
        view! {
            <table class="members">
                <caption class="hidden">{lang.members()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.person()}</th>
                        <th scope="col">{lang.permissions()}</th>
                    </tr>
                </thead>
                <tbody>{members.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="panel">
            <h2>{lang.members()}</h2>
            <Problem error=failure(actions.set.value())/>
            <Problem error=failure(actions.remove.value())/>
            {list}
            <Saved value=actions.set.value()/>
            <Saved value=actions.remove.value()/>
            {may.administer.then(|| view! { <AddMember id grant=may.grant actions/> })}
        </section>
    }
}

/// Every permission as a checkbox; dimmed where the reader may neither give nor take it.
#[component]
pub fn PermissionBoxes(
    whose: Option<String>,
    /// What the person has.
    permissions: Permissions,
    /// What the reader may change.
    grant: Permissions,
    /// What tells the boxes from others on the page.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let lang = use_language();
    let permission = |permission: &Permission| {
        let id = id.as_ref().map(|id| format!("{permission}-{id}"));
        let (on, may) = (permissions.has(*permission), grant.has(*permission));
        let (name, label) = (format!("permissions[{permission}]"), lang.permission(*permission));
        let full = whose.as_ref().map(|whose| lang.permission_of(label, whose));
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    id=id
                    name=name.clone()
                    value="true"
                    checked=on
                    prop:checked=on
                    disabled=!may
                    aria-label=full
                />
                {label}
            </label>
            // A dimmed box is not sent; what it says stays as it is.
            {(on && !may).then(|| view! { <input type="hidden" name=name value="true"/> })}
        }
    };
    Permission::ALL.iter().map(permission).collect::<Vec<_>>()
}

#[component]
fn MemberRow(
    id: GroupId,
    member: Member,
    administer: bool,
    grant: Permissions,
    actions: GroupActions,
) -> impl IntoView {
    let Member {
        user,
        name,
        login,
        permissions,
    } = member;
    let person = view! {
        <th scope="row">
            <span class="person">
                <span class="avatar" aria-hidden="true">{initials(&name)}</span>
                <span>
                    {name.clone()} " " <small class="mono quiet">{login.to_string()}</small>
                </span>
            </span>
        </th>
    };
    let permitted = if administer {
        view! {
            <MembershipForms
                group=id
                user
                whose=name
                permissions
                grant
                set=actions.set
                remove=actions.remove
            />
        }
        .into_any()
    } else {
        view! { <PermissionTags permissions/> }.into_any()
    };
    view! {
        <tr>
            {person} <td>{permitted}</td>
        </tr>
    }
}

/// What a person may do in a group, to be read only.
#[component]
pub fn PermissionTags(
    /// What they may do.
    permissions: Permissions,
) -> impl IntoView {
    let lang = use_language();
    let tag = |permission| view! { <span class="tag">{lang.permission(permission)}</span> " " };
    permissions.iter().map(tag).collect::<Vec<_>>()
}

/// What was switched last, as it was before, and the box that was pressed.
#[derive(Clone, Copy)]
struct Switched(StoredValue<Option<(String, SetMember, Option<String>)>>);

/// Tells that a permission was switched, with a button that takes it back. Made with the page, which has a place for messages.
pub fn tell_switched(set: ServerAction<SetMember>) {
    let (lang, toasts) = (use_language(), Toasts::provided());
    let switched = StoredValue::new(None);
    provide_context(Switched(switched));
    let value = set.value();
    after(set, move || {
        let Some(Some((whose, before, pressed))) = switched.try_update_value(Option::take) else {
            return;
        };
        if value.with_untracked(|value| matches!(value, Some(Ok(())))) {
            let undo = Callback::new(move |()| {
                set.dispatch(before.clone());
            });
            toasts.show_with(lang.permissions_switched(&whose), lang.undo(), undo);
        }
        // The rows are made anew once they are asked for again.
        if let Some(pressed) = pressed {
            browser::focus_when_lost(format!("#{pressed}"));
        }
    });
}

/// What a person may do in a group, and the buttons that change it and end the membership. Boxes act at once, but not those of
/// the reader, who might not get back what they give away.
#[component]
pub fn MembershipForms(
    group: GroupId,
    user: UserId,
    /// What tells this membership from the others on the page: the name of the person, or of the group.
    whose: String,
    /// What they may do.
    permissions: Permissions,
    /// What the reader may give and take.
    grant: Permissions,
    set: ServerAction<SetMember>,
    remove: ServerAction<RemoveMember>,
) -> impl IntoView {
    let lang = use_language();
    let at_once = user != use_me().actor.user;
    let switched = use_context::<Switched>();
    let name = whose.clone();
    let switch = move |event: Event| {
        let Some(Switched(switched)) = switched.filter(|_| at_once) else {
            return;
        };
        let pressed = event_target::<Element>(&event).get_attribute("id");
        let before = SetMember {
            group,
            user,
            permissions,
        };
        switched.set_value(Some((name.clone(), before, pressed)));
        send_form_of(&event);
    };
    let (save, end) = (
        lang.permission_of(lang.save(), &whose),
        lang.permission_of(lang.remove(), &whose),
    );
    let removal = if grant.covers(permissions) {
        view! {
            <AskedFirst label=lang.remove() name=end.clone()>
                <p class="quiet">{lang.remove_member_help()}</p>
                <ActionForm action=remove>
                    <input type="hidden" name="group" value=group.to_string()/>
                    <input type="hidden" name="user" value=user.to_string()/>
                    <button class="btn dangerous" aria-label=end>{lang.remove()}</button>
                </ActionForm>
            </AskedFirst>
        }
        .into_any()
    } else {
        view! { <button class="btn" disabled aria-label=end>{lang.remove()}</button> }.into_any()
    };
    view! {
        <div class="member-forms">
            <ActionForm action=set on:change=switch>
                <input type="hidden" name="group" value=group.to_string()/>
                <input type="hidden" name="user" value=user.to_string()/>
                <PermissionBoxes whose=Some(whose) permissions grant id=format!("of-{group}-{user}")/>
                <button class="btn" class:without-wasm=at_once aria-label=save>{lang.save()}</button>
            </ActionForm>
            {removal}
        </div>
    }
}

/// Makes a person a member.
#[component]
fn AddMember(id: GroupId, grant: Permissions, actions: GroupActions) -> impl IntoView {
    let lang = use_language();
    let PeopleChoices {
        parameter,
        text,
        found,
    } = actions.people;
    let action = actions.set;
    view! {
        <h3>{lang.add_member()}</h3>
        <SearchForm action=addresses::group(id) name=parameter label=lang.search_people() text/>
        <ActionForm action>
            <input type="hidden" name="group" value=id.to_string()/>
            <div class="beside">
                <div class="labelled grow">
                    <label for="user">{lang.person()}</label>
                    <Transition>
                        {move || Suspend::new(async move {
                            match found.await {
                                Ok(found) => {
                                    let nobody = found.is_empty().then(|| lang.nobody_to_add());
                                    let option = |choice: Choice| {
                                        view! { <option value=choice.id.to_string()>{choice.label}</option> }
                                    };
                                    view! {
                                        <select id="user" name="user" class="input" required>
                                            {nobody.map(|nobody| view! { <option value="">{nobody}</option> })}
                                            {found.into_iter().map(option).collect::<Vec<_>>()}
                                        </select>
                                    }
                                        .into_any()
                                }
                                Err(error) => view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
                            }
                        })}
                    </Transition>
                </div>
                <PermissionBoxes whose=None permissions=Permissions::NONE grant/>
                <button class="btn">{lang.add_member()}</button>
            </div>
        </ActionForm>
    }
}
