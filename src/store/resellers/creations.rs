//! Tickets that were created together (S13).

use domain::{
    access::{Authorized, CreationFacts, TicketCreation},
    ids::{CreationId, LicenseId, TicketId, UserId},
    licensing::{licenses::Terms, products::ProductName},
    tickets::codes::TicketCode,
};
use sqlx::{Row, any::AnyRow};

use crate::{
    store::{
        StoreError, Tx, groups, id_list,
        instance::files::{self, NewLicense, NewTicket},
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
    /// Of which product.
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
    now: i64,
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
    .bind(now)
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
    let ids: Vec<i64> = batch.tickets.iter().map(|(ticket, ..)| ticket.0).collect();
    let (places, ids) = id_list(&ids, 2);
    let sql = format!("UPDATE tickets SET creation_id = $1 WHERE id IN ({places})");
    let update = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(batch.id.0);
    let update = ids.into_iter().fold(update, |query, id| query.bind(id));
    update.execute(tx.conn()).await?;
    Ok(())
}

/// What was created under that idempotency key.
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(tx: &mut Tx, by: UserId, key: &str) -> Result<Option<CreationId>, StoreError> {
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT id FROM creations WHERE created_by = $1 AND request_key = $2")
            .bind(by.0)
            .bind(key)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.map(|(id,)| CreationId(id)))
}

const COLUMNS: &str = "SELECT c.id, c.created_at, p.name, p.name_de, c.quantity, c.tickets,
     (SELECT COUNT(*) FROM tickets t WHERE t.creation_id = c.id AND t.owner_group_id IS NULL AND t.owner_user_id IS NULL),
     c.created_by, g.path
     FROM creations c JOIN products p ON p.id = c.product_id LEFT JOIN groups g ON g.id = c.group_id ";

fn creation(row: &AnyRow) -> Result<(CreationRow, CreationFacts), StoreError> {
    let number = |at: usize| {
        u32::try_from(row.try_get::<i64, _>(at)?).map_err(|_| StoreError::Inconsistent("creations.quantity"))
    };
    let path: Option<String> = row.try_get(8)?;
    let facts = CreationFacts {
        by: UserId(row.try_get(7)?),
        group: path.map(|path| groups::lineage_of(&path)).transpose()?,
    };
    let row = CreationRow {
        id: CreationId(row.try_get(0)?),
        at: row.try_get(1)?,
        product: ProductName {
            en: row.try_get(2)?,
            de: row.try_get(3)?,
        },
        quantity: number(4)?,
        tickets: number(5)?,
        free: number(6)?,
    };
    Ok((row, facts))
}

/// A creation, with the facts that the policy needs.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: CreationId) -> Result<Option<(CreationRow, CreationFacts)>, StoreError> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE c.id = $1")))
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    row.as_ref().map(creation).transpose()
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
    let (total,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM creations WHERE created_by = $1")
        .bind(by.0)
        .fetch_one(tx.conn())
        .await?;
    let sql = format!("{COLUMNS} WHERE c.created_by = $1 ORDER BY c.id DESC LIMIT $2 OFFSET $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(by.0)
        .bind(i64::from(CREATIONS_PAGE))
        .bind(i64::from(CREATIONS_PAGE) * i64::from(page))
        .fetch_all(tx.conn())
        .await?;
    let rows: Result<Vec<_>, StoreError> = rows.iter().map(creation).collect();
    Ok((rows?, u64::try_from(total).unwrap_or_default()))
}

/// The ids of the tickets that were created together, in their order.
///
/// # Errors
/// [`StoreError`].
pub async fn tickets(tx: &mut Tx, id: CreationId) -> Result<Vec<TicketId>, StoreError> {
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT id FROM tickets WHERE creation_id = $1 ORDER BY id")
        .bind(id.0)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|(id,)| TicketId(id)).collect())
}
