//! Personal access tokens. Only their SHA-256 is known.

use domain::{
    access::{AccountChange, Authorized},
    accounts::{personal_tokens::Scopes, sessions::LoginFacts},
    ids::{PersonalTokenId, UserId},
};
use sqlx::Row;

use crate::{
    store::{
        StoreError, Tx,
        accounts::people::{LOGIN_FACTS, login_facts_at},
    },
    views::accounts::personal_tokens::PersonalToken,
};

/// A token that was shown, with what decides whether it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: PersonalTokenId,
    /// Whose.
    pub user: UserId,
    /// What it is good for.
    pub scopes: Scopes,
    /// When it was last used.
    pub last_used_at: Option<i64>,
    /// What decides whether its person has something to do before anything else.
    pub facts: LoginFacts,
}

fn scopes(text: &str) -> Result<Scopes, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Inconsistent("personal_tokens.scopes"))
}

/// The token with that hash, if it has not expired and its account is switched on.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn by_hash(tx: &mut Tx, token_hash: &str, now: i64) -> Result<Option<Shown>, StoreError> {
    let sql = format!(
        "SELECT t.id, t.user_id, t.scopes, t.last_used_at, {LOGIN_FACTS}
         FROM personal_tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.active = 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(token_hash)
        .bind(now)
        .fetch_optional(tx.conn())
        .await?;
    row.map(|row| {
        Ok(Shown {
            id: PersonalTokenId(row.try_get(0)?),
            user: UserId(row.try_get(1)?),
            scopes: scopes(row.try_get(2)?)?,
            last_used_at: row.try_get(3)?,
            facts: login_facts_at(&row, 4)?,
        })
    })
    .transpose()
}

/// Writes when a token was last used.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn used(tx: &mut Tx, token: PersonalTokenId, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE personal_tokens SET last_used_at = $1 WHERE id = $2")
        .bind(now)
        .bind(token.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The tokens of a person, the newest first.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_user(tx: &mut Tx, user: UserId, now: i64) -> Result<Vec<PersonalToken>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM personal_tokens
         WHERE user_id = $1 ORDER BY id DESC",
    )
    .bind(user.0)
    .fetch_all(tx.conn())
    .await?;
    let token = |row: &sqlx::any::AnyRow| {
        let expires_at = row.try_get(4)?;
        Ok(PersonalToken {
            id: PersonalTokenId(row.try_get(0)?),
            name: row.try_get(1)?,
            scopes: scopes(row.try_get(2)?)?,
            created_at: row.try_get(3)?,
            expires_at,
            last_used_at: row.try_get(5)?,
            expired: expires_at <= now,
        })
    };
    rows.iter().map(token).collect()
}

/// Whose token it is; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn owner(tx: &mut Tx, token: PersonalTokenId) -> Result<Option<UserId>, StoreError> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT user_id FROM personal_tokens WHERE id = $1")
        .bind(token.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|(user,)| UserId(user)))
}

/// A token to be written.
pub(crate) struct New<'a> {
    /// Which.
    pub id: PersonalTokenId,
    /// What its person calls it.
    pub name: &'a str,
    /// The hash of the token.
    pub token_hash: &'a str,
    /// What it is good for.
    pub scopes: &'a Scopes,
    /// When it is made.
    pub created_at: i64,
    /// Until when it is good.
    pub expires_at: i64,
}

/// Writes a token of that account.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    new: &New<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO personal_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id.0)
    .bind(proof.user.0)
    .bind(new.name)
    .bind(new.token_hash)
    .bind(new.scopes.to_string())
    .bind(new.created_at)
    .bind(new.expires_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes a token of that account back.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn delete(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    token: PersonalTokenId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM personal_tokens WHERE id = $1 AND user_id = $2")
        .bind(token.0)
        .bind(proof.user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes all tokens of a person back.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM personal_tokens WHERE user_id = $1")
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
