//! What webhooks send: which event comes next, as whom it is read, and what becomes of it.
//!
//! One server at a time sends for a webhook: the one that holds it. What it sends stands in the log before it is sent, and
//! moves the webhook on in the same transaction; so nothing is left out, whatever ends in between, and what was sent but not
//! noted is sent again under the same id. Events follow the order of their chain, which is final.

use std::collections::BTreeMap;

use domain::{
    access::{self, EventFacts},
    groups::Lineage,
    history::{
        events::EventKind,
        webhooks::{DeliveryState, PATIENCE, Stopped, pause_after},
    },
    ids::{DeliveryId, WebhookId},
    time::{DAY, later, whole_millisecond},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ops::{
        OpError,
        history::{
            self,
            webhooks::{body, lineage_of, stop},
        },
        instance::signing_keys,
        transactions::in_transaction,
    },
    store::{
        self, Store, StoreError, Tx,
        history::{
            deliveries::{Attempted, Delivery, Hold},
            events::Event,
            webhooks::Webhook,
        },
        visibility::VisibilityScope,
    },
    views::history::webhooks::Outcome,
};

/// How long a server holds a webhook without a word: longer than it waits for a receiver.
const HOLD: SignedDuration = SignedDuration::from_secs(30);
/// Events that are looked through at once.
const WINDOW: i64 = 5_000;
/// With so many events behind it that are none of its, a webhook moves on in the database.
const LAG: i64 = 500;
/// Longest time that a receiver may ask for with `Retry-After`.
const MAX_RETRY_AFTER: SignedDuration = DAY;

/// Up to which positions of the history this server found nothing for a webhook: these it does not look through again.
pub type Looked = BTreeMap<WebhookId, i64>;

/// The webhooks that have something to send, and that no server holds.
///
/// # Errors
/// [`OpError::Store`].
pub async fn look(store: &Store, looked: &mut Looked) -> Result<Vec<WebhookId>, OpError> {
    let mut tx = store.begin_read().await?;
    let candidates = store::history::deliveries::candidates(&mut tx, store.sources.now()).await?;
    let end = store::history::deliveries::end(&mut tx).await?;
    let mut ready = Vec::new();
    for candidate in &candidates {
        let id = candidate.webhook;
        let from = looked
            .get(&id)
            .copied()
            .unwrap_or_default()
            .max(candidate.position);
        if candidate.due {
            ready.push(id);
        } else if candidate.goes_on && from < end {
            let until = end.min(from + WINDOW);
            if next_event(&mut tx, id, from, until).await?.is_some() || until - candidate.position > LAG {
                ready.push(id);
            } else {
                looked.insert(id, until);
            }
        }
    }
    Ok(ready)
}

/// The first event for the webhook between two positions.
async fn next_event(
    tx: &mut Tx,
    id: WebhookId,
    after: i64,
    until: i64,
) -> Result<Option<(i64, Event)>, OpError> {
    let Some(webhook) = store::history::webhooks::by_id(tx, id).await? else {
        return Ok(None);
    };
    let lineage = lineage_of(tx, webhook.group).await?;
    let kinds = EventKind::ALL.iter().copied();
    let kinds: Vec<EventKind> = match &*webhook.topics {
        [] => Vec::new(),
        topics => kinds.filter(|kind| topics.contains(&kind.topic())).collect(),
    };
    Ok(store::history::deliveries::next_event(tx, lineage.as_ref(), &kinds, after, until).await?)
}

/// Takes the right to send for a webhook; `None` when another server was faster.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take(store: &Store, webhook: WebhookId) -> Result<Option<Hold>, OpError> {
    in_transaction!(store, |tx| {
        let hold = Hold {
            webhook,
            holder: store.sources.fresh_id(),
        };
        let now = store.sources.now();
        let taken = store::history::deliveries::hold(&mut tx, hold, now, later(now, HOLD)).await?;
        Ok(taken.then_some(hold))
    })
}

/// Gives it back.
///
/// # Errors
/// [`OpError::Store`].
pub async fn release(store: &Store, hold: Hold) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        Ok(store::history::deliveries::release(&mut tx, hold).await?)
    })
}

