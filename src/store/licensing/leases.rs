//! Licences in use by machines.

use std::collections::BTreeMap;

use domain::{
    access::{Authorized, ContainerChange},
    ids::{ActivationId, ContainerId, CredentialId, LeaseId, LicenseId},
    licensing::{
        leases::{Lease, LeaseEnd, Places},
        licenses::Binding,
    },
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    licensing::licenses::{Activation, Granted},
    row::{self, moment, number, parsed, rows},
    sql::millis,
};

/// A lease as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: LeaseId,
    pub activation: ActivationId,
    pub license: LicenseId,
    pub container: ContainerId,
    /// The credential it was acquired or renewed with last.
    pub credential: CredentialId,
    /// What the machine calls itself.
    pub holder: String,
    /// The machine that a node-locked licence is bound to; floating ones have none.
    pub fingerprint: Option<String>,
    pub lease: Lease,
}

const COLUMNS: &str = "SELECT l.id, l.activation_id, l.license_id, a.container_id, l.credential_id, l.holder,
     l.fingerprint, l.expires_at, l.ended_at, l.end_reason
     FROM leases l JOIN activations a ON a.id = l.activation_id";

/// In `leases.holds_until`: nobody gave the lease back yet.
const ENDLESS: i64 = i64::MAX;

rows! {
    /// A row of [`COLUMNS`].
    struct StoredRow {
        id: LeaseId,
        activation_id: ActivationId,
        license_id: LicenseId,
        container_id: ContainerId,
        credential_id: CredentialId,
        holder: String,
        fingerprint: Option<String>,
        expires_at: Timestamp,
        ended_at: Option<Timestamp>,
        end_reason: Option<String>,
    }

    struct PlacesRow {
        taken: i64,
        out: i64,
        free_at: Option<i64>,
    }

    struct AmongRow {
        held: i64,
        older: i64,
        running: i64,
    }

    struct InUseRow {
        activation_id: ActivationId,
        taken: i64,
    }
}

impl TryFrom<StoredRow> for Stored {
    type Error = StoreError;

    fn try_from(row: StoredRow) -> Result<Self, StoreError> {
        let end = match (row.ended_at, row.end_reason) {
            (Some(at), Some(how)) => Some((at, parsed(&how, "leases.end_reason")?)),
            _ => None,
        };
        let binding = if row.fingerprint.is_some() {
            Binding::NodeLocked
        } else {
            Binding::Floating
        };
        Ok(Self {
            id: row.id,
            activation: row.activation_id,
            license: row.license_id,
            container: row.container_id,
            credential: row.credential_id,
            holder: row.holder,
            fingerprint: row.fingerprint,
            lease: Lease {
                binding,
                expires_at: row.expires_at,
                end,
            },
        })
    }
}

/// A lease, whether it has ended or not.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: LeaseId) -> Result<Option<Stored>, StoreError> {
    let row: Option<StoredRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE l.id = $1")))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// The lease that was acquired under that idempotency key.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_request(
    tx: &mut Tx,
    credential: CredentialId,
    key: &str,
) -> Result<Option<Stored>, StoreError> {
    let sql = format!("{COLUMNS} WHERE l.credential_id = $1 AND l.request_key = $2");
    let row: Option<StoredRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(credential.0)
        .bind(key)
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// The machine with that fingerprint, if it has a licence of the activation.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_node(
    tx: &mut Tx,
    activation: ActivationId,
    fingerprint: &str,
) -> Result<Option<Stored>, StoreError> {
    let sql = format!("{COLUMNS} WHERE l.activation_id = $1 AND l.fingerprint = $2 AND l.ended_at IS NULL");
    let row: Option<StoredRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(activation.0)
        .bind(fingerprint)
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// How the places of a licence are taken, and when the first of them becomes free at the latest.
///
/// # Errors
/// [`StoreError`].
pub async fn places(
    tx: &mut Tx,
    activation: &Activation,
    granted: &Granted,
    now: Timestamp,
) -> Result<(Places, Option<Timestamp>), StoreError> {
    let row: PlacesRow = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM leases WHERE activation_id = $1 AND holds_until > $3) AS taken,
                (SELECT COUNT(*) FROM leases WHERE license_id = $2 AND holds_until > $3)
                    + (SELECT COALESCE(CAST(SUM(quantity) AS BIGINT), 0) FROM activations
                       WHERE license_id = $2 AND ended_at IS NULL AND signed_until > $3) AS out,
                (SELECT MIN(holds_until) FROM leases WHERE license_id = $2 AND holds_until > $3) AS free_at",
    )
    .bind(activation.id.0)
    .bind(granted.license.id.0)
    .bind(millis(now))
    .fetch_one(tx.conn())
    .await?;
    let places = Places {
        activated: activation.quantity,
        taken: number(row.taken, "leases")?,
        granted: granted.timeline.places(now),
        out: number(row.out, "leases")?,
    };
    let free_at = row.free_at.filter(|until| *until != ENDLESS);
    let free_at = free_at.map(|until| moment(until, "leases.holds_until"));
    Ok((places, free_at.transpose()?))
}

/// How many of a licence machines hold, wherever it is activated now: by leases, and by updates for machines without a
/// network.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn held(tx: &mut Tx, license: LicenseId, now: Timestamp) -> Result<u32, StoreError> {
    let held = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM leases WHERE license_id = $1 AND holds_until > $2)
             + (SELECT COALESCE(CAST(SUM(quantity) AS BIGINT), 0) FROM activations
                WHERE license_id = $1 AND ended_at IS NULL AND signed_until > $2)",
    )
    .bind(license.0)
    .bind(millis(now))
    .fetch_one(tx.conn())
    .await?;
    number(held, "leases")
}

