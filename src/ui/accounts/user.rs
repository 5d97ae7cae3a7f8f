//! One user (S17): the form with the state at the top right, and the form for a new one.

use domain::{
    accounts::{GENERATED_LIFE, Permissions},
    ids::{GroupId, UserId},
    time::later,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{
        accounts::{
            CreateUser, GeneratePassword, InviteUser, SaveUser, SwitchUsers, personal_tokens::RevokeToken,
            second_factors::ResetSecondFactor, user,
        },
        groups::{RemoveMember, SetMember},
    },
    errors::ApiError,
    i18n::format::{date_time, path},
    ui::{
        accounts::{
            impersonation::{ViewAs, ViewAsRefused},
            person::{EmailField, LoginField, NameField},
            personal_tokens::TokensOf,
            users::{Generated, Seats},
        },
        groups::{
            choices::{GroupChoices, GroupOptions, GroupSearch, GroupSelect},
            members::{MembershipForms, PermissionBoxes, PermissionTags, tell_switched},
        },
        kit::{
            browser,
            forms::{NeedsScripts, Problem, Saved, after, failure, only_the_last, reset_when_other},
            icons::GroupIcon,
            language::use_language,
            location::id_of_address,
            menu::{Actions, MenuLink},
            tabs::{Tabs, tab_bar},
            toast::ToastArea,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead, session::use_me},
    },
    views::{
        accounts::{Membership, PasswordState, UserDetail},
        addresses,
    },
};

/// The parts of the page.
const GROUPS: &str = "groups";
const PROFILE: &str = "profile";
const SIGN_IN: &str = "sign-in";

/// What can be done about an account.
#[derive(Clone, Copy)]
struct Doing {
    save: ServerAction<SaveUser>,
    switch: ServerAction<SwitchUsers>,
    generate: ServerAction<GeneratePassword>,
    invite: ServerAction<InviteUser>,
    reset: ServerAction<ResetSecondFactor>,
    revoke: ServerAction<RevokeToken>,
    set: ServerAction<SetMember>,
    remove: ServerAction<RemoveMember>,
    /// Groups that the person can be added to.
    groups: GroupChoices,
}

