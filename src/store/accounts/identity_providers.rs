//! Identity providers, and who is at one of them. Their secrets are encrypted.

use domain::{
    access::{Authorized, ProviderKeeping},
    accounts::identity_providers::{Issuer, LoginClaim, MAX_PENDING},
    ids::{GroupId, IdentityProviderId, SessionId, UserId},
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    encryption::{IDENTITY_PROVIDERS, Secret},
    instance::encryption_keys::{decrypt, encrypt},
    row::{self, parsed, rows},
    sql::{Sql, millis},
};

/// A provider as it is stored, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    pub id: IdentityProviderId,
    /// Whose people it signs in; `None` for the whole instance.
    pub branch: Option<GroupId>,
    pub name: String,
    pub issuer: Issuer,
    pub client_id: String,
    /// What is asked for besides `openid`.
    pub scopes: String,
    pub login_claim: LoginClaim,
    /// Where people become members who have no account yet.
    pub join_group: Option<GroupId>,
    /// It asks for a second factor itself.
    pub gives_factor: bool,
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

const COLUMNS: &str = "SELECT id, branch_id, name, issuer, client_id, scopes, login_claim, join_group_id, gives_factor, active, version
     FROM identity_providers";

rows! {
    /// A row of [`COLUMNS`].
    struct ProviderRow {
        id: IdentityProviderId,
        branch_id: Option<GroupId>,
        name: String,
        issuer: String,
        client_id: String,
        scopes: String,
        login_claim: String,
        join_group_id: Option<GroupId>,
        gives_factor: bool,
        active: bool,
        version: i64,
    }

    struct SecretRow {
        client_secret: Option<String>,
    }

    struct PendingRow {
        user_id: Option<UserId>,
        session_id: Option<SessionId>,
        end_other: bool,
        next: String,
    }
}

impl TryFrom<ProviderRow> for Provider {
    type Error = StoreError;

    fn try_from(row: ProviderRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            branch: row.branch_id,
            name: row.name,
            issuer: parsed(&row.issuer, "identity_providers.issuer")?,
            client_id: row.client_id,
            scopes: row.scopes,
            login_claim: parsed(&row.login_claim, "identity_providers.login_claim")?,
            join_group: row.join_group_id,
            gives_factor: row.gives_factor,
            active: row.active,
            version: row.version,
        })
    }
}

/// All providers, by their names.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Provider>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" ORDER BY name, id");
    let rows: Vec<ProviderRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// A provider.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn by_id(tx: &mut Tx, id: IdentityProviderId) -> Result<Option<Provider>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" WHERE id = ").int(id.0);
    let row: Option<ProviderRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row::optional(row)
}

/// The secret that the provider gave the portal; `None` where its key was lost.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn secret(tx: &mut Tx, id: IdentityProviderId) -> Result<Option<Secret>, StoreError> {
    let row: Option<SecretRow> = sqlx::query_as("SELECT client_secret FROM identity_providers WHERE id = $1")
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    let secret = row.and_then(|row| row.client_secret);
    secret
        .map(|secret| decrypt(tx, &IDENTITY_PROVIDERS, id.0, &secret))
        .transpose()
}

/// Whether the secret of a provider is there.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn has_secret(tx: &mut Tx, id: IdentityProviderId) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM identity_providers WHERE id = $1 AND client_secret IS NOT NULL",
    )
    .bind(id.0)
    .fetch_one(tx.conn())
    .await?;
    Ok(count > 0)
}

