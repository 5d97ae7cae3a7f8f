//! A webhook: how it stands, its settings, its log.

use std::time::Duration;

use domain::{
    history::webhooks::DeliveryState,
    ids::{DeliveryId, WebhookId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::history::webhooks::{DeleteWebhook, SaveWebhook, SendAgain, SwitchWebhook, TestWebhook, webhook},
    errors::ApiError,
    i18n::format,
    ui::{
        history::webhooks::{Fields, StateTag, told, whose},
        kit::{
            forms::{AskedFirst, Problem, Saved, failure, only_the_last},
            language::use_language,
            location::id_of_address,
            time::Time,
        },
        shell::{errors::Trouble, live, page_head::PageHead},
    },
    views::{
        addresses,
        history::webhooks::{DeliveryRow, WebhookDetail, WebhookRow},
    },
};

/// How long until it is looked whether what waits was sent.
const AGAIN: Duration = Duration::from_millis(1500);
/// How often that is looked for by itself, after somebody asked for something.
const LOOKS: u32 = 10;

#[derive(Clone, Copy)]
struct Actions {
    save: ServerAction<SaveWebhook>,
    switch: ServerAction<SwitchWebhook>,
    delete: ServerAction<DeleteWebhook>,
    test: ServerAction<TestWebhook>,
    again: ServerAction<SendAgain>,
}

impl Actions {
    fn new() -> Self {
        let actions = Self {
            save: ServerAction::new(),
            switch: ServerAction::new(),
            delete: ServerAction::new(),
            test: ServerAction::new(),
            again: ServerAction::new(),
        };
        only_the_last([actions.save.into(), actions.switch.into(), actions.test.into()]);
        actions
    }
}

#[component]
pub fn WebhookPage() -> impl IntoView {
    let id = id_of_address::<WebhookId>();
    let query = use_query_map();
    let before = Memo::new(move |_| query.with(|query| query.get_str("before")?.parse::<DeliveryId>().ok()));
    let actions = Actions::new();
    let settings = live::kept(
        move || id.get(),
        move || [actions.save.version().get(), actions.switch.version().get()],
        |id| async move { webhook(id.ok_or(ApiError::HIDDEN)?, None).await },
    );
    let looks = RwSignal::new(LOOKS);
    let asked_for = move || {
        (
            actions.switch.version().get(),
            actions.test.version().get(),
            actions.again.version().get(),
        )
    };
    Effect::watch(asked_for, move |_, _, _| looks.set(LOOKS), false);
    let log = live::kept(
        move || (id.get(), before.get()),
        move || {
            let done = [
                actions.save.version().get(),
                actions.switch.version().get(),
                actions.test.version().get(),
                actions.again.version().get(),
            ];
            (looks.get(), done)
        },
        |(id, before)| async move { webhook(id.ok_or(ApiError::HIDDEN)?, before).await },
    );
    view! {
        <div class="page">
            <Problem error=failure(actions.save.value())/>
            <Problem error=failure(actions.switch.value())/>
            <Problem error=failure(actions.test.value())/>
            <Problem error=failure(actions.again.value())/>
            <Problem error=failure(actions.delete.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    match settings.await {
                        Ok(detail) => view! { <Head detail actions/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
            <Transition>
                {move || Suspend::new(async move {
                    // What went wrong is told above.
                    log.await.ok().map(|detail| view! { <Log detail before=before.get_untracked() looks actions/> })
                })}
            </Transition>
            <Transition>
                {move || Suspend::new(async move {
                    settings.await.ok().map(|detail| view! { <Settings detail actions/> })
                })}
            </Transition>
        </div>
    }
}

/// What it is, and whether it is on.
#[component]
fn Head(detail: WebhookDetail, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let row = detail.row;
    let id = row.id;
    let (list, above) = match row.group {
        Some(group) => (addresses::group_webhooks(group), format::path(&detail.path)),
        None => (addresses::WEBHOOKS.to_owned(), lang.administration().to_owned()),
    };
    let keeper = whose(lang, &row.kept_by);
    let stopped = row
        .stopped
        .map(|(why, at)| lang.webhook_stopped(why, &keeper, &format::date_time(lang, at)));
    let active = row.active;
    view! {
        <nav aria-label=lang.webhooks()>
            <ol class="crumbs">
                {row.group.map(|group| view! { <li><a href=addresses::group(group)>{above}</a></li> })}
                <li>
                    <a href=list>{lang.webhooks()}</a>
                </li>
            </ol>
        </nav>
        <PageHead title=row.name.clone()>
            <span class="actions end">
                <ActionForm action=actions.test>
                    <input type="hidden" name="webhook" value=id.to_string()/>
                    <button class="btn">{lang.send_test()}</button>
                </ActionForm>
                <ActionForm action=actions.switch>
                    <input type="hidden" name="webhook" value=id.to_string()/>
                    <input type="hidden" name="on" value=(!active).to_string()/>
                    <button class="btn" class:primary=!active>
                        {if active { lang.switch_off() } else { lang.switch_on() }}
                    </button>
                </ActionForm>
            </span>
        </PageHead>
        <p class="saved" role="status">
            {move || matches!(actions.test.value().get(), Some(Ok(()))).then(|| lang.test_asked_for())}
        </p>
        {stopped.map(|stopped| view! { <p class="problem">{stopped}</p> })}
        {(!active).then(|| view! { <p class="quiet">{lang.switch_on_help()}</p> })}
        <section class="panel">
            <dl class="facts">
                <dt>{lang.webhook_url()}</dt>
                <dd class="mono wrap">{row.url.clone()}</dd>
                <dt>{lang.webhook_topics()}</dt>
                <dd>{told(lang, &row.topics)}</dd>
                <dt>{lang.made_by()}</dt>
                <dd>
                    {whose(lang, &row.made_by)} " · "
                    <Time at=row.made_at/>
                </dd>
                <dt>{lang.answers_for_it()}</dt>
                <dd>{keeper}</dd>
            </dl>
        </section>
    }
}

/// Its log, and what waits.
#[component]
fn Log(
    detail: WebhookDetail,
    before: Option<DeliveryId>,
    looks: RwSignal<u32>,
    actions: Actions,
) -> impl IntoView {
    let lang = use_language();
    let WebhookDetail {
        row,
        deliveries,
        next,
        ..
    } = detail;
    let id = row.id;
    let waits = deliveries
        .iter()
        .any(|delivery| delivery.state == DeliveryState::Waiting);
    if waits && looks.get_untracked() > 0 {
        Effect::new(move |_| {
            set_timeout(
                move || {
                    looks.try_update(|looks| *looks = looks.saturating_sub(1));
                },
                AGAIN,
            );
        });
    }
    let list = if deliveries.is_empty() {
        view! { <p class="empty">{lang.no_deliveries()}</p> }.into_any()
    } else {
        let delivery = move |row: DeliveryRow| view! { <Delivery row actions/> };
        view! {
            <table class="rows">
                <caption class="hidden">{lang.delivery_log()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.when()}</th>
                        <th scope="col">{lang.what_happened()}</th>
                        <th scope="col">{lang.outcome()}</th>
                        <th scope="col">{lang.attempts()}</th>
                        <th scope="col">
                            <span class="hidden">{lang.send_again()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{deliveries.into_iter().map(delivery).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    let here = addresses::webhook(id);
    let newest = before.map(|_| view! { <a class="btn" href=here.clone()>{lang.newest()}</a> });
    let older =
        next.map(|next| view! { <a class="btn" href=format!("{here}?before={next}")>{lang.older()}</a> });
    view! {
        <section class="panel">
            <div class="list-head">
                <h2>{lang.delivery_log()}</h2>
                <a class="btn" href=here.clone() rel="external">{lang.refresh()}</a>
            </div>
            <p role="status"><State row/></p>
            <p class="quiet">{lang.delivery_log_help()}</p>
            {list}
            <nav class="actions" aria-label=lang.pages()>{newest} {older}</nav>
        </section>
    }
}

/// How it stands: what there is to wait for, or the tag.
#[component]
fn State(row: WebhookRow) -> impl IntoView {
    let lang = use_language();
    match row.next_attempt.filter(|_| row.active) {
        Some(at) => lang.webhook_waits(&format::date_time(lang, at)).into_any(),
        None => view! { <StateTag row/> }.into_any(),
    }
}

#[component]
fn Delivery(row: DeliveryRow, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let what = row.kind.map_or_else(|| lang.a_test(), |kind| lang.event(kind));
    let at = row.tried_at.unwrap_or(row.made_at);
    let label = lang.send_again_of(what, &format::date_time(lang, at));
    view! {
        <tr>
            <td data-label=lang.when()>
                <Time at=at/>
            </td>
            <td data-label=lang.what_happened()>{what}</td>
            <td data-label=lang.outcome()>
                <span class:refused=row.state == DeliveryState::Failed>{lang.delivery_outcome(&row)}</span>
            </td>
            <td data-label=lang.attempts() class="number">{row.attempts}</td>
            <td>
                <ActionForm action=actions.again>
                    <input type="hidden" name="delivery" value=row.id.to_string()/>
                    <button class="btn" aria-label=label>{lang.send_again()}</button>
                </ActionForm>
            </td>
        </tr>
    }
}

/// What can be changed, and its end.
#[component]
fn Settings(detail: WebhookDetail, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let id = detail.row.id;
    view! {
        <section class="panel">
            <h2>{lang.webhook_settings()}</h2>
            <ActionForm action=actions.save attr:class="stack">
                <input type="hidden" name="webhook" value=id.to_string()/>
                <Fields
                    name=detail.row.name
                    url=detail.address
                    topics=detail.row.topics
                    of_group=detail.row.group.is_some()
                />
                <p class="actions">
                    <button class="btn primary">{lang.save()}</button>
                </p>
            </ActionForm>
            <Saved value=actions.save.value()/>
        </section>
        <section class="panel danger">
            <h2>{lang.delete_webhook()}</h2>
            <AskedFirst label=lang.delete_webhook()>
                <p>{lang.delete_webhook_help()}</p>
                <ActionForm action=actions.delete>
                    <input type="hidden" name="webhook" value=id.to_string()/>
                    <button class="btn dangerous">{lang.delete_webhook()}</button>
                </ActionForm>
            </AskedFirst>
        </section>
    }
}
