//! The chain over the history: which events are sealed, in which order, with which hashes; and the signed checkpoints.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    history::{
        chain::{Columns, Form, Link, Readers, Value, Window},
        events::EventKind,
    },
    ids::{EventId, GroupId, UserId},
    tickets::owners::Owner,
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use crate::store::{
    StoreError, Tx,
    row::rows,
    sources::Sources,
    sql::{Sql, millis},
};

/// The columns of an event with numbers in them.
pub const NUMBERS: [&str; 11] = [
    "id",
    "at",
    "actor_id",
    "ticket_id",
    "was_protected",
    "group_id",
    "user_id",
    "container_id",
    "license_id",
    "quantity",
    "credential_id",
];
/// Those with texts. With [`NUMBERS`], all but `position`, `hash` and `form`.
pub const TEXTS: [&str; 6] = ["kind", "request_key", "from_owner", "to_owner", "way", "change"];

/// An event in the chain, as its row says; whether that is true is for the verification to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub id: EventId,
    /// Its position, from 1.
    pub position: i64,
    pub hash: Option<String>,
    /// What the hash is taken over; `None` where the row says something else.
    pub form: Option<Form>,
    /// The rest; `None` where something of the wrong type stands in a column.
    pub columns: Option<Columns>,
}

/// A checkpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last position before it.
    pub position: i64,
    /// The hash there, as text.
    pub hash: String,
    /// When it was made.
    pub at: Timestamp,
    /// The key that it is signed with.
    pub key_id: String,
    /// The signed text.
    pub signed: String,
}

rows! {
    struct LastRow {
        position: i64,
        hash: Option<String>,
        form: Option<i64>,
        at: Timestamp,
    }

    struct ReaderRow {
        event_id: EventId,
        group_id: Option<GroupId>,
        user_id: Option<UserId>,
        inherited: bool,
    }

    struct CheckpointRow {
        position: i64,
        hash: String,
        at: Timestamp,
        key_id: String,
        signed: String,
    }
}

impl From<CheckpointRow> for Checkpoint {
    fn from(row: CheckpointRow) -> Self {
        Self {
            position: row.position,
            hash: row.hash,
            at: row.at,
            key_id: row.key_id,
            signed: row.signed,
        }
    }
}

fn select(more: &str) -> String {
    let columns: Vec<&str> = NUMBERS.into_iter().chain(TEXTS).collect();
    format!(
        "SELECT position, hash, form, {} FROM events {more}",
        columns.join(", ")
    )
}

/// The form as it is stored.
const fn form(stored: Option<i64>) -> Option<Form> {
    match stored {
        None => Some(Form::Rows),
        Some(2) => Some(Form::Readers),
        Some(_) => None,
    }
}

/// The columns of [`select`].
fn columns(row: &AnyRow) -> Result<Columns, sqlx::Error> {
    let mut columns = Columns::with_capacity(NUMBERS.len() + TEXTS.len());
    for name in NUMBERS {
        if let Some(number) = row.try_get(name)? {
            columns.push((name, Value::Number(number)));
        }
    }
    for name in TEXTS {
        if let Some(text) = row.try_get(name)? {
            columns.push((name, Value::Text(text)));
        }
    }
    Ok(columns)
}

/// How many events wait to be sealed, and could be.
///
/// # Errors
/// [`StoreError`].
pub async fn count_waiting(tx: &mut Tx, window: Window) -> Result<i64, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM events WHERE position IS NULL");
    push_window(&mut sql, window);
    Ok(sql.scalar().fetch_one(tx.conn()).await?)
}

/// `AND (the event can be sealed)`: neither its time nor its id, which is made of it, is too early, and its time not too late.
fn push_window(sql: &mut Sql, window: Window) {
    sql.push(" AND id >= ").int(Sources::first_id_at(window.from));
    sql.push(" AND at >= ").moment(window.from);
    sql.push(" AND at <= ").moment(window.to);
}

/// The columns of one event.
///
/// # Errors
/// [`StoreError`], also when there is no such event.
pub async fn event(tx: &mut Tx, id: EventId) -> Result<(EventId, Columns), StoreError> {
    let row = sqlx::query(AssertSqlSafe(select("WHERE id = $1")))
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    identified(&row)
}