/// How many licences of each running activation in a container are in use.
///
/// # Errors
/// [`StoreError`].
pub async fn in_use(
    tx: &mut Tx,
    container: ContainerId,
    now: Timestamp,
) -> Result<BTreeMap<ActivationId, u32>, StoreError> {
    let rows: Vec<InUseRow> = sqlx::query_as(
        "SELECT l.activation_id, COUNT(*) AS taken FROM leases l JOIN activations a ON a.id = l.activation_id
         WHERE a.container_id = $1 AND a.ended_at IS NULL AND l.holds_until > $2 GROUP BY l.activation_id",
    )
    .bind(container.0)
    .bind(millis(now))
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.activation_id, number(row.taken, "leases")?)))
        .collect()
}

/// A lease among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Among {
    /// How many of the licence other machines hold, wherever it is activated now.
    pub(crate) held: u32,
    /// How many leases of its activation are older, and hold their places.
    pub(crate) older: u32,
    /// How many of those nobody ended.
    pub(crate) rank: u32,
}

/// Where a lease stands among the others of its licence.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn among(tx: &mut Tx, stored: &Stored, now: Timestamp) -> Result<Among, StoreError> {
    let row: AmongRow = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM leases WHERE license_id = $1 AND holds_until > $2 AND id <> $4)
                    + (SELECT COALESCE(CAST(SUM(quantity) AS BIGINT), 0) FROM activations
                       WHERE license_id = $1 AND ended_at IS NULL AND signed_until > $2) AS held,
                (SELECT COUNT(*) FROM leases WHERE activation_id = $3 AND holds_until > $2 AND id < $4) AS older,
                (SELECT COUNT(*) FROM leases
                 WHERE activation_id = $3 AND holds_until > $2 AND ended_at IS NULL AND id < $4) AS running",
    )
    .bind(stored.license.0)
    .bind(millis(now))
    .bind(stored.activation.0)
    .bind(stored.id.0)
    .fetch_one(tx.conn())
    .await?;
    Ok(Among {
        held: number(row.held, "leases")?,
        older: number(row.older, "leases")?,
        rank: number(row.running, "leases")?,
    })
}

/// Writes a new lease; `request_key` is what a repetition of the request is known by.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert(
    tx: &mut Tx,
    new: &Stored,
    request_key: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO leases (id, activation_id, license_id, credential_id, holder, fingerprint, request_key, begun_at,
             signed_at, expires_at, holds_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)",
    )
    .bind(new.id.0)
    .bind(new.activation.0)
    .bind(new.license.0)
    .bind(new.credential.0)
    .bind(new.holder.as_str())
    .bind(new.fingerprint.as_deref())
    .bind(request_key)
    .bind(millis(now))
    .bind(millis(new.lease.expires_at))
    .bind(new.lease.holds_until().map_or(ENDLESS, millis))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes what became of a lease, and when what the machine holds was signed, if it was again. It belongs to the credential that was used last; the idempotency key of another one means
/// nothing there.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn write(
    tx: &mut Tx,
    changed: &Stored,
    signed_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE leases SET request_key = CASE WHEN credential_id = $1 THEN request_key END, credential_id = $1,
             expires_at = $2, holds_until = $3, ended_at = $4, end_reason = $5, signed_at = COALESCE($7, signed_at)
         WHERE id = $6",
    )
    .bind(changed.credential.0)
    .bind(millis(changed.lease.expires_at))
    .bind(changed.lease.holds_until().map_or(ENDLESS, millis))
    .bind(changed.lease.end.map(|(at, _)| millis(at)))
    .bind(changed.lease.end.map(|(_, how)| how.to_string()))
    .bind(changed.id.0)
    .bind(signed_at.map(millis))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a lease becomes that the portal takes; `$1` is the time.
const REVOKE: &str =
    "UPDATE leases SET ended_at = $1, end_reason = $2, holds_until = expires_at WHERE ended_at IS NULL";

/// Takes what runs in the container, with whatever credential it was acquired.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke_all(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = format!("{REVOKE} AND activation_id IN (SELECT id FROM activations WHERE container_id = $3)");
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(millis(now))
        .bind(LeaseEnd::Revoked.to_string())
        .bind(proof.container.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes what was acquired, or renewed last, with a credential of the container.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke_of(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    credential: CredentialId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = format!(
        "{REVOKE} AND credential_id IN (SELECT id FROM credentials WHERE id = $3 AND container_id = $4)"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(millis(now))
        .bind(LeaseEnd::Revoked.to_string())
        .bind(credential.0)
        .bind(proof.container.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes what runs beyond the quantity that an activation has left, the youngest first: part of whatever takes licences out
/// of a container. Their places stay occupied until what the machines hold has expired.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke_beyond(
    tx: &mut Tx,
    activation: ActivationId,
    quantity: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = format!(
        "{REVOKE} AND activation_id = $3 AND id NOT IN (
             SELECT id FROM leases WHERE activation_id = $3 AND ended_at IS NULL AND holds_until > $1
             ORDER BY id LIMIT $4)"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(millis(now))
        .bind(LeaseEnd::Revoked.to_string())
        .bind(activation.0)
        .bind(i64::from(quantity))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Counts that a machine gave a node-locked licence back, where that is limited. Whether it may.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn count_return(tx: &mut Tx, license: LicenseId) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE licenses SET returns_left = returns_left - 1 WHERE id = $1 AND (returns_left IS NULL OR returns_left > 0)",
    )
    .bind(license.0)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets the leases that have held nothing since that time.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn tidy(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM leases WHERE holds_until < $1")
        .bind(millis(before))
        .execute(tx.conn())
        .await?;
    Ok(())
}