/// What is to be sent next. An event is taken up when it is its turn; none of those up to where was looked already, which would
/// become the webhook's only because the tree has changed since.
///
/// # Errors
/// [`OpError::Store`].
pub async fn next(store: &Store, hold: Hold, looked: i64) -> Result<Option<Delivery>, OpError> {
    let id = hold.webhook;
    let mut tx = store.begin_read().await?;
    let Some(webhook) = store::history::webhooks::by_id(&mut tx, id).await? else {
        return Ok(None);
    };
    let due = store::history::deliveries::due(&mut tx, id, webhook.active, store.sources.now()).await?;
    if due.is_some() || !webhook.active || store::history::deliveries::is_in_line(&mut tx, id).await? {
        return Ok(due);
    }
    let (end, begin) = store::history::deliveries::positions(&mut tx, id).await?;
    let (mut position, mut found) = (begin.max(looked.min(end)), None);
    while position < end && found.is_none() {
        let until = end.min(position + WINDOW);
        found = next_event(&mut tx, id, position, until).await?;
        position = found.as_ref().map_or(until, |(position, _)| *position);
    }
    drop(tx);
    if found.is_none() && position - begin <= LAG {
        return Ok(None);
    }
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        if !store::history::deliveries::keep(&mut tx, hold, later(now, HOLD)).await? {
            return Ok(None);
        }
        store::history::deliveries::advance(&mut tx, id, position).await?;
        let Some((_, event)) = &found else { return Ok(None) };
        let delivery = DeliveryId(store.sources.fresh_id());
        store::history::deliveries::take_up(&mut tx, delivery, id, event, now).await?;
        Ok(store::history::deliveries::by_id(&mut tx, delivery).await?)
    })
}

/// A request to a receiver, by the specification of Standard Webhooks.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The address, with what may be a secret in it.
    pub url: String,
    /// `webhook-id`: the same at each attempt.
    pub id: String,
    /// `webhook-timestamp`: when it is sent, in seconds since 1970.
    pub timestamp: String,
    /// `webhook-signature`: over these two and the body.
    pub signature: String,
    /// Which of the portal's keys it is signed with.
    pub key_id: String,
    /// The body.
    pub body: String,
}

/// What is to be done about a delivery.
#[derive(Clone, PartialEq, Eq)]
pub enum Composed {
    /// It is sent.
    Message(Box<Message>),
    /// The event is no longer one that the webhook tells.
    Withheld,
    /// Who answers for the webhook may not look after it any more.
    KeeperLost,
}

/// Whether the webhook may tell what happened, and in which words: as the tree and everybody's rights are now. `None` when
/// there is no such webhook any more.
///
/// # Errors
/// [`OpError::Store`].
pub async fn compose(store: &Store, delivery: &Delivery, url: &str) -> Result<Option<Composed>, OpError> {
    // There is a key to sign with afterwards.
    signing_keys::jwks(store).await?;
    let mut tx = store.begin_read().await?;
    let Some(webhook) = store::history::webhooks::by_id(&mut tx, delivery.webhook).await? else {
        return Ok(None);
    };
    let Some(visibility) = visibility(&mut tx, &webhook).await? else {
        return Ok(Some(Composed::KeeperLost));
    };
    let now = store.sources.now();
    let body = match delivery.event {
        None => body::of_test(webhook.id, &webhook.name, now, url),
        Some(event) => {
            let event = store::history::deliveries::event_by_id(&mut tx, event).await?;
            let event = event.ok_or(StoreError::Inconsistent("webhook_deliveries.event_id"))?;
            if !is_told(&mut tx, &visibility, &event).await? {
                return Ok(Some(Composed::Withheld));
            }
            let told = history::told(&mut tx, &visibility, std::slice::from_ref(&event)).await?;
            let told = told.first().ok_or(StoreError::Inconsistent("events"))?;
            body::of_event(&event, told, url)
        }
    };
    let body = body.map_err(|_| StoreError::Inconsistent("events"))?;
    let id = format!("msg_{}", delivery.id);
    let timestamp = now.as_second().to_string();
    let signer = signing_keys::signer(&mut tx, &store.sources).await?;
    Ok(Some(Composed::Message(Box::new(Message {
        url: webhook.url.as_str().to_owned(),
        signature: format!("v1a,{}", signer.sign_text(&format!("{id}.{timestamp}.{body}"))),
        key_id: signer.id().to_owned(),
        id,
        timestamp,
        body,
    }))))
}

