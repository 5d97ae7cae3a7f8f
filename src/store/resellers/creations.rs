//! Tickets that were created together (S13).

use domain::{
    access::{Authorized, CreationFacts, TicketCreation},
    ids::{CreationId, LicenseId, TicketId, UserId},
    licensing::{licenses::Terms, products::ProductName},
    tickets::codes::TicketCode,
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx, groups,
        instance::files::{self, NewLicense, NewTicket},
        row::{self, number, rows},
        sql::{Sql, millis},
    },
    views::{
        licensing::products::Product,
        resellers::creations::{CREATIONS_PAGE, CreationRow},
    },
};

/// What is created: so many licences of a product, under rules, in each of these tickets.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// The id for all of them together.
    pub id: CreationId,
    pub product: &'a Product,
    /// Licences in each ticket.
    pub quantity: u32,
    /// Their rules.
    pub terms: Terms,
    /// The tickets, each with its code and the id of its licence.
    pub tickets: &'a [(TicketId, TicketCode, LicenseId)],
    /// The idempotency key of the request.
    pub key: &'a str,
}

/// Writes the tickets.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is not what the policy permitted: a defect.
pub async fn create(
    tx: &mut Tx,
    proof: &Authorized<TicketCreation>,
    batch: &Batch<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let count = batch.tickets.len() as u64;
    if batch.product.id != proof.product || u64::from(batch.quantity) * count != proof.licenses {
        return Err(StoreError::Inconsistent("creations.quantity"));
    }
    sqlx::query(
        "INSERT INTO creations (id, group_id, product_id, quantity, tickets, created_by, created_at, request_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(batch.id.0)
    .bind(proof.group.map(|group| group.0))
    .bind(proof.product.0)
    .bind(i64::from(batch.quantity))
    .bind(i64::try_from(count).map_err(|_| StoreError::Inconsistent("creations.tickets"))?)
    .bind(proof.by.0)
    .bind(millis(now))
    .bind(batch.key)
    .execute(tx.conn())
    .await?;
    let products = batch.product.data.name.folded();
    let ticket = |(ticket, code, license): &(TicketId, TicketCode, LicenseId)| NewTicket {
        id: *ticket,
        code: code.clone(),
        owner: proof.owner,
        protected: proof.protected,
        products: products.clone(),
        licenses: vec![NewLicense {
            id: *license,
            product: proof.product,
            quantity: batch.quantity,
            terms: batch.terms,
        }],
    };
    let tickets: Vec<NewTicket> = batch.tickets.iter().map(ticket).collect();
    files::insert_tickets(tx, &tickets, now).await?;
    let mut sql = Sql::default();
    sql.push("UPDATE tickets SET creation_id = ").int(batch.id.0);
    sql.push(" WHERE id IN ")
        .id_list(batch.tickets.iter().map(|(ticket, ..)| ticket.0));
    sql.query().execute(tx.conn()).await?;
    Ok(())
}

/// What was created under that idempotency key.
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(tx: &mut Tx, by: UserId, key: &str) -> Result<Option<CreationId>, StoreError> {
    let id = sqlx::query_scalar("SELECT id FROM creations WHERE created_by = $1 AND request_key = $2")
        .bind(by.0)
        .bind(key)
        .fetch_optional(tx.conn())
        .await?;
    Ok(id.map(CreationId))
}

const COLUMNS: &str = "SELECT c.id, c.created_at, p.name, p.name_de, c.quantity, c.tickets,
     (SELECT COUNT(*) FROM tickets t WHERE t.creation_id = c.id AND t.owner_group_id IS NULL AND t.owner_user_id IS NULL) AS free,
     c.created_by, g.path
     FROM creations c JOIN products p ON p.id = c.product_id LEFT JOIN groups g ON g.id = c.group_id ";

rows! {
    /// A row of [`COLUMNS`].
    struct CreatedRow {
        id: CreationId,
        created_at: Timestamp,
        name: String,
        name_de: String,
        quantity: i64,
        tickets: i64,
        free: i64,
        created_by: UserId,
        path: Option<String>,
    }
}

impl TryFrom<CreatedRow> for (CreationRow, CreationFacts) {
    type Error = StoreError;

    fn try_from(row: CreatedRow) -> Result<Self, StoreError> {
        let facts = CreationFacts {
            by: row.created_by,
            group: row.path.map(|path| groups::lineage_of(&path)).transpose()?,
        };
        let row = CreationRow {
            id: row.id,
            at: row.created_at,
            product: ProductName {
                en: row.name,
                de: row.name_de,
            },
            quantity: number(row.quantity, "creations.quantity")?,
            tickets: number(row.tickets, "creations.tickets")?,
            free: number(row.free, "creations.tickets")?,
        };
        Ok((row, facts))
    }
}

/// A creation, with the facts that the policy needs.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: CreationId) -> Result<Option<(CreationRow, CreationFacts)>, StoreError> {
    let row: Option<CreatedRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE c.id = $1")))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// A page of what somebody created, newest first, and how many creations there are. Whether they may still have the codes is
/// asked about each one.
///
/// # Errors
/// [`StoreError`].
pub async fn by_person(
    tx: &mut Tx,
    by: UserId,
    page: u32,
) -> Result<(Vec<(CreationRow, CreationFacts)>, u64), StoreError> {
    let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM creations WHERE created_by = $1")
        .bind(by.0)
        .fetch_one(tx.conn())
        .await?;
    let sql = format!("{COLUMNS} WHERE c.created_by = $1 ORDER BY c.id DESC LIMIT $2 OFFSET $3");
    let rows: Vec<CreatedRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(by.0)
        .bind(i64::from(CREATIONS_PAGE))
        .bind(i64::from(CREATIONS_PAGE) * i64::from(page))
        .fetch_all(tx.conn())
        .await?;
    Ok((row::all(rows)?, u64::try_from(total).unwrap_or_default()))
}

/// The ids of the tickets that were created together, in their order.
///
/// # Errors
/// [`StoreError`].
pub async fn tickets(tx: &mut Tx, id: CreationId) -> Result<Vec<TicketId>, StoreError> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM tickets WHERE creation_id = $1 ORDER BY id")
        .bind(id.0)
        .fetch_all(tx.conn())
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}
