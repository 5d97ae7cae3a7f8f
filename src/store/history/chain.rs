//! The chain over the history: which events are sealed, in which order, with which hashes; and the signed checkpoints.

use domain::{
    history::chain::{Columns, Link, Value},
    ids::EventId,
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row, any::AnyRow};

use crate::store::{
    StoreError, Tx,
    row::rows,
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
/// Those with texts. With [`NUMBERS`], all but `position` and `hash`.
pub const TEXTS: [&str; 5] = ["kind", "request_key", "from_owner", "to_owner", "way"];

/// An event in the chain, as its row says; whether that is true is for the verification to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its position, from 1.
    pub position: i64,
    pub hash: Option<String>,
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
    format!("SELECT position, hash, {} FROM events {more}", columns.join(", "))
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

/// How many events wait to be sealed.
///
/// # Errors
/// [`StoreError`].
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE position IS NULL")
            .fetch_one(tx.conn())
            .await?,
    )
}

/// The first events that wait to be sealed, by id.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<(EventId, Columns)>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(select(
        "WHERE position IS NULL ORDER BY id LIMIT $1",
    )))
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| Ok((EventId(row.try_get("id")?), columns(row)?)))
        .collect()
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
            position: row.try_get("position")?,
            hash: row.try_get("hash").unwrap_or_default(),
            columns: columns(row).ok(),
        })
    };
    rows.iter().map(sealed).collect()
}

/// Position and hash of the last event in the chain.
///
/// # Errors
/// [`StoreError`].
pub async fn last(tx: &mut Tx) -> Result<Option<(i64, Option<String>)>, StoreError> {
    let last = "SELECT position, hash FROM events WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1";
    let row: Option<LastRow> = sqlx::query_as(last).fetch_optional(tx.conn()).await?;
    Ok(row.map(|row| (row.position, row.hash)))
}

/// Puts events into the chain, each with its position and hash.
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
        ") UPDATE events SET position = sealed.position, hash = sealed.hash FROM sealed WHERE events.id = sealed.id",
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
