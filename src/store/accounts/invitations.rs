//! Who waits for the link of a new account. Each row is its own outbox: whose person was not sent a link yet is tried again.

use domain::{
    access::{AccountChange, Authorized},
    ids::UserId,
};
use jiff::Timestamp;

use crate::store::{StoreError, Tx, accounts::password_links, row::rows, sql::millis};

/// In which list it stands who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Whom an administrator invited.
    People,
    /// The customers of partners (S15).
    Customers,
}

impl List {
    /// Each of them.
    pub const ALL: [Self; 2] = [Self::People, Self::Customers];

    const fn table(self) -> &'static str {
        match self {
            Self::People => "invitations",
            Self::Customers => "customers",
        }
    }

    /// Whose mail waits: created since `$1`, not tried since `$2`, switched on, and without a password: who has one by now
    /// came in by another way.
    fn waiting(self) -> String {
        format!(
            "FROM {} i JOIN users u ON u.id = i.user_id WHERE i.invited_at IS NULL AND i.created_at >= $1
             AND i.tried_at <= $2 AND u.active = 1 AND u.email IS NOT NULL AND u.password_hash IS NULL",
            self.table()
        )
    }
}

/// Somebody who is to be sent a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uninvited {
    pub user: UserId,
    /// The name they log in with.
    pub login: String,
    /// Where the mail goes.
    pub email: String,
    pub language: String,
    /// Where they stand.
    pub list: List,
}

rows! {
    struct UninvitedRow {
        user_id: UserId,
        login: String,
        email: String,
        language: String,
    }
}

/// Writes that a person is to be sent a link, or another one.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn invite(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    language: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO invitations (user_id, created_at, language, invited_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET created_at = excluded.created_at, language = excluded.language,
         invited_by = excluded.invited_by, tried_at = 0, invited_at = NULL",
    )
    .bind(proof.user.0)
    .bind(millis(now))
    .bind(language)
    .bind(proof.by.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many people somebody has had a link sent to since a moment.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn count_by(tx: &mut Tx, by: UserId, since: Timestamp) -> Result<u64, StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM invitations WHERE invited_by = $1 AND created_at > $2")
            .bind(by.0)
            .bind(millis(since))
            .fetch_one(tx.conn())
            .await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Whether a link has been asked for, for a person, since a moment.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn is_asked_for(tx: &mut Tx, user: UserId, since: Timestamp) -> Result<bool, StoreError> {
    for list in List::ALL {
        let sql = format!(
            "SELECT user_id FROM {} WHERE user_id = $1 AND created_at > $2",
            list.table()
        );
        let row: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(user.0)
            .bind(millis(since))
            .fetch_optional(tx.conn())
            .await?;
        if row.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there is something for [`take`].
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn any(
    tx: &mut Tx,
    list: List,
    since: Timestamp,
    before: Timestamp,
) -> Result<bool, StoreError> {
    let sql = format!("SELECT i.user_id {} LIMIT 1", list.waiting());
    let row: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(millis(since))
        .bind(millis(before))
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Takes somebody to send them a link, which is written down: its token is known to who mails it alone. Other servers leave
/// them alone for as long.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn take(
    tx: &mut Tx,
    list: List,
    since: Timestamp,
    before: Timestamp,
    now: Timestamp,
    link: (&str, Timestamp),
) -> Result<Option<Uninvited>, StoreError> {
    let sql = format!(
        "SELECT i.user_id, u.login, u.email, i.language {} ORDER BY i.user_id LIMIT 1",
        list.waiting()
    );
    let row: Option<UninvitedRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(millis(since))
        .bind(millis(before))
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let tried = format!("UPDATE {} SET tried_at = $1 WHERE user_id = $2", list.table());
    sqlx::query(sqlx::AssertSqlSafe(tried))
        .bind(millis(now))
        .bind(row.user_id.0)
        .execute(tx.conn())
        .await?;
    let (token_hash, until) = link;
    password_links::replace(tx, row.user_id, token_hash, until).await?;
    Ok(Some(Uninvited {
        user: row.user_id,
        login: row.login,
        email: row.email,
        language: row.language,
        list,
    }))
}

/// Writes that somebody was sent their link.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn invited(tx: &mut Tx, list: List, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let sql = format!("UPDATE {} SET invited_at = $1 WHERE user_id = $2", list.table());
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(millis(now))
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
