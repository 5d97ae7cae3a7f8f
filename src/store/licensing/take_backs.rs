//! Requests to take tickets back that nobody uses (N18), and who is mailed about them.

use std::collections::BTreeMap;

use domain::{
    access::{Authorized, TakeBackAnswer, TakeBackAsking},
    ids::{GroupId, TakeBackId, TicketId, UserId},
    licensing::take_backs::TakeBackState,
    tickets::{codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    row::{self, parsed, rows},
    sql::{Sql, millis},
    visibility::VisibilityScope,
};

/// A request as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: TakeBackId,
    pub ticket: TicketId,
    /// Who had the ticket when it was asked for.
    pub from: Owner,
    pub to: GroupId,
    pub by: UserId,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub state: TakeBackState,
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "r.id, r.ticket_id, r.from_owner, r.to_group_id, r.asked_by, r.asked_at, r.due_at, r.state, r.ended_at";

rows! {
    /// A row of [`COLUMNS`].
    struct StoredRow {
        id: TakeBackId,
        ticket_id: TicketId,
        from_owner: String,
        to_group_id: GroupId,
        asked_by: UserId,
        asked_at: Timestamp,
        due_at: Timestamp,
        state: String,
        ended_at: Option<Timestamp>,
    }

    struct CountedRow {
        request: StoredRow,
        total: i64,
    }

    struct OpenRow {
        ticket_id: TicketId,
        due_at: Timestamp,
    }

    struct WaitingRow {
        ticket_id: TicketId,
        code: String,
        due_at: Timestamp,
    }

    struct MailRow {
        take_back_id: TakeBackId,
        user_id: UserId,
    }

    struct RecipientRow {
        email: Option<String>,
        language: Option<String>,
    }
}

impl TryFrom<StoredRow> for Stored {
    type Error = StoreError;

    fn try_from(row: StoredRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            ticket: row.ticket_id,
            from: parsed(&row.from_owner, "take_backs.from_owner")?,
            to: row.to_group_id,
            by: row.asked_by,
            asked_at: row.asked_at,
            due_at: row.due_at,
            state: parsed(&row.state, "take_backs.state")?,
            ended_at: row.ended_at,
        })
    }
}

/// Writes a request.
///
/// # Errors
/// [`StoreError`]; a duplicate where the ticket is asked for already.
pub async fn insert(
    tx: &mut Tx,
    proof: &Authorized<TakeBackAsking>,
    id: TakeBackId,
    (asked_at, due_at): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let row = vec![
        id.0.into(),
        proof.ticket.0.into(),
        proof.from.to_string().into(),
        proof.to.0.into(),
        proof.by.0.into(),
        asked_at.into(),
        due_at.into(),
        TakeBackState::Asked.to_string().into(),
    ];
    let table = "take_backs (id, ticket_id, from_owner, to_group_id, asked_by, asked_at, due_at, state)";
    Sql::insert(table, [row]).query().execute(tx.conn()).await?;
    Ok(())
}

/// A request; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: TakeBackId) -> Result<Option<Stored>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM take_backs r WHERE r.id = ")
        .int(id.0);
    let row: Option<StoredRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row::optional(row)
}

/// When those of the tickets move that are asked for.
///
/// # Errors
/// [`StoreError`].
pub async fn open_of(tx: &mut Tx, tickets: &[TicketId]) -> Result<BTreeMap<TicketId, Timestamp>, StoreError> {
    let mut open = BTreeMap::new();
    for tickets in tickets.chunks(crate::store::tickets::READ) {
        let mut sql = Sql::default();
        sql.push("SELECT ticket_id, due_at FROM take_backs WHERE state = 'asked' AND ticket_id IN ")
            .id_list(tickets.iter().map(|ticket| ticket.0));
        let rows: Vec<OpenRow> = sql.rows().fetch_all(tx.conn()).await?;
        open.extend(rows.into_iter().map(|row| (row.ticket_id, row.due_at)));
    }
    Ok(open)
}

