//! The form for a new container (S9).

use domain::{ids::UserId, names::MAX_NAME, tickets::owners::Owner};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{accounts::user, groups::group, licensing::containers::CreateContainer},
    errors::ApiError,
    i18n::format,
    ui::{
        kit::{
            forms::{Problem, failure, leads_on},
            keys::form_key,
            language::use_language,
        },
        licensing::machine::KindFields,
        shell::{errors::Trouble, page_head::PageHead, session::use_me},
    },
    views::accounts::sessions::Me,
    views::addresses,
};

/// For whom a container can be made: oneself, alone or through a group, or a person by the groups one sees them in.
async fn owners(of: Option<UserId>, me: Me) -> Result<Vec<(Owner, String)>, ApiError> {
    let own = me.actor.user;
    let of = of.unwrap_or(own);
    let owner = |context| Owner::User { user: of, context };
    let mut owners = Vec::new();
    if of == own {
        owners.push((owner(None), me.name.clone()));
        for id in me.actor.memberships.keys().copied() {
            // A group that went away meanwhile is left out.
            if let Ok(detail) = group(id).await {
                let path = format::path(&detail.path);
                owners.push((owner(Some(id)), format!("{} · {path}", me.name)));
            }
        }
    } else {
        let detail = user(of).await?;
        for membership in detail.memberships {
            let path = format::path(&membership.path);
            let label = format!("{} · {path}", detail.row.name);
            owners.push((owner(Some(membership.group)), label));
        }
        if me.actor.isv_admin {
            owners.push((owner(None), detail.row.name));
        }
    }
    Ok(owners)
}

/// The form for a new container.
#[component]
pub fn NewContainer() -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let of = use_query_map().with_untracked(|query| query.get_str("user").and_then(|user| user.parse().ok()));
    let owners = Resource::new(|| (), move |()| owners(of, me.clone()));
    let create = ServerAction::<CreateContainer>::new();
    view! {
        <div class="page">
            <PageHead title=lang.new_container()/>
            <Problem error=failure(create.value())/>
            <Suspense>
                {move || Suspend::new(async move {
                    match owners.await {
                        Ok(owners) => view! { <NewForm owners create/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn NewForm(owners: Vec<(Owner, String)>, create: ServerAction<CreateContainer>) -> impl IntoView {
    let lang = use_language();
    // Whoever came from a ticket goes on there.
    let next = use_query_map().with_untracked(|query| query.get_str("next").unwrap_or_default().to_owned());
    let own = next.is_empty();
    let afterwards = next.clone();
    leads_on(create, move |id| {
        if own {
            addresses::container(*id)
        } else {
            afterwards.clone()
        }
    });
    let option = |(owner, label): (Owner, String)| {
        view! { <option value=owner.to_string()>{label}</option> }
    };
    view! {
        <ActionForm action=create attr:class="panel stack">
            <input type="hidden" name="key" value=form_key()/>
            <input type="hidden" name="next" value=next/>
            <label class="labelled">
                {lang.name()}
                <input class="input" name="name" required maxlength=MAX_NAME.to_string() autocomplete="off"/>
            </label>
            <KindFields/>
            <label class="labelled" for="of">{lang.whose()}</label>
            <select id="of" class="input" name="of">
                {owners.into_iter().map(option).collect::<Vec<_>>()}
            </select>
            <p class="actions">
                <button class="btn primary">{lang.create_container()}</button>
            </p>
        </ActionForm>
    }
}
