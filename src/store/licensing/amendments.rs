//! What was, and will be, done to licences (N17).

use std::collections::BTreeMap;

use domain::{
    access::{Authorized, LicenseAmendment, TicketJoin, TicketSplit},
    ids::{AmendmentId, GroupId, LicenseId, ProductId, TicketId, UserId},
    licensing::{
        amendments::{
            Amendment, Grant,
            timeline::{InUse, Recorded, Timeline},
        },
        licenses::Validity,
    },
    resellers::quotas::Period,
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use crate::store::{
    StoreError, Tx,
    licensing::licenses::Granted,
    row::{self, number, rows},
    sql::{BATCH, Sql, millis},
};

/// Licences that are asked about at once.
const READ: usize = 256;

/// An amendment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: AmendmentId,
    pub license: LicenseId,
    pub recorded: Recorded,
    /// How the licence stood before it, as far as was foreseen; once it is settled, as it was.
    pub before: Grant,
    /// How it stands because of it.
    pub after: Grant,
    pub reason: String,
    pub by: UserId,
    pub made_at: Timestamp,
    /// Whether the columns of the licence say so.
    pub settled: bool,
    pub undone_by: Option<UserId>,
}

const COLUMNS: &str = "SELECT id, license_id, number, what, before_it, after_it, reason, made_by, made_at, in_force_at, settled,
     undone_by, undone_at FROM amendments";

rows! {
    /// A row of [`COLUMNS`].
    struct StoredRow {
        id: AmendmentId,
        license_id: LicenseId,
        number: i64,
        what: String,
        before_it: String,
        after_it: String,
        reason: String,
        made_by: UserId,
        made_at: Timestamp,
        in_force_at: Timestamp,
        settled: bool,
        undone_by: Option<UserId>,
        undone_at: Option<Timestamp>,
    }

    struct InUseRow {
        activated: i64,
        out: i64,
        signed_until: Option<Timestamp>,
    }

    struct DueRow {
        license_id: LicenseId,
    }
}

fn read<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Inconsistent(column))
}

fn written(value: &impl Serialize, column: &'static str) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Inconsistent(column))
}

impl TryFrom<StoredRow> for Stored {
    type Error = StoreError;

    fn try_from(row: StoredRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            license: row.license_id,
            recorded: Recorded {
                number: number(row.number, "amendments.number")?,
                amendment: read(&row.what, "amendments.what")?,
                from: row.in_force_at,
                undone: row.undone_at,
            },
            before: read(&row.before_it, "amendments.before_it")?,
            after: read(&row.after_it, "amendments.after_it")?,
            reason: row.reason,
            by: row.made_by,
            made_at: row.made_at,
            settled: row.settled,
            undone_by: row.undone_by,
        })
    }
}

/// An amendment. One that does not exist takes as many statements as any other (R12).
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: AmendmentId) -> Result<Option<Stored>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" WHERE id = ").int(id.0);
    let row: Option<StoredRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row::optional(row)
}

/// The amendments of these licences, by licence, in the order in which they come into force.
///
/// # Errors
/// [`StoreError`].
pub async fn of_licenses(
    tx: &mut Tx,
    licenses: &[LicenseId],
) -> Result<BTreeMap<LicenseId, Vec<Stored>>, StoreError> {
    let mut found: BTreeMap<LicenseId, Vec<Stored>> = BTreeMap::new();
    for licenses in licenses.chunks(READ) {
        let mut sql = Sql::default();
        sql.push(COLUMNS)
            .push(" WHERE license_id IN ")
            .id_list(licenses.iter().map(|license| license.0))
            .push(" ORDER BY license_id, in_force_at, number");
        let rows: Vec<StoredRow> = sql.rows().fetch_all(tx.conn()).await?;
        for stored in row::all::<_, Stored>(rows)? {
            found.entry(stored.license).or_default().push(stored);
        }
    }
    Ok(found)
}

