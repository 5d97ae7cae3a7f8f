//! Personal access tokens: one's own, and as part of the page of a user those of that person.

use domain::{
    accounts::personal_tokens::{Area, Level, MAX_TOKEN_DAYS},
    ids::{PersonalTokenId, UserId},
    names::MAX_NAME,
};
use jiff::Timestamp;
use leptos::{html, prelude::*};

use crate::{
    api::accounts::personal_tokens::{CreateToken, RevokeToken, tokens},
    errors::ApiError,
    ui::{
        kit::{
            browser,
            copy::CopyButton,
            forms::{
                AskedFirst, NeedsScripts, Problem, after, emptied_after, failure, reset_when_other,
                revealed_when,
            },
            language::use_language,
            time::Time,
        },
        shell::{errors::Trouble, live, page_head::PageHead, session::use_me},
    },
    views::{accounts::personal_tokens::PersonalToken, addresses},
};

/// For how many days a token is good unless it is said otherwise.
const DAYS: u32 = 90;

/// One's own tokens, and the form for a new one.
#[component]
pub fn TokensPage() -> impl IntoView {
    let lang = use_language();
    let user = use_me().actor.user;
    let create = ServerAction::<CreateToken>::new();
    let revoke = ServerAction::<RevokeToken>::new();
    after(create, move || revoke.clear());
    after(revoke, move || {
        create.clear();
        browser::land();
    });
    let form = NodeRef::new();
    emptied_after(create, form);
    let list = live::kept(
        move || user,
        move || [create.version().get(), revoke.version().get()],
        tokens,
    );
    reset_when_other(move || ids(list.get()), ".tokens");
    view! {
        <div class="page">
            <PageHead title=lang.access_tokens()/>
            <p class="quiet">
                {lang.access_tokens_help()} " " <a href=addresses::INTERFACE rel="external">{lang.interface_described()}</a>
            </p>
            <Problem error=failure(create.value())/>
            <Problem error=failure(revoke.value())/>
            <Revoked revoke/>
            <Made create/>
            <Transition>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(rows) if rows.is_empty() => {
                            view! { <p class="empty">{lang.no_access_tokens()}</p> }.into_any()
                        }
                        Ok(rows) => view! { <TokenList rows revoke/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
            <section class="panel">
                <h2>{lang.new_access_token()}</h2>
                <ActionForm action=create node_ref=form attr:class="stack">
                    <NewFields/>
                </ActionForm>
            </section>
        </div>
    }
}

fn ids(list: Option<Result<Vec<PersonalToken>, ApiError>>) -> Option<Vec<PersonalTokenId>> {
    let rows = list?.ok()?;
    Some(rows.iter().map(|token| token.id).collect())
}

/// Says that a token was taken back.
#[component]
fn Revoked(revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let lang = use_language();
    let done = move || matches!(revoke.value().get(), Some(Ok(())));
    view! { <p class="saved" role="status">{move || done().then(|| lang.token_is_revoked())}</p> }
}

/// The token that was just made: here and never again.
#[component]
fn Made(create: ServerAction<CreateToken>) -> impl IntoView {
    let lang = use_language();
    let place = NodeRef::<html::Div>::new();
    revealed_when(place, move || {
        create.value().with(|value| matches!(value, Some(Ok(_))))
    });
    view! {
        <div role="status" node_ref=place>
            {move || {
                create
                    .value()
                    .get()
                    .and_then(Result::ok)
                    .map(|token| {
                        view! {
                            <section class="panel generated">
                                <h2>{lang.your_token()}</h2>
                                <p class="secret"><code class="mono code">{token.clone()}</code></p>
                                <p class="quiet">{lang.token_once()}</p>
                                <p class="actions"><CopyButton text=token label=lang.copy_token()/></p>
                            </section>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn NewFields() -> impl IntoView {
    let lang = use_language();
    let area = |area: &Area| {
        let level =
            |level: Level| view! { <option value=level.to_string()>{lang.token_level(level)}</option> };
        view! {
            <label class="labelled">
                {lang.token_area(*area)}
                <select class="input" name=format!("scopes[{area}]")>
                    <option value="">{lang.level_none()}</option>
                    {Level::ALL.map(level)}
                </select>
            </label>
        }
    };
    view! {
        <label class="labelled">
            {lang.token_name()}
            <input class="input" name="name" required maxlength=MAX_NAME.to_string() autocomplete="off"/>
        </label>
        <label class="labelled">
            {lang.token_days()}
            <input
                class="input"
                type="number"
                name="days"
                min="1"
                max=MAX_TOKEN_DAYS.to_string()
                value=DAYS.to_string()
                required
                autocomplete="off"
            />
        </label>
        <fieldset class="stack scopes">
            <legend>{lang.token_scopes()}</legend>
            {Area::ALL.iter().map(area).collect::<Vec<_>>()}
        </fieldset>
        <label class="labelled">
            {lang.present_password()}
            <input class="input" type="password" name="present" autocomplete="current-password" required/>
        </label>
        <p class="actions">
            <button class="btn primary with-wasm">{lang.make_token()}</button>
            <NeedsScripts/>
        </p>
    }
}

#[component]
fn TokenList(rows: Vec<PersonalToken>, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let lang = use_language();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|token| view! { <Row token revoke/> })
        .collect();
    view! {
        <table class="rows tokens" aria-label=lang.access_tokens()>
            <thead>
                <tr>
                    <th scope="col">{lang.name()}</th>
                    <th scope="col">{lang.token_scope()}</th>
                    <th scope="col">{lang.token_created()}</th>
                    <th scope="col">{lang.token_expires()}</th>
                    <th scope="col">{lang.token_last_used()}</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(token: PersonalToken, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let lang = use_language();
    let time = move |at: Timestamp| view! { <Time at=at/> };
    let scope = |scope: domain::accounts::personal_tokens::Scope| {
        view! { <li><span class="tag mono">{scope.to_string()}</span></li> }
    };
    let name = lang.permission_of(lang.revoke_token(), &token.name);
    view! {
        <tr>
            <th scope="row">{token.name}</th>
            <td data-label=lang.token_scope()>
                <ul class="tags">{token.scopes.iter().map(scope).collect::<Vec<_>>()}</ul>
            </td>
            <td data-label=lang.token_created()>{time(token.created_at)}</td>
            <td data-label=lang.token_expires()>
                {time(token.expires_at)}
                {token.expired.then(|| view! { " " <span class="tag">{lang.token_expired()}</span> })}
            </td>
            <td data-label=lang.token_last_used()>
                {match token.last_used_at {
                    Some(at) => time(at).into_any(),
                    None => lang.token_never_used().into_any(),
                }}
            </td>
            <td>
                <AskedFirst label=lang.revoke_token() name=name.clone()>
                    <p class="quiet">{lang.revoke_token_help()}</p>
                    <ActionForm action=revoke>
                        <input type="hidden" name="token" value=token.id.to_string()/>
                        <button class="btn dangerous" aria-label=name>{lang.revoke_token()}</button>
                    </ActionForm>
                </AskedFirst>
            </td>
        </tr>
    }
}

/// The tokens of somebody else, for who may change the account; nothing where there are none.
#[component]
pub fn TokensOf(
    user: UserId,
    /// What takes one back.
    revoke: ServerAction<RevokeToken>,
) -> impl IntoView {
    let lang = use_language();
    let list = live::kept(move || user, move || revoke.version().get(), tokens);
    reset_when_other(move || ids(list.get()), ".tokens");
    after(revoke, browser::land);
    view! {
        <Problem error=failure(revoke.value())/>
        <Revoked revoke/>
        <Transition>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(rows) if rows.is_empty() => ().into_any(),
                    Ok(rows) => {
                        view! {
                            <section class="panel">
                                <h2>{lang.access_tokens()}</h2>
                                <p class="quiet">{lang.tokens_of_user()}</p>
                                <TokenList rows revoke/>
                            </section>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Trouble error/> }.into_any(),
                }
            })}
        </Transition>
    }
}
