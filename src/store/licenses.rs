//! What tickets grant, and where it is activated.

use sqlx::{Row, any::AnyRow};

use super::{StoreError, Tx, id_list};
use crate::domain::{
    access::{Authorized, LicenseActivation, LicenseRelease},
    ids::{ActivationId, ContainerId, LicenseId, TicketId},
    licenses::{ActivationState, License, Terms, Validity},
    products::ProductName,
};

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

/// Writes a licence of a new ticket.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert(
    tx: &mut Tx,
    id: LicenseId,
    ticket: TicketId,
    position: i64,
    product: crate::domain::ids::ProductId,
    quantity: u32,
    terms: Terms,
) -> Result<(), StoreError> {
    let (from, until, days) = match terms.validity {
        Validity::Perpetual => (None, None, None),
        Validity::Between(from, until) => (from, until, None),
        Validity::Days(days) => (None, None, Some(i64::from(days))),
    };
    sqlx::query(
        "INSERT INTO licenses (id, ticket_id, position, product_id, quantity, binding, valid_from, valid_until, valid_days,
             returns_left)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id.0)
    .bind(ticket.0)
    .bind(position)
    .bind(product.0)
    .bind(i64::from(quantity))
    .bind(terms.binding.to_string())
    .bind(from)
    .bind(until)
    .bind(days)
    .bind(terms.returns_left.map(i64::from))
    .execute(tx.conn())
    .await?;
    Ok(())
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
}

const ACTIVATIONS: &str = "SELECT a.id, a.license_id, a.container_id, a.quantity, a.begun_at FROM activations a WHERE a.ended_at IS NULL AND ";

type Row5 = (i64, i64, i64, i64, i64);

fn activation((id, license, container, quantity, since): Row5) -> Result<Activation, StoreError> {
    Ok(Activation {
        id: ActivationId(id),
        license: LicenseId(license),
        container: ContainerId(container),
        quantity: count(quantity)?,
        since,
    })
}

async fn activations(tx: &mut Tx, condition: &str, id: i64) -> Result<Vec<Activation>, StoreError> {
    let sql = format!("{ACTIVATIONS}{condition} ORDER BY a.id");
    let rows: Vec<Row5> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(activation).collect()
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
        "SELECT {COLUMNS}, a.id, a.license_id, a.container_id, a.quantity, a.begun_at
         FROM activations a JOIN licenses l ON l.id = a.license_id JOIN products p ON p.id = l.product_id
         WHERE a.ended_at IS NULL AND a.container_id = $1 ORDER BY p.folded, a.id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(container.0)
        .fetch_all(tx.conn())
        .await?;
    let pair = |row: &AnyRow| {
        let running = (
            row.try_get(14)?,
            row.try_get(15)?,
            row.try_get(16)?,
            row.try_get(17)?,
            row.try_get(18)?,
        );
        Ok((activation(running)?, granted(row)?))
    };
    rows.iter().map(pair).collect()
}

/// Activates so many of a licence. The schema refuses more than there are.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the licence is not one of the ticket that the proof is about: a defect.
pub async fn activate(
    tx: &mut Tx,
    proof: &Authorized<LicenseActivation>,
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
    sqlx::query(
        "INSERT INTO activations (id, license_id, container_id, quantity, state, begun_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (container_id, license_id) WHERE ended_at IS NULL
         DO UPDATE SET quantity = activations.quantity + excluded.quantity",
    )
    .bind(id.0)
    .bind(license.0)
    .bind(proof.container.0)
    .bind(i64::from(quantity))
    .bind(ActivationState::Confirmed.to_string())
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes so many of an activation back into its ticket; what is given back counts, where that is limited.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there are not so many: a defect.
pub async fn release(
    tx: &mut Tx,
    proof: &Authorized<LicenseRelease>,
    activation: &Activation,
    quantity: u32,
    now: i64,
) -> Result<(), StoreError> {
    let state = if proof.withdrawn {
        ActivationState::Withdrawn
    } else {
        ActivationState::Returned
    };
    let ended = if quantity == activation.quantity {
        sqlx::query(
            "UPDATE activations SET state = $4, ended_at = $5
             WHERE id = $1 AND container_id = $2 AND quantity = $3 AND ended_at IS NULL",
        )
        .bind(activation.id.0)
        .bind(proof.container.0)
        .bind(i64::from(quantity))
        .bind(state.to_string())
        .bind(now)
    } else {
        sqlx::query(
            "UPDATE activations SET quantity = quantity - $3
             WHERE id = $1 AND container_id = $2 AND quantity > $3 AND ended_at IS NULL",
        )
        .bind(activation.id.0)
        .bind(proof.container.0)
        .bind(i64::from(quantity))
    };
    let ended = ended.execute(tx.conn()).await?;
    let back = sqlx::query(
        "UPDATE licenses SET activated = activated - $1, returns_left = returns_left - $2 WHERE id = $3 AND ticket_id = $4",
    )
    .bind(i64::from(quantity))
    .bind(i64::from(!proof.withdrawn))
    .bind(activation.license.0)
    .bind(proof.ticket.0)
    .execute(tx.conn())
    .await?;
    if ended.rows_affected() == 1 && back.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("activations"))
    }
}
