//! What tickets grant, and where it is activated.

use std::collections::BTreeMap;

use domain::{
    access::{Authorized, ContainerChange, LicenseActivation, LicenseRelease},
    ids::{ActivationId, ContainerId, LicenseId, TicketId},
    licensing::{
        containers::ContainerKind,
        devices::{ActivationState, Custody},
        licenses::{License, Terms, Validity},
        products::ProductName,
    },
};
use sqlx::{Row, any::AnyRow};

use crate::store::{StoreError, Tx, id_list};

/// A licence as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What it is.
    pub license: License,
    /// In which ticket.
    pub ticket: TicketId,
    /// Article number of the product.
    pub article: String,
    /// What the product can do.
    pub features: Vec<String>,
    /// Its rules.
    pub terms: Terms,
    /// When it was activated first.
    pub started: Option<i64>,
}

const COLUMNS: &str =
    "l.id, l.ticket_id, l.quantity, l.activated, l.binding, l.valid_from, l.valid_until, l.valid_days,
     l.started_at, l.returns_left, p.article, p.name, p.name_de, p.features";

fn granted(row: &AnyRow) -> Result<Granted, StoreError> {
    let features: String = row.try_get(13)?;
    Ok(Granted {
        license: License {
            id: LicenseId(row.try_get(0)?),
            product: ProductName {
                en: row.try_get(11)?,
                de: row.try_get(12)?,
            },
            quantity: count(row.try_get(2)?)?,
            activated: count(row.try_get(3)?)?,
        },
        ticket: TicketId(row.try_get(1)?),
        article: row.try_get(10)?,
        features: features.lines().map(str::to_owned).collect(),
        terms: Terms {
            validity: match row.try_get::<Option<i64>, _>(7)? {
                Some(days) => Validity::Days(count(days)?),
                None => match (row.try_get(5)?, row.try_get(6)?) {
                    (None, None) => Validity::Perpetual,
                    (from, until) => Validity::Between(from, until),
                },
            },
            binding: row
                .try_get::<String, _>(4)?
                .parse()
                .map_err(|_| StoreError::Inconsistent("licenses.binding"))?,
            returns_left: row.try_get::<Option<i64>, _>(9)?.map(count).transpose()?,
        },
        started: row.try_get(8)?,
    })
}

fn count(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::Inconsistent("licenses.quantity"))
}

/// A licence.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: LicenseId) -> Result<Option<Granted>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    row.as_ref().map(granted).transpose()
}

/// What these tickets grant, by ticket, in the order in which it was written.
///
/// # Errors
/// [`StoreError`].
pub async fn of_tickets(tx: &mut Tx, tickets: &[TicketId]) -> Result<Vec<Granted>, StoreError> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = tickets.iter().map(|ticket| ticket.0).collect();
    let (places, ids) = id_list(&ids, 1);
    let sql = format!(
        "SELECT {COLUMNS} FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.ticket_id IN ({places})
         ORDER BY l.ticket_id, l.position"
    );
    let query = ids
        .into_iter()
        .fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, id| query.bind(id));
    let rows = query.fetch_all(tx.conn()).await?;
    rows.iter().map(granted).collect()
}

/// What these licences are of.
///
/// # Errors
/// [`StoreError`].
pub async fn products_of(
    tx: &mut Tx,
    licenses: &[LicenseId],
) -> Result<BTreeMap<LicenseId, ProductName>, StoreError> {
    if licenses.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<i64> = licenses.iter().map(|license| license.0).collect();
    let (places, ids) = id_list(&ids, 1);
    let sql = format!(
        "SELECT l.id, p.name, p.name_de FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.id IN ({places})"
    );
    let query = ids
        .into_iter()
        .fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, id| query.bind(id));
    let product = |row: &AnyRow| {
        let name = ProductName {
            en: row.try_get(1)?,
            de: row.try_get(2)?,
        };
        Ok((LicenseId(row.try_get(0)?), name))
    };
    query.fetch_all(tx.conn()).await?.iter().map(product).collect()
}

