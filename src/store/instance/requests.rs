//! Requests to the vendor of the portal (N12). They are their own outbox: one that was not mailed yet is tried again.

use domain::{
    access::{Administration, Authorized},
    ids::RequestId,
    instance::requests::{RequestState, Wish},
};
use sqlx::{Row, any::AnyRow};

use crate::{
    store::{StoreError, Tx},
    views::instance::requests::LicenseRequest,
};

/// How many are listed.
const LISTED: i64 = 20;

const COLUMNS: &str =
    "SELECT r.id, r.requested_at, r.seats, r.variant, r.note, r.mailed_at, r.ended_at, r.granted, u.name
     FROM license_requests r LEFT JOIN users u ON u.id = r.requested_by ";

fn request(row: &AnyRow) -> Result<LicenseRequest, StoreError> {
    let (mailed, ended): (Option<i64>, Option<i64>) = (row.try_get(5)?, row.try_get(6)?);
    let state = match (ended, row.try_get::<i64, _>(7)?, mailed) {
        (Some(at), 0, _) => RequestState::Withdrawn(at),
        (Some(at), _, _) => RequestState::Granted(at),
        (None, _, Some(at)) => RequestState::Mailed(at),
        (None, _, None) => RequestState::Recorded,
    };
    Ok(LicenseRequest {
        id: RequestId(row.try_get(0)?),
        at: row.try_get(1)?,
        by: row.try_get::<Option<String>, _>(8)?.unwrap_or_default(),
        wish: Wish {
            seats: u32::try_from(row.try_get::<i64, _>(2)?)
                .map_err(|_| StoreError::Inconsistent("license_requests.seats"))?,
            variant: row.try_get(3)?,
            note: row.try_get(4)?,
        },
        state,
    })
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
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO license_requests (id, requested_at, requested_by, seats, variant, note)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(now)
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
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} ORDER BY r.id DESC LIMIT $1"
    )))
    .bind(LISTED)
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(request).collect()
}

/// Those whose answer is awaited.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn open(tx: &mut Tx) -> Result<Vec<LicenseRequest>, StoreError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE r.ended_at IS NULL ORDER BY r.id"
    )))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(request).collect()
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
    now: i64,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE license_requests SET ended_at = $1, granted = $2 WHERE id = $3 AND ended_at IS NULL",
    )
    .bind(now)
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
pub(crate) async fn any_unmailed(tx: &mut Tx, before: i64) -> Result<bool, StoreError> {
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT id FROM license_requests WHERE ended_at IS NULL AND mailed_at IS NULL AND tried_at <= $1 LIMIT 1",
    )
    .bind(before)
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
    before: i64,
    now: i64,
) -> Result<Option<LicenseRequest>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE r.ended_at IS NULL AND r.mailed_at IS NULL AND r.tried_at <= $1 ORDER BY r.id LIMIT 1"
    )))
    .bind(before)
    .fetch_optional(tx.conn())
    .await?;
    let Some(found) = row.as_ref().map(request).transpose()? else {
        return Ok(None);
    };
    sqlx::query("UPDATE license_requests SET tried_at = $1 WHERE id = $2")
        .bind(now)
        .bind(found.id.0)
        .execute(tx.conn())
        .await?;
    Ok(Some(found))
}

/// Writes that a request was mailed.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn mailed(tx: &mut Tx, id: RequestId, now: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE license_requests SET mailed_at = $1 WHERE id = $2")
        .bind(now)
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
