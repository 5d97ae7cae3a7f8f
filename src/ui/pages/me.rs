//! Who is logged in; on a phone also the way out and the other language.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::groups::group,
    ui::{
        format,
        parts::{
            bar::{LanguageSwitch, LogOutForm},
            icons::GroupIcon,
        },
        session::{use_language, use_me},
    },
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
    view! {
        <Title text=me.name.clone()/>
        <div class="page">
            <h1>{me.name.clone()}</h1>
            <p class="quiet">
                {lang.logged_in_as()} " " <span class="mono">{me.login.to_string()}</span>
                {me.actor.isv_admin.then(|| view! { " " <span class="tag mine">{lang.isv_admin()}</span> })}
            </p>
            <div class="actions">
                {me.actor
                    .isv_admin
                    .then(|| view! { <a class="btn" href="/sessions">{lang.active_sessions()}</a> })}
                <LanguageSwitch/>
                <LogOutForm/>
            </div>
            <Suspense>
                {move || Suspend::new(async move {
                    let groups = groups.await;
                    (!groups.is_empty())
                        .then(|| {
                            let link = |(id, path): (crate::domain::ids::GroupId, Vec<String>)| {
                                view! {
                                    <li>
                                        <a class="row-link" href=format!("/groups/{id}")>
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
