//! One move in few statements: all that it is decided on is read in one, all that it leaves behind is written in one. Each
//! statement is a round trip to PostgreSQL, and one to the thread of SQLite's connection.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Actor, Authorized, Place, Reassignment, TicketFacts},
    accounts::Permissions,
    groups::Lineage,
    history::events::EventKind,
    ids::{GroupId, TicketId, UserId},
    tickets::{codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;

use crate::store::{
    Engine, StoreError, Tx,
    groups::{PERMISSIONS, groups_of_people, lineage_of, permissions},
    history::events::{self, Entry, Named},
    row::{parsed, rows},
    sources::Sources,
    sql::Sql,
    tickets::{TicketRow, push_update},
};

/// What a move of tickets is decided on, all from one state of the database.
#[derive(Debug)]
pub struct Decisive {
    /// Whoever asks; `None` when there is no such person.
    pub actor: Option<Actor>,
    /// What was done under the key before, and to how many tickets.
    pub done: Option<(String, u32)>,
    /// Those of the tickets that the actor sees; none where something was done under the key.
    pub tickets: BTreeMap<TicketId, Movable>,
    /// Where they are to go; `None` when a group or person in it does not exist.
    pub to: Option<Place>,
}

/// What a move needs to know of a ticket.
#[derive(Debug)]
pub struct Movable {
    /// The facts the policy needs.
    pub facts: TicketFacts,
    /// Whether some of its licences are activated: the move has to say what becomes of them.
    pub is_activated: bool,
}

/// What a row of [`facts`] tells of.
mod part {
    /// A membership of whoever asks, or that they have none.
    pub(super) const ACTOR: i64 = 0;
    /// What was done under the key.
    pub(super) const DONE: i64 = 1;
    /// A ticket.
    pub(super) const TICKET: i64 = 2;
    /// The level of the target.
    pub(super) const LEVEL: i64 = 3;
    /// A group of the person of the target, or that they are in none.
    pub(super) const PERSON: i64 = 4;
}

rows! {
    /// A row of any part. Of an actor, `id` is a group and `flag` whether they are an ISV admin; of what was done, `id` is a
    /// number of tickets; of a ticket, `flag` is whether it is protected, and `activated` whether some of its licences are.
    struct FactRow {
        part: i64,
        id: Option<i64>,
        flag: Option<bool>,
        activated: Option<bool>,
        owner_group_id: Option<GroupId>,
        owner_user_id: Option<UserId>,
        context_group_id: Option<GroupId>,
        owner_since: Option<Timestamp>,
        text: Option<String>,
        path: Option<String>,
    }
}

/// The statement that reads all parts. Its text depends on what is asked, and on nothing that is found (R12).
fn facts(by: UserId, key: &str, ids: &[TicketId], to: Owner) -> Sql {
    let mut sql = Sql::default();
    // The first part gives the columns their types.
    sql.push("SELECT CAST(0 AS BIGINT) AS part, m.group_id AS id, u.isv_admin AS flag, CAST(NULL AS BIGINT) AS activated,
         CAST(NULL AS BIGINT) AS owner_group_id, CAST(NULL AS BIGINT) AS owner_user_id, CAST(NULL AS BIGINT) AS context_group_id,
         CAST(NULL AS BIGINT) AS owner_since, ")
        .push(PERMISSIONS.trim_end_matches(" AS permissions"))
        .push(" AS text, CAST(NULL AS TEXT) AS path FROM users u LEFT JOIN memberships m ON m.user_id = u.id WHERE u.id = ")
        .int(by.0);
    sql.push(" UNION ALL SELECT 1, r.tickets, NULL, NULL, NULL, NULL, NULL, NULL, r.what, NULL FROM requests r WHERE r.actor_id = ")
        .int(by.0)
        .push(" AND r.request_key = ")
        .text(key);
    sql.push(
        " UNION ALL SELECT 2, t.id, t.protected,
             CASE WHEN EXISTS (SELECT 1 FROM licenses l WHERE l.ticket_id = t.id AND l.activated > 0) THEN 1 ELSE 0 END,
             t.owner_group_id, t.owner_user_id, t.context_group_id, t.owner_since, t.code, lg.path
         FROM tickets t LEFT JOIN groups lg ON lg.id = t.level_group_id WHERE t.id IN ",
    )
    .id_list(ids.iter().map(|id| id.0));
    if let Some(level) = to.level() {
        sql.push(" UNION ALL SELECT 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, g.path FROM groups g WHERE g.id = ")
            .int(level.0);
    }
    if let Some(user) = to.user() {
        sql.push(
            " UNION ALL SELECT 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, g.path FROM users u
             LEFT JOIN memberships m ON m.user_id = u.id LEFT JOIN groups g ON g.id = m.group_id WHERE u.id = ",
        )
        .int(user.0);
    }
    sql
}

/// Reads what a move of these tickets is decided on: in one statement; in a second one the groups of those who have some of
/// the tickets that the actor sees. There is one ticket at least.
///
/// # Errors
/// [`StoreError`].
pub async fn decisive(
    tx: &mut Tx,
    by: UserId,
    key: &str,
    ids: &[TicketId],
    to: Owner,
) -> Result<Decisive, StoreError> {
    let rows: Vec<FactRow> = facts(by, key, ids, to).rows().fetch_all(tx.conn()).await?;
    let mut actor: Option<Actor> = None;
    let (mut done, mut tickets) = (None, Vec::new());
    let (mut level, mut person): (Option<Lineage>, Option<Vec<String>>) = (None, None);
    for row in rows {
        match row.part {
            part::ACTOR => {
                let actor = actor.get_or_insert_with(|| Actor {
                    user: by,
                    isv_admin: row.flag.unwrap_or_default(),
                    memberships: BTreeMap::new(),
                    impersonated: tx.impersonated,
                });
                if let Some(group) = row.id {
                    let permits: Permissions = permissions(row.text.as_deref())?;
                    actor.memberships.insert(GroupId(group), permits);
                }
            }
            part::DONE => {
                let tickets = row.id.and_then(|tickets| u32::try_from(tickets).ok());
                done = Some((row.text.unwrap_or_default(), tickets.unwrap_or(u32::MAX)));
            }
            part::TICKET => tickets.push(ticket(row)?),
            part::LEVEL => level = row.path.as_deref().map(lineage_of).transpose()?,
            part::PERSON => person.get_or_insert_default().extend(row.path),
            _ => return Err(StoreError::Inconsistent("a move's facts")),
        }
    }
    let tickets = match (&actor, &done) {
        (Some(actor), None) => seen(tx, actor, tickets).await?,
        // Nothing is decided on them any more.
        _ => BTreeMap::new(),
    };
    Ok(Decisive {
        actor,
        done,
        tickets,
        to: place(to, level, person)?,
    })
}

fn ticket(row: FactRow) -> Result<(TicketRow, bool), StoreError> {
    let (Some(id), Some(code), Some(since)) = (row.id, row.text, row.owner_since) else {
        return Err(StoreError::Inconsistent("tickets.code"));
    };
    let is_activated = row.activated.unwrap_or_default();
    let ticket = TicketRow {
        id: TicketId(id),
        code,
        owner_group_id: row.owner_group_id,
        owner_user_id: row.owner_user_id,
        context_group_id: row.context_group_id,
        protected: row.flag.unwrap_or_default(),
        owner_since: since,
        level_path: row.path,
        person: None,
    };
    Ok((ticket, is_activated))
}

/// Those that the actor sees, with the groups of their people: of hidden ones nothing else is asked.
async fn seen(
    tx: &mut Tx,
    actor: &Actor,
    tickets: Vec<(TicketRow, bool)>,
) -> Result<BTreeMap<TicketId, Movable>, StoreError> {
    let mut seen = Vec::with_capacity(tickets.len());
    for (ticket, is_activated) in tickets {
        if actor.sees_ticket(&ticket.facts(Vec::new())?) {
            seen.push((ticket, is_activated));
        }
    }
    let people: BTreeSet<UserId> = seen
        .iter()
        .filter_map(|(ticket, _)| ticket.owner_user_id)
        .collect();
    let groups_of = groups_of_people(tx, people).await?;
    let movable = |(ticket, is_activated): (TicketRow, bool)| {
        let groups = ticket
            .owner_user_id
            .and_then(|user| groups_of.get(&user).cloned());
        let _: TicketCode = parsed(&ticket.code, "tickets.code")?;
        let facts = ticket.facts(groups.unwrap_or_default())?;
        Ok((facts.id, Movable { facts, is_activated }))
    };
    seen.into_iter().map(movable).collect()
}

/// The place of the owner, of what was found of it, as [`tickets::place`](super::place) makes it.
fn place(
    to: Owner,
    level: Option<Lineage>,
    person: Option<Vec<String>>,
) -> Result<Option<Place>, StoreError> {
    Ok(match to {
        Owner::Unassigned => Some(Place::Unassigned),
        Owner::Group(_) => level.map(Place::Group),
        Owner::User { user, context } => {
            let Some(mut paths) = person.filter(|_| context.is_some() == level.is_some()) else {
                return Ok(None);
            };
            paths.sort_unstable();
            let groups = paths
                .iter()
                .map(|path| lineage_of(path))
                .collect::<Result<_, _>>()?;
            Some(Place::User {
                user,
                context: level,
                groups,
            })
        }
    })
}

/// The request that a move belongs to, and what is kept of it for repetitions.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// Who made it.
    pub by: UserId,
    /// Its idempotency key.
    pub key: &'a str,
    /// What tells it from others.
    pub what: &'a str,
}

/// Moves a ticket, and writes the event, its places, and what is kept of the request: one statement on PostgreSQL, several in
/// one round trip on SQLite. Whoever calls this holds the proof that the policy permitted it, made in this transaction.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the ticket is not where the proof says: a defect; the transaction has to be given up.
pub async fn carry_out(
    tx: &mut Tx,
    sources: &Sources,
    kind: EventKind,
    request: Kept<'_>,
    moved: &Authorized<Reassignment>,
) -> Result<(), StoreError> {
    let (id, now) = (sources.fresh_id(), sources.now());
    let entry = Entry::of_move(kind, request.by, moved);
    let event = events::row(tx, sources, id, &entry, Some(request.key))?;
    let mut named = Named::default();
    named.add(id, [moved.from, moved.to].into_iter(), None, None);
    let kept = vec![
        request.by.0.into(),
        request.key.into(),
        request.what.into(),
        1_i64.into(),
        now.into(),
    ];
    let mut written = 2;
    let mut inserts = vec![(events::COLUMNS_WRITTEN, vec![event])];
    for (table, rows) in named.tables() {
        written += rows.len() as u64;
        inserts.push((table, rows));
    }
    inserts.push((events::COLUMNS_OF_REQUESTS, vec![kept]));
    let mut sql = Sql::default();
    let expected = match tx.engine {
        Engine::Sqlite => {
            push_update(&mut sql, moved, now);
            for (table, rows) in inserts {
                sql.push("; ").push_insert(table, rows);
            }
            written + 1
        }
        Engine::Postgres => {
            for (at, (table, rows)) in inserts.into_iter().enumerate() {
                sql.push(if at == 0 { "WITH i" } else { ", i" })
                    .push(&at.to_string());
                sql.push(" AS (").push_insert(table, rows).push(")");
            }
            sql.push(" ");
            push_update(&mut sql, moved, now);
            // Of what is written besides, nothing is counted.
            1
        }
    };
    let done = sql.query().execute(tx.conn()).await?;
    if done.rows_affected() == expected {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("tickets.owner"))
    }
}
