//! The history, and the answers kept for repeated requests.

use super::{StoreError, Tx, groups::Inherited, sources::Sources};
use crate::domain::{
    access::{Authorized, Reassignment},
    events::EventKind,
    ids::{EventId, GroupId, TicketId, UserId},
    owners::Owner,
};

/// Something in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which; ordered by time.
    pub id: EventId,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// What happened.
    pub entry: Entry,
}

/// What goes into the history. `from` and `to` are owners whose readers are told: of a moved or dissolved group, the
/// groups above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub kind: EventKind,
    /// Who.
    pub actor: UserId,
    /// Which ticket.
    pub ticket: Option<TicketId>,
    /// From where.
    pub from: Option<Owner>,
    /// Where, or to where.
    pub to: Option<Owner>,
    /// Whether the ticket was in protected mode before.
    pub was_protected: bool,
    /// Which group.
    pub group: Option<GroupId>,
    /// Which person.
    pub user: Option<UserId>,
}

impl Entry {
    /// An entry that names nothing yet.
    #[must_use]
    pub const fn new(kind: EventKind, actor: UserId) -> Self {
        Self {
            kind,
            actor,
            ticket: None,
            from: None,
            to: None,
            was_protected: false,
            group: None,
            user: None,
        }
    }
}

/// Writes that a ticket changed hands, under the idempotency key of the request.
///
/// # Errors
/// [`StoreError`].
pub async fn record_move(
    tx: &mut Tx,
    sources: &Sources,
    kind: EventKind,
    actor: UserId,
    key: Option<&str>,
    moved: &Authorized<Reassignment>,
) -> Result<(), StoreError> {
    let entry = Entry {
        ticket: Some(moved.ticket),
        from: Some(moved.from),
        to: Some(moved.to),
        was_protected: moved.was_protected,
        ..Entry::new(kind, actor)
    };
    insert(tx, sources, entry, key).await
}

/// Writes that a ticket went to the heir of a dissolved group.
///
/// # Errors
/// [`StoreError`].
pub async fn record_inheritance(
    tx: &mut Tx,
    sources: &Sources,
    actor: UserId,
    inherited: &Inherited,
) -> Result<(), StoreError> {
    let entry = Entry {
        ticket: Some(inherited.ticket),
        from: Some(inherited.from),
        to: Some(inherited.to),
        was_protected: inherited.protected,
        ..Entry::new(EventKind::GroupDeleted, actor)
    };
    insert(tx, sources, entry, None).await
}

/// Writes that something else happened.
///
/// # Errors
/// [`StoreError`].
pub async fn record(tx: &mut Tx, sources: &Sources, entry: Entry) -> Result<(), StoreError> {
    insert(tx, sources, entry, None).await
}

async fn insert(tx: &mut Tx, sources: &Sources, entry: Entry, key: Option<&str>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected,
                             group_id, user_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(sources.fresh_id())
    .bind(sources.now())
    .bind(entry.kind.to_string())
    .bind(entry.actor.0)
    .bind(key)
    .bind(entry.ticket.map(|ticket| ticket.0))
    .bind(entry.from.map(|owner| owner.to_string()))
    .bind(entry.to.map(|owner| owner.to_string()))
    .bind(entry.ticket.map(|_| i64::from(entry.was_protected)))
    .bind(entry.group.map(|group| group.0))
    .bind(entry.user.map(|user| user.0))
    .execute(tx.conn())
    .await?;
    Ok(())
}

type Row = (
    i64,
    i64,
    String,
    i64,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

fn event(
    (id, at, kind, actor, ticket, from, to, was_protected, group, user): Row,
) -> Result<Event, StoreError> {
    let owner = |text: Option<String>| {
        text.map(|text| text.parse::<Owner>())
            .transpose()
            .map_err(|_| StoreError::Inconsistent("events.owner"))
    };
    let entry = Entry {
        kind: kind
            .parse()
            .map_err(|_| StoreError::Inconsistent("events.kind"))?,
        actor: UserId(actor),
        ticket: ticket.map(TicketId),
        from: owner(from)?,
        to: owner(to)?,
        was_protected: was_protected == Some(1),
        group: group.map(GroupId),
        user: user.map(UserId),
    };
    Ok(Event {
        id: EventId(id),
        at,
        entry,
    })
}

/// The history of a ticket, newest first; at most 200 entries.
///
/// # Errors
/// [`StoreError`].
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, at, kind, actor_id, ticket_id, from_owner, to_owner, was_protected, group_id, user_id
         FROM events WHERE ticket_id = $1 ORDER BY id DESC LIMIT 200",
    )
    .bind(ticket.0)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(event).collect()
}

/// The moves that the person made under that key.
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(tx: &mut Tx, actor: UserId, key: &str) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, at, kind, actor_id, ticket_id, from_owner, to_owner, was_protected, group_id, user_id
         FROM events WHERE actor_id = $1 AND request_key = $2 ORDER BY ticket_id",
    )
    .bind(actor.0)
    .bind(key)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(event).collect()
}

/// What happened since, oldest first; at most 1,000 entries.
///
/// # Errors
/// [`StoreError`].
pub async fn since(tx: &mut Tx, id: EventId) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, at, kind, actor_id, ticket_id, from_owner, to_owner, was_protected, group_id, user_id
         FROM events WHERE id > $1 ORDER BY id LIMIT 1000",
    )
    .bind(id.0)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(event).collect()
}

/// What was done under an idempotency key, and to how many tickets; `None` when the key is new.
///
/// # Errors
/// [`StoreError`].
pub async fn request(tx: &mut Tx, actor: UserId, key: &str) -> Result<Option<(String, u32)>, StoreError> {
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT what, tickets FROM requests WHERE actor_id = $1 AND request_key = $2")
            .bind(actor.0)
            .bind(key)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.map(|(what, tickets)| (what, u32::try_from(tickets).unwrap_or(u32::MAX))))
}

/// Keeps what was done under an idempotency key.
///
/// # Errors
/// [`StoreError`].
pub async fn keep_request(
    tx: &mut Tx,
    actor: UserId,
    key: &str,
    what: &str,
    tickets: u32,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO requests (actor_id, request_key, what, tickets, at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(actor.0)
    .bind(key)
    .bind(what)
    .bind(i64::from(tickets))
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
