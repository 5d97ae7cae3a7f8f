//! What the overview adds up.

use domain::{
    ids::{ProductId, WebhookId},
    licensing::products::ProductName,
};
use jiff::Timestamp;

use crate::store::{StoreError, Tx, row::rows, sql::Sql, visibility::VisibilityScope};

/// The licences of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfProduct {
    pub product: ProductId,
    pub name: ProductName,
    /// How many the tickets grant, are activated, and are used by machines.
    pub counts: [u64; 3],
}

rows! {
    struct OfProductRow {
        product_id: ProductId,
        name: String,
        name_de: String,
        granted: i64,
        activated: i64,
        in_use: i64,
    }

    struct WebhookRow {
        id: WebhookId,
        name: String,
    }
}

impl From<OfProductRow> for OfProduct {
    fn from(row: OfProductRow) -> Self {
        let counts = [row.granted, row.activated, row.in_use];
        Self {
            product: row.product_id,
            name: ProductName {
                en: row.name,
                de: row.name_de,
            },
            counts: counts.map(|count| u64::try_from(count).unwrap_or_default()),
        }
    }
}

/// The licences in all tickets that the reader sees, by product; of which there are most first. It looks at each of them: who
/// asks has made sure that these are not too many.
///
/// # Errors
/// [`StoreError`].
pub async fn licenses(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    now: Timestamp,
) -> Result<Vec<OfProduct>, StoreError> {
    let mut sql = Sql::default();
    // In use are places of leases, and what machines without a network hold.
    sql.push(
        "SELECT l.product_id, p.name, p.name_de, CAST(SUM(COALESCE(l.reduced_to, l.quantity)) AS BIGINT) AS granted,
         CAST(SUM(l.activated) AS BIGINT) AS activated,
         CAST(SUM(CASE WHEN l.activated = 0 THEN 0 ELSE
             (SELECT COUNT(*) FROM leases e WHERE e.license_id = l.id AND e.holds_until > ",
    );
    sql.moment(now).push(
        ") + (SELECT COALESCE(SUM(a.quantity), 0) FROM activations a
              WHERE a.license_id = l.id AND a.ended_at IS NULL AND a.signed_until > ",
    );
    sql.moment(now).push(") END) AS BIGINT) AS in_use FROM (");
    if visibility.actor().isv_admin {
        sql.push("SELECT * FROM tickets");
    } else {
        visibility.push_visible_tickets(&mut sql);
    }
    sql.push(
        ") t JOIN licenses l ON l.ticket_id = t.id JOIN products p ON p.id = l.product_id
         WHERE l.revoked_at IS NULL GROUP BY l.product_id, p.name, p.name_de ORDER BY granted DESC, l.product_id",
    );
    let rows: Vec<OfProductRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(OfProduct::from).collect())
}

/// Licences in the reader's own tickets that are not activated, and could be now.
///
/// # Errors
/// [`StoreError`].
pub async fn own_free(tx: &mut Tx, visibility: &VisibilityScope, now: Timestamp) -> Result<u64, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT COALESCE(CAST(SUM(CASE WHEN l.reduced_to IS NULL THEN l.quantity - l.activated ELSE 0 END) AS BIGINT), 0)
         FROM tickets t LEFT JOIN groups lg ON lg.id = t.level_group_id JOIN licenses l ON l.ticket_id = t.id
         WHERE l.suspended_at IS NULL AND l.revoked_at IS NULL AND t.owner_user_id = ",
    );
    sql.int(visibility.actor().user.0)
        .push(" AND (l.valid_from IS NULL OR l.valid_from <= ")
        .moment(now)
        .push(") AND (l.valid_until IS NULL OR l.valid_until > ")
        .moment(now)
        .push(") AND (l.valid_days IS NULL OR l.started_at IS NULL OR l.started_at + l.valid_days * 86400000 > ")
        .moment(now)
        .push(")");
    visibility.push_sees_ticket(&mut sql);
    let free: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    Ok(free.unsigned_abs())
}

/// Webhooks of groups that the reader administers, for ISV admins of the instance, too, that the portal switched off; at most so
/// many.
///
/// # Errors
/// [`StoreError`].
pub async fn stopped_webhooks(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    limit: i64,
) -> Result<Vec<(WebhookId, String)>, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT w.id, w.name FROM webhooks w LEFT JOIN groups g ON g.id = w.group_id
         WHERE w.active = 0 AND w.stopped IS NOT NULL",
    );
    if !visibility.actor().isv_admin {
        sql.push(" AND ");
        visibility.push_branches(&mut sql, "g.path");
    }
    sql.push(" ORDER BY w.name, w.id LIMIT ").int(limit);
    let rows: Vec<WebhookRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