/// The amendments that the person made under that idempotency key.
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(tx: &mut Tx, by: UserId, key: &str) -> Result<Vec<AmendmentId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar(
        "SELECT id FROM amendments WHERE made_by = $1 AND request_key = $2 ORDER BY license_id",
    )
    .bind(by.0)
    .bind(key)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(AmendmentId).collect())
}

/// The licence from its beginning on, with all that was ever done to it.
#[must_use]
pub fn whole(granted: &Granted, stored: &[Stored]) -> Timeline {
    // Nothing came before the first that is in force, and nothing can any more.
    let base = stored
        .first()
        .map_or_else(|| granted.timeline.base(), |first| first.before);
    let last = stored.iter().map(|one| one.recorded.number).max();
    let recorded = stored.iter().map(|one| one.recorded).collect();
    Timeline::new(base, granted.started, recorded, last.unwrap_or_default())
}

/// What relies on what the licence grants.
///
/// # Errors
/// [`StoreError`].
pub async fn in_use(tx: &mut Tx, license: LicenseId, now: Timestamp) -> Result<InUse, StoreError> {
    let row: InUseRow = sqlx::query_as(
        "SELECT l.activated,
             (SELECT COUNT(*) FROM leases WHERE license_id = l.id AND holds_until > $2)
                 + (SELECT COALESCE(CAST(SUM(quantity) AS BIGINT), 0) FROM activations
                    WHERE license_id = l.id AND ended_at IS NULL AND signed_until > $2) AS out,
             (SELECT MAX(until) FROM (
                 SELECT MAX(expires_at) AS until FROM leases WHERE license_id = $1 AND holds_until > $2
                 UNION ALL
                 SELECT MAX(signed_until) AS until FROM activations
                 WHERE license_id = $1 AND ended_at IS NULL AND signed_until > $2) AS signed) AS signed_until
         FROM licenses l WHERE l.id = $1",
    )
    .bind(license.0)
    .bind(millis(now))
    .fetch_one(tx.conn())
    .await?;
    Ok(InUse {
        activated: number(row.activated, "licenses.activated")?,
        out: number(row.out, "leases")?,
        signed_until: row.signed_until,
    })
}

/// An amendment that is made.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    pub id: AmendmentId,
    pub recorded: Recorded,
    pub before: Grant,
    pub after: Grant,
    pub reason: &'a str,
    pub key: &'a str,
    pub made_at: Timestamp,
}

/// Writes a new amendment.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is not the one that the policy permitted: a defect.
pub async fn insert(
    tx: &mut Tx,
    proof: &Authorized<LicenseAmendment>,
    granted: &Granted,
    new: &New<'_>,
) -> Result<(), StoreError> {
    if proof.license != granted.license.id || proof.amendment != new.recorded.amendment {
        return Err(StoreError::Inconsistent("amendments.license_id"));
    }
    insert_row(tx, (proof.by, proof.group), (proof.license, granted.product), new).await
}

/// Writes that so many of a licence became one of another ticket.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is something else: a defect.
pub(in crate::store) async fn insert_split(
    tx: &mut Tx,
    proof: &Authorized<TicketSplit>,
    granted: &Granted,
    new: &New<'_>,
) -> Result<(), StoreError> {
    let is_split = matches!(new.recorded.amendment, Amendment::Split { .. });
    if proof.ticket != granted.ticket || !is_split {
        return Err(StoreError::Inconsistent("amendments.license_id"));
    }
    insert_row(tx, (proof.by, None), (granted.license.id, granted.product), new).await
}

/// Writes that so many came to a licence from one of another ticket.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is something else: a defect.
pub(in crate::store) async fn insert_join(
    tx: &mut Tx,
    proof: &Authorized<TicketJoin>,
    granted: &Granted,
    new: &New<'_>,
) -> Result<(), StoreError> {
    let is_join = matches!(new.recorded.amendment, Amendment::Join { .. });
    if proof.into != granted.ticket || !is_join {
        return Err(StoreError::Inconsistent("amendments.license_id"));
    }
    insert_row(tx, (proof.by, None), (granted.license.id, granted.product), new).await
}

