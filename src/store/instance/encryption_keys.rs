//! What the database knows of the keys that its secrets are encrypted with, and the encryption of rows.

use std::fmt::Display;

use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    encryption::{CHECKS, Column, EncryptionError, EncryptionKey, KeyId, PREFIX, Secret},
    row::rows,
    sql::{Sql, millis},
};

/// What the check text of a key says once it is decrypted.
const CHECK: &str = "License Portal";

/// A key as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Its id.
    pub id: String,
    /// Whether it is the one that is encrypted with.
    pub in_force: bool,
    /// Whether values that an older portal wrote may still stand in plain text.
    pub plain_left: bool,
    /// When it was put in force.
    pub made_at: Timestamp,
}

rows! {
    struct KnownRow {
        id: String,
        in_force: Option<i64>,
        plain_left: bool,
        made_at: Timestamp,
    }

    struct ValueRow {
        id: String,
        value: String,
    }
}

/// Every key that something may be encrypted with, the one in force first.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<KnownKey>, StoreError> {
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT id, in_force, plain_left, made_at FROM encryption_keys ORDER BY COALESCE(in_force, 0) DESC, made_at DESC, id",
    )
    .fetch_all(tx.conn())
    .await?;
    let known = |row: KnownRow| KnownKey {
        id: row.id,
        in_force: row.in_force.is_some(),
        plain_left: row.plain_left,
        made_at: row.made_at,
    };
    Ok(rows.into_iter().map(known).collect())
}

/// The key that is encrypted with: read in each transaction that encrypts, so that no server goes on with one that was replaced.
async fn in_force(tx: &mut Tx) -> Result<EncryptionKey, StoreError> {
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM encryption_keys WHERE in_force = 1")
        .fetch_optional(tx.conn())
        .await?;
    Ok(tx.keys.key(&id.ok_or(EncryptionError::Locked)?)?)
}

/// Encrypts a secret, to be written into that row of the column.
///
/// # Errors
/// [`StoreError::Encryption`] where there is no key for it; [`StoreError`].
pub async fn encrypt(
    tx: &mut Tx,
    column: &Column,
    row: impl Display,
    secret: &Secret,
) -> Result<String, StoreError> {
    let key = in_force(tx).await?;
    Ok(key.encrypt(&column.of(row), secret, tx.sources.random())?)
}

/// Decrypts the value of that row of the column.
///
/// # Errors
/// [`StoreError::Encryption`]: it was not encrypted there, or its key is not at hand.
pub fn decrypt(tx: &Tx, column: &Column, row: impl Display, value: &str) -> Result<Secret, StoreError> {
    Ok(tx.keys.decrypt(&column.of(row), value)?)
}

/// Puts a key in force, in the place of the one before, which stays until nothing is encrypted with it any more.
///
/// # Errors
/// [`StoreError`]; of two first keys, the second is a [duplicate](StoreError::is_duplicate).
pub(crate) async fn put_in_force(
    tx: &mut Tx,
    key: &EncryptionKey,
    plain_left: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = key.id().as_str();
    let check = key.encrypt(&CHECKS.of(id), &CHECK.to_owned().into(), tx.sources.random())?;
    sqlx::query("UPDATE encryption_keys SET in_force = NULL WHERE in_force = 1")
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "INSERT INTO encryption_keys (id, check_text, in_force, plain_left, made_at) VALUES ($1, $2, 1, $3, $4)",
    )
    .bind(id)
    .bind(check)
    .bind(i64::from(plain_left))
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Verifies that every key that something may be encrypted with is at hand.
///
/// # Errors
/// [`StoreError::Encryption`], in words for the operator.
pub(crate) async fn check(tx: &mut Tx) -> Result<(), StoreError> {
    let rows: Vec<ValueRow> =
        sqlx::query_as("SELECT id, check_text AS value FROM encryption_keys ORDER BY made_at DESC, id")
            .fetch_all(tx.conn())
            .await?;
    for row in rows {
        // Also where a check text names another key than its row does.
        tx.keys.key(&row.id)?;
        decrypt(tx, &CHECKS, &row.id, &row.value)?;
    }
    Ok(())
}

