//! A part of a ticket becomes a ticket of its own, and two tickets become one (N17).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Authorized, TicketJoin, TicketSplit},
    ids::{LicenseId, TicketId},
    licensing::{amendments::timeline::Timeline, licenses::Validity},
    tickets::{
        codes::TicketCode,
        owners::Owner,
        splits::{Joined, Part, Position},
    },
};
use jiff::Timestamp;

use crate::store::{
    Engine, StoreError, Tx,
    licensing::{
        amendments::{self, New, Stored},
        licenses::{self, Granted},
    },
    row::rows,
    sql::{Sql, millis},
    tickets::{Ticket, TicketRow, columns_of, complete, select},
};

rows! {
    struct IdRow {
        id: LicenseId,
    }
}

/// A licence of a ticket that is split or joined.
#[derive(Debug, Clone)]
pub struct Found {
    /// What is judged by.
    pub position: Position,
    /// The licence.
    pub granted: Granted,
    /// All that was done to it.
    pub stored: Vec<Stored>,
}

/// The licences of these tickets, of each in their order.
///
/// # Errors
/// [`StoreError`].
pub async fn licenses(
    tx: &mut Tx,
    tickets: &[TicketId],
    now: Timestamp,
) -> Result<BTreeMap<TicketId, Vec<Found>>, StoreError> {
    let granted = licenses::of_tickets(tx, tickets).await?;
    let ids: Vec<LicenseId> = granted.iter().map(|granted| granted.license.id).collect();
    let touched = touched(tx, &ids).await?;
    let mut stored = amendments::of_licenses(tx, &ids).await?;
    let mut found: BTreeMap<TicketId, Vec<Found>> = BTreeMap::new();
    for granted in granted {
        let license = granted.license.id;
        let position = Position {
            license,
            product: granted.product,
            binding: granted.terms.binding,
            returns_left: granted.terms.returns_left,
            started: granted.started,
            grant: granted.timeline.at(now),
            activated: granted.license.activated,
            planned: !granted.timeline.recorded().is_empty(),
            untouched: !touched.contains(&license),
        };
        found.entry(granted.ticket).or_default().push(Found {
            position,
            granted,
            stored: stored.remove(&license).unwrap_or_default(),
        });
    }
    Ok(found)
}

/// Those of the licences of which something is kept: they were activated, amended or asked for by a machine.
async fn touched(tx: &mut Tx, licenses: &[LicenseId]) -> Result<BTreeSet<LicenseId>, StoreError> {
    if licenses.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT l.id FROM licenses l WHERE l.id IN ")
        .id_list(licenses.iter().map(|license| license.0))
        .push(" AND (");
    for (at, table) in KEPT.iter().enumerate() {
        sql.push(if at == 0 { "" } else { " OR " })
            .push("EXISTS (SELECT 1 FROM ")
            .push(table)
            .push(" k WHERE k.license_id = l.id)");
    }
    sql.push(")");
    let rows: Vec<IdRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Where something is kept of a licence: all that leads to it.
const KEPT: [&str; 7] = [
    "activations",
    "leases",
    "amendments",
    "use_refusals",
    "use_hours",
    "use_days",
    "use_by_person",
];

/// The ticket that comes into being.
#[derive(Debug, Clone)]
pub struct NewTicket {
    pub id: TicketId,
    pub code: TicketCode,
}

/// Writes the ticket that a part of another one becomes, still empty. Since when its owner has it, and since when it exists,
/// is what it was: nothing was created, and reports count nothing twice.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the ticket is not where the proof says: a defect.
pub async fn begin(tx: &mut Tx, proof: &Authorized<TicketSplit>, new: &NewTicket) -> Result<(), StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "INSERT INTO tickets (id, code, owner_group_id, owner_user_id, context_group_id, level_group_id, protected, products,
             owner_since, created_at)
         SELECT ",
    )
    .int(new.id.0)
    .push(", ")
    .text(new.code.compact())
    .push(
        ", owner_group_id, owner_user_id, context_group_id, level_group_id, protected, products, owner_since, created_at
         FROM tickets WHERE id = ",
    )
    .int(proof.ticket.0);
    push_at(&mut sql, proof.owner, proof.protected);
    expect_one(
        sql.query().execute(tx.conn()).await?.rows_affected(),
        "tickets.owner",
    )?;
    sqlx::query("INSERT INTO ticket_parts (rowid, parts) VALUES ($1, $2)")
        .bind(new.id.0)
        .bind(new.code.compact())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// ` AND (the ticket is of that owner, and protected or not)`, so that the indexes of owners are of use.
