//! What tickets grant, and where it is activated.

use std::collections::BTreeMap;

use domain::{
    access::{Authorized, ContainerChange, LicenseActivation, LicenseRelease},
    ids::{ActivationId, ContainerId, LicenseId, ProductId, TicketId},
    licensing::{
        amendments::{
            Grant,
            timeline::{Recorded, Timeline},
        },
        containers::ContainerKind,
        devices::{ActivationState, Custody},
        licenses::{License, Standing, Terms},
        products::ProductName,
    },
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    licensing::terms::validity,
    row::{self, number, parsed, rows},
    sql::{Sql, millis},
};

/// A licence as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What it is, when it was settled last.
    pub license: License,
    pub ticket: TicketId,
    /// What it is of.
    pub product: ProductId,
    /// Article number of the product.
    pub article: String,
    /// What the product can do.
    pub features: Vec<String>,
    /// Its rules, when it was settled last.
    pub terms: Terms,
    /// When it was activated first.
    pub started: Option<Timestamp>,
    /// How it stood when it was settled last, with what comes into force later.
    pub timeline: Timeline,
}

impl Granted {
    /// Whether it can be used at a moment.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        self.timeline.at(now).at(now, self.started)
    }

    /// How many there are at a moment, whether they can be used or not.
    #[must_use]
    pub fn quantity(&self, now: Timestamp) -> u32 {
        self.timeline.at(now).quantity
    }

    /// How many can still be activated at a moment. None where there are fewer than are.
    #[must_use]
    pub fn free(&self, now: Timestamp) -> u32 {
        self.quantity(now).saturating_sub(self.license.activated)
    }

    /// The licence as it stands at a moment.
    #[must_use]
    pub fn as_of(mut self, now: Timestamp) -> Self {
        let grant = self.timeline.at(now);
        self.license.quantity = grant.quantity;
        self.license.stopped = Standing::stopped(grant.suspended, grant.revoked);
        self.terms.validity = grant.validity;
        self
    }
}

const COLUMNS: &str =
    "l.id, l.ticket_id, l.product_id, COALESCE(l.reduced_to, l.quantity) AS quantity, l.activated, l.binding, l.valid_from,
     l.valid_until, l.valid_days, l.started_at, l.returns_left, l.suspended_at, l.revoked_at, l.planned, p.article, p.name, p.name_de, p.features";

rows! {
    /// A row of [`COLUMNS`].
    struct GrantedRow {
        id: LicenseId,
        ticket_id: TicketId,
        product_id: ProductId,
        quantity: i64,
        activated: i64,
        binding: String,
        valid_from: Option<Timestamp>,
        valid_until: Option<Timestamp>,
        valid_days: Option<i64>,
        started_at: Option<Timestamp>,
        returns_left: Option<i64>,
        suspended_at: Option<Timestamp>,
        revoked_at: Option<Timestamp>,
        planned: Option<String>,
        article: String,
        name: String,
        name_de: String,
        features: String,
    }

    struct ProductRow {
        id: LicenseId,
        name: String,
        name_de: String,
    }

    /// A row of [`ACTIVATION`].
    struct ActivationRow {
        activation_id: ActivationId,
        license_id: LicenseId,
        container_id: ContainerId,
        part_quantity: i64,
        begun_at: Timestamp,
        state: String,
        signed_until: Option<Timestamp>,
        update_id: Option<i64>,
    }

    struct ActivatedRow {
        granted: GrantedRow,
        activation: ActivationRow,
    }
}

impl TryFrom<GrantedRow> for Granted {
    type Error = StoreError;

    fn try_from(row: GrantedRow) -> Result<Self, StoreError> {
        let validity = validity(row.valid_days, row.valid_from, row.valid_until)?;
        let returns_left = row
            .returns_left
            .map(|left| number(left, "licenses.returns_left"))
            .transpose()?;
        let quantity = number(row.quantity, "licenses.quantity")?;
        let binding = parsed(&row.binding, "licenses.binding")?;
        let grant = Grant {
            quantity,
            validity,
            suspended: row.suspended_at,
            revoked: row.revoked_at,
        };
        let planned = row.planned.as_deref().map(serde_json::from_str::<Vec<Recorded>>);
        let planned = planned
            .transpose()
            .map_err(|_| StoreError::Inconsistent("licenses.planned"))?
            .unwrap_or_default();
        let last = planned.iter().map(|one| one.number).max().unwrap_or_default();
        Ok(Self {
            timeline: Timeline::new(grant, row.started_at, planned, last),
            license: License {
                id: row.id,
                product: ProductName {
                    en: row.name,
                    de: row.name_de,
                },
                quantity,
                activated: number(row.activated, "licenses.activated")?,
                stopped: Standing::stopped(row.suspended_at, row.revoked_at),
                validity,
                binding,
                started: row.started_at,
            },
            ticket: row.ticket_id,
            product: row.product_id,
            article: row.article,
            features: row.features.lines().map(str::to_owned).collect(),
            terms: Terms {
                validity,
                binding,
                returns_left,
            },
            started: row.started_at,
        })
    }
}

