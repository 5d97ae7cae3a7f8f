//! Licences that nobody uses.

use domain::{
    groups::Lineage,
    ids::{LicenseId, TicketId},
};
use jiff::Timestamp;

use crate::store::{StoreError, Tx, groups, row::rows, sql::Sql, visibility::VisibilityScope};

rows! {
    struct UnusedRow {
        id: LicenseId,
        ticket_id: TicketId,
        owner_since: Timestamp,
        last: Option<Timestamp>,
        total: i64,
    }
}

/// A licence that nobody leased since a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unused {
    pub(crate) license: LicenseId,
    pub(crate) ticket: TicketId,
    pub(crate) since: Timestamp,
    /// The last day on which it was leased, since its owner has it.
    pub(crate) last: Option<Timestamp>,
}

/// Licences of tickets that the reader sees, that have had their owner since before the moment, and that no machine held since
/// then; those first that have had their owner longest. And how many there are.
///
/// What was used before the present owner had the ticket does not matter, so that the list says nothing about others.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn page(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    branch: Option<&Lineage>,
    since: Timestamp,
    (size, offset): (u32, u64),
) -> Result<(Vec<Unused>, u64), StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT l.id, t.id AS ticket_id, t.owner_since,
             (SELECT MAX(d.begins) FROM use_days d
              WHERE d.license_id = l.id AND d.leased > 0 AND d.begins >= t.owner_since) AS last,
             COUNT(*) OVER () AS total
         FROM tickets t JOIN licenses l ON l.ticket_id = t.id LEFT JOIN groups lg ON lg.id = t.level_group_id
         WHERE t.owner_since < ",
    )
    .moment(since)
    .push(
        " AND (t.owner_group_id IS NOT NULL OR t.owner_user_id IS NOT NULL) AND l.revoked_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM leases le WHERE le.license_id = l.id AND le.holds_until > ",
    )
    .moment(since)
    .push(") AND NOT EXISTS (SELECT 1 FROM use_days d WHERE d.license_id = l.id AND d.leased > 0 AND d.begins >= ")
    .moment(since)
    // What a machine without a network may use is in use, for all that is known.
    .push(") AND NOT EXISTS (SELECT 1 FROM activations a WHERE a.license_id = l.id AND a.signed_until > ")
    .moment(since)
    .push(")");
    visibility.push_sees_ticket(&mut sql);
    if let Some(branch) = branch {
        sql.push(" AND ");
        groups::push_branches(&mut sql, "lg.path", &[groups::path_of(branch)]);
    }
    sql.push(" ORDER BY t.owner_since, t.id, l.position LIMIT ")
        .int(i64::from(size))
        .push(" OFFSET ")
        .int(i64::try_from(offset).unwrap_or(i64::MAX));
    let rows: Vec<UnusedRow> = sql.rows().fetch_all(tx.conn()).await?;
    // Beyond the last page nothing is counted.
    let total = rows.first().map_or(0, |row| row.total);
    let found = rows.into_iter().map(|row| Unused {
        license: row.id,
        ticket: row.ticket_id,
        since: row.owner_since,
        last: row.last,
    });
    Ok((found.collect(), u64::try_from(total).unwrap_or_default()))
}