fn push_at(sql: &mut Sql, owner: Owner, protected: bool) {
    let (group, user, context, level) = columns_of(owner);
    let at = [
        ("level_group_id", level),
        ("owner_group_id", group),
        ("owner_user_id", user),
        ("context_group_id", context),
        ("protected", Some(i64::from(protected))),
    ];
    for (column, value) in at {
        sql.push(" AND ").push(column);
        match value {
            Some(value) => sql.push(" = ").int(value),
            None => sql.push(" IS NULL"),
        };
    }
}

const fn expect_one(rows: u64, what: &'static str) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent(what))
    }
}

/// Moves a licence of the one ticket, as it is, behind those of the other.
async fn move_license(
    tx: &mut Tx,
    license: LicenseId,
    from: TicketId,
    to: TicketId,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE licenses SET ticket_id = $3,
             position = (SELECT COALESCE(MAX(o.position) + 1, 0) FROM licenses o WHERE o.ticket_id = $3)
         WHERE id = $1 AND ticket_id = $2",
    )
    .bind(license.0)
    .bind(from.0)
    .bind(to.0)
    .execute(tx.conn())
    .await?;
    expect_one(done.rows_affected(), "licenses.ticket_id")
}

/// What a licence loses or gets.
#[derive(Debug, Clone, Copy)]
pub struct Amended<'a> {
    /// The licence, as it was.
    pub found: &'a Found,
    /// The licence over time, with the amendment.
    pub whole: &'a Timeline,
    /// What is written of it.
    pub new: New<'a>,
}