/// Writes how a request ended. Whether it was still open.
///
/// # Errors
/// [`StoreError`].
pub async fn end(
    tx: &mut Tx,
    id: TakeBackId,
    state: TakeBackState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("UPDATE take_backs SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'asked'")
            .bind(id.0)
            .bind(state.to_string())
            .bind(millis(now))
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes that a request is due at once, because whoever has the ticket gives it back.
///
/// # Errors
/// [`StoreError`].
pub async fn give(
    tx: &mut Tx,
    id: TakeBackId,
    proof: &Authorized<TakeBackAnswer>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE take_backs SET due_at = $3 WHERE id = $1 AND ticket_id = $2 AND state = 'asked' AND due_at > $3")
        .bind(id.0)
        .bind(proof.ticket.0)
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// ` (a licence of the ticket was leased since it was asked for)`. What a machine without a network may use is in use, for all
/// that is known.
const USED: &str = " (EXISTS (SELECT 1 FROM licenses l JOIN leases le ON le.license_id = l.id WHERE l.ticket_id = r.ticket_id
         AND le.holds_until > r.asked_at AND (le.begun_at > r.asked_at OR le.signed_at > r.asked_at))
     OR EXISTS (SELECT 1 FROM licenses l JOIN activations a ON a.license_id = l.id WHERE l.ticket_id = r.ticket_id
         AND a.signed_until > r.asked_at AND a.begun_at > r.asked_at))";

/// Whether a licence of the ticket was leased since it was asked for.
///
/// # Errors
/// [`StoreError`].
pub async fn is_used(tx: &mut Tx, id: TakeBackId) -> Result<bool, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM take_backs r WHERE r.id = ")
        .int(id.0)
        .push(" AND")
        .push(USED);
    let used: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    Ok(used > 0)
}

/// So many of the requests with which something is to happen: the day has come, or the ticket was used, or moved.
///
/// # Errors
/// [`StoreError`].
pub async fn due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<TakeBackId>, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT r.id FROM take_backs r JOIN tickets t ON t.id = r.ticket_id WHERE r.state = 'asked' AND (r.due_at <= ",
    )
    .moment(now)
    .push(" OR t.owner_since > r.asked_at OR")
    .push(USED)
    .push(") ORDER BY r.due_at, r.id LIMIT ")
    .int(i64::from(limit));
    let ids: Vec<i64> = sql.scalar().fetch_all(tx.conn()).await?;
    Ok(ids.into_iter().map(TakeBackId).collect())
}

/// `AND (…)`: the request `r` waits for the reader, who has its ticket `t` or is an admin of the group that has it; not for who
/// asked, and not about a ticket that has moved since.
fn push_waits_for(sql: &mut Sql, visibility: &VisibilityScope) {
    let me = visibility.actor().user.0;
    sql.push(" AND r.state = 'asked' AND r.asked_by <> ")
        .int(me)
        .push(" AND t.owner_since <= r.asked_at AND (t.owner_user_id = ")
        .int(me)
        .push(
            " OR t.owner_group_id IN (SELECT p.group_id FROM membership_permissions p
                 WHERE p.permission = 'admin' AND p.user_id = ",
        )
        .int(me)
        .push("))");
    visibility.push_sees_ticket(sql);
}

const FROM: &str = " FROM take_backs r JOIN tickets t ON t.id = r.ticket_id LEFT JOIN groups lg ON lg.id = t.level_group_id WHERE ";

/// A page of the requests that wait for the reader, and of the reader's own about tickets that they see: what waits first, then
/// what ended last. And how many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    (size, offset): (u32, u64),
) -> Result<(Vec<Stored>, u64), StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT r.*, COUNT(*) OVER () AS total FROM (SELECT ")
        .push(COLUMNS)
        .push(FROM)
        .push("r.asked_by = ")
        .int(visibility.actor().user.0);
    visibility.push_sees_ticket(&mut sql);
    sql.push(" UNION ALL SELECT ")
        .push(COLUMNS)
        .push(FROM)
        .push("1 = 1");
    push_waits_for(&mut sql, visibility);
    sql.push(
        ") r ORDER BY CASE WHEN r.ended_at IS NULL THEN 0 ELSE 1 END, r.ended_at DESC, r.due_at, r.id LIMIT ",
    )
    .int(i64::from(size))
    .push(" OFFSET ")
    .int(i64::try_from(offset).unwrap_or(i64::MAX));
    let rows: Vec<CountedRow> = sql.rows().fetch_all(tx.conn()).await?;
    // Beyond the last page nothing is counted.
    let total = rows.first().map_or(0, |row| row.total);
    let found: Vec<Stored> = row::all(rows.into_iter().map(|row| row.request).collect())?;
    Ok((found, u64::try_from(total).unwrap_or_default()))
}

