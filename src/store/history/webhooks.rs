//! Webhooks as people keep them; what they send stands in [`deliveries`](crate::store::history::deliveries).

use domain::{
    access::{Actor, Authorized, WebhookKeeping},
    groups::Lineage,
    history::{
        Topic,
        changes::WebhookState,
        webhooks::{Stopped, WebhookUrl},
    },
    ids::{EventId, GroupId, UserId, WebhookId},
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    accounts::people,
    encryption::WEBHOOKS,
    groups,
    instance::encryption_keys::{decrypt, encrypt},
    row::{parsed, rows},
    sql::{Sql, millis},
};

/// A webhook as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    /// In whose branch; none for the instance.
    pub group: Option<GroupId>,
    /// What people call it.
    pub name: String,
    /// Where it sends to.
    pub url: WebhookUrl,
    /// What it is about; nothing for everything.
    pub topics: Vec<Topic>,
    /// Who made it.
    pub made_by: UserId,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who answers for it.
    pub kept_by: UserId,
    /// Whether it is switched on.
    pub active: bool,
    /// Why, and when, it switched itself off.
    pub stopped: Option<(Stopped, Timestamp)>,
}

const COLUMNS: &str = "SELECT id, group_id, name, url, topics, made_by, made_at, kept_by, active, stopped, stopped_at FROM webhooks";

rows! {
    /// A row of [`COLUMNS`].
    struct WebhookRow {
        id: WebhookId,
        group_id: Option<GroupId>,
        name: String,
        url: String,
        topics: String,
        made_by: UserId,
        made_at: Timestamp,
        kept_by: UserId,
        active: bool,
        stopped: Option<String>,
        stopped_at: Option<Timestamp>,
    }

    struct UntoldRow {
        id: WebhookId,
        name: String,
        stopped: Option<String>,
        email: Option<String>,
        language: Option<String>,
    }
}

impl WebhookRow {
    fn topics(&self) -> Result<Vec<Topic>, StoreError> {
        let topics = self.topics.split_whitespace();
        topics.map(|topic| parsed(topic, "webhooks.topics")).collect()
    }
}

impl Webhook {
    /// With its address decrypted.
    fn of(tx: &Tx, row: WebhookRow) -> Result<Self, StoreError> {
        let url = decrypt(tx, &WEBHOOKS, row.id.0, &row.url)?;
        let topics = row.topics()?;
        let stopped = row.stopped.map(|why| parsed(&why, "webhooks.stopped"));
        Ok(Self {
            id: row.id,
            group: row.group_id,
            name: row.name,
            url: WebhookUrl::stored(url.expose().to_owned()),
            topics,
            made_by: row.made_by,
            made_at: row.made_at,
            kept_by: row.kept_by,
            active: row.active,
            stopped: stopped.transpose()?.zip(row.stopped_at),
        })
    }
}

/// The webhook; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" WHERE id = ").int(id.0);
    let row: Option<WebhookRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row.map(|row| Webhook::of(tx, row)).transpose()
}

/// The webhooks of a group, or (`None`) of the instance; the oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_group(tx: &mut Tx, group: Option<GroupId>) -> Result<Vec<Webhook>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS);
    match group {
        Some(group) => sql.push(" WHERE group_id = ").int(group.0),
        None => sql.push(" WHERE group_id IS NULL"),
    };
    sql.push(" ORDER BY id");
    let rows: Vec<WebhookRow> = sql.rows().fetch_all(tx.conn()).await?;
    rows.into_iter().map(|row| Webhook::of(tx, row)).collect()
}

/// Who answers for a webhook, if they have an account that is switched on.
///
/// # Errors
/// [`StoreError`].
pub async fn keeper(tx: &mut Tx, user: UserId) -> Result<Option<Actor>, StoreError> {
    let active: Option<i64> = sqlx::query_scalar("SELECT active FROM users WHERE id = $1")
        .bind(user.0)
        .fetch_optional(tx.conn())
        .await?;
    match active {
        Some(1) => people::actor(tx, user).await,
        _ => Ok(None),
    }
}

fn texts(topics: &[Topic]) -> String {
    let texts: Vec<String> = topics.iter().map(Topic::to_string).collect();
    texts.join(" ")
}