/// Writes what becomes of a licence of the ticket: it goes to the new one, or so many of it do, under `license`. Of units,
/// `amended` says how many are left.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is not what the policy permitted: a defect.
pub async fn split_off(
    tx: &mut Tx,
    proof: &Authorized<TicketSplit>,
    new: TicketId,
    part: Part,
    units: Option<(LicenseId, Amended<'_>)>,
) -> Result<(), StoreError> {
    match (part, units) {
        (Part::Whole(license), None) => move_license(tx, license, proof.ticket, new).await,
        (Part::Units { of, off, returns }, Some((license, amended)))
            if amended.found.granted.license.id == of =>
        {
            insert_units(tx, (new, license), amended.found, off, returns).await?;
            amendments::insert_split(tx, proof, &amended.found.granted, &amended.new).await?;
            change_units(tx, &amended).await?;
            change_returns(tx, of, returns.map(|returns| -i64::from(returns))).await
        }
        _ => Err(StoreError::Inconsistent("licenses")),
    }
}

/// A licence like another one, of so many, in the ticket: with the same rules, and the same term, which goes on.
async fn insert_units(
    tx: &mut Tx,
    (ticket, license): (TicketId, LicenseId),
    like: &Found,
    quantity: u32,
    returns: Option<u32>,
) -> Result<(), StoreError> {
    let (from, until, days) = match like.position.grant.validity {
        Validity::Perpetual => (None, None, None),
        Validity::Between(from, until) => (from, until, None),
        Validity::Days(days) => (None, None, Some(days)),
    };
    sqlx::query(
        "INSERT INTO licenses (id, ticket_id, position, product_id, quantity, binding, valid_from, valid_until, valid_days,
             started_at, returns_left)
         SELECT $1, $2, COALESCE(MAX(o.position) + 1, 0), $3, $4, $5, $6, $7, $8, $9, $10 FROM licenses o WHERE o.ticket_id = $2",
    )
    .bind(license.0)
    .bind(ticket.0)
    .bind(like.position.product.0)
    .bind(i64::from(quantity))
    .bind(like.position.binding.to_string())
    .bind(from.map(millis))
    .bind(until.map(millis))
    .bind(days.map(i64::from))
    .bind(like.position.started.map(millis))
    .bind(returns.map(i64::from))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes how many of a licence there are after the amendment.
async fn change_units(tx: &mut Tx, amended: &Amended<'_>) -> Result<(), StoreError> {
    let granted = &amended.found.granted;
    let key = (granted.ticket, granted.license.id);
    amendments::write(tx, key, amended.whole, amended.new.recorded.from).await
}

/// A licence may be given back so many times more, or fewer.
async fn change_returns(tx: &mut Tx, license: LicenseId, by: Option<i64>) -> Result<(), StoreError> {
    if let Some(by) = by.filter(|by| *by != 0) {
        sqlx::query("UPDATE licenses SET returns_left = returns_left + $2 WHERE id = $1")
            .bind(license.0)
            .bind(by)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Writes what becomes of a licence of the ticket that is joined to another one: it goes over, or one of the two has more, which
/// `units` says; what takes the other has gone over before.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it is not what the policy permitted: a defect.
pub async fn join(
    tx: &mut Tx,
    proof: &Authorized<TicketJoin>,
    joined: Joined,
    units: Option<Amended<'_>>,
) -> Result<(), StoreError> {
    match (joined, units) {
        (Joined::Whole(license), None) => move_license(tx, license, proof.ticket, proof.into).await,
        (
            Joined::Units {
                of, into, returns, ..
            },
            Some(amended),
        ) if amended.found.granted.license.id == into => {
            amendments::insert_join(tx, proof, &amended.found.granted, &amended.new).await?;
            change_units(tx, &amended).await?;
            change_returns(tx, into, returns.map(i64::from)).await?;
            end_license(tx, proof, of).await
        }
        // The licence has gone over by then.
        (
            Joined::Takes {
                license, of, returns, ..
            },
            Some(amended),
        ) if amended.found.granted.license.id == license => {
            amendments::insert_join(tx, proof, &amended.found.granted, &amended.new).await?;
            change_units(tx, &amended).await?;
            change_returns(tx, license, returns.map(i64::from)).await?;
            end_license(tx, proof, of).await
        }
        _ => Err(StoreError::Inconsistent("licenses")),
    }
}

/// Removes a licence that became a part of another one.
async fn end_license(
    tx: &mut Tx,
    proof: &Authorized<TicketJoin>,
    license: LicenseId,
) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM licenses WHERE id = $1 AND ticket_id IN ($2, $3)")
        .bind(license.0)
        .bind(proof.ticket.0)
        .bind(proof.into.0)
        .execute(tx.conn())
        .await?;
    expect_one(done.rows_affected(), "licenses.ticket_id")
}

/// Whether somebody waits for an answer about taking the ticket back.
///
/// # Errors
/// [`StoreError`].
pub async fn is_asked_back(tx: &mut Tx, ticket: TicketId) -> Result<bool, StoreError> {
    let open: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM take_backs WHERE ticket_id = $1 AND state = 'asked'")
            .bind(ticket.0)
            .fetch_one(tx.conn())
            .await?;
    Ok(open > 0)
}

/// Removes a ticket whose licences are all in the other one. What was asked about it belongs to that one, too.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the ticket is not where the proof says: a defect.
pub async fn end(tx: &mut Tx, proof: &Authorized<TicketJoin>, code: &TicketCode) -> Result<(), StoreError> {
    sqlx::query("UPDATE take_backs SET ticket_id = $2 WHERE ticket_id = $1")
        .bind(proof.ticket.0)
        .bind(proof.into.0)
        .execute(tx.conn())
        .await?;
    // The index of SQLite keeps no texts, and has to be told which one goes.
    let forget = match tx.engine {
        Engine::Sqlite => "INSERT INTO ticket_parts (ticket_parts, rowid, parts) VALUES ('delete', $1, $2)",
        Engine::Postgres => "DELETE FROM ticket_parts WHERE rowid = $1 AND parts = $2",
    };
    sqlx::query(forget)
        .bind(proof.ticket.0)
        .bind(code.compact())
        .execute(tx.conn())
        .await?;
    let mut sql = Sql::default();
    sql.push("DELETE FROM tickets WHERE id = ").int(proof.ticket.0);
    push_at(&mut sql, proof.owner, proof.protected);
    expect_one(
        sql.query().execute(tx.conn()).await?.rows_affected(),
        "tickets.owner",
    )
}

/// Writes by which products a ticket is found.
///
/// # Errors
/// [`StoreError`].
pub async fn name(tx: &mut Tx, ticket: TicketId) -> Result<(), StoreError> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT p.folded FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.ticket_id = $1 ORDER BY l.position",
    )
    .bind(ticket.0)
    .fetch_all(tx.conn())
    .await?;
    sqlx::query("UPDATE tickets SET products = $2 WHERE id = $1")
        .bind(ticket.0)
        .bind(names.join(", "))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// So many other tickets of the same owner, protected like it or not: those of the same products first, of these the newest.
///
/// # Errors
/// [`StoreError`].
pub async fn beside(tx: &mut Tx, ticket: &Ticket, limit: i64) -> Result<Vec<Ticket>, StoreError> {
    let mut found: Vec<TicketRow> = Vec::new();
    for same in [true, false] {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        let mut sql = select();
        sql.push(" WHERE t.id <> ").int(ticket.facts.id.0);
        push_at(&mut sql, ticket.facts.place.owner(), ticket.facts.protected);
        sql.push(if same {
            " AND t.products = "
        } else {
            " AND t.products <> "
        })
        .push("(SELECT s.products FROM tickets s WHERE s.id = ")
        .int(ticket.facts.id.0)
        .push(") ORDER BY t.owner_since DESC, t.id DESC LIMIT ")
        .int(left);
        let rows: Vec<TicketRow> = sql.rows().fetch_all(tx.conn()).await?;
        found.extend(rows);
    }
    complete(tx, found).await
}
