//! What rows must never be, as statements that find those that are.

use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    sql::{Sql, millis},
};

/// An invariant of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A ticket has one owner.
    OneOwner,
    /// A group context belongs to a person who has the ticket.
    ContextOfPerson,
    /// Only tickets of groups are in protected mode.
    ProtectedInGroup,
    /// The level of a ticket is that of its owner.
    LevelOfOwner,
    /// No two tickets have one code.
    OneCode,
    /// The history says how a ticket came to its owner.
    OwnerInHistory,
    /// A ticket is found by the names of its products.
    ProductsOfTicket,
    /// So many of a licence are activated as its activations say.
    ActivatedCount,
    /// Of a licence there are never more activated than its ticket grants.
    NeverMoreThanGranted,
    /// A lease is of the licence of its activation.
    LicenseOfLease,
    /// Machines hold no more of a licence than its ticket grants.
    NeverMoreHeld,
    /// An account has at most one running login.
    OneLogin,
    /// A webhook has at most one event in line.
    OneInLine,
    /// One key is encrypted with.
    OneKeyInForce,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::OneOwner,
        Self::ContextOfPerson,
        Self::ProtectedInGroup,
        Self::LevelOfOwner,
        Self::OneCode,
        Self::OwnerInHistory,
        Self::ProductsOfTicket,
        Self::ActivatedCount,
        Self::NeverMoreThanGranted,
        Self::LicenseOfLease,
        Self::NeverMoreHeld,
        Self::OneLogin,
        Self::OneInLine,
        Self::OneKeyInForce,
    ];

    /// Finds what breaks it: one column, `id`.
    fn push(self, sql: &mut Sql, now: Timestamp) {
        let text = match self {
            Self::OneOwner => {
                "SELECT id FROM tickets WHERE owner_group_id IS NOT NULL AND owner_user_id IS NOT NULL"
            }
            Self::ContextOfPerson => {
                "SELECT id FROM tickets WHERE context_group_id IS NOT NULL AND owner_user_id IS NULL"
            }
            Self::ProtectedInGroup => {
                "SELECT id FROM tickets WHERE protected <> 0 AND owner_group_id IS NULL"
            }
            Self::LevelOfOwner => {
                "SELECT id FROM tickets WHERE COALESCE(level_group_id, 0) <> COALESCE(owner_group_id, context_group_id, 0)"
            }
            Self::OneCode => "SELECT MIN(id) AS id FROM tickets GROUP BY code HAVING COUNT(*) > 1",
            Self::OwnerInHistory => {
                "SELECT t.id FROM tickets t
                 WHERE (t.owner_group_id IS NOT NULL OR t.owner_user_id IS NOT NULL)
                   AND EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.id AND e.to_owner IS NOT NULL)
                   AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.id AND e.to_owner =
                       CASE WHEN t.owner_group_id IS NOT NULL THEN 'group:' || t.owner_group_id
                            WHEN t.context_group_id IS NOT NULL THEN 'user:' || t.owner_user_id || '@' || t.context_group_id
                            ELSE 'user:' || t.owner_user_id END)"
            }
            Self::ProductsOfTicket => {
                "SELECT t.id FROM tickets t WHERE t.products <> COALESCE((SELECT string_agg(p.folded, ', ' ORDER BY l.position)
                     FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.ticket_id = t.id), '')"
            }
            Self::ActivatedCount => {
                "SELECT l.id FROM licenses l WHERE l.activated <> COALESCE((SELECT CAST(SUM(a.quantity) AS BIGINT)
                     FROM activations a WHERE a.license_id = l.id AND a.ended_at IS NULL), 0)"
            }
            Self::NeverMoreThanGranted => {
                "SELECT l.id FROM licenses l WHERE l.activated < 0 OR l.quantity < COALESCE((SELECT CAST(SUM(a.quantity) AS BIGINT)
                     FROM activations a WHERE a.license_id = l.id AND a.ended_at IS NULL), 0)"
            }
            Self::LicenseOfLease => {
                "SELECT x.id FROM leases x JOIN activations a ON a.id = x.activation_id WHERE a.license_id <> x.license_id"
            }
            Self::NeverMoreHeld => return push_held(sql, now),
            Self::OneLogin => {
                "SELECT user_id AS id FROM sessions WHERE ended_at IS NULL GROUP BY user_id HAVING COUNT(*) > 1"
            }
            Self::OneInLine => {
                "SELECT webhook_id AS id FROM webhook_deliveries WHERE in_line = 1 GROUP BY webhook_id HAVING COUNT(*) > 1"
            }
            Self::OneKeyInForce => {
                "SELECT COUNT(*) AS id FROM encryption_keys HAVING COUNT(*) > 0 AND COUNT(in_force) <> 1"
            }
        };
        sql.push(text);
    }
}

/// Licences of which machines hold more than there are: by leases, and by updates for machines without a network.
fn push_held(sql: &mut Sql, now: Timestamp) {
    sql.push(
        "SELECT l.id FROM licenses l WHERE l.quantity <
             (SELECT COUNT(*) FROM leases x WHERE x.license_id = l.id AND x.holds_until > ",
    )
    .int(millis(now))
    .push(
        ") + (SELECT COALESCE(CAST(SUM(a.quantity) AS BIGINT), 0) FROM activations a
              WHERE a.license_id = l.id AND a.ended_at IS NULL AND a.signed_until > ",
    )
    .int(millis(now))
    .push(")");
}

/// What breaks a rule: how many there are, and the first of them.
///
/// # Errors
/// [`StoreError`].
pub async fn breaks(
    tx: &mut Tx,
    rule: Rule,
    now: Timestamp,
    most: i64,
) -> Result<(u64, Vec<i64>), StoreError> {
    let mut counting = Sql::default();
    counting.push("SELECT COUNT(*) FROM (");
    rule.push(&mut counting, now);
    counting.push(") AS broken");
    let count: i64 = counting.scalar().fetch_one(tx.conn()).await?;
    if count == 0 {
        return Ok((0, Vec::new()));
    }
    let mut listing = Sql::default();
    listing.push("SELECT id FROM (");
    rule.push(&mut listing, now);
    listing.push(") AS broken ORDER BY id LIMIT ").int(most);
    let ids = listing.scalar().fetch_all(tx.conn()).await?;
    Ok((count.unsigned_abs(), ids))
}