/// Makes a webhook, which begins at the end that the history has now.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    proof: &Authorized<WebhookKeeping>,
    id: WebhookId,
    name: &str,
    url: &WebhookUrl,
    topics: &[Topic],
    now: Timestamp,
) -> Result<(), StoreError> {
    let url = encrypt(tx, &WEBHOOKS, id.0, &url.as_str().to_owned().into()).await?;
    sqlx::query(
        "INSERT INTO webhooks (id, group_id, name, url, topics, made_by, made_at, kept_by, active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6, 1)",
    )
    .bind(id.0)
    .bind(proof.group.map(|group| group.0))
    .bind(name)
    .bind(url)
    .bind(texts(topics))
    .bind(proof.by.0)
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO webhook_senders (webhook_id, position, holder, held_until)
         SELECT $1, COALESCE(MAX(position), 0), 0, 0 FROM events",
    )
    .bind(id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes a webhook, and who answers for it.
///
/// # Errors
/// [`StoreError`].
pub async fn update(
    tx: &mut Tx,
    proof: &Authorized<WebhookKeeping>,
    id: WebhookId,
    name: &str,
    url: &WebhookUrl,
    topics: &[Topic],
) -> Result<(), StoreError> {
    let url = encrypt(tx, &WEBHOOKS, id.0, &url.as_str().to_owned().into()).await?;
    sqlx::query("UPDATE webhooks SET name = $2, url = $3, topics = $4, kept_by = $5 WHERE id = $1")
        .bind(id.0)
        .bind(name)
        .bind(url)
        .bind(texts(topics))
        .bind(proof.by.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Switches a webhook on or off.
///
/// # Errors
/// [`StoreError`].
pub async fn switch(
    tx: &mut Tx,
    proof: &Authorized<WebhookKeeping>,
    id: WebhookId,
    on: bool,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhooks SET active = $2, kept_by = $3, stopped = NULL, stopped_at = NULL, mail_at = NULL WHERE id = $1",
    )
    .bind(id.0)
    .bind(i64::from(on))
    .bind(proof.by.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The portal switches a webhook off by itself.
///
/// # Errors
/// [`StoreError`].
pub async fn stop(tx: &mut Tx, id: WebhookId, why: Stopped, now: Timestamp) -> Result<(), StoreError> {
    // Who no longer administers the group is not told of it any more.
    let mail_at = (why != Stopped::Keeper).then_some(now);
    sqlx::query("UPDATE webhooks SET active = 0, stopped = $2, stopped_at = $3, mail_at = $4 WHERE id = $1")
        .bind(id.0)
        .bind(why.to_string())
        .bind(millis(now))
        .bind(mail_at.map(millis))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Deletes a webhook, with its log.
///
/// # Errors
/// [`StoreError`].
pub async fn delete(
    tx: &mut Tx,
    _proof: &Authorized<WebhookKeeping>,
    id: WebhookId,
) -> Result<(), StoreError> {
    forget(tx, id).await
}

/// Deletes the webhooks of a group that is dissolved, and says which they were.
///
/// # Errors
/// [`StoreError`].
pub async fn dissolve(tx: &mut Tx, group: GroupId) -> Result<Vec<Webhook>, StoreError> {
    let webhooks = of_group(tx, Some(group)).await?;
    for webhook in &webhooks {
        forget(tx, webhook.id).await?;
    }
    Ok(webhooks)
}

/// Deletes the webhook whose row that is: the key of its address is lost. Returns in whose branch it was, and how it was kept.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn give_up(
    tx: &mut Tx,
    row: &str,
) -> Result<(WebhookId, Option<GroupId>, WebhookState), StoreError> {
    let id = WebhookId(parsed(row, "webhooks.id")?);
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" WHERE id = ").int(id.0);
    let row: WebhookRow = sql.rows().fetch_one(tx.conn()).await?;
    forget(tx, id).await?;
    let state = WebhookState {
        topics: row.topics()?,
        name: row.name,
        origin: None,
        on: row.active,
    };
    Ok((id, row.group_id, state))
}

async fn forget(tx: &mut Tx, id: WebhookId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM webhook_deliveries WHERE webhook_id = $1",
        "DELETE FROM webhook_senders WHERE webhook_id = $1",
        "DELETE FROM webhooks WHERE id = $1",
    ] {
        sqlx::query(statement).bind(id.0).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Whom to mail that their webhook switched itself off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Which webhook.
    pub webhook: WebhookId,
    /// What people call it.
    pub name: String,
    /// Why it did.
    pub why: Stopped,
    /// The address of who answers for it.
    pub email: String,
    /// The language of that person's mails.
    pub language: Option<String>,
}

/// Whether there is something for [`take_untold`].
///
/// # Errors
/// [`StoreError`].
pub async fn any_untold(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT id FROM webhooks WHERE mail_at <= $1 LIMIT 1")
        .bind(millis(now))
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Takes a webhook that switched itself off, to mail it to who answers for it; others leave it alone until `again`. `None` inside
/// for somebody who cannot be mailed.
///
/// # Errors
/// [`StoreError`].
pub async fn take_untold(
    tx: &mut Tx,
    now: Timestamp,
    again: Timestamp,
) -> Result<Option<(WebhookId, Option<Untold>)>, StoreError> {
    let row: Option<UntoldRow> = sqlx::query_as(
        "SELECT w.id, w.name, w.stopped, u.email, u.language FROM webhooks w
         LEFT JOIN users u ON u.id = w.kept_by AND u.active = 1 WHERE w.mail_at <= $1 ORDER BY w.mail_at, w.id LIMIT 1",
    )
    .bind(millis(now))
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let webhook = row.id;
    mail_at(tx, webhook, Some(again)).await?;
    let (Some(why), Some(email)) = (row.stopped, row.email) else {
        return Ok(Some((webhook, None)));
    };
    let untold = Untold {
        webhook,
        name: row.name,
        why: parsed(&why, "webhooks.stopped")?,
        email,
        language: row.language,
    };
    Ok(Some((webhook, Some(untold))))
}

/// When the keeper of a webhook is to be mailed; `None` when that is done.
///
/// # Errors
/// [`StoreError`].
pub async fn mail_at(tx: &mut Tx, id: WebhookId, at: Option<Timestamp>) -> Result<(), StoreError> {
    sqlx::query("UPDATE webhooks SET mail_at = $2 WHERE id = $1")
        .bind(id.0)
        .bind(at.map(millis))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The groups in which an event happened, where they stand now.
///
/// # Errors
/// [`StoreError`].
pub async fn groups_of(tx: &mut Tx, event: EventId) -> Result<Vec<Lineage>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT group_id FROM event_groups WHERE event_id = $1")
        .bind(event.0)
        .fetch_all(tx.conn())
        .await?;
    let ids: Vec<GroupId> = ids.into_iter().map(GroupId).collect();
    groups::lineages(tx, &ids).await
}