/// The first events that wait to be sealed, by id.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(tx: &mut Tx, window: Window, limit: i64) -> Result<Vec<(EventId, Columns)>, StoreError> {
    let mut sql = Sql::default();
    sql.push(&select("WHERE position IS NULL"));
    push_window(&mut sql, window);
    sql.push(" ORDER BY id LIMIT ").int(limit);
    let rows = sql.query().fetch_all(tx.conn()).await?;
    rows.iter().map(identified).collect()
}

/// The first events that are not sealed because of their time, by id.
///
/// # Errors
/// [`StoreError`].
pub async fn refused(tx: &mut Tx, window: Window, limit: i64) -> Result<Vec<(EventId, Columns)>, StoreError> {
    let mut sql = Sql::default();
    sql.push(&select("WHERE position IS NULL"));
    push_refused(&mut sql, window);
    sql.push(" ORDER BY id LIMIT ").int(limit);
    let rows = sql.query().fetch_all(tx.conn()).await?;
    rows.iter().map(identified).collect()
}

/// The opposite of [`push_window`].
fn push_refused(sql: &mut Sql, window: Window) {
    sql.push(" AND (id < ").int(Sources::first_id_at(window.from));
    sql.push(" OR at < ").moment(window.from);
    sql.push(" OR at > ").moment(window.to).push(")");
}

fn identified(row: &AnyRow) -> Result<(EventId, Columns), StoreError> {
    Ok((EventId(row.try_get("id")?), columns(row)?))
}

/// Who is shown events: as it was recorded, and where they came to later, as what is dissolved was in other groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub readers: Readers,
    /// The groups that inherited it.
    pub inherited: BTreeSet<GroupId>,
}

/// Who is shown these events; of none where there is nobody.
///
/// # Errors
/// [`StoreError`].
pub async fn shown(tx: &mut Tx, events: &[EventId]) -> Result<BTreeMap<EventId, Shown>, StoreError> {
    let mut shown: BTreeMap<EventId, Shown> = BTreeMap::new();
    if events.is_empty() {
        return Ok(shown);
    }
    let ids = || events.iter().map(|event| event.0);
    let mut sql = Sql::default();
    sql.push(
        "SELECT event_id, group_id, CAST(NULL AS BIGINT) AS user_id, inherited FROM event_groups WHERE event_id IN ",
    )
    .id_list(ids());
    sql.push(" UNION ALL SELECT event_id, NULL, user_id, 0 FROM event_people WHERE event_id IN ")
        .id_list(ids());
    sql.push(" ORDER BY group_id, user_id");
    let rows: Vec<ReaderRow> = sql.rows().fetch_all(tx.conn()).await?;
    for row in rows {
        let shown = shown.entry(row.event_id).or_default();
        match row.group_id {
            Some(group) if row.inherited => {
                shown.inherited.insert(group);
            }
            Some(group) => shown.readers.groups.push(group),
            None => shown.readers.people.extend(row.user_id),
        }
    }
    Ok(shown)
}

/// The dissolved groups, each with the group above it that inherited its history, as events in [`Form::Readers`] say.
///
/// # Errors
/// [`StoreError`].
pub async fn heirs(tx: &mut Tx) -> Result<BTreeMap<GroupId, GroupId>, StoreError> {
    let rows = sqlx::query(
        "SELECT group_id, from_owner FROM events WHERE kind = $1 AND form = 2 AND ticket_id IS NULL",
    )
    .bind(EventKind::GroupDeleted.to_string())
    .fetch_all(tx.conn())
    .await?;
    // What cannot be read was altered, and is found by its hash.
    let heir = |row: &AnyRow| {
        let group = GroupId(row.try_get("group_id").ok()?);
        let above: String = row.try_get("from_owner").ok()?;
        match above.parse() {
            Ok(Owner::Group(above)) => Some((group, above)),
            _ => None,
        }
    };
    Ok(rows.iter().filter_map(heir).collect())
}

/// Which of these groups are dissolved.
///
/// # Errors
/// [`StoreError`].
pub async fn dissolved(tx: &mut Tx, groups: BTreeSet<GroupId>) -> Result<BTreeSet<GroupId>, StoreError> {
    if groups.is_empty() {
        return Ok(groups);
    }
    let mut sql = Sql::default();
    sql.push("SELECT id FROM groups WHERE id IN ")
        .id_list(groups.iter().map(|group| group.0));
    let there: Vec<i64> = sql.scalar().fetch_all(tx.conn()).await?;
    let there: BTreeSet<GroupId> = there.into_iter().map(GroupId).collect();
    Ok(groups.difference(&there).copied().collect())
}

