//! What the portal signs with.

use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    encryption::{SIGNING_KEYS, Secret},
    instance::encryption_keys::{decrypt, encrypt},
    row::rows,
    sql::millis,
};

/// A key as it is stored, without its private half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its id: what signed texts name it by.
    pub id: String,
    /// The public half, base64url of 32 bytes.
    pub public_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when nothing is signed with it any more.
    pub retired_at: Option<Timestamp>,
}

rows! {
    struct SigningKeyRow {
        id: String,
        public_key: String,
        created_at: Timestamp,
        retired_at: Option<Timestamp>,
    }

    struct InUseRow {
        id: String,
        private_key: String,
    }
}

impl From<SigningKeyRow> for SigningKey {
    fn from(row: SigningKeyRow) -> Self {
        Self {
            id: row.id,
            public_key: row.public_key,
            created_at: row.created_at,
            retired_at: row.retired_at,
        }
    }
}

/// Every key, the newest first.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<SigningKey>, StoreError> {
    let rows: Vec<SigningKeyRow> = sqlx::query_as(
        "SELECT id, public_key, created_at, retired_at FROM signing_keys ORDER BY created_at DESC, id",
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(SigningKey::from).collect())
}

/// The key that is signed with, if there is one: its id and its private half, base64url of 32 bytes.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn in_use(tx: &mut Tx) -> Result<Option<(String, Secret)>, StoreError> {
    let row: Option<InUseRow> = sqlx::query_as(
        "SELECT id, private_key FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC, id LIMIT 1",
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let private = decrypt(tx, &SIGNING_KEYS, &row.id, &row.private_key)?;
    Ok(Some((row.id, private)))
}

/// Writes a new key.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert(tx: &mut Tx, key: &SigningKey, private: &Secret) -> Result<(), StoreError> {
    let private = encrypt(tx, &SIGNING_KEYS, &key.id, private).await?;
    sqlx::query(
        "INSERT INTO signing_keys (id, private_key, public_key, created_at, retired_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(key.id.as_str())
    .bind(private)
    .bind(key.public_key.as_str())
    .bind(millis(key.created_at))
    .bind(key.retired_at.map(millis))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Retires every key, and forgets their private halves.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn retire_all(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE signing_keys SET retired_at = $1, private_key = NULL WHERE retired_at IS NULL")
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets the keys that were retired before that time, but for those that checkpoints of the history are signed with.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn tidy(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM signing_keys WHERE retired_at < $1
         AND NOT EXISTS (SELECT 1 FROM checkpoints c WHERE c.key_id = signing_keys.id)",
    )
    .bind(millis(before))
    .execute(tx.conn())
    .await?;
    Ok(())
}
