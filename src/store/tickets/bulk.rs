//! Many tickets in few statements: where they are to go, the moves, and their entries in the history.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    access::{Authorized, Place, Reassignment},
    groups::Lineage,
    history::events::EventKind,
    ids::{GroupId, UserId},
    tickets::owners::Owner,
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    accounts::people,
    groups,
    history::events::{self, Named},
    sources::Sources,
    sql::Sql,
    tickets::{self, READ, columns_of},
};

/// Rows in one statement that writes. SQLite looks each of a statement's values up among all of them, so that few hundred
/// values are faster than thousands.
const WRITTEN: usize = 64;

/// The places of owners, as [`tickets::place`] finds them one by one. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn places(tx: &mut Tx, owners: &BTreeSet<Owner>) -> Result<HashMap<Owner, Place>, StoreError> {
    let groups: BTreeSet<GroupId> = owners.iter().filter_map(|owner| owner.level()).collect();
    let groups: Vec<GroupId> = groups.into_iter().collect();
    let mut lineages: BTreeMap<GroupId, Lineage> = BTreeMap::new();
    for groups in groups.chunks(READ) {
        let found = groups::lineages(tx, groups).await?;
        lineages.extend(found.into_iter().map(|lineage| (lineage.group(), lineage)));
    }
    let people: BTreeSet<UserId> = owners.iter().filter_map(|owner| owner.user()).collect();
    let people: Vec<UserId> = people.into_iter().collect();
    let mut known = BTreeMap::new();
    for people in people.chunks(READ) {
        known.extend(people::names_and_groups(tx, people).await?);
    }
    let place = |owner: Owner| {
        let level = match owner.level() {
            None => None,
            Some(group) => Some(lineages.get(&group)?.clone()),
        };
        Some(match (owner, level) {
            (Owner::User { user, .. }, context) => Place::User {
                user,
                context,
                groups: known.get(&user)?.1.clone(),
            },
            (Owner::Group(_), Some(group)) => Place::Group(group),
            (Owner::Group(_), None) => return None,
            (Owner::Unassigned, _) => Place::Unassigned,
        })
    };
    let found = owners.iter().filter_map(|owner| Some((*owner, place(*owner)?)));
    Ok(found.collect())
}

/// `(VALUES (…), …)`: a row of values each.
fn push_values<T>(sql: &mut Sql, rows: &[T], push: impl Fn(&mut Sql, &T)) {
    sql.push("(VALUES ");
    for (at, row) in rows.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" });
        push(sql, row);
        sql.push(")");
    }
    sql.push(")");
}

/// Moves tickets. Whoever calls this holds the proof for each of them, made in this transaction.
///
/// # Errors
/// As [`tickets::apply`].
pub async fn apply_all(
    tx: &mut Tx,
    moves: &[Authorized<Reassignment>],
    now: Timestamp,
) -> Result<(), StoreError> {
    if let [only] = moves {
        return tickets::apply(tx, only, now).await;
    }
    for moves in moves.chunks(WRITTEN) {
        let mut sql = Sql::default();
        sql.push("WITH moved (id, to_group, to_user, context, level, protected, from_group, from_user, from_context) AS ");
        push_values(&mut sql, moves, |sql, moved| {
            let (group, user, context, level) = columns_of(moved.to);
            let (from_group, from_user, from_context, _) = columns_of(moved.from);
            sql.int(moved.ticket.0);
            let rest = [group, user, context, level, Some(i64::from(moved.protected))];
            // No id is 0.
            for value in rest.into_iter().chain([from_group, from_user, from_context]) {
                sql.push(", ").int(value.unwrap_or(0));
            }
        });
        sql.push(
            " UPDATE tickets SET owner_group_id = NULLIF(moved.to_group, 0), owner_user_id = NULLIF(moved.to_user, 0),
                 context_group_id = NULLIF(moved.context, 0), level_group_id = NULLIF(moved.level, 0),
                 protected = moved.protected, owner_since = ",
        )
        .moment(now);
        sql.push(
            " FROM moved WHERE tickets.id = moved.id AND COALESCE(tickets.owner_group_id, 0) = moved.from_group
                 AND COALESCE(tickets.owner_user_id, 0) = moved.from_user
                 AND COALESCE(tickets.context_group_id, 0) = moved.from_context",
        );
        let done = sql.query().execute(tx.conn()).await?;
        if done.rows_affected() != moves.len() as u64 {
            return Err(StoreError::Inconsistent("tickets.owner"));
        }
    }
    Ok(())
}

/// Writes that tickets changed hands, each as an entry of its own, under the idempotency key of the request.
///
/// # Errors
/// [`StoreError`].
pub async fn record_moves(
    tx: &mut Tx,
    sources: &Sources,
    kind: EventKind,
    actor: UserId,
    key: &str,
    moves: &[Authorized<Reassignment>],
) -> Result<(), StoreError> {
    if let [only] = moves {
        return events::record_move(tx, sources, kind, actor, Some(key), only).await;
    }
    let channel = tx.channel.map(|channel| channel.to_string());
    for moves in moves.chunks(WRITTEN) {
        let events: Vec<(i64, &Authorized<Reassignment>)> =
            moves.iter().map(|moved| (sources.fresh_id(), moved)).collect();
        let mut sql = Sql::default();
        sql.push("WITH moved (id, ticket, from_owner, to_owner, was_protected) AS ");
        push_values(&mut sql, &events, |sql, (id, moved)| {
            sql.int(*id).push(", ").int(moved.ticket.0);
            sql.push(", ").text(moved.from.to_string());
            sql.push(", ").text(moved.to.to_string());
            sql.push(", ").int(i64::from(moved.was_protected));
        });
        sql.push(
            " INSERT INTO events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected, way)
             SELECT moved.id, ",
        );
        sql.moment(sources.now()).push(", ").text(kind.to_string());
        sql.push(", ").int(actor.0).push(", ").text(key);
        sql.push(", moved.ticket, moved.from_owner, moved.to_owner, moved.was_protected, ");
        match &channel {
            Some(channel) => sql.text(channel.as_str()),
            None => sql.push("NULL"),
        };
        sql.push(" FROM moved");
        sql.query().execute(tx.conn()).await?;
        let mut named = Named::default();
        for (id, moved) in &events {
            named.add(*id, [moved.from, moved.to].into_iter(), None, None);
        }
        named.write(tx).await?;
    }
    Ok(())
}