/// The request that a ticket is under, if it has not moved since.
///
/// # Errors
/// [`StoreError`].
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Stored>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(
            " FROM take_backs r JOIN tickets t ON t.id = r.ticket_id
             WHERE r.state = 'asked' AND t.owner_since <= r.asked_at AND r.ticket_id = ",
        )
        .int(ticket.0);
    let rows: Vec<StoredRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// So many of the tickets about which the reader is asked, with the day on which each moves, the next to move first.
///
/// # Errors
/// [`StoreError`].
pub async fn waiting(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    limit: i64,
) -> Result<Vec<(TicketId, TicketCode, Timestamp)>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT r.ticket_id, t.code, r.due_at")
        .push(FROM)
        .push("1 = 1");
    push_waits_for(&mut sql, visibility);
    sql.push(" ORDER BY r.due_at, r.id LIMIT ").int(limit);
    let rows: Vec<WaitingRow> = sql.rows().fetch_all(tx.conn()).await?;
    rows.into_iter()
        .map(|row| Ok((row.ticket_id, parsed(&row.code, "tickets.code")?, row.due_at)))
        .collect()
}

/// These are to be mailed how a request stands, and nobody else about it.
///
/// # Errors
/// [`StoreError`].
pub async fn tell(tx: &mut Tx, id: TakeBackId, people: &[UserId], now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM take_back_mails WHERE take_back_id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    if people.is_empty() {
        return Ok(());
    }
    let rows = people
        .iter()
        .map(|user| vec![id.0.into(), user.0.into(), now.into()]);
    Sql::insert("take_back_mails (take_back_id, user_id, mail_at)", rows)
        .query()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whether there is something for [`take_mail`].
///
/// # Errors
/// [`StoreError`].
pub async fn any_mail(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT user_id FROM take_back_mails WHERE mail_at <= $1 LIMIT 1")
        .bind(millis(now))
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Takes a mail to write it; others leave it alone until `again`.
///
/// # Errors
/// [`StoreError`].
pub async fn take_mail(
    tx: &mut Tx,
    now: Timestamp,
    again: Timestamp,
) -> Result<Option<(TakeBackId, UserId)>, StoreError> {
    let row: Option<MailRow> = sqlx::query_as(
        "SELECT take_back_id, user_id FROM take_back_mails WHERE mail_at <= $1
         ORDER BY mail_at, take_back_id, user_id LIMIT 1",
    )
    .bind(millis(now))
    .fetch_optional(tx.conn())
    .await?;
    let Some(MailRow {
        take_back_id,
        user_id,
    }) = row
    else {
        return Ok(None);
    };
    sqlx::query("UPDATE take_back_mails SET mail_at = $3 WHERE take_back_id = $1 AND user_id = $2")
        .bind(take_back_id.0)
        .bind(user_id.0)
        .bind(millis(again))
        .execute(tx.conn())
        .await?;
    Ok(Some((take_back_id, user_id)))
}

/// The address and the language of somebody who can be mailed.
///
/// # Errors
/// [`StoreError`].
pub async fn recipient(tx: &mut Tx, user: UserId) -> Result<Option<(String, Option<String>)>, StoreError> {
    let row: Option<RecipientRow> =
        sqlx::query_as("SELECT email, language FROM users WHERE id = $1 AND active = 1")
            .bind(user.0)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.and_then(|row| Some((row.email?, row.language))))
}

/// Somebody was mailed how the request stood, or cannot be. What came to be told since stays.
///
/// # Errors
/// [`StoreError`].
pub async fn mailed(
    tx: &mut Tx,
    id: TakeBackId,
    user: UserId,
    state: TakeBackState,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM take_back_mails WHERE take_back_id = $1 AND user_id = $2
         AND EXISTS (SELECT 1 FROM take_backs r WHERE r.id = $1 AND r.state = $3)",
    )
    .bind(id.0)
    .bind(user.0)
    .bind(state.to_string())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets the requests that ended before, and whom to mail about them.
///
/// # Errors
/// [`StoreError`].
pub async fn tidy(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM take_back_mails WHERE take_back_id IN (SELECT r.id FROM take_backs r WHERE r.ended_at < $1)",
        "DELETE FROM take_backs WHERE ended_at < $1",
    ] {
        sqlx::query(statement)
            .bind(millis(before))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