/// A running activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activation {
    /// Which.
    pub id: ActivationId,
    /// Of which licence.
    pub license: LicenseId,
    /// Where.
    pub container: ContainerId,
    /// How many.
    pub quantity: u32,
    /// Since when.
    pub since: i64,
    /// How far it has come.
    pub custody: Custody,
    /// The last update for its machine that it was in.
    pub update: Option<i64>,
}

const ACTIVATION: &str =
    "a.id, a.license_id, a.container_id, a.quantity, a.begun_at, a.state, a.signed_until, a.update_id";

/// Reads [`ACTIVATION`] from the column `at` on.
fn activation(row: &AnyRow, at: usize) -> Result<Activation, StoreError> {
    Ok(Activation {
        id: ActivationId(row.try_get(at)?),
        license: LicenseId(row.try_get(at + 1)?),
        container: ContainerId(row.try_get(at + 2)?),
        quantity: count(row.try_get(at + 3)?)?,
        since: row.try_get(at + 4)?,
        custody: Custody {
            state: row
                .try_get::<String, _>(at + 5)?
                .parse()
                .map_err(|_| StoreError::Inconsistent("activations.state"))?,
            signed_until: row.try_get(at + 6)?,
        },
        update: row.try_get(at + 7)?,
    })
}

async fn activations(tx: &mut Tx, condition: &str, id: i64) -> Result<Vec<Activation>, StoreError> {
    let sql = format!(
        "SELECT {ACTIVATION} FROM activations a WHERE a.ended_at IS NULL AND {condition} ORDER BY a.id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(|row| activation(row, 0)).collect()
}

/// A running activation.
///
/// # Errors
/// [`StoreError`].
pub async fn running(tx: &mut Tx, id: ActivationId) -> Result<Option<Activation>, StoreError> {
    Ok(activations(tx, "a.id = $1", id.0).await?.pop())
}

/// The running activations of the licences of a ticket.
///
/// # Errors
/// [`StoreError`].
pub async fn activations_of(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Activation>, StoreError> {
    let licenses = "a.license_id IN (SELECT id FROM licenses WHERE ticket_id = $1 AND activated > 0)";
    activations(tx, licenses, ticket.0).await
}

/// The running activations in a container, each with its licence.
///
/// # Errors
/// [`StoreError`].
pub async fn activations_in(
    tx: &mut Tx,
    container: ContainerId,
) -> Result<Vec<(Activation, Granted)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, {ACTIVATION}
         FROM activations a JOIN licenses l ON l.id = a.license_id JOIN products p ON p.id = l.product_id
         WHERE a.ended_at IS NULL AND a.container_id = $1 ORDER BY p.folded, a.id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(container.0)
        .fetch_all(tx.conn())
        .await?;
    let pair = |row: &AnyRow| Ok((activation(row, 14)?, granted(row)?));
    rows.iter().map(pair).collect()
}

/// Activates so many of a licence in a container of that kind. The schema refuses more than there are.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the licence is not one of the ticket that the proof is about: a defect.
pub async fn activate(
    tx: &mut Tx,
    proof: &Authorized<LicenseActivation>,
    kind: ContainerKind,
    license: LicenseId,
    quantity: u32,
    id: ActivationId,
    now: i64,
) -> Result<(), StoreError> {
    let taken = sqlx::query(
        "UPDATE licenses SET activated = activated + $1, started_at = COALESCE(started_at, $2)
         WHERE id = $3 AND ticket_id = $4",
    )
    .bind(i64::from(quantity))
    .bind(now)
    .bind(license.0)
    .bind(proof.ticket.0)
    .execute(tx.conn())
    .await?;
    if taken.rows_affected() != 1 {
        return Err(StoreError::Inconsistent("activations.license_id"));
    }
    let part = match kind {
        ContainerKind::Cloud => 0,
        ContainerKind::Device | ContainerKind::Dongle => id.0,
    };
    sqlx::query(
        "INSERT INTO activations (id, license_id, container_id, part, quantity, state, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (container_id, license_id, part) WHERE ended_at IS NULL
         DO UPDATE SET quantity = activations.quantity + excluded.quantity",
    )
    .bind(id.0)
    .bind(license.0)
    .bind(proof.container.0)
    .bind(part)
    .bind(i64::from(quantity))
    .bind(Custody::begin(kind).state.to_string())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// So many of an activation go on to `state`: back into the ticket, or on their way there, as a whole. It counts as a return
/// where those are limited, unless it was withdrawn or counted before.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there are not so many, or it is not as it was read: a defect.
pub async fn release(
    tx: &mut Tx,
    proof: &Authorized<LicenseRelease>,
    activation: &Activation,
    quantity: u32,
    state: ActivationState,
    now: i64,
) -> Result<(), StoreError> {
    let changed = if quantity == activation.quantity {
        set_state(tx, activation, state, state.is_over().then_some(now)).await?
    } else {
        let rest = sqlx::query(
            "UPDATE activations SET quantity = quantity - $2 WHERE id = $1 AND quantity > $2 AND ended_at IS NULL",
        );
        let rest = rest.bind(activation.id.0).bind(i64::from(quantity));
        rest.execute(tx.conn()).await?.rows_affected() == 1
    };
    let counts = !proof.withdrawn && !activation.custody.state.is_leaving();
    let back = sqlx::query(
        "UPDATE licenses SET activated = activated - $1, returns_left = returns_left - $2 WHERE id = $3 AND ticket_id = $4",
    )
    .bind(if state.is_over() { i64::from(quantity) } else { 0 })
    .bind(i64::from(counts))
    .bind(activation.license.0)
    .bind(proof.ticket.0)
    .execute(tx.conn())
    .await?;
    if changed && back.rows_affected() == 1 && proof.container == activation.container {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("activations"))
    }
}

/// Whether it was still as it was read.
async fn set_state(
    tx: &mut Tx,
    activation: &Activation,
    state: ActivationState,
    ended_at: Option<i64>,
) -> Result<bool, StoreError> {
    let set = sqlx::query(
        "UPDATE activations SET state = $2, ended_at = $3
         WHERE id = $1 AND quantity = $4 AND state = $5 AND ended_at IS NULL",
    )
    .bind(activation.id.0)
    .bind(state.to_string())
    .bind(ended_at)
    .bind(i64::from(activation.quantity))
    .bind(activation.custody.state.to_string())
    .execute(tx.conn())
    .await?;
    Ok(set.rows_affected() == 1)
}

/// An activation goes into an update for its machine.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is none of the container that the proof is about: a defect.
pub async fn collect(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    activation: &Activation,
    custody: Custody,
    update: i64,
) -> Result<(), StoreError> {
    let set = sqlx::query(
        "UPDATE activations SET state = $3, signed_until = $4, update_id = $5
         WHERE id = $1 AND container_id = $2 AND ended_at IS NULL",
    )
    .bind(activation.id.0)
    .bind(proof.container.0)
    .bind(custody.state.to_string())
    .bind(custody.signed_until)
    .bind(update)
    .execute(tx.conn())
    .await?;
    if set.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("activations.container_id"))
    }
}

/// The machine confirmed how an activation stands; what it gave up is back in its ticket.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is not as it was read, or none of that container: a defect.
pub async fn confirm(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    activation: &Activation,
    state: ActivationState,
    now: i64,
) -> Result<(), StoreError> {
    let mut done = proof.container == activation.container
        && set_state(tx, activation, state, state.is_over().then_some(now)).await?;
    if done && state.is_over() {
        let back = sqlx::query("UPDATE licenses SET activated = activated - $1 WHERE id = $2")
            .bind(i64::from(activation.quantity))
            .bind(activation.license.0)
            .execute(tx.conn())
            .await?;
        done = back.rows_affected() == 1;
    }
    if done {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("activations"))
    }
}
