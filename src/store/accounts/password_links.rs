//! Links that set a new password, once (S12). Only the SHA-256 of their tokens is known.

use domain::{accounts::Login, ids::UserId};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    row::{parsed, rows},
    sql::millis,
};

/// Most accounts that one mail address can get links for.
const ACCOUNTS: i64 = 10;

rows! {
    struct AccountRow {
        id: UserId,
        login: String,
    }
}

/// The active accounts that have the mail address; the case of letters does not matter.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn accounts(tx: &mut Tx, email: &str) -> Result<Vec<(UserId, Login)>, StoreError> {
    let rows: Vec<AccountRow> = sqlx::query_as(
        "SELECT id, login FROM users WHERE lower(email) = lower($1) AND active = 1 ORDER BY login LIMIT $2",
    )
    .bind(email)
    .bind(ACCOUNTS)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.id, parsed(&row.login, "users.login")?)))
        .collect()
}

/// Writes a link, in the place of earlier ones.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn replace(
    tx: &mut Tx,
    user: UserId,
    token_hash: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    forget(tx, user).await?;
    sqlx::query("INSERT INTO password_links (token_hash, user_id, until) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(user.0)
        .bind(millis(until))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whose password the link sets; `None` when it was used or is too old, or the account was switched off since.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn owner(
    tx: &mut Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let user = sqlx::query_scalar(
        "SELECT l.user_id FROM password_links l JOIN users u ON u.id = l.user_id
         WHERE l.token_hash = $1 AND l.until > $2 AND u.active = 1",
    )
    .bind(token_hash)
    .bind(millis(now))
    .fetch_optional(tx.conn())
    .await?;
    Ok(user.map(UserId))
}

/// Forgets the links of a person.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM password_links WHERE user_id = $1")
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
