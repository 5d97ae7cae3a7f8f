//! Login sessions: the server's half of a cookie.

use super::{StoreError, Tx};
use crate::domain::ids::UserId;

/// Writes a new session. `token_hash` is the SHA-256 of the token in the cookie, in hexadecimal.
///
/// # Errors
/// [`StoreError`].
pub async fn create(tx: &mut Tx, token_hash: &str, user: UserId, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at) VALUES ($1, $2, $3, $3)",
    )
    .bind(token_hash)
    .bind(user.0)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whose session that is, and when it was last seen; `None` when it has ended or was seen last before `oldest`.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &mut Tx, token_hash: &str, oldest: i64) -> Result<Option<(UserId, i64)>, StoreError> {
    let row: Option<(i64, i64)> = sqlx::query_as(
        "SELECT user_id, last_seen_at FROM sessions WHERE token_hash = $1 AND last_seen_at >= $2",
    )
    .bind(token_hash)
    .bind(oldest)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|(user, seen)| (UserId(user), seen)))
}

/// Writes that the session is in use.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(tx: &mut Tx, token_hash: &str, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE token_hash = $2")
        .bind(now)
        .bind(token_hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ends the session.
///
/// # Errors
/// [`StoreError`].
pub async fn end(tx: &mut Tx, token_hash: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
        .bind(token_hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets sessions last seen before `oldest`.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, oldest: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE last_seen_at < $1")
        .bind(oldest)
        .execute(tx.conn())
        .await?;
    Ok(())
}