/// Writes an amendment of a licence of the product, by somebody, counted for the quotas of the group.
async fn insert_row(
    tx: &mut Tx,
    (by, group): (UserId, Option<GroupId>),
    (license, product): (LicenseId, ProductId),
    new: &New<'_>,
) -> Result<(), StoreError> {
    let counts =
        |period| i64::try_from(new.recorded.amendment.counts(&new.before, period)).unwrap_or(i64::MAX);
    let added = counts(Period::Total);
    let row = vec![
        new.id.0.into(),
        license.0.into(),
        i64::from(new.recorded.number).into(),
        written(&new.recorded.amendment, "amendments.what")?.into(),
        written(&new.before, "amendments.before_it")?.into(),
        written(&new.after, "amendments.after_it")?.into(),
        new.reason.into(),
        by.0.into(),
        new.made_at.into(),
        new.recorded.from.into(),
        (new.recorded.from <= new.made_at).into(),
        group.map(|group| group.0).into(),
        product.0.into(),
        added.into(),
        (counts(Period::Day) - added).into(),
        new.key.into(),
    ];
    let table = "amendments (id, license_id, number, what, before_it, after_it, reason, made_by, made_at, in_force_at, settled,
         group_id, product_id, added, renewed, request_key)";
    Sql::insert(table, [row]).query().execute(tx.conn()).await?;
    Ok(())
}

/// Takes an amendment back.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is none of the licence that the proof is about, or was taken back: a defect.
pub async fn undo(
    tx: &mut Tx,
    proof: &Authorized<LicenseAmendment>,
    id: AmendmentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let undone = sqlx::query(
        "UPDATE amendments SET undone_by = $3, undone_at = $4 WHERE id = $1 AND license_id = $2 AND undone_at IS NULL",
    )
    .bind(id.0)
    .bind(proof.license.0)
    .bind(proof.by.0)
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    if undone.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("amendments.undone_at"))
    }
}

/// What came into force is settled, with how the licence stood before and after.
///
/// # Errors
/// [`StoreError`].
pub async fn settle(tx: &mut Tx, id: AmendmentId, before: &Grant, after: &Grant) -> Result<(), StoreError> {
    sqlx::query("UPDATE amendments SET settled = 1, before_it = $2, after_it = $3 WHERE id = $1")
        .bind(id.0)
        .bind(written(before, "amendments.before_it")?)
        .bind(written(after, "amendments.after_it")?)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Writes how a licence of the ticket stands, and what comes into force later. Where more are activated than it grants, its
/// quantity follows as they are given back.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there is no such licence: a defect.
pub async fn write(
    tx: &mut Tx,
    (ticket, license): (TicketId, LicenseId),
    timeline: &Timeline,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (settled, _) = timeline.settled(now);
    let grant = settled.base();
    let planned: Vec<&Recorded> = settled
        .recorded()
        .iter()
        .filter(|one| one.undone.is_none())
        .collect();
    let planned = match planned.as_slice() {
        [] => None,
        planned => Some(written(&planned, "licenses.planned")?),
    };
    let (from, until, days) = match grant.validity {
        Validity::Perpetual => (None, None, None),
        Validity::Between(from, until) => (from, until, None),
        Validity::Days(days) => (None, None, Some(days)),
    };
    let done = sqlx::query(
        "UPDATE licenses SET quantity = CASE WHEN activated > $3 THEN activated ELSE $3 END,
             reduced_to = CASE WHEN activated > $3 THEN $3 END,
             valid_from = $4, valid_until = $5, valid_days = $6, suspended_at = $7, revoked_at = $8, planned = $9
         WHERE id = $1 AND ticket_id = $2",
    )
    .bind(license.0)
    .bind(ticket.0)
    .bind(i64::from(grant.quantity))
    .bind(from.map(millis))
    .bind(until.map(millis))
    .bind(days.map(i64::from))
    .bind(grant.suspended.map(millis))
    .bind(grant.revoked.map(millis))
    .bind(planned)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("licenses.ticket_id"))
    }
}