/// What the webhook reads, as long as who answers for it may look after it.
async fn visibility(tx: &mut Tx, webhook: &Webhook) -> Result<Option<VisibilityScope>, OpError> {
    let lineage = lineage_of(tx, webhook.group).await?;
    let keeper = store::history::webhooks::keeper(tx, webhook.kept_by).await?;
    let reader = keeper.and_then(|keeper| access::webhook_reader(&keeper, lineage.as_ref()).ok());
    Ok(reader.map(|reader| VisibilityScope::over(reader, lineage.into_iter().collect())))
}

async fn is_told(tx: &mut Tx, visibility: &VisibilityScope, event: &Event) -> Result<bool, OpError> {
    let groups: Vec<Lineage> = store::history::webhooks::groups_of(tx, event.id).await?;
    Ok(visibility.actor().sees_event(&EventFacts {
        actor: event.entry.actor,
        people: Vec::new(),
        groups,
    }))
}

/// How the turn of a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was sent. The receiver may have asked for so much patience.
    Sent(Outcome, Option<SignedDuration>),
    /// [`Composed::Withheld`].
    Withheld,
    /// [`Composed::KeeperLost`].
    KeeperLost,
}

/// Writes what became of a delivery. Whether the webhook is still held: another server may send for it by now, and
/// whatever it notes counts.
///
/// # Errors
/// [`OpError::Store`].
pub async fn settle(store: &Store, hold: Hold, delivery: &Delivery, ending: Ending) -> Result<bool, OpError> {
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        if !store::history::deliveries::keep(&mut tx, hold, later(now, HOLD)).await? {
            return Ok(false);
        }
        let Some(webhook) = store::history::webhooks::by_id(&mut tx, hold.webhook).await? else {
            return Ok(false);
        };
        if ending == Ending::KeeperLost && visibility(&mut tx, &webhook).await?.is_some() {
            // Somebody else answers for it by now.
            return Ok(true);
        }
        let (attempted, why) = judge(store, delivery, ending, now);
        if let Some(attempted) = attempted {
            store::history::deliveries::attempted(&mut tx, delivery.id, attempted, now).await?;
        }
        if let Some(why) = why.filter(|_| webhook.active) {
            stop(&mut tx, store, &webhook, why).await?;
        }
        Ok(true)
    })
}

/// What an ending means for the delivery, and for its webhook.
fn judge(
    store: &Store,
    delivery: &Delivery,
    ending: Ending,
    now: Timestamp,
) -> (Option<Attempted>, Option<Stopped>) {
    let over = |state, outcome| {
        Some(Attempted {
            state,
            in_line: false,
            outcome,
            due_at: now,
        })
    };
    match ending {
        Ending::Withheld => (over(DeliveryState::Withheld, None), None),
        // Whoever switches the webhook on again answers for what it tells then.
        Ending::KeeperLost if delivery.in_line => (None, Some(Stopped::Keeper)),
        Ending::KeeperLost => (over(DeliveryState::Withheld, None), Some(Stopped::Keeper)),
        Ending::Sent(outcome, _) if outcome.is_taken() => {
            (over(DeliveryState::Delivered, Some(outcome)), None)
        }
        Ending::Sent(outcome, retry_after) => {
            let gone = outcome == Outcome::Status(410);
            let since = delivery.first_tried_at.unwrap_or(now);
            let why = if gone {
                Some(Stopped::Gone)
            } else if delivery.in_line && now.duration_since(since) >= PATIENCE {
                Some(Stopped::Failing)
            } else {
                None
            };
            if !delivery.in_line {
                return (over(DeliveryState::Failed, Some(outcome)), why);
            }
            let pause = pause_after(delivery.attempts + 1);
            // Receivers that were away for many webhooks do not get all of them back at the same moment.
            let chance = i32::from(u16::from_le_bytes(store.sources.random()));
            let pause = pause + pause * chance / (5 * i32::from(u16::MAX));
            let asked = retry_after.unwrap_or_default().min(MAX_RETRY_AFTER);
            let attempted = Attempted {
                state: DeliveryState::Waiting,
                in_line: true,
                outcome: Some(outcome),
                due_at: whole_millisecond(later(now, pause.max(asked))),
            };
            (Some(attempted), why)
        }
    }
}
