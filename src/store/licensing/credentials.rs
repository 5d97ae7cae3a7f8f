//! Credentials of containers, and the assertions that were made with them.

use domain::{
    access::{Authorized, ContainerChange},
    ids::{ContainerId, CredentialId, UserId},
    licensing::credentials::CredentialTimes,
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    row::{number, rows},
    sql::millis,
};

/// A credential as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    pub container: ContainerId,
    /// What people call it.
    pub label: String,
    /// The public half of its key: base64url of 32 bytes (RFC 8037).
    pub public_key: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    pub issued_by: UserId,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
    /// What its state follows from.
    pub times: CredentialTimes,
}

const COLUMNS: &str =
    "SELECT id, container_id, label, public_key, issued_at, issued_by, last_used_at, expires_at,
     disabled_at, revoked_at FROM credentials";

rows! {
    /// A row of [`COLUMNS`].
    struct CredentialRow {
        id: CredentialId,
        container_id: ContainerId,
        label: String,
        public_key: String,
        issued_at: Timestamp,
        issued_by: UserId,
        last_used_at: Option<Timestamp>,
        expires_at: Option<Timestamp>,
        disabled_at: Option<Timestamp>,
        revoked_at: Option<Timestamp>,
    }
}

impl From<CredentialRow> for Credential {
    fn from(row: CredentialRow) -> Self {
        Self {
            id: row.id,
            container: row.container_id,
            label: row.label,
            public_key: row.public_key,
            issued_at: row.issued_at,
            issued_by: row.issued_by,
            last_used_at: row.last_used_at,
            times: CredentialTimes {
                expires_at: row.expires_at,
                disabled_at: row.disabled_at,
                revoked_at: row.revoked_at,
            },
        }
    }
}

/// A credential.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: CredentialId) -> Result<Option<Credential>, StoreError> {
    let row: Option<CredentialRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(Credential::from))
}

/// The credentials of a container, the newest first; of the revoked ones at most `revoked`.
///
/// # Errors
/// [`StoreError`].
pub async fn of_container(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    revoked: i64,
) -> Result<Vec<Credential>, StoreError> {
    let mut found = Vec::new();
    for (condition, most) in [
        ("revoked_at IS NULL", i64::MAX),
        ("revoked_at IS NOT NULL", revoked),
    ] {
        let sql = format!("{COLUMNS} WHERE container_id = $1 AND {condition} ORDER BY id DESC LIMIT $2");
        let rows: Vec<CredentialRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(proof.container.0)
            .bind(most)
            .fetch_all(tx.conn())
            .await?;
        found.extend(rows.into_iter().map(Credential::from));
    }
    Ok(found)
}

/// How many credentials of a container are not revoked.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, proof: &Authorized<ContainerChange>) -> Result<usize, StoreError> {
    let count =
        sqlx::query_scalar("SELECT COUNT(*) FROM credentials WHERE container_id = $1 AND revoked_at IS NULL")
            .bind(proof.container.0)
            .fetch_one(tx.conn())
            .await?;
    number(count, "credentials")
}

/// Writes a new credential of the container that the proof is about.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    id: CredentialId,
    label: &str,
    public_key: &str,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO credentials (id, container_id, label, public_key, issued_at, issued_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(proof.container.0)
    .bind(label)
    .bind(public_key)
    .bind(millis(now))
    .bind(proof.by.0)
    .bind(expires_at.map(millis))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes what the state of a credential of that container follows from.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is one of another container: a defect.
pub async fn set_times(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    id: CredentialId,
    times: CredentialTimes,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE credentials SET expires_at = $1, disabled_at = $2, revoked_at = $3 WHERE id = $4 AND container_id = $5",
    )
    .bind(times.expires_at.map(millis))
    .bind(times.disabled_at.map(millis))
    .bind(times.revoked_at.map(millis))
    .bind(id.0)
    .bind(proof.container.0)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("credentials.container_id"))
    }
}

/// Revokes every credential of the container.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke_all(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE credentials SET revoked_at = $1 WHERE container_id = $2 AND revoked_at IS NULL")
        .bind(millis(now))
        .bind(proof.container.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A machine used the credential.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn used(tx: &mut Tx, id: CredentialId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE credentials SET last_used_at = $1 WHERE id = $2")
        .bind(millis(now))
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes an assertion (RFC 7523) by the hash of its `jti`. Whether it is the first time.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn take_assertion(
    tx: &mut Tx,
    credential: CredentialId,
    jti_hash: &str,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let taken = sqlx::query(
        "INSERT INTO assertions (credential_id, jti_hash, until) VALUES ($1, $2, $3)
         ON CONFLICT (credential_id, jti_hash) DO NOTHING",
    )
    .bind(credential.0)
    .bind(jti_hash)
    .bind(millis(until))
    .execute(tx.conn())
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Forgets the assertions that have expired: they are refused for that alone.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn tidy(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM assertions WHERE until <= $1")
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}
