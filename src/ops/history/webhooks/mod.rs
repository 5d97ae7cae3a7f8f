//! Webhooks: kept by the admins of a group, or of the instance; what they send stands in [`sending`].

pub mod body;
pub mod sending;

use std::collections::BTreeMap;

use domain::{
    access::{self, Actor, Authorized, Denied, WebhookKeeping},
    groups::Lineage,
    history::{
        Topic,
        changes::{Change, WebhookState},
        events::{EventKind, OPERATOR},
        webhooks::{InvalidWebhook, KEPT, MAX_WEBHOOKS, Receivers, Stopped, WebhookUrl},
    },
    ids::{DeliveryId, GroupId, UserId, WebhookId},
    names::clean_name,
    refusals::Refusal,
    time::later,
};
use jiff::SignedDuration;

use crate::{
    ops::{OpError, actor, readers::Names, transactions::in_transaction},
    store::{
        self, Store, Tx,
        history::{
            events::Entry,
            webhooks::{Untold, Webhook},
        },
        visibility::VisibilityScope,
    },
    views::history::{
        Named,
        webhooks::{DELIVERIES_PAGE, WebhookDetail, WebhookList, WebhookRow},
    },
};

/// How long it is waited until a mail is tried again.
const MAIL_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// What somebody typed into the form of a webhook.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What people call it.
    pub name: &'a str,
    /// Where it sends to.
    pub url: &'a str,
    /// What it is about; nothing for everything.
    pub topics: &'a [Topic],
}

/// The same, checked.
struct Checked {
    name: String,
    url: WebhookUrl,
    topics: Vec<Topic>,
}

impl Wanted<'_> {
    fn check(self, receivers: Receivers) -> Result<Checked, Refusal> {
        let all = Topic::ALL.iter().copied();
        Ok(Checked {
            name: clean_name(self.name)?,
            url: WebhookUrl::read(self.url, receivers)?,
            topics: all.filter(|topic| self.topics.contains(topic)).collect(),
        })
    }
}

async fn lineage_of(tx: &mut Tx, group: Option<GroupId>) -> Result<Option<Lineage>, OpError> {
    match group {
        Some(group) => {
            let found = store::groups::lineage(tx, group).await?;
            Ok(Some(found.ok_or(Denied::Hidden)?))
        }
        None => Ok(None),
    }
}

/// The webhook, with the proof that the actor may look after it. To whom may not, it is no other than one that does not exist:
/// that a group has one is not for its members.
async fn kept(
    tx: &mut Tx,
    actor: &Actor,
    id: WebhookId,
) -> Result<(Webhook, Option<Lineage>, Authorized<WebhookKeeping>), OpError> {
    let webhook = store::history::webhooks::by_id(tx, id).await?;
    // Asked for whether there is a webhook, and whether it is that of a group, or not (R12).
    let group = webhook.as_ref().and_then(|webhook| webhook.group);
    let lineage = store::groups::lineage(tx, group.unwrap_or(GroupId(store::NOTHING))).await?;
    let webhook = webhook.ok_or(Denied::Hidden)?;
    if group.is_some() && lineage.is_none() {
        Err(Denied::Hidden)?;
    }
    let proof = access::authorize_webhooks(actor, lineage.as_ref()).map_err(|_| Denied::Hidden)?;
    Ok((webhook, lineage, proof))
}

/// How the webhook is kept, as the history tells it.
fn state(webhook: &Webhook) -> WebhookState {
    WebhookState {
        name: webhook.name.clone(),
        origin: Some(webhook.url.origin().to_owned()),
        topics: webhook.topics.clone(),
        on: webhook.active,
    }
}

