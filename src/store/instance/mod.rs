//! Facts about the instance itself, the keys that it signs and encrypts with, requests to its vendor, and files with much at once.

pub mod backup;
pub mod doctor;
pub mod encryption_keys;
pub mod figures;
pub mod files;
pub mod imports;
pub mod requests;
pub mod signing_keys;

use crate::store::{StoreError, Tx};

/// A fact about this instance.
///
/// # Errors
/// [`StoreError`].
pub async fn fact(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT value FROM instance WHERE name = $1")
        .bind(name)
        .fetch_optional(tx.conn())
        .await?)
}

/// Forgets a fact about this instance.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn unset(tx: &mut Tx, name: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM instance WHERE name = $1")
        .bind(name)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Writes a fact about this instance.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
    )
    .bind(name)
    .bind(value)
    .execute(tx.conn())
    .await?;
    Ok(())
}