/// Writes that groups inherited events.
///
/// # Errors
/// [`StoreError`].
pub async fn inherit(tx: &mut Tx, inherited: &BTreeSet<(EventId, GroupId)>) -> Result<(), StoreError> {
    if inherited.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::default();
    sql.push("INSERT INTO event_groups (event_id, group_id, inherited) VALUES ");
    for (at, (event, group)) in inherited.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).int(event.0);
        sql.push(", ").int(group.0).push(", 1)");
    }
    sql.push(" ON CONFLICT DO NOTHING");
    sql.query().execute(tx.conn()).await?;
    Ok(())
}

/// The events behind a position, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn sealed_after(tx: &mut Tx, position: i64, limit: i64) -> Result<Vec<Sealed>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(select(
        "WHERE position > $1 ORDER BY position LIMIT $2",
    )))
    .bind(position)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    let sealed = |row: &AnyRow| {
        Ok(Sealed {
            id: EventId(row.try_get("id").unwrap_or_default()),
            position: row.try_get("position")?,
            hash: row.try_get("hash").unwrap_or_default(),
            form: row.try_get("form").ok().and_then(form),
            columns: columns(row).ok(),
        })
    };
    rows.iter().map(sealed).collect()
}

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    pub position: i64,
    /// As its row says.
    pub hash: Option<String>,
    pub form: Option<Form>,
    pub at: Timestamp,
}

/// The last event in the chain.
///
/// # Errors
/// [`StoreError`].
pub async fn last(tx: &mut Tx) -> Result<Option<Last>, StoreError> {
    let last = "SELECT position, hash, form, at FROM events WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1";
    let row: Option<LastRow> = sqlx::query_as(last).fetch_optional(tx.conn()).await?;
    Ok(row.map(|row| Last {
        position: row.position,
        hash: row.hash,
        form: form(row.form),
        at: row.at,
    }))
}

/// Puts events into the chain, each with its position and hash, in [`Form::Readers`].
///
/// # Errors
/// [`StoreError`].
pub async fn seal(tx: &mut Tx, events: &[(EventId, i64, Link)]) -> Result<(), StoreError> {
    let Some(last) = events.last() else {
        return Ok(());
    };
    // Filled up by repeating the last one: few statement texts exist, and each stays prepared.
    let fill = events.len().next_power_of_two() - events.len();
    let mut sql = Sql::default();
    sql.push("WITH sealed (id, position, hash) AS (VALUES ");
    for (at, (id, position, hash)) in events.iter().chain(std::iter::repeat_n(last, fill)).enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).int(id.0);
        sql.push(", ").int(*position);
        sql.push(", ").text(hash.to_string()).push(")");
    }
    sql.push(
        ") UPDATE events SET position = sealed.position, hash = sealed.hash, form = 2 FROM sealed WHERE events.id = sealed.id",
    );
    sql.query().execute(tx.conn()).await?;
    Ok(())
}

/// The checkpoints with positions from one to another, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn checkpoints(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<Checkpoint>, StoreError> {
    let rows: Vec<CheckpointRow> = sqlx::query_as(
        "SELECT position, hash, at, key_id, signed FROM checkpoints
         WHERE position >= $1 AND position <= $2 ORDER BY position, hash",
    )
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Checkpoint::from).collect())
}

/// The last checkpoints, the very last first.
///
/// # Errors
/// [`StoreError`].
pub async fn last_checkpoints(tx: &mut Tx, count: i64) -> Result<Vec<Checkpoint>, StoreError> {
    let rows: Vec<CheckpointRow> = sqlx::query_as(
        "SELECT position, hash, at, key_id, signed FROM checkpoints ORDER BY position DESC, hash LIMIT $1",
    )
    .bind(count)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Checkpoint::from).collect())
}

/// Writes a checkpoint.
///
/// # Errors
/// [`StoreError`].
pub async fn add_checkpoint(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO checkpoints (position, hash, at, key_id, signed) VALUES ($1, $2, $3, $4, $5)")
        .bind(checkpoint.position)
        .bind(checkpoint.hash.as_str())
        .bind(millis(checkpoint.at))
        .bind(checkpoint.key_id.as_str())
        .bind(checkpoint.signed.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Removes a checkpoint in whose place a later one stands.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_checkpoint(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM checkpoints WHERE position = $1 AND hash = $2")
        .bind(checkpoint.position)
        .bind(checkpoint.hash.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}
