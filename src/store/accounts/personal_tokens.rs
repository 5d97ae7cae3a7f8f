//! Personal access tokens. Only their SHA-256 is known.

use domain::{
    access::{AccountChange, Authorized},
    accounts::{personal_tokens::Scopes, sessions::LoginFacts},
    ids::{PersonalTokenId, UserId},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        accounts::login_facts::{LOGIN_FACTS, LoginFactsRow},
        row::{self, parsed, rows},
        sql::millis,
    },
    views::accounts::personal_tokens::PersonalToken,
};

/// A token that was shown, with what decides whether it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub id: PersonalTokenId,
    pub user: UserId,
    /// What it is good for.
    pub scopes: Scopes,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// What decides whether its person has something to do before anything else.
    pub facts: LoginFacts,
}

rows! {
    struct ShownRow {
        id: PersonalTokenId,
        user_id: UserId,
        scopes: String,
        last_used_at: Option<Timestamp>,
        facts: LoginFactsRow,
    }

    struct TokenRow {
        id: PersonalTokenId,
        name: String,
        scopes: String,
        created_at: Timestamp,
        expires_at: Timestamp,
        last_used_at: Option<Timestamp>,
    }
}

impl TryFrom<ShownRow> for Shown {
    type Error = StoreError;

    fn try_from(row: ShownRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            user: row.user_id,
            scopes: parsed(&row.scopes, "personal_tokens.scopes")?,
            last_used_at: row.last_used_at,
            facts: row.facts.into(),
        })
    }
}

/// The token with that hash, if it has not expired and its account is switched on.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn by_hash(
    tx: &mut Tx,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Shown>, StoreError> {
    let sql = format!(
        "SELECT t.id, t.user_id, t.scopes, t.last_used_at, {LOGIN_FACTS}
         FROM personal_tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token_hash = $1 AND t.expires_at > $2 AND u.active = 1"
    );
    let row: Option<ShownRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(token_hash)
        .bind(millis(now))
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// Writes when a token was last used.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn used(tx: &mut Tx, token: PersonalTokenId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE personal_tokens SET last_used_at = $1 WHERE id = $2")
        .bind(millis(now))
        .bind(token.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The tokens of a person, the newest first.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_user(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<PersonalToken>, StoreError> {
    let rows: Vec<TokenRow> = sqlx::query_as(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM personal_tokens
         WHERE user_id = $1 ORDER BY id DESC",
    )
    .bind(user.0)
    .fetch_all(tx.conn())
    .await?;
    let token = |row: TokenRow| {
        Ok(PersonalToken {
            id: row.id,
            name: row.name,
            scopes: parsed(&row.scopes, "personal_tokens.scopes")?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            expired: row.expires_at <= now,
        })
    };
    rows.into_iter().map(token).collect()
}

/// Whose token it is; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn owner(tx: &mut Tx, token: PersonalTokenId) -> Result<Option<UserId>, StoreError> {
    let user = sqlx::query_scalar("SELECT user_id FROM personal_tokens WHERE id = $1")
        .bind(token.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(user.map(UserId))
}

/// A token to be written.
pub(crate) struct New<'a> {
    pub id: PersonalTokenId,
    /// What its person calls it.
    pub name: &'a str,
    /// The hash of the token.
    pub token_hash: &'a str,
    /// What it is good for.
    pub scopes: &'a Scopes,
    /// When it is made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
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
    .bind(millis(new.created_at))
    .bind(millis(new.expires_at))
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
