//! What webhooks send: how far each has come, who sends for it, and the log.

use domain::{
    access::{Authorized, WebhookKeeping},
    groups::Lineage,
    history::{
        events::EventKind,
        webhooks::{DeliveryState, MAX_KEPT},
    },
    ids::{DeliveryId, EventId, WebhookId},
};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::{
    store::{
        StoreError, Tx, groups,
        history::{
            self,
            events::{COLUMNS, Event, EventRow},
        },
        row::{self, moment, number, parsed, rows},
        sql::{Sql, millis},
    },
    views::history::webhooks::{DeliveryRow, Outcome},
};

/// What [`Delivery`] says of a test in the column of the kind.
const PING: &str = "ping";

/// A delivery that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    pub webhook: WebhookId,
    /// Of which event; none for a test.
    pub event: Option<EventId>,
    /// Whether later events wait for it.
    pub in_line: bool,
    /// How often it was sent before.
    pub attempts: u32,
    /// When the first of the attempts was made that count for giving up.
    pub first_tried_at: Option<Timestamp>,
}

/// The right of one server to send for a webhook, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// For which.
    pub webhook: WebhookId,
    /// What nobody else knows.
    pub holder: i64,
}

/// A webhook that may have something to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub webhook: WebhookId,
    /// The last position of the history that it has dealt with.
    pub position: i64,
    /// Whether a delivery waits, and it is time for it.
    pub due: bool,
    /// Whether it takes up the next event.
    pub goes_on: bool,
}

/// The webhooks that nobody sends for, and that have or may have something to send.
///
/// # Errors
/// [`StoreError`].
pub async fn candidates(tx: &mut Tx, now: Timestamp) -> Result<Vec<Candidate>, StoreError> {
    let rows: Vec<CandidateRow> = sqlx::query_as(
        "SELECT w.id, s.position, w.active,
             (SELECT MIN(d.due_at) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.in_line = 0)
                 AS asked_due_at,
             (SELECT MIN(d.due_at) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.in_line = 1)
                 AS in_line_due_at
         FROM webhooks w JOIN webhook_senders s ON s.webhook_id = w.id WHERE s.held_until <= $1 ORDER BY w.id",
    )
    .bind(millis(now))
    .fetch_all(tx.conn())
    .await?;
    let is_due = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
    let candidate = |row: CandidateRow| Candidate {
        webhook: row.id,
        position: row.position,
        due: is_due(row.asked_due_at) || row.active && is_due(row.in_line_due_at),
        goes_on: row.active && row.in_line_due_at.is_none(),
    };
    Ok(rows.into_iter().map(candidate).collect())
}

/// Takes the right to send for a webhook, unless another server has it.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(tx: &mut Tx, hold: Hold, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE webhook_senders SET holder = $2, held_until = $4 WHERE webhook_id = $1 AND held_until <= $3",
    )
    .bind(hold.webhook.0)
    .bind(hold.holder)
    .bind(millis(now))
    .bind(millis(until))
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the right until then. Whether it was still there.
///
/// # Errors
/// [`StoreError`].
pub async fn keep(tx: &mut Tx, hold: Hold, until: Timestamp) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE webhook_senders SET held_until = $3 WHERE webhook_id = $1 AND holder = $2")
            .bind(hold.webhook.0)
            .bind(hold.holder)
            .bind(millis(until))
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the right back.
///
/// # Errors
/// [`StoreError`].
pub async fn release(tx: &mut Tx, hold: Hold) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhook_senders SET holder = 0, held_until = 0 WHERE webhook_id = $1 AND holder = $2",
    )
    .bind(hold.webhook.0)
    .bind(hold.holder)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes how far a webhook has come.
///
/// # Errors
/// [`StoreError`].
pub async fn advance(tx: &mut Tx, webhook: WebhookId, position: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE webhook_senders SET position = $2 WHERE webhook_id = $1 AND position < $2")
        .bind(webhook.0)
        .bind(position)
        .execute(tx.conn())
        .await?;
    Ok(())
}

const DELIVERY: &str =
    "SELECT id, webhook_id, event_id, in_line, attempts, first_tried_at FROM webhook_deliveries";

rows! {
    struct CandidateRow {
        id: WebhookId,
        position: i64,
        active: bool,
        asked_due_at: Option<Timestamp>,
        in_line_due_at: Option<Timestamp>,
    }

    /// A row of [`DELIVERY`].
    struct WaitingRow {
        id: DeliveryId,
        webhook_id: WebhookId,
        event_id: Option<EventId>,
        in_line: bool,
        attempts: i64,
        first_tried_at: Option<Timestamp>,
    }

    struct NextRow {
        position: i64,
        event: EventRow,
    }

    struct LoggedRow {
        id: DeliveryId,
        kind: String,
        made_at: Timestamp,
        state: String,
        attempts: i64,
        tried_at: Option<Timestamp>,
        status: Option<i64>,
        failure: Option<String>,
        due_at: Timestamp,
    }
}

impl TryFrom<WaitingRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: WaitingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            webhook: row.webhook_id,
            event: row.event_id,
            in_line: row.in_line,
            attempts: number(row.attempts, "webhook_deliveries.attempts")?,
            first_tried_at: row.first_tried_at,
        })
    }
}

