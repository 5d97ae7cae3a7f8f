//! Signing in by identity providers: what the login page offers, and one's own links.

use domain::{
    accounts::sessions::{LoggedInAlready, Tab},
    ids::IdentityProviderId,
    refusals::Refusal,
};
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

use crate::{
    api::accounts::identity_providers::{LinkSignIn, UnlinkSignIn, offered_sign_ins, own_sign_ins},
    errors::ApiError,
    i18n::format::{date_time, machine_time},
    ui::{
        kit::{
            browser,
            forms::{AskedFirst, Problem, after, failure},
            language::use_language,
        },
        shell::{errors::Trouble, live, page_head::PageHead},
    },
    views::{
        accounts::identity_providers::{LinkedSignIn, LinkedSignIns, Offered},
        addresses,
    },
};

/// The providers of the instance, each a plain link: a form may not lead out of the portal.
#[component]
pub fn OfferedSignIns(
    /// The page to show afterwards.
    #[prop(into)]
    next: Signal<String>,
    /// The error of the last attempt, if it failed.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let lang = use_language();
    let offered = Resource::new(|| (), |()| offered_sign_ins());
    let gone = move || {
        matches!(
            error.get(),
            Some(ApiError::Refused(Refusal::LoggedInAlready(LoggedInAlready {
                tab: Tab::Gone,
                ..
            })))
        )
    };
    let link = move |provider: Offered| {
        let to = move |end_other: bool| {
            let next = next.get();
            let end_other = if end_other { "&end_other=true" } else { "" };
            format!(
                "{}?next={}{end_other}",
                addresses::sign_in(provider.id),
                Url::escape(&next)
            )
        };
        view! {
            <a class="btn wide" href=to(false) rel="external">{lang.sign_in_with(&provider.name)}</a>
            {gone().then(|| view! { <a class="btn wide" href=to(true) rel="external">{lang.end_other_login()}</a> })}
        }
    };
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                // Without an answer, there is the form below.
                let offered = offered.await.unwrap_or_default();
                (!offered.is_empty())
                    .then(|| {
                        view! {
                            <div class="stack">{offered.into_iter().map(link).collect::<Vec<_>>()}</div>
                            <p class="aside">{lang.or_password()}</p>
                        }
                    })
            })}
        </Suspense>
    }
}

/// For who has logged out and had been signed in by a provider: the way to log out there, too.
#[component]
pub fn SignedInElsewhere() -> impl IntoView {
    let lang = use_language();
    let left =
        use_query_map().with_untracked(|query| query.get_str("left")?.parse::<IdentityProviderId>().ok());
    left.map(|provider| {
        view! {
            <p role="status">
                <a href=addresses::sign_out(provider) rel="external">{lang.signed_in_elsewhere()}</a>
            </p>
        }
    })
}

/// One's own identities at providers.
#[component]
pub fn SignInsPage() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let link = ServerAction::<LinkSignIn>::new();
    let unlink = ServerAction::<UnlinkSignIn>::new();
    after(link, move || unlink.clear());
    after(unlink, move || {
        link.clear();
        browser::land();
    });
    let linked = query.with_untracked(|query| query.get_str("done") == Some("linked"));
    let going =
        Memo::new(move |_| query.with(|query| query.get_str("go")?.parse::<IdentityProviderId>().ok()));
    let own = live::kept(
        || (),
        move || [link.version().get(), unlink.version().get()],
        |()| own_sign_ins(),
    );
    let unlinked = move || matches!(unlink.value().get(), Some(Ok(())));
    view! {
        <div class="page">
            <PageHead title=lang.linked_sign_ins()/>
            <p class="quiet">{lang.linked_sign_ins_help()}</p>
            <Problem error=failure(link.value())/>
            <Problem error=failure(unlink.value())/>
            <p class="saved" role="status">
                {move || {
                    if unlinked() {
                        Some(lang.sign_in_is_unlinked())
                    } else {
                        linked.then(|| lang.sign_in_is_linked())
                    }
                }}
            </p>
            <Transition>
                {move || Suspend::new(async move {
                    match own.await {
                        Ok(own) => view! { <Own own going=going.get() link unlink/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Own(
    own: LinkedSignIns,
    /// To which provider the password was given for.
    going: Option<IdentityProviderId>,
    link: ServerAction<LinkSignIn>,
    unlink: ServerAction<UnlinkSignIn>,
) -> impl IntoView {
    let lang = use_language();
    let LinkedSignIns {
        linked,
        offered,
        has_password,
    } = own;
    let rows = if linked.is_empty() {
        view! { <p class="empty">{lang.no_linked_sign_ins()}</p> }.into_any()
    } else {
        let row = |linked: LinkedSignIn| view! { <Row linked unlink has_password/> };
        view! {
            <table class="rows" aria-label=lang.linked_sign_ins()>
                <thead>
                    <tr>
                        <th scope="col">{lang.name()}</th>
                        <th scope="col">{lang.linked_since()}</th>
                        <th scope="col">{lang.last_signed_in()}</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>{linked.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    let offer = move |provider: Offered| {
        let goes = going == Some(provider.id);
        let to = addresses::sign_in_link(provider.id);
        view! {
            <section class="panel">
                <h2>{provider.name.clone()}</h2>
                {if goes {
                    view! {
                        <p role="status">{lang.password_confirmed()}</p>
                        <p class="actions">
                            <a class="btn primary" href=to rel="external">{lang.go_on_to(&provider.name)}</a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <ActionForm action=link attr:class="stack">
                            <input type="hidden" name="provider" value=provider.id.to_string()/>
                            <PresentPassword/>
                            <p class="actions">
                                <button class="btn primary">{lang.link_sign_in()}</button>
                            </p>
                        </ActionForm>
                    }
                        .into_any()
                }}
            </section>
        }
    };
    view! {
        {rows}
        {(!has_password).then(|| view! { <p class="warning">{lang.linking_needs_password()}</p> })}
        {has_password.then(|| offered.into_iter().map(offer).collect::<Vec<_>>())}
    }
}

#[component]
fn PresentPassword() -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled">
            {lang.present_password()}
            <input class="input" type="password" name="present" autocomplete="current-password" required/>
        </label>
    }
}

#[component]
fn Row(linked: LinkedSignIn, unlink: ServerAction<UnlinkSignIn>, has_password: bool) -> impl IntoView {
    let lang = use_language();
    let time = move |at: Timestamp| view! { <time datetime=machine_time(at)>{date_time(lang, at)}</time> };
    let name = lang.permission_of(lang.unlink_sign_in(), &linked.name);
    view! {
        <tr>
            <th scope="row">{linked.name}</th>
            <td data-label=lang.linked_since()>{time(linked.linked_at)}</td>
            <td data-label=lang.last_signed_in()>
                {match linked.last_used_at {
                    Some(at) => time(at).into_any(),
                    None => lang.never_signed_in().into_any(),
                }}
            </td>
            <td>
                {has_password
                    .then(|| {
                        view! {
                            <AskedFirst label=lang.unlink_sign_in() name=name.clone()>
                                <ActionForm action=unlink attr:class="stack">
                                    <input type="hidden" name="provider" value=linked.provider.to_string()/>
                                    <PresentPassword/>
                                    <button class="btn dangerous" aria-label=name>{lang.unlink_sign_in()}</button>
                                </ActionForm>
                            </AskedFirst>
                        }
                    })}
            </td>
        </tr>
    }
}
