//! Mails about what expires: who is to get one, found out once a day; each is its own outbox row until it was sent.

use domain::{
    access::{AccountChange, Authorized},
    ids::{GroupId, UserId},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        row::{moment, rows},
        sql::{Sql, millis, push_in},
    },
    views::licensing::expiry::Digest,
};

rows! {
    struct AdminRow {
        group_id: GroupId,
        user_id: UserId,
    }

    struct AskedRow {
        user_id: UserId,
        since: Timestamp,
        until: Timestamp,
    }

    struct RecipientRow {
        email: Option<String>,
        language: Option<String>,
    }
}

impl From<AskedRow> for Asked {
    fn from(row: AskedRow) -> Self {
        Self {
            user: row.user_id,
            since: row.since,
            until: row.until,
        }
    }
}

/// The admins of these groups who can be mailed: their accounts are switched on, and have an address.
///
/// # Errors
/// [`StoreError`].
pub async fn admins_of(tx: &mut Tx, of: &[GroupId]) -> Result<Vec<(GroupId, UserId)>, StoreError> {
    let mut found = Vec::new();
    for of in of.chunks(1_000) {
        let mut sql = Sql::default();
        sql.push(
            "SELECT m.group_id, m.user_id FROM membership_permissions m JOIN users u ON u.id = m.user_id
             WHERE m.permission = 'admin' AND u.active = 1 AND u.email IS NOT NULL",
        );
        push_in(&mut sql, " AND m.group_id", of.iter().map(|group| group.0));
        let rows: Vec<AdminRow> = sql.rows().fetch_all(tx.conn()).await?;
        found.extend(rows.into_iter().map(|row| (row.group_id, row.user_id)));
    }
    Ok(found)
}

/// The ISV admins who can be mailed.
///
/// # Errors
/// [`StoreError`].
pub async fn isv_admins(tx: &mut Tx) -> Result<Vec<UserId>, StoreError> {
    let ids: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM users WHERE isv_admin = 1 AND active = 1 AND email IS NOT NULL")
            .fetch_all(tx.conn())
            .await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Until when it was found out who is to be mailed.
///
/// # Errors
/// [`StoreError`].
pub async fn found_until(tx: &mut Tx) -> Result<Timestamp, StoreError> {
    let until = sqlx::query_scalar("SELECT until FROM expiry_runs WHERE id = 1")
        .fetch_one(tx.conn())
        .await?;
    moment(until, "expiry_runs.until")
}

/// Writes that it was found out until then, if nobody else did meanwhile. Whether it was so.
///
/// # Errors
/// [`StoreError`].
pub async fn found_out(tx: &mut Tx, since: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE expiry_runs SET until = $2 WHERE id = 1 AND until = $1")
        .bind(millis(since))
        .bind(millis(until))
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A person is to be mailed what came near its end between two moments, unless they do not want it. What was not mailed
/// before goes into the same mail.
///
/// # Errors
/// [`StoreError`].
pub async fn ask_for(
    tx: &mut Tx,
    user: UserId,
    since: Timestamp,
    until: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO expiry_digests (user_id, since, until)
         SELECT u.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM users u
         WHERE u.id = $1 AND u.active = 1 AND u.email IS NOT NULL AND u.expiry_mail = 1
         ON CONFLICT (user_id) DO UPDATE SET until = excluded.until, tried_at = 0",
    )
    .bind(user.0)
    .bind(millis(since))
    .bind(millis(until))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A mail that is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub user: UserId,
    /// About what came near its end after then,
    pub since: Timestamp,
    /// until then.
    pub until: Timestamp,
}

/// Whether there is something for [`take`].
///
/// # Errors
/// [`StoreError`].
pub async fn any_asked(tx: &mut Tx, before: Timestamp) -> Result<bool, StoreError> {
    let row: Option<i64> =
        sqlx::query_scalar("SELECT user_id FROM expiry_digests WHERE tried_at <= $1 LIMIT 1")
            .bind(millis(before))
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.is_some())
}

/// Takes a mail to write it: one that was not tried since `before`. Other servers leave it alone for as long.
///
/// # Errors
/// [`StoreError`].
pub async fn take(tx: &mut Tx, before: Timestamp, now: Timestamp) -> Result<Option<Asked>, StoreError> {
    let row: Option<AskedRow> = sqlx::query_as(
        "SELECT user_id, since, until FROM expiry_digests WHERE tried_at <= $1 ORDER BY tried_at, user_id LIMIT 1",
    )
    .bind(millis(before))
    .fetch_optional(tx.conn())
    .await?;
    let Some(asked) = row.map(Asked::from) else {
        return Ok(None);
    };
    sqlx::query("UPDATE expiry_digests SET tried_at = $1 WHERE user_id = $2")
        .bind(millis(now))
        .bind(asked.user.0)
        .execute(tx.conn())
        .await?;
    Ok(Some(asked))
}

/// A mail is done with. What was asked for since then stays.
///
/// # Errors
/// [`StoreError`].
pub async fn done(tx: &mut Tx, asked: &Asked) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM expiry_digests WHERE user_id = $1 AND until = $2",
        "UPDATE expiry_digests SET since = $2 WHERE user_id = $1",
    ] {
        sqlx::query(statement)
            .bind(asked.user.0)
            .bind(millis(asked.until))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// To whom a mail goes, without what stands in it; `None` for who is not to be mailed any more.
///
/// # Errors
/// [`StoreError`].
pub async fn recipient(tx: &mut Tx, user: UserId) -> Result<Option<Digest>, StoreError> {
    let row: Option<RecipientRow> =
        sqlx::query_as("SELECT email, language FROM users WHERE id = $1 AND active = 1 AND expiry_mail = 1")
            .bind(user.0)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.and_then(|row| {
        Some(Digest {
            email: row.email?,
            language: row.language,
            rows: Vec::new(),
            total: 0,
            licenses: 0,
        })
    }))
}

/// Whether a person is mailed what expires.
///
/// # Errors
/// [`StoreError`].
pub async fn is_wanted(tx: &mut Tx, user: UserId) -> Result<bool, StoreError> {
    let wanted: Option<i64> = sqlx::query_scalar("SELECT expiry_mail FROM users WHERE id = $1")
        .bind(user.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(wanted.is_some_and(|wanted| wanted != 0))
}

/// Writes whether a person is mailed what expires.
///
/// # Errors
/// [`StoreError`].
pub async fn want(tx: &mut Tx, proof: &Authorized<AccountChange>, on: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET expiry_mail = $1 WHERE id = $2")
        .bind(i64::from(on))
        .bind(proof.user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