impl TryFrom<LoggedRow> for DeliveryRow {
    type Error = StoreError;

    fn try_from(row: LoggedRow) -> Result<Self, StoreError> {
        let kind = (row.kind != PING).then(|| parsed(&row.kind, "webhook_deliveries.kind"));
        let state = parsed(&row.state, "webhook_deliveries.state")?;
        let failure = row
            .failure
            .map(|failure| parsed(&failure, "webhook_deliveries.failure"))
            .transpose()?;
        let status = row
            .status
            .map(|status| number(status, "webhook_deliveries.status"))
            .transpose()?;
        Ok(Self {
            id: row.id,
            kind: kind.transpose()?,
            made_at: row.made_at,
            state,
            attempts: number(row.attempts, "webhook_deliveries.attempts")?,
            tried_at: row.tried_at,
            due_at: (state == DeliveryState::Waiting).then_some(row.due_at),
            outcome: status.map(Outcome::Status).or(failure.map(Outcome::Failure)),
        })
    }
}

/// The delivery; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let row: Option<WaitingRow> = sqlx::query_as(AssertSqlSafe(format!("{DELIVERY} WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// The delivery of a webhook that is to be sent now, if one waits; what somebody asked for comes first.
///
/// # Errors
/// [`StoreError`].
pub async fn due(
    tx: &mut Tx,
    webhook: WebhookId,
    active: bool,
    now: Timestamp,
) -> Result<Option<Delivery>, StoreError> {
    let row: Option<WaitingRow> = sqlx::query_as(AssertSqlSafe(format!(
        "{DELIVERY} WHERE webhook_id = $1 AND state = 'waiting' AND due_at <= $2 AND in_line <= $3
         ORDER BY in_line, due_at, id LIMIT 1"
    )))
    .bind(webhook.0)
    .bind(millis(now))
    .bind(i64::from(active))
    .fetch_optional(tx.conn())
    .await?;
    row::optional(row)
}

/// Whether a delivery of the webhook waits that later events wait for.
///
/// # Errors
/// [`StoreError`].
pub async fn is_in_line(tx: &mut Tx, webhook: WebhookId) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND in_line = 1")
        .bind(webhook.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// When a delivery of the webhook that failed is tried again.
///
/// # Errors
/// [`StoreError`].
pub async fn next_attempt(tx: &mut Tx, webhook: WebhookId) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> = sqlx::query_scalar(
        "SELECT MIN(due_at) FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting' AND in_line = 1 AND attempts > 0",
    )
    .bind(webhook.0)
    .fetch_one(tx.conn())
    .await?;
    due.map(|due| moment(due, "webhook_deliveries.due_at"))
        .transpose()
}

/// The last position of the history, and how far a webhook has come.
///
/// # Errors
/// [`StoreError`].
pub async fn positions(tx: &mut Tx, webhook: WebhookId) -> Result<(i64, i64), StoreError> {
    let position = sqlx::query_scalar("SELECT position FROM webhook_senders WHERE webhook_id = $1")
        .bind(webhook.0)
        .fetch_one(tx.conn())
        .await?;
    Ok((end(tx).await?, position))
}

/// The last position of the history.
///
/// # Errors
/// [`StoreError`].
pub async fn end(tx: &mut Tx) -> Result<i64, StoreError> {
    let end: Option<i64> = sqlx::query_scalar("SELECT MAX(position) FROM events WHERE position IS NOT NULL")
        .fetch_one(tx.conn())
        .await?;
    Ok(end.unwrap_or_default())
}

/// The first event between two positions (the first excluded) that happened in the branch, or anywhere without one, and is of
/// one of these kinds, or of any without some.
///
/// # Errors
/// [`StoreError`].
pub async fn next_event(
    tx: &mut Tx,
    branch: Option<&Lineage>,
    kinds: &[EventKind],
    after: i64,
    until: i64,
) -> Result<Option<(i64, Event)>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS)
        .push(", e.position FROM events e WHERE e.position > ")
        .int(after);
    sql.push(" AND e.position <= ").int(until);
    if !kinds.is_empty() {
        let kinds: Vec<String> = kinds.iter().map(EventKind::to_string).collect();
        sql.push(" AND e.kind IN ")
            .text_list(kinds.iter().map(String::as_str));
    }
    if let Some(branch) = branch {
        sql.push(" AND ");
        history::push_in_branches(&mut sql, &[groups::path_of(branch)]);
    }
    sql.push(" ORDER BY e.position LIMIT 1");
    let row: Option<NextRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row.map(|row| Ok((row.position, row.event.try_into()?)))
        .transpose()
}

/// An event; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn event_by_id(tx: &mut Tx, id: EventId) -> Result<Option<Event>, StoreError> {
    let row: Option<EventRow> =
        sqlx::query_as(AssertSqlSafe(format!("{COLUMNS} FROM events e WHERE e.id = $1")))
            .bind(id.0)
            .fetch_optional(tx.conn())
            .await?;
    row::optional(row)
}