/// Writes a new provider.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert(
    tx: &mut Tx,
    _proof: &Authorized<ProviderKeeping>,
    provider: &Provider,
    secret: &Secret,
) -> Result<(), StoreError> {
    let secret = encrypt(tx, &IDENTITY_PROVIDERS, provider.id.0, secret).await?;
    sqlx::query(
        "INSERT INTO identity_providers (id, branch_id, name, issuer, client_id, client_secret, scopes, login_claim,
             join_group_id, gives_factor, active)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(provider.id.0)
    .bind(provider.branch.map(|branch| branch.0))
    .bind(provider.name.as_str())
    .bind(provider.issuer.as_str())
    .bind(provider.client_id.as_str())
    .bind(secret)
    .bind(provider.scopes.as_str())
    .bind(provider.login_claim.to_string())
    .bind(provider.join_group.map(|group| group.0))
    .bind(i64::from(provider.gives_factor))
    .bind(i64::from(provider.active))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes what a provider is like now, with another secret where there is one, and counts the change.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn update(
    tx: &mut Tx,
    _proof: &Authorized<ProviderKeeping>,
    provider: &Provider,
    secret: Option<&Secret>,
) -> Result<(), StoreError> {
    if let Some(secret) = secret {
        let secret = encrypt(tx, &IDENTITY_PROVIDERS, provider.id.0, secret).await?;
        sqlx::query("UPDATE identity_providers SET client_secret = $1 WHERE id = $2")
            .bind(secret)
            .bind(provider.id.0)
            .execute(tx.conn())
            .await?;
    }
    sqlx::query(
        "UPDATE identity_providers SET branch_id = $1, name = $2, issuer = $3, client_id = $4, scopes = $5, login_claim = $6,
             join_group_id = $7, gives_factor = $8, active = $9, version = version + 1
         WHERE id = $10",
    )
    .bind(provider.branch.map(|branch| branch.0))
    .bind(provider.name.as_str())
    .bind(provider.issuer.as_str())
    .bind(provider.client_id.as_str())
    .bind(provider.scopes.as_str())
    .bind(provider.login_claim.to_string())
    .bind(provider.join_group.map(|group| group.0))
    .bind(i64::from(provider.gives_factor))
    .bind(i64::from(provider.active))
    .bind(provider.id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes a provider, with the links to it.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn delete(
    tx: &mut Tx,
    _proof: &Authorized<ProviderKeeping>,
    id: IdentityProviderId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM identity_providers WHERE id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Switches the provider off whose row that is, and forgets its secret: the key of that is lost.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn give_up(tx: &mut Tx, row: &str) -> Result<(), StoreError> {
    let id: i64 = parsed(row, "identity_providers.id")?;
    sqlx::query(
        "UPDATE identity_providers SET client_secret = NULL, active = 0, version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Somebody who is sent to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Whose account is to be linked, in which login; `None` of who signs in.
    pub links: Option<(UserId, SessionId)>,
    /// A login whose tab is gone is to end.
    pub end_other: bool,
    /// The page to show afterwards.
    pub next: String,
}

impl From<PendingRow> for Pending {
    fn from(row: PendingRow) -> Self {
        Self {
            links: row.user_id.zip(row.session_id),
            end_other: row.end_other,
            next: row.next,
        }
    }
}

/// Notes who is sent to a provider. Beyond [`MAX_PENDING`], who left first is forgotten.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn leave(
    tx: &mut Tx,
    token_hash: &str,
    provider: IdentityProviderId,
    pending: &Pending,
    until: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM pending_sign_ins WHERE token_hash IN
             (SELECT token_hash FROM pending_sign_ins ORDER BY until DESC LIMIT 100 OFFSET $1)",
    )
    .bind(i64::from(MAX_PENDING) - 1)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO pending_sign_ins (token_hash, provider_id, user_id, session_id, end_other, next, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(token_hash)
    .bind(provider.0)
    .bind(pending.links.map(|(user, _)| user.0))
    .bind(pending.links.map(|(_, session)| session.0))
    .bind(i64::from(pending.end_other))
    .bind(pending.next.as_str())
    .bind(millis(until))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who was sent to that provider under that hash of a token, and still has time.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn away(
    tx: &mut Tx,
    token_hash: &str,
    provider: IdentityProviderId,
    now: Timestamp,
) -> Result<Option<Pending>, StoreError> {
    let row: Option<PendingRow> = sqlx::query_as(
        "SELECT user_id, session_id, end_other, next FROM pending_sign_ins
         WHERE token_hash = $1 AND provider_id = $2 AND until > $3",
    )
    .bind(token_hash)
    .bind(provider.0)
    .bind(millis(now))
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Pending::from))
}

/// Somebody is back. Whether nobody else was, under the same hash.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn come_back(tx: &mut Tx, token_hash: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM pending_sign_ins WHERE token_hash = $1")
        .bind(token_hash)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets who took too long.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget_away(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM pending_sign_ins WHERE until <= $1")
        .bind(millis(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}
