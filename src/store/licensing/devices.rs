//! Containers that are machines.

use domain::{
    access::{Authorized, ContainerChange},
    ids::ContainerId,
    licensing::devices::{Asked, Device},
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    row::{self, number, rows},
    sql::millis,
};

/// A machine as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What decisions rest on.
    pub device: Device,
    /// What it calls itself.
    pub host: Option<String>,
    /// When it first came.
    pub bound_at: Option<Timestamp>,
    /// Since when it is reported lost.
    pub lost_at: Option<Timestamp>,
    /// Its last update: the text, and when it was signed.
    pub update: Option<(String, Timestamp)>,
    /// When the machine confirmed that.
    pub confirmed_at: Option<Timestamp>,
}

rows! {
    struct StoredRow {
        hardware: Option<String>,
        public_key: Option<String>,
        host: Option<String>,
        bound_at: Option<Timestamp>,
        lost_at: Option<Timestamp>,
        number: i64,
        nonce: Option<String>,
        update_id: Option<i64>,
        update_text: Option<String>,
        updated_at: Option<Timestamp>,
        confirmed_at: Option<Timestamp>,
    }
}

impl TryFrom<StoredRow> for Stored {
    type Error = StoreError;

    fn try_from(row: StoredRow) -> Result<Self, StoreError> {
        Ok(Self {
            device: Device {
                hardware: row.hardware,
                key: row.public_key,
                lost: row.lost_at.is_some(),
                number: number(row.number, "devices.number")?,
                nonce: row.nonce,
                update: row.update_id,
            },
            host: row.host,
            bound_at: row.bound_at,
            lost_at: row.lost_at,
            update: row.update_text.zip(row.updated_at),
            confirmed_at: row.confirmed_at,
        })
    }
}

/// The machine that a container is.
///
/// # Errors
/// [`StoreError`].
pub async fn of_container(tx: &mut Tx, container: ContainerId) -> Result<Option<Stored>, StoreError> {
    let row: Option<StoredRow> = sqlx::query_as(
        "SELECT hardware, public_key, host, bound_at, lost_at, number, nonce, update_id, update_text, updated_at, confirmed_at
         FROM devices WHERE container_id = $1",
    )
    .bind(container.0)
    .fetch_optional(tx.conn())
    .await?;
    row::optional(row)
}

/// Whether the key is that of a machine in another container.
///
/// # Errors
/// [`StoreError`].
pub async fn is_elsewhere(tx: &mut Tx, key: &str, container: ContainerId) -> Result<bool, StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM devices WHERE public_key = $1 AND container_id <> $2")
            .bind(key)
            .bind(container.0)
            .fetch_one(tx.conn())
            .await?;
    Ok(count > 0)
}

/// Writes the answer to a request. The first request binds the machine.
///
/// # Errors
/// [`StoreError`].
pub async fn answer(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    asked: &Asked<'_>,
    host: &str,
    (update, text): (i64, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE devices SET hardware = $2, public_key = $3, host = $4, bound_at = COALESCE(bound_at, $5), number = $6,
             nonce = $7, update_id = $8, update_text = $9, updated_at = $5, confirmed_at = NULL
         WHERE container_id = $1",
    )
    .bind(proof.container.0)
    .bind(asked.hardware)
    .bind(asked.key)
    .bind(host)
    .bind(millis(now))
    .bind(i64::from(asked.number))
    .bind(asked.nonce)
    .bind(update)
    .bind(text)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The machine confirmed its last update.
///
/// # Errors
/// [`StoreError`].
pub async fn confirm(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE devices SET confirmed_at = $2 WHERE container_id = $1")
        .bind(proof.container.0)
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Since when the machine is reported lost; `None` when it is not.
///
/// # Errors
/// [`StoreError`].
pub async fn set_lost(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    lost_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE devices SET lost_at = $2 WHERE container_id = $1")
        .bind(proof.container.0)
        .bind(lost_at.map(millis))
        .execute(tx.conn())
        .await?;
    Ok(())
}