/// Writes into the history what became of a webhook that was kept in one way, and is in another.
async fn record(
    tx: &mut Tx,
    store: &Store,
    kind: EventKind,
    by: UserId,
    group: Option<GroupId>,
    change: (WebhookId, Option<WebhookState>, Option<WebhookState>),
) -> Result<(), OpError> {
    let (webhook, before, after) = change;
    let entry = Entry {
        group,
        change: Some(Change::Webhook {
            webhook,
            before,
            after,
        }),
        ..Entry::new(kind, by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// The same, of a webhook that was there.
async fn record_of(
    tx: &mut Tx,
    store: &Store,
    kind: EventKind,
    by: UserId,
    webhook: &Webhook,
    after: Option<WebhookState>,
) -> Result<(), OpError> {
    let change = (webhook.id, Some(state(webhook)), after);
    record(tx, store, kind, by, webhook.group, change).await
}

async fn rows(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    webhooks: Vec<Webhook>,
) -> Result<Vec<WebhookRow>, OpError> {
    let ids: Vec<UserId> = webhooks
        .iter()
        .flat_map(|webhook| [webhook.made_by, webhook.kept_by])
        .collect();
    let people: BTreeMap<_, _> = store::accounts::people::names_and_groups(tx, &ids)
        .await?
        .into_iter()
        .collect();
    let person = |id: UserId| match people.get(&id) {
        Some((name, groups)) if visibility.actor().sees_user(id, groups) => Named::Known(id, name.clone()),
        _ => Named::Hidden,
    };
    let mut rows = Vec::with_capacity(webhooks.len());
    for webhook in webhooks {
        let next_attempt = store::history::deliveries::next_attempt(tx, webhook.id).await?;
        rows.push(WebhookRow {
            id: webhook.id,
            group: webhook.group,
            url: webhook.url.shown().to_owned(),
            topics: webhook.topics,
            made_by: person(webhook.made_by),
            made_at: webhook.made_at,
            kept_by: person(webhook.kept_by),
            active: webhook.active,
            stopped: webhook.stopped,
            next_attempt: next_attempt.filter(|_| webhook.active),
            name: webhook.name,
        });
    }
    Ok(rows)
}

async fn path(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    group: Option<&Lineage>,
) -> Result<Vec<String>, OpError> {
    Ok(match group {
        Some(group) => Names::of(tx, visibility, [group]).await?.path(visibility, group),
        None => Vec::new(),
    })
}

/// The webhooks of a group, or (`None`) of the instance.
///
/// # Errors
/// The policy's.
pub async fn list(store: &Store, reader: UserId, group: Option<GroupId>) -> Result<WebhookList, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let lineage = lineage_of(&mut tx, group).await?;
    access::authorize_webhooks(&actor, lineage.as_ref())?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let path = path(&mut tx, &visibility, lineage.as_ref()).await?;
    let webhooks = store::history::webhooks::of_group(&mut tx, group).await?;
    Ok(WebhookList {
        group: group.map(|group| (group, path)),
        rows: rows(&mut tx, &visibility, webhooks).await?,
    })
}

/// A webhook, with a page of its log.
///
/// # Errors
/// The policy's.
pub async fn detail(
    store: &Store,
    reader: UserId,
    id: WebhookId,
    before: Option<DeliveryId>,
) -> Result<WebhookDetail, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let (webhook, lineage, _) = kept(&mut tx, &actor, id).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let limit = i64::try_from(DELIVERIES_PAGE).unwrap_or(i64::MAX);
    let mut deliveries = store::history::deliveries::log(&mut tx, id, before, limit + 1).await?;
    let more = deliveries.len() > DELIVERIES_PAGE;
    deliveries.truncate(DELIVERIES_PAGE);
    let address = webhook.url.as_str().to_owned();
    let row = rows(&mut tx, &visibility, vec![webhook]).await?.pop();
    Ok(WebhookDetail {
        row: row.ok_or(Denied::Hidden)?,
        address,
        path: path(&mut tx, &visibility, lineage.as_ref()).await?,
        next: deliveries.last().map(|last| last.id).filter(|_| more),
        deliveries,
    })
}

/// Makes a webhook, and yields its id. It tells what is sealed from now on.
///
/// # Errors
/// The policy's; [`Refusal::InvalidName`]; [`InvalidWebhook`].
pub async fn create(
    store: &Store,
    by: UserId,
    group: Option<GroupId>,
    wanted: Wanted<'_>,
    receivers: Receivers,
) -> Result<WebhookId, OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let lineage = lineage_of(&mut tx, group).await?;
        let proof = access::authorize_webhooks(&actor, lineage.as_ref())?;
        let Checked { name, url, topics } = wanted.check(receivers)?;
        if store::history::webhooks::of_group(&mut tx, group).await?.len() >= MAX_WEBHOOKS {
            Err(Refusal::from(InvalidWebhook::TooMany))?;
        }
        let id = WebhookId(store.sources.fresh_id());
        let now = store.sources.now();
        store::history::webhooks::insert(&mut tx, &proof, id, &name, &url, &topics, now).await?;
        let made = WebhookState {
            name,
            origin: Some(url.origin().to_owned()),
            topics,
            on: true,
        };
        record(
            &mut tx,
            store,
            EventKind::WebhookCreated,
            by,
            group,
            (id, None, Some(made)),
        )
        .await?;
        Ok(id)
    })
}

/// Changes a webhook. Who does answers for it from now on.
///
/// # Errors
/// The policy's; [`Refusal::InvalidName`]; [`InvalidWebhook`].
pub async fn save(
    store: &Store,
    by: UserId,
    id: WebhookId,
    wanted: Wanted<'_>,
    receivers: Receivers,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let (webhook, _, proof) = kept(&mut tx, &actor, id).await?;
        let Checked { name, url, topics } = wanted.check(receivers)?;
        store::history::webhooks::update(&mut tx, &proof, id, &name, &url, &topics).await?;
        if url != webhook.url {
            store::history::deliveries::begin_anew(&mut tx, &proof, id, store.sources.now()).await?;
        }
        let after = WebhookState {
            name,
            origin: Some(url.origin().to_owned()),
            topics,
            on: webhook.active,
        };
        record_of(
            &mut tx,
            store,
            EventKind::WebhookChanged,
            by,
            &webhook,
            Some(after),
        )
        .await
    })
}