/// Licences with planned amendments that are in force by now and not settled, the longest waiting first.
///
/// # Errors
/// [`StoreError`].
pub async fn due(tx: &mut Tx, now: Timestamp, most: u32) -> Result<Vec<LicenseId>, StoreError> {
    let rows: Vec<DueRow> = sqlx::query_as(
        "SELECT license_id FROM amendments WHERE settled = 0 AND undone_at IS NULL AND in_force_at <= $1
         ORDER BY in_force_at, id LIMIT $2",
    )
    .bind(millis(now))
    .bind(i64::from(most))
    .fetch_all(tx.conn())
    .await?;
    let mut licenses: Vec<LicenseId> = Vec::new();
    for row in rows {
        if !licenses.contains(&row.license_id) {
            licenses.push(row.license_id);
        }
    }
    Ok(licenses)
}

/// An amendment of a licence that came with a file. It counts for no quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub id: AmendmentId,
    pub recorded: Recorded,
    pub before: Grant,
    pub after: Grant,
    pub reason: String,
    pub by: UserId,
    pub made_at: Timestamp,
    pub settled: bool,
    pub undone_by: Option<UserId>,
}

/// Writes the amendments of a licence that came with a file, and what follows from them: what is planned, whether it is
/// suspended or revoked.
///
/// # Errors
/// [`StoreError`].
pub async fn import(
    tx: &mut Tx,
    (license, product): (LicenseId, ProductId),
    started: Option<Timestamp>,
    amendments: &[Imported],
) -> Result<(), StoreError> {
    for rows in amendments.chunks(BATCH) {
        let mut written_rows = Vec::with_capacity(rows.len());
        for one in rows {
            written_rows.push(vec![
                one.id.0.into(),
                license.0.into(),
                i64::from(one.recorded.number).into(),
                written(&one.recorded.amendment, "amendments.what")?.into(),
                written(&one.before, "amendments.before_it")?.into(),
                written(&one.after, "amendments.after_it")?.into(),
                one.reason.as_str().into(),
                one.by.0.into(),
                one.made_at.into(),
                one.recorded.from.into(),
                one.settled.into(),
                one.undone_by.map(|by| by.0).into(),
                one.recorded.undone.into(),
                product.0.into(),
                0_i64.into(),
                0_i64.into(),
                format!("import-{}", one.id).into(),
            ]);
        }
        let table = "amendments (id, license_id, number, what, before_it, after_it, reason, made_by, made_at, in_force_at,
             settled, undone_by, undone_at, product_id, added, renewed, request_key)";
        Sql::insert(table, written_rows)
            .query()
            .execute(tx.conn())
            .await?;
    }
    let left = || amendments.iter().filter(|one| one.recorded.undone.is_none());
    let last = left()
        .filter(|one| one.settled)
        .max_by_key(|one| (one.recorded.from, one.recorded.number));
    let planned: Vec<Recorded> = left()
        .filter(|one| !one.settled)
        .map(|one| one.recorded)
        .collect();
    let planned = match planned.as_slice() {
        [] => None,
        planned => Some(written(&planned, "licenses.planned")?),
    };
    sqlx::query(
        "UPDATE licenses SET started_at = $2, suspended_at = $3, revoked_at = $4, planned = $5 WHERE id = $1",
    )
    .bind(license.0)
    .bind(started.map(millis))
    .bind(last.and_then(|one| one.after.suspended).map(millis))
    .bind(last.and_then(|one| one.after.revoked).map(millis))
    .bind(planned)
    .execute(tx.conn())
    .await?;
    Ok(())
}
