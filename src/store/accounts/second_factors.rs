//! Second factors, recovery codes, and logins that wait for one of them.

use domain::{
    access::{AccountChange, Authorized},
    ids::UserId,
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    encryption::{SECOND_FACTORS, Secret},
    instance::encryption_keys::{decrypt, encrypt},
    row::{parsed, rows},
    sql::millis,
};

/// A second factor as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The secret, in base32.
    pub secret: Secret,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// Since when a code is asked for at login.
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code that was taken.
    pub last_step: i64,
}

rows! {
    struct StoredRow {
        secret: String,
        begun_at: Timestamp,
        confirmed_at: Option<Timestamp>,
        last_step: i64,
    }
}

/// The second factor of a person, begun or confirmed.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_user(tx: &mut Tx, user: UserId) -> Result<Option<Stored>, StoreError> {
    let row: Option<StoredRow> = sqlx::query_as(
        "SELECT secret, begun_at, confirmed_at, last_step FROM second_factors WHERE user_id = $1",
    )
    .bind(user.0)
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Stored {
        secret: decrypt(tx, &SECOND_FACTORS, user.0, &row.secret)?,
        begun_at: row.begun_at,
        confirmed_at: row.confirmed_at,
        last_step: row.last_step,
    }))
}

/// Begins one, in the place of another one that was begun.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn begin(
    tx: &mut Tx,
    user: UserId,
    secret: &Secret,
    now: Timestamp,
) -> Result<(), StoreError> {
    delete(tx, user).await?;
    let secret = encrypt(tx, &SECOND_FACTORS, user.0, secret).await?;
    sqlx::query("INSERT INTO second_factors (user_id, secret, begun_at) VALUES ($1, $2, $3)")
        .bind(user.0)
        .bind(secret)
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// From now on, logins are asked for a code.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn confirm(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE second_factors SET confirmed_at = $1 WHERE user_id = $2")
        .bind(millis(now))
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A code of that time step was taken.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn took(tx: &mut Tx, user: UserId, step: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE second_factors SET last_step = $1 WHERE user_id = $2")
        .bind(step)
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes the second factor away from its account.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn remove(tx: &mut Tx, proof: &Authorized<AccountChange>) -> Result<(), StoreError> {
    delete(tx, proof.user).await
}

/// Takes the second factor away whose row that is: its key is lost. Returns whose it was.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn give_up(tx: &mut Tx, row: &str) -> Result<UserId, StoreError> {
    let user = UserId(parsed(row, "second_factors.user_id")?);
    delete(tx, user).await?;
    Ok(user)
}

async fn delete(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM second_factors WHERE user_id = $1",
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM pending_logins WHERE user_id = $1",
    ] {
        sqlx::query(sql).bind(user.0).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Replaces the recovery codes.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn set_recovery_codes(
    tx: &mut Tx,
    user: UserId,
    hashes: &[String],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1")
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    for hash in hashes {
        sqlx::query("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)")
            .bind(user.0)
            .bind(hash.as_str())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Uses up a recovery code. Whether there was one.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn use_recovery_code(tx: &mut Tx, user: UserId, hash: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2")
        .bind(user.0)
        .bind(hash)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// How many recovery codes a person has left.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn recovery_codes(tx: &mut Tx, user: UserId) -> Result<u32, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1")
        .bind(user.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(u32::try_from(count).unwrap_or_default())
}

/// A login with the right password waits for its code; others that are too old are forgotten.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn wait(
    tx: &mut Tx,
    token_hash: &str,
    user: UserId,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM pending_logins WHERE until <= $1")
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    sqlx::query("INSERT INTO pending_logins (token_hash, user_id, until) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(user.0)
        .bind(millis(until))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Who waits under that hash of a token.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn waiting(
    tx: &mut Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let user = sqlx::query_scalar("SELECT user_id FROM pending_logins WHERE token_hash = $1 AND until > $2")
        .bind(token_hash)
        .bind(millis(now))
        .fetch_optional(tx.conn())
        .await?;
    Ok(user.map(UserId))
}

/// The waiting of a person is over. Whether there was any.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn end_waiting(tx: &mut Tx, user: UserId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM pending_logins WHERE user_id = $1")
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() > 0)
}