/// Switches a webhook on or off; again, it changes nothing. It goes on where it stopped, and who switches it on answers for it.
///
/// # Errors
/// The policy's.
pub async fn switch(store: &Store, by: UserId, id: WebhookId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let (webhook, _, proof) = kept(&mut tx, &actor, id).await?;
        if webhook.active == on {
            return Ok(());
        }
        store::history::webhooks::switch(&mut tx, &proof, id, on).await?;
        if on {
            store::history::deliveries::begin_anew(&mut tx, &proof, id, store.sources.now()).await?;
        }
        let after = WebhookState {
            on,
            ..state(&webhook)
        };
        record_of(
            &mut tx,
            store,
            EventKind::WebhookChanged,
            by,
            &webhook,
            Some(after),
        )
        .await
    })
}

/// Deletes a webhook, with its log, and says of which group it was.
///
/// # Errors
/// The policy's.
pub async fn delete(store: &Store, by: UserId, id: WebhookId) -> Result<Option<GroupId>, OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let (webhook, _, proof) = kept(&mut tx, &actor, id).await?;
        store::history::webhooks::delete(&mut tx, &proof, id).await?;
        record_of(&mut tx, store, EventKind::WebhookDeleted, by, &webhook, None).await?;
        Ok(webhook.group)
    })
}

/// The webhooks of a group end with it.
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn end_with(tx: &mut Tx, store: &Store, by: UserId, group: GroupId) -> Result<(), OpError> {
    for webhook in store::history::webhooks::dissolve(tx, group).await? {
        record_of(tx, store, EventKind::WebhookDeleted, by, &webhook, None).await?;
    }
    Ok(())
}

/// Has a test sent, also by a webhook that is switched off.
///
/// # Errors
/// The policy's.
pub async fn test(store: &Store, by: UserId, id: WebhookId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let (_, _, proof) = kept(&mut tx, &actor, id).await?;
        let delivery = DeliveryId(store.sources.fresh_id());
        Ok(
            store::history::deliveries::ask_for_test(&mut tx, &proof, delivery, id, store.sources.now())
                .await?,
        )
    })
}

/// Has a delivery sent once more, under the same id.
///
/// # Errors
/// The policy's.
pub async fn send_again(store: &Store, by: UserId, id: DeliveryId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let delivery = store::history::deliveries::by_id(&mut tx, id).await?;
        let of = delivery
            .as_ref()
            .map_or(WebhookId(store::NOTHING), |delivery| delivery.webhook);
        let (_, _, proof) = kept(&mut tx, &actor, of).await?;
        delivery.ok_or(Denied::Hidden)?;
        Ok(store::history::deliveries::ask_again(&mut tx, &proof, id, store.sources.now()).await?)
    })
}

/// Takes a webhook that switched itself off, to mail it to who answers for it.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take_untold(store: &Store) -> Result<Option<Untold>, OpError> {
    loop {
        // Only looking, most of the time: who waits for changes would be woken by the end of a transaction that writes.
        let mut tx = store.begin_read().await?;
        if !store::history::webhooks::any_untold(&mut tx, store.sources.now()).await? {
            return Ok(None);
        }
        drop(tx);
        let taken: Option<(WebhookId, Option<Untold>)> = in_transaction!(store, |tx| {
            let now = store.sources.now();
            Ok(store::history::webhooks::take_untold(&mut tx, now, later(now, MAIL_AGAIN)).await?)
        })?;
        match taken {
            None => return Ok(None),
            Some((_, Some(untold))) => return Ok(Some(untold)),
            Some((webhook, None)) => told(store, webhook).await?,
        }
    }
}

/// The keeper was mailed, or cannot be.
///
/// # Errors
/// [`OpError::Store`].
pub async fn told(store: &Store, webhook: WebhookId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        Ok(store::history::webhooks::mail_at(&mut tx, webhook, None).await?)
    })
}

/// Forgets what is too old, or too much, for the log.
///
/// # Errors
/// [`OpError::Store`].
pub async fn tidy(store: &Store) -> Result<(), OpError> {
    let before = store.sources.now() - KEPT;
    let mut tx = store.begin_read().await?;
    let overfull = store::history::deliveries::overfull(&mut tx, before).await?;
    drop(tx);
    for webhook in overfull {
        in_transaction!(store, |tx| {
            Ok(store::history::deliveries::tidy(&mut tx, webhook, before).await?)
        })?;
    }
    Ok(())
}

/// The portal switches a webhook off by itself.
async fn stop(tx: &mut Tx, store: &Store, webhook: &Webhook, why: Stopped) -> Result<(), OpError> {
    store::history::webhooks::stop(tx, webhook.id, why, store.sources.now()).await?;
    let after = WebhookState {
        on: false,
        ..state(webhook)
    };
    record_of(
        tx,
        store,
        EventKind::WebhookStopped,
        OPERATOR,
        webhook,
        Some(after),
    )
    .await
}
