//! How much there is and waits in the whole database, for who operates the portal: numbers and ages, of nobody.

use jiff::Timestamp;

use crate::store::{StoreError, Tx, row::rows, sql::millis};

rows! {
    struct FactsRow {
        leases: i64,
        active: i64,
        digests: i64,
        oldest_digest: Option<Timestamp>,
        deliveries: i64,
        oldest_delivery: Option<Timestamp>,
        unsealed: i64,
        oldest_unsealed: Option<Timestamp>,
        id: Option<String>,
        license: Option<String>,
        demo_vendor: Option<String>,
        backed_up_at: Option<String>,
    }
}

/// What waits: how much, and since when the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub length: i64,
    pub since: Option<Timestamp>,
}

/// The names of facts about the instance, as [`fact`](super::fact) takes them.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    pub id: &'static str,
    pub license: &'static str,
    pub demo_vendor: &'static str,
    pub backed_up_at: &'static str,
}

/// What the database says.
pub struct Facts {
    /// Leases that hold a place.
    pub leases: i64,
    /// Active accounts.
    pub active: i64,
    /// Mails about what expires.
    pub digests: Waiting,
    /// Deliveries of webhooks.
    pub deliveries: Waiting,
    /// Events that are not sealed.
    pub unsealed: Waiting,
    pub id: Option<String>,
    pub license: Option<String>,
    pub demo_vendor: Option<String>,
    pub backed_up_at: Option<String>,
}

/// Reads it, in one statement.
///
/// # Errors
/// [`StoreError`].
pub async fn facts(tx: &mut Tx, names: Names, now: Timestamp) -> Result<Facts, StoreError> {
    let row: FactsRow = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM leases WHERE holds_until > $1) AS leases,
                (SELECT COUNT(*) FROM users WHERE active = 1) AS active,
                (SELECT COUNT(*) FROM expiry_digests) AS digests,
                (SELECT MIN(until) FROM expiry_digests) AS oldest_digest,
                (SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting') AS deliveries,
                (SELECT MIN(made_at) FROM webhook_deliveries WHERE state = 'waiting') AS oldest_delivery,
                (SELECT COUNT(*) FROM events WHERE position IS NULL) AS unsealed,
                (SELECT MIN(at) FROM events WHERE position IS NULL) AS oldest_unsealed,
                (SELECT value FROM instance WHERE name = $2) AS id,
                (SELECT value FROM instance WHERE name = $3) AS license,
                (SELECT value FROM instance WHERE name = $4) AS demo_vendor,
                (SELECT value FROM instance WHERE name = $5) AS backed_up_at",
    )
    .bind(millis(now))
    .bind(names.id)
    .bind(names.license)
    .bind(names.demo_vendor)
    .bind(names.backed_up_at)
    .fetch_one(tx.conn())
    .await?;
    let waiting = |length, since| Waiting { length, since };
    Ok(Facts {
        leases: row.leases,
        active: row.active,
        digests: waiting(row.digests, row.oldest_digest),
        deliveries: waiting(row.deliveries, row.oldest_delivery),
        unsealed: waiting(row.unsealed, row.oldest_unsealed),
        id: row.id,
        license: row.license,
        demo_vendor: row.demo_vendor,
        backed_up_at: row.backed_up_at,
    })
}