/// The page of a user.
#[component]
pub fn UserPage() -> impl IntoView {
    let lang = use_language();
    let id = id_of_address::<UserId>();
    let tabs = Tabs::new(&[GROUPS, PROFILE, SIGN_IN]);
    let actions = Doing {
        save: ServerAction::new(),
        switch: ServerAction::new(),
        generate: ServerAction::new(),
        invite: ServerAction::new(),
        reset: ServerAction::new(),
        revoke: ServerAction::new(),
        set: ServerAction::new(),
        remove: ServerAction::new(),
        groups: GroupChoices::new("group", Memo::new(|_| None)),
    };
    let Doing {
        save,
        switch,
        generate,
        set,
        remove,
        reset,
        ..
    } = actions;
    only_the_last([
        save.into(),
        switch.into(),
        generate.into(),
        actions.invite.into(),
        reset.into(),
        actions.revoke.into(),
        set.into(),
        remove.into(),
    ]);
    tell_switched(set);
    after(remove, browser::land);
    let detail = live::kept(
        move || id.get(),
        move || {
            [
                actions.save.version().get(),
                actions.switch.version().get(),
                actions.generate.version().get(),
                actions.invite.version().get(),
                actions.reset.version().get(),
                actions.set.version().get(),
                actions.remove.version().get(),
            ]
        },
        |id| async move { user(id.ok_or(ApiError::HIDDEN)?).await },
    );
    let memberships = move || {
        let detail = detail.get()?.ok()?;
        Some(
            detail
                .memberships
                .iter()
                .map(|membership| membership.group)
                .collect::<Vec<_>>(),
        )
    };
    reset_when_other(memberships, ".members");
    view! {
        <div class="page">
            <AdminNav/>
            <ViewAsRefused/>
            <Problem error=failure(actions.switch.value())/>
            <Problem error=failure(actions.save.value())/>
            <Problem error=failure(actions.generate.value())/>
            <Problem error=failure(actions.invite.value())/>
            <Problem error=failure(reset.value())/>
            <p class="saved" role="status">
                {move || matches!(actions.invite.value().get(), Some(Ok(()))).then(|| lang.invitation_on_its_way())}
            </p>
            <p class="saved" role="status">
                {move || matches!(reset.value().get(), Some(Ok(()))).then(|| lang.second_factor_removed())}
            </p>
            <Problem error=failure(actions.set.value())/>
            <Problem error=failure(actions.remove.value())/>
            <Saved value=actions.switch.value()/>
            <Saved value=actions.save.value()/>
            <Saved value=actions.set.value()/>
            <Saved value=actions.remove.value()/>
            <Generated value=actions.generate.value()/>
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

#[component]
fn Detail(detail: UserDetail, actions: Doing, tabs: Tabs) -> impl IntoView {
    let lang = use_language();
    let UserDetail {
        row,
        second_factor,
        logged_in_since,
        may_change,
        memberships,
        seats,
    } = detail;
    let id = row.id.to_string();
    let containers = lang.containers_of(&row.name);
    let me = use_me();
    let own = row.id == me.actor.user;
    // Whoever administers a group of theirs may see them off.
    let may_process = me.actor.isv_admin || memberships.iter().any(|membership| membership.grant.admin());
    let password = match row.password {
        PasswordState::None if row.active => lang.password_missing().to_owned(),
        PasswordState::None => lang.password_none_yet().to_owned(),
        PasswordState::Inviting(_) => lang.password_inviting().to_owned(),
        PasswordState::Invited(at) => {
            let [sent, until] = [at, later(at, GENERATED_LIFE)].map(|moment| date_time(lang, moment));
            lang.password_by_link(&sent, &until)
        }
        PasswordState::Chosen => lang.password_is_chosen().to_owned(),
        PasswordState::Generated(until) => {
            format!("{}: {}", lang.generated_until(), date_time(lang, until))
        }
    };
    // Whoever invited somebody sees it at once, whichever tab is open.
    let invited = matches!(
        row.password,
        PasswordState::Inviting(_) | PasswordState::Invited(_)
    );
    let invited = invited.then(|| password.clone());
    // Who waits for a link has it soon; who lost it, or was late, gets another one.
    let invite = match row.password {
        PasswordState::None => Some(lang.invite_by_mail()),
        PasswordState::Invited(_) => Some(lang.invite_again()),
        PasswordState::Inviting(_) | PasswordState::Generated(_) | PasswordState::Chosen => None,
    };
    let invite = invite.filter(|_| may_change && !own && row.email.is_some());
    let page = addresses::user(row.id);
    let groups = Signal::stored(lang.count(memberships.len()));
    let bar = tab_bar(vec![
        tabs.tab(&page, GROUPS, lang.memberships()).counting(groups),
        tabs.tab(&page, PROFILE, lang.profile()),
        tabs.tab(&page, SIGN_IN, lang.signing_in()),
    ]);
    let state = if may_change {
        view! { <State id=id.clone() active=row.active logged_in=logged_in_since.is_some() actions/> }
            .into_any()
    } else {
        let state = if row.active {
            lang.active()
        } else {
            lang.inactive()
        };
        view! { <span class="tag">{state}</span> }.into_any()
    };
    view! {
        <div class="page-head user-head">
            <PageHead title=row.name.clone()/>
            {row.isv_admin.then(|| view! { <span class="tag mine">{lang.isv_admin()}</span> })}
            {state}
            <Actions>
                <MenuLink to=format!("{}?user={}", addresses::CONTAINERS, row.id) label=containers/>
                {(may_change && !own && !row.isv_admin).then(|| view! { <ViewAs user=row.id/> })}
                {may_process.then(|| view! { <MenuLink to=addresses::offboarding(row.id) label=lang.leaver()/> })}
            </Actions>
        </div>
        <p class="quiet head-line">
            <Seats seats/> " "
            {logged_in_since.map(|since| format!("{} {}. ", lang.logged_in_since(), date_time(lang, since)))}
            {invited}
        </p>
        {(!may_change).then(|| view! { <p class="warning">{lang.not_yours_to_change()}</p> })}
        {bar}
        <div hidden=tabs.hides(GROUPS)>
            <section class="panel">
                <h2>{lang.memberships()}</h2>
                <Memberships user=row.id memberships actions/>
            </section>
        </div>
        <div hidden=tabs.hides(PROFILE)>
            <section class="panel">
                <h2>{lang.profile()}</h2>
                <ActionForm action=actions.save attr:class="stack">
                    <input type="hidden" name="user" value=id.clone()/>
                    <label class="labelled">
                        {lang.login()}
                        <input class="input mono" value=row.login.to_string() readonly/>
                    </label>
                    <NameField label=lang.name() value=row.name required=true readonly=!may_change/>
                    <EmailField value=row.email.unwrap_or_default() readonly=!may_change || own/>
                    {may_change
                        .then(|| {
                            view! {
                                <p class="actions">
                                    <button class="btn primary">{lang.save()}</button>
                                </p>
                            }
                        })}
                </ActionForm>
                {own
                    .then(|| {
                        view! {
                            <p class="quiet">{lang.own_email_elsewhere()} " " <a href=addresses::ME>{lang.my_data()}</a></p>
                        }
                    })}
            </section>
        </div>
        <div hidden=tabs.hides(SIGN_IN)>
            <section class="panel">
                <h2>{lang.password()}</h2>
                <p>{password}</p>
                {invite
                    .map(|invite| {
                        view! {
                            <ActionForm action=actions.invite>
                                <input type="hidden" name="user" value=row.id.to_string()/>
                                <p>
                                    <button class="btn">{invite}</button>
                                </p>
                            </ActionForm>
                        }
                    })}
                {(may_change && !own)
                    .then(|| {
                        view! {
                            <ActionForm action=actions.generate>
                                <input type="hidden" name="user" value=row.id.to_string()/>
                                <p class="quiet">{lang.generated_help()}</p>
                                <button class="btn with-wasm">{lang.generate_password()}</button>
                                <NeedsScripts/>
                            </ActionForm>
                        }
                    })}
            </section>
            {(second_factor && may_change && !own)
                .then(|| {
                    view! {
                        <section class="panel">
                            <h2>{lang.second_factor()}</h2>
                            <ActionForm action=actions.reset>
                                <input type="hidden" name="user" value=row.id.to_string()/>
                                <p class="quiet">{lang.second_factor_of_user()}</p>
                                <button class="btn">{lang.remove_second_factor()}</button>
                            </ActionForm>
                        </section>
                    }
                })}
            {(may_change && !own).then(|| view! { <TokensOf user=row.id revoke=actions.revoke/> })}
        </div>
    }
}

/// The groups of the person, what they may do there, and the form that adds another.
#[component]
fn Memberships(user: UserId, memberships: Vec<Membership>, actions: Doing) -> impl IntoView {
    let lang = use_language();
    let member_of: Vec<GroupId> = memberships.iter().map(|membership| membership.group).collect();
    let row = move |membership: Membership| {
        let Membership {
            group,
            path: names,
            permissions,
            grant,
        } = membership;
        let name = path(&names);
        let permitted = if grant.admin() {
            view! {
                <MembershipForms
                    group
                    user
                    whose=name.clone()
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
                <th scope="row">
                    <a class="row-link" href=addresses::group(group)>
                        <GroupIcon/>
                        {name}
                    </a>
                </th>
                <td>{permitted}</td>
            </tr>
        }
    };
    let list = if memberships.is_empty() {
        view! { <p class="empty">{lang.no_memberships()}</p> }.into_any()
    } else {
        view! {
            <table class="members">
                <caption class="hidden">{lang.memberships()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.group()}</th>
                        <th scope="col">{lang.permissions()}</th>
                    </tr>
                </thead>
                <tbody>{memberships.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {list}
        <h3>{lang.add_to_group()}</h3>
        <GroupSearch action=addresses::user(user) label=lang.search_groups() choices=actions.groups/>
        <ActionForm action=actions.set>
            <input type="hidden" name="user" value=user.to_string()/>
            <div class="beside">
                <GroupSelect choices=actions.groups name="group" label=lang.group() none=None without=member_of/>
                <PermissionBoxes whose=None permissions=Permissions::NONE grant=use_me().actor.most_grantable()/>
                <button class="btn">{lang.add_to_group()}</button>
            </div>
        </ActionForm>
    }
}

/// The state, at the top right of the form.
#[component]
fn State(id: String, active: bool, logged_in: bool, actions: Doing) -> impl IntoView {
    let lang = use_language();
    view! {
        <ActionForm action=actions.switch attr:class="state">
            <input type="hidden" name="users[]" value=id/>
            <label for="state">{lang.state()}</label>
            <select id="state" class="input" name="active">
                <option value="true" selected=active>{lang.active()}</option>
                <option value="false" selected=!active>{lang.inactive()}</option>
            </select>
            {(active && logged_in)
                .then(|| {
                    view! {
                        <label class="check">
                            <input type="checkbox" name="end_login" value="true"/>
                            {lang.end_login_too()}
                        </label>
                    }
                })}
            <button class="btn" aria-label=lang.permission_of(lang.save(), lang.state())>{lang.save()}</button>
        </ActionForm>
    }
}

/// The form for a new user.
#[component]
pub fn NewUser() -> impl IntoView {
    let lang = use_language();
    let isv_admin = use_me().actor.isv_admin;
    let chosen = use_query_map().with_untracked(|query| query.get("group"));
    let create = ServerAction::<CreateUser>::new();
    view! {
        <div class="page">
            <AdminNav/>
            <PageHead title=lang.new_user()/>
            <p class="quiet">{lang.new_user_explained()}</p>
            <Problem error=failure(create.value())/>
            <ActionForm action=create attr:class="panel stack">
                <LoginField label=lang.login() required=true note=lang.login_help()/>
                <NameField label=lang.name()/>
                <EmailField/>
                <label class="labelled" for="group">{lang.group()}</label>
                <select id="group" class="input" name="group">
                    {isv_admin.then(|| view! { <option value="">{lang.no_group()}</option> })}
                    <GroupOptions chosen/>
                </select>
                <div class="boxes">
                    <PermissionBoxes whose=None permissions=Permissions::NONE grant=use_me().actor.most_grantable()/>
                </div>
                <p class="actions">
                    <button class="btn primary" name="invite" value="true">{lang.create_and_invite()}</button>
                    <button class="btn">{lang.create_user()}</button>
                </p>
            </ActionForm>
        </div>
    }
}