/// From now on, nothing that stands in plain text is taken for a secret.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn no_plain_left(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query("UPDATE encryption_keys SET plain_left = 0")
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets every key but that one.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget_others(tx: &mut Tx, key: &KeyId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM encryption_keys WHERE id <> $1")
        .bind(key.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets all keys: they are lost.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget_all(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM encryption_keys")
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets a key: it is lost.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM encryption_keys WHERE id = $1")
        .bind(key)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A value of a column with secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// What identifies its row.
    pub row: String,
    /// The value, as it stands there.
    pub value: String,
}

/// Values that are not encrypted with that key, or (`None`) not at all: those of rows after `after`, in the order of these, up to
/// `most`.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn others(
    tx: &mut Tx,
    column: &Column,
    key: Option<&KeyId>,
    after: Option<&str>,
    most: i64,
) -> Result<Vec<Stored>, StoreError> {
    let mut sql = values(column);
    sql.push(" NOT LIKE ").text(match key {
        Some(key) => encrypted_by(key.as_str()),
        None => format!("{PREFIX}%"),
    });
    if let Some(after) = after {
        sql.push(" AND ").push(column.row).push(" > ");
        identified(&mut sql, column, after)?;
    }
    stored(tx, sql, column, most).await
}

/// Values that are encrypted with that key, up to `most`.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn encrypted_with(
    tx: &mut Tx,
    column: &Column,
    key: &str,
    most: i64,
) -> Result<Vec<Stored>, StoreError> {
    let mut sql = values(column);
    sql.push(" LIKE ").text(encrypted_by(key));
    stored(tx, sql, column, most).await
}

/// The pattern of what is encrypted with that key.
fn encrypted_by(key: &str) -> String {
    format!("{PREFIX}{key}:%")
}

/// A statement about the values of a column, up to the name of the column in its condition.
fn values(column: &Column) -> Sql {
    let Column { table, name, row, .. } = *column;
    let mut sql = Sql::default();
    sql.push("SELECT CAST(")
        .push(row)
        .push(" AS TEXT) AS id, ")
        .push(name);
    sql.push(" AS value FROM ").push(table).push(" WHERE ").push(name);
    sql
}

async fn stored(tx: &mut Tx, mut sql: Sql, column: &Column, most: i64) -> Result<Vec<Stored>, StoreError> {
    // With its table: the column of that name in the answer is a text.
    sql.push(" ORDER BY ")
        .push(column.table)
        .push(".")
        .push(column.row);
    sql.push(" LIMIT ").int(most);
    let rows: Vec<ValueRow> = sql.rows().fetch_all(tx.conn()).await?;
    let stored = |row: ValueRow| Stored {
        row: row.id,
        value: row.value,
    };
    Ok(rows.into_iter().map(stored).collect())
}

/// Binds what identifies a row.
fn identified(sql: &mut Sql, column: &Column, row: &str) -> Result<(), StoreError> {
    if column.numbered {
        sql.int(row.parse().map_err(|_| StoreError::Inconsistent(column.table))?);
    } else {
        sql.text(row);
    }
    Ok(())
}

/// Encrypts a secret that stands in that row, and writes it there.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn replace(
    tx: &mut Tx,
    column: &Column,
    row: &str,
    secret: &Secret,
) -> Result<(), StoreError> {
    let encrypted = encrypt(tx, column, row, secret).await?;
    let mut sql = Sql::default();
    sql.push("UPDATE ")
        .push(column.table)
        .push(" SET ")
        .push(column.name);
    sql.push(" = ")
        .text(encrypted)
        .push(" WHERE ")
        .push(column.row)
        .push(" = ");
    identified(&mut sql, column, row)?;
    sql.query().execute(tx.conn()).await?;
    Ok(())
}

/// How many values of a column are encrypted with that key.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn count(tx: &mut Tx, column: &Column, key: &str) -> Result<u64, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM ")
        .push(column.table)
        .push(" WHERE ")
        .push(column.name);
    sql.push(" LIKE ").text(encrypted_by(key));
    let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    Ok(count.unsigned_abs())
}