async fn insert(
    tx: &mut Tx,
    id: DeliveryId,
    webhook: WebhookId,
    event: Option<(EventId, EventKind)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO webhook_deliveries (id, webhook_id, event_id, kind, made_at, state, in_line, due_at)
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $5)",
    )
    .bind(id.0)
    .bind(webhook.0)
    .bind(event.map(|(event, _)| event.0))
    .bind(event.map_or_else(|| PING.to_owned(), |(_, kind)| kind.to_string()))
    .bind(millis(now))
    .bind(i64::from(event.is_some()))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes an event up.
///
/// # Errors
/// [`StoreError`].
pub async fn take_up(
    tx: &mut Tx,
    id: DeliveryId,
    webhook: WebhookId,
    event: &Event,
    now: Timestamp,
) -> Result<(), StoreError> {
    insert(tx, id, webhook, Some((event.id, event.entry.kind)), now).await
}

/// Has a test sent, unless one waits.
///
/// # Errors
/// [`StoreError`].
pub async fn ask_for_test(
    tx: &mut Tx,
    _proof: &Authorized<WebhookKeeping>,
    id: DeliveryId,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let waiting = sqlx::query(
        "SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting' AND event_id IS NULL",
    )
    .bind(webhook.0)
    .fetch_optional(tx.conn())
    .await?;
    match waiting {
        Some(_) => Ok(()),
        None => insert(tx, id, webhook, None, now).await,
    }
}

/// Has a delivery sent once more; one that waits, at once.
///
/// # Errors
/// [`StoreError`].
pub async fn ask_again(
    tx: &mut Tx,
    _proof: &Authorized<WebhookKeeping>,
    id: DeliveryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE webhook_deliveries SET state = 'waiting', due_at = $2 WHERE id = $1")
        .bind(id.0)
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The delivery that later events wait for is tried at once, and as if it never had been: the webhook was changed, or
/// switched on.
///
/// # Errors
/// [`StoreError`].
pub async fn begin_anew(
    tx: &mut Tx,
    proof: &Authorized<WebhookKeeping>,
    webhook: WebhookId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let _ = proof;
    sqlx::query(
        "UPDATE webhook_deliveries SET due_at = $2, attempts = 0, first_tried_at = NULL WHERE webhook_id = $1 AND in_line = 1",
    )
    .bind(webhook.0)
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How a delivery stands after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempted {
    /// What becomes of it.
    pub state: DeliveryState,
    /// Whether later events wait for it.
    pub in_line: bool,
    /// How the attempt ended; none where there was none.
    pub outcome: Option<Outcome>,
    /// When it is tried again, while it waits.
    pub due_at: Timestamp,
}

/// Writes how an attempt ended.
///
/// # Errors
/// [`StoreError`].
pub async fn attempted(
    tx: &mut Tx,
    id: DeliveryId,
    attempted: Attempted,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (status, failure) = match attempted.outcome {
        Some(Outcome::Status(status)) => (Some(i64::from(status)), None),
        Some(Outcome::Failure(failure)) => (None, Some(failure.to_string())),
        None => (None, None),
    };
    sqlx::query(
        "UPDATE webhook_deliveries SET state = $2, in_line = $3, due_at = $4, status = $5, failure = $6, attempts = attempts + $7,
             tried_at = $8, first_tried_at = COALESCE(first_tried_at, $8) WHERE id = $1",
    )
    .bind(id.0)
    .bind(attempted.state.to_string())
    .bind(i64::from(attempted.in_line))
    .bind(millis(attempted.due_at))
    .bind(status)
    .bind(failure)
    .bind(i64::from(attempted.outcome.is_some()))
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The log of a webhook before a delivery, the newest first; one more than asked for, where there are more.
///
/// # Errors
/// [`StoreError`].
pub async fn log(
    tx: &mut Tx,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let rows: Vec<LoggedRow> = sqlx::query_as(
        "SELECT id, kind, made_at, state, attempts, tried_at, status, failure, due_at FROM webhook_deliveries
         WHERE webhook_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(webhook.0)
    .bind(before.map_or(i64::MAX, |before| before.0))
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// The webhooks whose log has something to be forgotten.
///
/// # Errors
/// [`StoreError`].
pub async fn overfull(tx: &mut Tx, before: Timestamp) -> Result<Vec<WebhookId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT webhook_id FROM webhook_deliveries GROUP BY webhook_id HAVING MIN(made_at) < $1 OR COUNT(*) > $2",
    )
    .bind(millis(before))
    .bind(MAX_KEPT)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(WebhookId).collect())
}

/// Forgets what was taken up before then, and what is beyond the bound of the log; what waits stays.
///
/// # Errors
/// [`StoreError`].
pub async fn tidy(tx: &mut Tx, webhook: WebhookId, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM webhook_deliveries WHERE webhook_id = $1 AND state <> 'waiting' AND (made_at < $2 OR id <=
             (SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = $1 ORDER BY d.id DESC LIMIT 1 OFFSET $3))",
    )
    .bind(webhook.0)
    .bind(millis(before))
    .bind(MAX_KEPT)
    .execute(tx.conn())
    .await?;
    Ok(())
}
