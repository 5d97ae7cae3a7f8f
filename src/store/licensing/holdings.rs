//! Where a licence is, and which machines hold how many of it until when: what amendments are judged by.

use domain::ids::{ActivationId, ContainerId, LeaseId, LicenseId};
use jiff::Timestamp;

use crate::store::{
    NOTHING, StoreError, Tx,
    row::{self, number, rows},
    sql::millis,
};

rows! {
    /// A row of [`parts`].
    struct PartRow {
        id: ActivationId,
        container_id: ContainerId,
        quantity: i64,
        whole: bool,
        signed_until: Option<Timestamp>,
        held: i64,
        held_until: Option<Timestamp>,
    }

    struct SignedRow {
        until: Timestamp,
        quantity: i64,
    }

    /// A row of [`holdings`].
    struct HoldingRow {
        container_id: ContainerId,
        holder: Option<String>,
        quantity: i64,
        signed_at: Timestamp,
        until: Timestamp,
    }
}

impl TryFrom<PartRow> for Part {
    type Error = StoreError;

    fn try_from(row: PartRow) -> Result<Self, StoreError> {
        let quantity = number(row.quantity, "activations.quantity")?;
        let held: u32 = number(row.held, "leases")?;
        let machine = if row.signed_until.is_some() { quantity } else { 0 };
        Ok(Self {
            activation: row.id,
            container: row.container_id,
            quantity,
            whole: row.whole,
            held: held.saturating_add(machine),
            signed_until: row.held_until.max(row.signed_until),
        })
    }
}

impl TryFrom<HoldingRow> for Holding {
    type Error = StoreError;

    fn try_from(row: HoldingRow) -> Result<Self, StoreError> {
        Ok(Self {
            container: row.container_id,
            holder: row.holder,
            quantity: number(row.quantity, "activations.quantity")?,
            signed_at: row.signed_at,
            until: row.until,
        })
    }
}

/// So many of a licence in a container, or what machines hold of it there although it was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) activation: ActivationId,
    pub(crate) container: ContainerId,
    /// How many are activated; none where it was given back.
    pub(crate) quantity: u32,
    /// Whether a machine without a network has it, as a whole.
    pub(crate) whole: bool,
    /// How many machines hold.
    pub(crate) held: u32,
    /// The latest moment until which one may use it, whatever the portal does.
    pub(crate) signed_until: Option<Timestamp>,
}

/// Where a licence is, the eldest activation first.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn parts(tx: &mut Tx, license: LicenseId, now: Timestamp) -> Result<Vec<Part>, StoreError> {
    let rows: Vec<PartRow> = sqlx::query_as(
        "SELECT a.id, a.container_id, CASE WHEN a.ended_at IS NULL THEN a.quantity ELSE 0 END AS quantity,
             CASE WHEN c.kind = 'cloud' THEN 0 ELSE 1 END AS whole,
             CASE WHEN a.ended_at IS NULL AND a.signed_until > $2 THEN a.signed_until END AS signed_until,
             (SELECT COUNT(*) FROM leases l WHERE l.activation_id = a.id AND l.holds_until > $2) AS held,
             (SELECT MAX(l.expires_at) FROM leases l WHERE l.activation_id = a.id AND l.holds_until > $2) AS held_until
         FROM activations a JOIN containers c ON c.id = a.container_id
         WHERE a.license_id = $1 AND (a.ended_at IS NULL OR EXISTS (
             SELECT 1 FROM leases l WHERE l.activation_id = a.id AND l.holds_until > $2))
         ORDER BY a.id",
    )
    .bind(license.0)
    .bind(millis(now))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// Until when other machines may use a licence, whatever the portal does, each with how many it has.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn signed_ends(
    tx: &mut Tx,
    license: LicenseId,
    but: Option<LeaseId>,
    now: Timestamp,
) -> Result<Vec<(Timestamp, u32)>, StoreError> {
    let rows: Vec<SignedRow> = sqlx::query_as(
        "SELECT expires_at AS until, COUNT(*) AS quantity FROM leases
         WHERE license_id = $1 AND holds_until > $2 AND id <> $3 GROUP BY expires_at
         UNION ALL
         SELECT signed_until AS until, CAST(SUM(quantity) AS BIGINT) AS quantity FROM activations
         WHERE license_id = $1 AND ended_at IS NULL AND signed_until > $2 GROUP BY signed_until",
    )
    .bind(license.0)
    .bind(millis(now))
    .bind(but.map_or(NOTHING, |lease| lease.0))
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| Ok((row.until, number(row.quantity, "leases")?)))
        .collect()
}

/// A machine that holds some of a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holding {
    pub(crate) container: ContainerId,
    /// What it calls itself; nothing for one without a network.
    pub(crate) holder: Option<String>,
    pub(crate) quantity: u32,
    /// When what it holds was signed.
    pub(crate) signed_at: Timestamp,
    /// Until when it may use it, whatever the portal does.
    pub(crate) until: Timestamp,
}

/// The machines that hold some of a licence, those that know of changes last.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn holdings(
    tx: &mut Tx,
    license: LicenseId,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Holding>, StoreError> {
    let rows: Vec<HoldingRow> = sqlx::query_as(
        "SELECT a.container_id, l.holder, 1 AS quantity, COALESCE(l.signed_at, l.begun_at) AS signed_at, l.expires_at AS until
         FROM leases l JOIN activations a ON a.id = l.activation_id
         WHERE l.license_id = $1 AND l.holds_until > $2
         UNION ALL
         SELECT a.container_id, NULL AS holder, a.quantity, 
             CASE WHEN d.confirmed_at IS NULL THEN a.begun_at ELSE COALESCE(d.updated_at, a.begun_at) END AS signed_at, a.signed_until AS until
         FROM activations a JOIN devices d ON d.container_id = a.container_id
         WHERE a.license_id = $1 AND a.ended_at IS NULL AND a.signed_until > $2
         ORDER BY signed_at, until LIMIT $3",
    )
    .bind(license.0)
    .bind(millis(now))
    .bind(i64::from(most))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}
