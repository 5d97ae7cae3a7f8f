//! Requests to the vendor of the portal (N12). They are their own outbox: one that was not mailed yet is tried again.

use domain::{
    access::{Administration, Authorized},
    ids::RequestId,
    instance::requests::{RequestState, Wish},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        row::{self, number, rows},
        sql::millis,
    },
    views::instance::requests::LicenseRequest,
};

/// How many are listed.
const LISTED: i64 = 20;

const COLUMNS: &str =
    "SELECT r.id, r.requested_at, r.seats, r.variant, r.note, r.mailed_at, r.ended_at, r.granted, u.name AS requested_by
     FROM license_requests r LEFT JOIN users u ON u.id = r.requested_by ";

rows! {
    /// A row of [`COLUMNS`].
    struct RequestRow {
        id: RequestId,
        requested_at: Timestamp,
        seats: i64,
        variant: String,
        note: String,
        mailed_at: Option<Timestamp>,
        ended_at: Option<Timestamp>,
        granted: bool,
        requested_by: Option<String>,
    }
}

impl TryFrom<RequestRow> for LicenseRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        let state = match (row.ended_at, row.granted, row.mailed_at) {
            (Some(at), false, _) => RequestState::Withdrawn(at),
            (Some(at), true, _) => RequestState::Granted(at),
            (None, _, Some(at)) => RequestState::Mailed(at),
            (None, _, None) => RequestState::Recorded,
        };
        Ok(Self {
            id: row.id,
            at: row.requested_at,
            by: row.requested_by.unwrap_or_default(),
            wish: Wish {
                seats: number(row.seats, "license_requests.seats")?,
                variant: row.variant,
                note: row.note,
            },
            state,
        })
    }
}

/// Writes a request.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    proof: &Authorized<Administration>,
    id: RequestId,
    wish: &Wish,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO license_requests (id, requested_at, requested_by, seats, variant, note)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(millis(now))
    .bind(proof.by.0)
    .bind(i64::from(wish.seats))
    .bind(wish.variant.as_str())
    .bind(wish.note.as_str())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The last ones, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn last(
    tx: &mut Tx,
    _proof: &Authorized<Administration>,
) -> Result<Vec<LicenseRequest>, StoreError> {
    let rows: Vec<RequestRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} ORDER BY r.id DESC LIMIT $1"
    )))
    .bind(LISTED)
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// Those whose answer is awaited.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn open(tx: &mut Tx) -> Result<Vec<LicenseRequest>, StoreError> {
    let rows: Vec<RequestRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE r.ended_at IS NULL ORDER BY r.id"
    )))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// Ends a request whose answer is awaited. Whether there was one.
///
/// # Errors
/// [`StoreError`].
pub async fn end(
    tx: &mut Tx,
    _proof: &Authorized<Administration>,
    id: RequestId,
    granted: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE license_requests SET ended_at = $1, granted = $2 WHERE id = $3 AND ended_at IS NULL",
    )
    .bind(millis(now))
    .bind(i64::from(granted))
    .bind(id.0)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether there is something for [`take_unmailed`].
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn any_unmailed(tx: &mut Tx, before: Timestamp) -> Result<bool, StoreError> {
    let row: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM license_requests WHERE ended_at IS NULL AND mailed_at IS NULL AND tried_at <= $1 LIMIT 1",
    )
    .bind(millis(before))
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.is_some())
}

/// Takes a request to mail it: one that is awaited, not mailed yet, and not tried since `before`. Other servers leave it
/// alone for as long.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn take_unmailed(
    tx: &mut Tx,
    before: Timestamp,
    now: Timestamp,
) -> Result<Option<LicenseRequest>, StoreError> {
    let row: Option<RequestRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE r.ended_at IS NULL AND r.mailed_at IS NULL AND r.tried_at <= $1 ORDER BY r.id LIMIT 1"
    )))
    .bind(millis(before))
    .fetch_optional(tx.conn())
    .await?;
    let Some(found) = row::optional::<_, LicenseRequest>(row)? else {
        return Ok(None);
    };
    sqlx::query("UPDATE license_requests SET tried_at = $1 WHERE id = $2")
        .bind(millis(now))
        .bind(found.id.0)
        .execute(tx.conn())
        .await?;
    Ok(Some(found))
}

/// Writes that a request was mailed.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn mailed(tx: &mut Tx, id: RequestId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE license_requests SET mailed_at = $1 WHERE id = $2")
        .bind(millis(now))
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
