//! The webhooks of a group, or of the instance (ISV admins).

use domain::{
    history::{Topic, webhooks::MAX_URL},
    ids::{GroupId, UserId},
    names::MAX_NAME,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::history::webhooks::{CreateWebhook, webhooks},
    errors::ApiError,
    i18n::{Language, format},
    ui::{
        groups::parts::{Shown, about_group},
        kit::{
            forms::{Problem, failure},
            language::use_language,
            location::id_of_address,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        history::{
            Named,
            webhooks::{WebhookList, WebhookRow},
        },
    },
};

/// The webhooks of a group.
#[component]
pub fn GroupWebhooksPage() -> impl IntoView {
    let id = id_of_address::<GroupId>();
    let of = Signal::derive(move || id.get().map(Some).ok_or(ApiError::HIDDEN));
    view! {
        <div class="page">
            <List of/>
        </div>
    }
}

/// The webhooks of the instance.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    view! {
        <div class="page">
            <AdminNav/>
            <List of=Signal::stored(Ok(None))/>
        </div>
    }
}

#[component]
fn List(of: Signal<Result<Option<GroupId>, ApiError>>) -> impl IntoView {
    let create = ServerAction::<CreateWebhook>::new();
    let list = Resource::new(move || of.get(), |of| async move { webhooks(of?).await });
    view! {
        <Problem error=failure(create.value())/>
        <Transition>
            {move || Suspend::new(async move {
                match list.await {
                    Ok(list) => view! { <Webhooks list create/> }.into_any(),
                    Err(error) => view! { <Trouble error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Webhooks(list: WebhookList, create: ServerAction<CreateWebhook>) -> impl IntoView {
    let lang = use_language();
    let group = list.group.as_ref().map(|(group, _)| *group);
    let deleted = use_query_map().with_untracked(|query| query.get_str("done") == Some("deleted"));
    let explained = match group {
        Some(_) => lang.webhooks_explained(),
        None => lang.webhooks_of_instance_explained(),
    };
    let crumbs = list.group.as_ref().map(|(group, path)| {
        view! {
            <nav aria-label=lang.groups()>
                <ol class="crumbs">
                    <li>
                        <a href=addresses::group(*group)>{format::path(path)}</a>
                    </li>
                </ol>
            </nav>
        }
    });
    let rows = if list.rows.is_empty() {
        view! { <p class="empty">{lang.no_webhooks()}</p> }.into_any()
    } else {
        let row = move |row: WebhookRow| view! { <Row row/> };
        view! {
            <table class="rows">
                <caption class="hidden">{lang.webhooks()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.name()}</th>
                        <th scope="col">{lang.webhook_url()}</th>
                        <th scope="col">{lang.webhook_topics()}</th>
                        <th scope="col">{lang.state()}</th>
                    </tr>
                </thead>
                <tbody>{list.rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {crumbs}
        <PageHead title=lang.webhooks()/>
        {group.map(|group| about_group(group, Shown::Webhooks))}
        <p class="quiet">
            {explained} " " {lang.webhook_signed()} " "
            <a href="/.well-known/jwks.json" rel="external">"/.well-known/jwks.json"</a> "."
        </p>
        <p class="saved" role="status">{deleted.then(|| lang.webhook_is_deleted())}</p>
        {rows}
        <section class="panel">
            <h2>{lang.new_webhook()}</h2>
            <ActionForm action=create attr:class="stack">
                {group.map(|group| view! { <input type="hidden" name="group" value=group.to_string()/> })}
                <Fields name=String::new() url=String::new() topics=Vec::new() of_group=group.is_some()/>
                <p class="actions">
                    <button class="btn primary">{lang.create_webhook()}</button>
                </p>
            </ActionForm>
        </section>
    }
}

#[component]
fn Row(row: WebhookRow) -> impl IntoView {
    let lang = use_language();
    view! {
        <tr>
            <th scope="row">
                <a href=addresses::webhook(row.id)>{row.name.clone()}</a>
            </th>
            <td data-label=lang.webhook_url()>
                <span class="mono wrap">{row.url.clone()}</span>
            </td>
            <td data-label=lang.webhook_topics()>{told(lang, &row.topics)}</td>
            <td data-label=lang.state()>
                <StateTag row/>
            </td>
        </tr>
    }
}

/// Whether it is on, in a word; and when it waits.
#[component]
pub fn StateTag(row: WebhookRow) -> impl IntoView {
    let lang = use_language();
    let (word, class) = match (row.active, row.stopped, row.next_attempt) {
        (true, _, None) => (lang.webhook_on().to_owned(), "tag mine"),
        (true, _, Some(at)) => (lang.webhook_waits_until(&format::time(at)), "tag warn"),
        (false, Some(_), _) => (lang.webhook_stopped_short().to_owned(), "tag warn"),
        (false, None, _) => (lang.webhook_off().to_owned(), "tag"),
    };
    view! { <span class=class>{word}</span> }
}

/// What a webhook is about, in words.
#[must_use]
pub fn told(lang: Language, topics: &[Topic]) -> String {
    if topics.is_empty() {
        return lang.everything().to_owned();
    }
    let topics: Vec<&str> = topics.iter().map(|topic| lang.topic(*topic)).collect();
    topics.join(", ")
}

/// Somebody's name, as far as the reader may know it.
#[must_use]
pub fn whose(lang: Language, person: &Named<UserId>) -> String {
    match person {
        Named::Known(_, name) | Named::Former(name) => name.clone(),
        Named::Hidden => lang.someone().to_owned(),
    }
}

/// What forms call a topic.
const fn value(topic: Topic) -> &'static str {
    match topic {
        Topic::Tickets => "Tickets",
        Topic::Licenses => "Licenses",
        Topic::Containers => "Containers",
        Topic::Groups => "Groups",
        Topic::Accounts => "Accounts",
        Topic::Instance => "Instance",
    }
}

/// What can be typed about a webhook.
#[component]
pub fn Fields(
    /// What it is called so far.
    name: String,
    /// Its address so far.
    url: String,
    /// What it is about so far.
    topics: Vec<Topic>,
    /// It is one of a group, in which nothing happens to the instance.
    of_group: bool,
) -> impl IntoView {
    let lang = use_language();
    let topic = move |topic: &Topic| {
        let checked = topics.contains(topic);
        view! {
            <label class="check">
                <input type="checkbox" name="topics[]" value=value(*topic) checked=checked/>
                {lang.topic(*topic)}
            </label>
        }
    };
    let offered = Topic::ALL
        .iter()
        .filter(move |topic| !of_group || **topic != Topic::Instance);
    view! {
        <label class="labelled">
            {lang.name()}
            <input
                class="input"
                name="name"
                value=name
                required
                maxlength=MAX_NAME.to_string()
                autocomplete="off"
                aria-describedby="webhook-name-help"
            />
        </label>
        <p id="webhook-name-help" class="quiet">{lang.webhook_name_help()}</p>
        <label class="labelled">
            {lang.webhook_url()}
            <input
                class="input"
                type="url"
                name="url"
                value=url
                required
                maxlength=MAX_URL.to_string()
                placeholder="https://"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="webhook-url-help"
            />
        </label>
        <p id="webhook-url-help" class="quiet">{lang.webhook_url_help()}</p>
        <fieldset class="stack">
            <legend>{lang.webhook_topics()}</legend>
            <div class="topics">{offered.map(topic).collect::<Vec<_>>()}</div>
            <p class="quiet">{lang.webhook_topics_help()}</p>
        </fieldset>
    }
}
