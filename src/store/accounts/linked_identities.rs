//! Which account belongs to which identity: by the issuer and what it calls a person for good.

use domain::{
    access::{AccountChange, Authorized},
    accounts::identity_providers::{Issuer, LinkedBy},
    ids::{IdentityProviderId, UserId},
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    row::{self, parsed, rows},
    sql::millis,
};

/// An identity at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// By which provider it was asserted.
    pub provider: IdentityProviderId,
    /// Who calls the person so.
    pub issuer: Issuer,
    /// What the person is called there, for good.
    pub subject: String,
}

/// Which account an identity belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub user: UserId,
    pub provider: IdentityProviderId,
    pub by: LinkedBy,
}

/// One of the identities of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    pub provider: IdentityProviderId,
    /// What the provider is called.
    pub name: String,
    pub by: LinkedBy,
    pub linked_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

rows! {
    struct LinkRow {
        user_id: UserId,
        provider_id: IdentityProviderId,
        linked_by: String,
    }

    struct LinkedRow {
        provider_id: IdentityProviderId,
        name: String,
        linked_by: String,
        linked_at: Timestamp,
        last_used_at: Option<Timestamp>,
    }
}

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: row.user_id,
            provider: row.provider_id,
            by: parsed(&row.linked_by, "linked_identities.linked_by")?,
        })
    }
}

impl TryFrom<LinkedRow> for Linked {
    type Error = StoreError;

    fn try_from(row: LinkedRow) -> Result<Self, StoreError> {
        Ok(Self {
            provider: row.provider_id,
            name: row.name,
            by: parsed(&row.linked_by, "linked_identities.linked_by")?,
            linked_at: row.linked_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// The account of an identity, by whichever provider it was linked.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of(tx: &mut Tx, identity: &Identity) -> Result<Option<Link>, StoreError> {
    let row: Option<LinkRow> = sqlx::query_as(
        "SELECT user_id, provider_id, linked_by FROM linked_identities WHERE issuer = $1 AND subject = $2",
    )
    .bind(identity.issuer.as_str())
    .bind(identity.subject.as_str())
    .fetch_optional(tx.conn())
    .await?;
    row::optional(row)
}

/// The identities of an account.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<Linked>, StoreError> {
    let rows: Vec<LinkedRow> = sqlx::query_as(
        "SELECT l.provider_id, p.name, l.linked_by, l.linked_at, l.last_used_at
         FROM linked_identities l JOIN identity_providers p ON p.id = l.provider_id
         WHERE l.user_id = $1 ORDER BY p.name, p.id",
    )
    .bind(user.0)
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// Links an account to an identity.
///
/// # Errors
/// [`StoreError`]; a duplicate when either is linked already.
pub(crate) async fn insert(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    identity: &Identity,
    by: LinkedBy,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO linked_identities (user_id, provider_id, issuer, subject, linked_by, linked_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(proof.user.0)
    .bind(identity.provider.0)
    .bind(identity.issuer.as_str())
    .bind(identity.subject.as_str())
    .bind(by.to_string())
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes the link of an account to that provider away. Whether there was one.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn delete(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    provider: IdentityProviderId,
) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM linked_identities WHERE user_id = $1 AND provider_id = $2")
        .bind(proof.user.0)
        .bind(provider.0)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// An account was signed in by its identity.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn used(
    tx: &mut Tx,
    user: UserId,
    provider: IdentityProviderId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE linked_identities SET last_used_at = $1 WHERE user_id = $2 AND provider_id = $3")
        .bind(millis(now))
        .bind(user.0)
        .bind(provider.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// How many accounts are linked to that provider.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn count(tx: &mut Tx, provider: IdentityProviderId) -> Result<u32, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM linked_identities WHERE provider_id = $1")
        .bind(provider.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
