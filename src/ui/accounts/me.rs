//! Who is logged in; on a phone also the way out and the other language.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{
        accounts::{ChangeEmail, SaveMe, my_data},
        groups::group,
    },
    errors::words::explain,
    i18n::format,
    ui::{
        accounts::person::{EmailField, NameField},
        kit::{
            forms::{Problem, Saved, after, emptied_after, failure},
            icons::GroupIcon,
            language::use_language,
        },
        licensing::expiring::ExpiryMail,
        overview::StartSwitch,
        shell::{
            admin_nav::beginning,
            bar::{LanguageSwitch, LogOutForm, ThemeSwitch},
            following, live,
            page_head::PageHead,
            session::use_me,
        },
    },
    views::addresses,
};

/// The page of the person who is logged in.
#[component]
pub fn MePage() -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let memberships = me.actor.memberships.keys().copied().collect::<Vec<_>>();
    let groups = Resource::new(
        || (),
        move |()| {
            let memberships = memberships.clone();
            async move {
                let mut groups = Vec::new();
                for id in memberships {
                    // A group that went away meanwhile is left out.
                    if let Ok(detail) = group(id).await {
                        groups.push((id, detail.path));
                    }
                }
                groups
            }
        },
    );
    let save = ServerAction::<SaveMe>::new();
    let change_email = ServerAction::<ChangeEmail>::new();
    after(save, move || change_email.clear());
    after(change_email, move || save.clear());
    let data = live::kept(
        || (),
        move || [save.version().get(), change_email.version().get()],
        |()| my_data(),
    );
    // What was saved is what one is called from then on.
    let name = RwSignal::new(me.name.clone());
    Effect::new(move |_| {
        if let Some(Ok(own)) = data.get() {
            name.set(own.name);
        }
    });
    let form = NodeRef::new();
    emptied_after(change_email, form);
    let password_changed = use_query_map().with_untracked(|query| query.get_str("done") == Some("password"));
    view! {
        <div class="page">
            <PageHead title=following::title(move || name.try_get().unwrap_or_default())/>
            <div class="whose">
                <p class="quiet">
                    {lang.logged_in_as()} " " <span class="mono">{me.login.to_string()}</span>
                    {me.actor.isv_admin.then(|| view! { " " <span class="tag mine">{lang.isv_admin()}</span> })}
                </p>
                <LogOutForm/>
            </div>
            // Where there is room, the bar at the top leads there.
            <ul class="panel link-list on-phones">
                {beginning(&me.actor)
                    .map(|to| view! { <li><a href=to>{lang.administration()}</a></li> })}
                <li><a href=addresses::HISTORY>{lang.history()}</a></li>
                <li><a href=addresses::EXPIRING>{lang.expiring()}</a></li>
                <li><a href=addresses::HELP>{lang.help()}</a></li>
            </ul>
            <p class="saved" role="status">{password_changed.then(|| lang.password_replaced())}</p>
            <section class="panel">
                <h2>{lang.my_data()}</h2>
                <Problem error=failure(save.value())/>
                <Problem error=failure(change_email.value())/>
                <Saved value=save.value()/>
                <Saved value=change_email.value()/>
                <Transition>
                    {move || Suspend::new(async move {
                        match data.await {
                            Ok(own) => {
                                view! {
                                    <ActionForm action=save attr:class="stack">
                                        <NameField label=lang.name() value=own.name required=true/>
                                        <p class="actions">
                                            <button class="btn primary">{lang.save()}</button>
                                        </p>
                                    </ActionForm>
                                    <ActionForm action=change_email node_ref=form attr:class="stack">
                                        // For password managers.
                                        <input
                                            type="text"
                                            name="username"
                                            autocomplete="username"
                                            value=own.login.to_string()
                                            hidden
                                        />
                                        <EmailField value=own.email.unwrap_or_default()/>
                                        <label class="labelled">
                                            {lang.present_password()}
                                            <input
                                                class="input"
                                                type="password"
                                                name="present"
                                                autocomplete="current-password"
                                                required
                                            />
                                            <small class="note">{lang.own_email_help()}</small>
                                        </label>
                                        <p class="actions">
                                            <button class="btn">{lang.change_email()}</button>
                                        </p>
                                    </ActionForm>
                                }
                                    .into_any()
                            }
                            Err(error) => view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
                        }
                    })}
                </Transition>
                <ExpiryMail/>
                <ul class="link-list">
                    <li><a href=addresses::MY_USE>{lang.own_use()}</a></li>
                </ul>
            </section>
            <section class="panel">
                <h2>{lang.signing_in()}</h2>
                <ul class="link-list">
                    <li><a href=addresses::MY_PASSWORD>{lang.change_password()}</a></li>
                    <li><a href=addresses::MY_SECOND_FACTOR>{lang.second_factor()}</a></li>
                    <li><a href=addresses::MY_SIGN_INS>{lang.linked_sign_ins()}</a></li>
                    <li><a href=addresses::MY_TOKENS>{lang.access_tokens()}</a></li>
                </ul>
            </section>
            <section class="panel">
                <h2>{lang.appearance()}</h2>
                <div class="switches">
                    <ThemeSwitch/>
                    <LanguageSwitch/>
                    <StartSwitch/>
                </div>
            </section>
            <Suspense>
                {move || Suspend::new(async move {
                    let groups = groups.await;
                    (!groups.is_empty())
                        .then(|| {
                            let link = |(id, path): (domain::ids::GroupId, Vec<String>)| {
                                view! {
                                    <li>
                                        <a class="row-link" href=addresses::group(id)>
                                            <GroupIcon/>
                                            {format::path(&path)}
                                        </a>
                                    </li>
                                }
                            };
                            view! {
                                <section class="panel">
                                    <h2>{lang.my_groups()}</h2>
                                    <ul class="plain-list">{groups.into_iter().map(link).collect::<Vec<_>>()}</ul>
                                </section>
                            }
                        })
                })}
            </Suspense>
        </div>
    }
}