/// The licences `l` with their products, before `WHERE`.
fn select() -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM licenses l JOIN products p ON p.id = l.product_id");
    sql
}

/// A licence.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: LicenseId) -> Result<Option<Granted>, StoreError> {
    let mut sql = select();
    sql.push(" WHERE l.id = ").int(id.0);
    let row: Option<GrantedRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row::optional(row)
}

/// What these tickets grant, by ticket, in the order in which it was written.
///
/// # Errors
/// [`StoreError`].
pub async fn of_tickets(tx: &mut Tx, tickets: &[TicketId]) -> Result<Vec<Granted>, StoreError> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    sql.push(" WHERE l.ticket_id IN ")
        .id_list(tickets.iter().map(|ticket| ticket.0))
        .push(" ORDER BY l.ticket_id, l.position");
    let rows: Vec<GrantedRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
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
    let mut sql = Sql::default();
    sql.push("SELECT l.id, p.name, p.name_de FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.id IN ")
        .id_list(licenses.iter().map(|license| license.0));
    let rows: Vec<ProductRow> = sql.rows().fetch_all(tx.conn()).await?;
    let product = |row: ProductRow| {
        let name = ProductName {
            en: row.name,
            de: row.name_de,
        };
        (row.id, name)
    };
    Ok(rows.into_iter().map(product).collect())
}

/// A running activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activation {
    pub id: ActivationId,
    pub license: LicenseId,
    pub container: ContainerId,
    pub quantity: u32,
    /// Since when.
    pub since: Timestamp,
    /// How far it has come.
    pub custody: Custody,
    /// The last update for its machine that it was in.
    pub update: Option<i64>,
}

/// Columns that [`COLUMNS`] has, too, have names of their own.
const ACTIVATION: &str =
    "a.id AS activation_id, a.license_id, a.container_id, a.quantity AS part_quantity, a.begun_at, a.state,
     a.signed_until, a.update_id";

impl TryFrom<ActivationRow> for Activation {
    type Error = StoreError;

    fn try_from(row: ActivationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.activation_id,
            license: row.license_id,
            container: row.container_id,
            quantity: number(row.part_quantity, "activations.quantity")?,
            since: row.begun_at,
            custody: Custody {
                state: parsed(&row.state, "activations.state")?,
                signed_until: row.signed_until,
            },
            update: row.update_id,
        })
    }
}

async fn activations(tx: &mut Tx, condition: &str, id: i64) -> Result<Vec<Activation>, StoreError> {
    let sql = format!(
        "SELECT {ACTIVATION} FROM activations a WHERE a.ended_at IS NULL AND {condition} ORDER BY a.id"
    );
    let rows: Vec<ActivationRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_all(tx.conn())
        .await?;
    row::all(rows)
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
    let rows: Vec<ActivatedRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(container.0)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.activation.try_into()?, row.granted.try_into()?)))
        .collect()
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
    now: Timestamp,
) -> Result<(), StoreError> {
    let taken = sqlx::query(
        "UPDATE licenses SET activated = activated + $1, started_at = COALESCE(started_at, $2)
         WHERE id = $3 AND ticket_id = $4",
    )
    .bind(i64::from(quantity))
    .bind(millis(now))
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
    .bind(millis(now))
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
    now: Timestamp,
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
        "UPDATE licenses SET activated = activated - $1,
             quantity = CASE WHEN reduced_to IS NULL THEN quantity
                             WHEN activated - $1 > reduced_to THEN activated - $1 ELSE reduced_to END,
             reduced_to = CASE WHEN activated - $1 > reduced_to THEN reduced_to END,
             returns_left = returns_left - $2 WHERE id = $3 AND ticket_id = $4",
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
    ended_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let set = sqlx::query(
        "UPDATE activations SET state = $2, ended_at = $3
         WHERE id = $1 AND quantity = $4 AND state = $5 AND ended_at IS NULL",
    )
    .bind(activation.id.0)
    .bind(state.to_string())
    .bind(ended_at.map(millis))
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
    .bind(custody.signed_until.map(millis))
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
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut done = proof.container == activation.container
        && set_state(tx, activation, state, state.is_over().then_some(now)).await?;
    if done && state.is_over() {
        let back = sqlx::query(
            "UPDATE licenses SET activated = activated - $1,
                 quantity = CASE WHEN reduced_to IS NULL THEN quantity
                                 WHEN activated - $1 > reduced_to THEN activated - $1 ELSE reduced_to END,
                 reduced_to = CASE WHEN activated - $1 > reduced_to THEN reduced_to END
             WHERE id = $2",
        )
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
