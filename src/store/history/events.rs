//! The history, and the answers kept for repeated requests.

use std::collections::BTreeSet;

use domain::{
    access::{Authorized, Reassignment},
    history::{
        changes::Change,
        events::{Channel, EventKind},
    },
    ids::{ContainerId, CredentialId, EventId, GroupId, LicenseId, TicketId, UserId},
    tickets::owners::Owner,
};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use crate::store::{
    StoreError, Tx,
    groups::Inherited,
    row::{self, number, parsed, rows},
    sources::Sources,
    sql::{Sql, Value},
};

/// Something in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which; ordered by time.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Over which way; `None` where that is not known.
    pub channel: Option<Channel>,
    /// What happened.
    pub entry: Entry,
}

/// What goes into the history. `from` and `to` are owners whose readers are told: of a moved or dissolved group, the
/// groups above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: EventKind,
    pub actor: UserId,
    /// Which ticket.
    pub ticket: Option<TicketId>,
    pub from: Option<Owner>,
    /// Where, or to where.
    pub to: Option<Owner>,
    /// Whether the ticket was in protected mode before.
    pub was_protected: bool,
    /// Which group.
    pub group: Option<GroupId>,
    /// Which person.
    pub user: Option<UserId>,
    /// Which container.
    pub container: Option<ContainerId>,
    /// Which licence, and how many of it.
    pub license: Option<(LicenseId, u32)>,
    /// Which credential.
    pub credential: Option<CredentialId>,
    /// From what to what.
    pub change: Option<Change>,
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
            container: None,
            license: None,
            credential: None,
            change: None,
        }
    }

    /// The entry of a ticket that changed hands.
    #[must_use]
    pub fn of_move(kind: EventKind, actor: UserId, moved: &Authorized<Reassignment>) -> Self {
        Self {
            ticket: Some(moved.ticket),
            from: Some(moved.from),
            to: Some(moved.to),
            was_protected: moved.was_protected,
            ..Self::new(kind, actor)
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
    insert(tx, sources, Entry::of_move(kind, actor, moved), key, None).await?;
    Ok(())
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
    insert(tx, sources, entry, None, None).await?;
    Ok(())
}

/// Writes that something else happened.
///
/// # Errors
/// [`StoreError`].
pub async fn record(tx: &mut Tx, sources: &Sources, entry: Entry) -> Result<(), StoreError> {
    insert(tx, sources, entry, None, None).await?;
    Ok(())
}

/// Writes that something else happened, under the idempotency key of the request.
///
/// # Errors
/// [`StoreError`].
pub async fn record_under(tx: &mut Tx, sources: &Sources, key: &str, entry: Entry) -> Result<(), StoreError> {
    insert(tx, sources, entry, Some(key), None).await?;
    Ok(())
}

/// Writes that something happened in these groups, and in no other: where a person is besides is nobody's business there.
///
/// # Errors
/// [`StoreError`].
pub async fn record_in(
    tx: &mut Tx,
    sources: &Sources,
    entry: Entry,
    groups: &[GroupId],
) -> Result<EventId, StoreError> {
    insert(tx, sources, entry, None, Some(groups)).await
}

/// Writes an event, under the key of its own or of the whole transaction; in `groups`, or where it follows from the event.
async fn insert(
    tx: &mut Tx,
    sources: &Sources,
    entry: Entry,
    key: Option<&str>,
    groups: Option<&[GroupId]>,
) -> Result<EventId, StoreError> {
    let id = sources.fresh_id();
    let row = row(tx, sources, id, &entry, key)?;
    Sql::insert(COLUMNS_WRITTEN, [row])
        .query()
        .execute(tx.conn())
        .await?;
    insert_places(tx, id, &entry, groups).await?;
    Ok(EventId(id))
}

pub(in crate::store) const COLUMNS_WRITTEN: &str =
    "events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected,
             group_id, user_id, container_id, license_id, quantity, credential_id, way, change)";

pub(in crate::store) fn row(
    tx: &Tx,
    sources: &Sources,
    id: i64,
    entry: &Entry,
    key: Option<&str>,
) -> Result<Vec<Value>, StoreError> {
    let change = entry.change.as_ref().map(serde_json::to_string).transpose();
    Ok(vec![
        id.into(),
        sources.now().into(),
        entry.kind.to_string().into(),
        entry.actor.0.into(),
        key.map(str::to_owned).or_else(|| tx.request_key.clone()).into(),
        entry.ticket.map(|ticket| ticket.0).into(),
        entry.from.map(|owner| owner.to_string()).into(),
        entry.to.map(|owner| owner.to_string()).into(),
        entry.ticket.map(|_| i64::from(entry.was_protected)).into(),
        entry.group.map(|group| group.0).into(),
        entry.user.map(|user| user.0).into(),
        entry.container.map(|container| container.0).into(),
        entry.license.map(|(license, _)| license.0).into(),
        entry.license.map(|(_, quantity)| i64::from(quantity)).into(),
        entry.credential.map(|credential| credential.0).into(),
        tx.channel.map(|channel| channel.to_string()).into(),
        change
            .map_err(|_| StoreError::Inconsistent("events.change"))?
            .into(),
    ])
}

/// Events that are read at once.
const READ: usize = 256;
/// Events that are written at once.
const BATCH: usize = 24;

/// Writes that much happened, in that order: to tickets, groups and accounts.
///
/// # Errors
/// [`StoreError`].
pub async fn record_many(tx: &mut Tx, sources: &Sources, entries: &[Entry]) -> Result<(), StoreError> {
    for entries in entries.chunks(BATCH) {
        let (mut rows, mut named, mut accounts) = (Vec::new(), Named::default(), Vec::new());
        for entry in entries {
            let id = sources.fresh_id();
            rows.push(row(tx, sources, id, entry, None)?);
            let owners = [entry.from, entry.to].into_iter().flatten();
            named.add(id, owners, entry.group, entry.user);
            if let (None, Some(_), None) = (entry.ticket, entry.user, entry.group) {
                accounts.push(id);
            }
        }
        Sql::insert(COLUMNS_WRITTEN, rows)
            .query()
            .execute(tx.conn())
            .await?;
        named.write(tx).await?;
        if accounts.is_empty() {
            continue;
        }
        let mut sql = Sql::default();
        sql.push(
            "INSERT INTO event_groups (event_id, group_id)
             SELECT e.id, m.group_id FROM events e JOIN memberships m ON m.user_id = e.user_id WHERE e.id IN ",
        )
        .id_list(accounts);
        sql.query().execute(tx.conn()).await?;
    }
    Ok(())
}

/// The groups and people that events name.
#[derive(Debug, Default)]
pub(crate) struct Named {
    groups: BTreeSet<(i64, i64)>,
    people: BTreeSet<(i64, i64)>,
}

impl Named {
    /// Those that an event names by owners, and otherwise.
    pub(crate) fn add(
        &mut self,
        event: i64,
        owners: impl Iterator<Item = Owner> + Clone,
        group: Option<GroupId>,
        person: Option<UserId>,
    ) {
        let groups = owners.clone().filter_map(Owner::level).chain(group);
        self.groups.extend(groups.map(|group| (event, group.0)));
        let people = owners.filter_map(Owner::user).chain(person);
        self.people.extend(people.map(|user| (event, user.0)));
    }

    /// The tables that have rows, with these.
    pub(in crate::store) fn tables(self) -> impl Iterator<Item = (&'static str, Vec<Vec<Value>>)> {
        let tables = [
            ("event_groups (event_id, group_id)", self.groups),
            ("event_people (event_id, user_id)", self.people),
        ];
        let row = |(event, of): (i64, i64)| vec![event.into(), of.into()];
        tables
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(move |(table, rows)| (table, rows.into_iter().map(row).collect()))
    }

    /// Writes them, in a statement each.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        for (table, rows) in self.tables() {
            Sql::insert(table, rows).query().execute(tx.conn()).await?;
        }
        Ok(())
    }
}

/// Writes in which groups an event happened, and to whom. Of tickets and groups the event itself says it; accounts and
/// containers are where their person is at that moment, containers in their group context, too, unless `places` are given.
async fn insert_places(
    tx: &mut Tx,
    id: i64,
    entry: &Entry,
    places: Option<&[GroupId]>,
) -> Result<(), StoreError> {
    let owners = [entry.from, entry.to].into_iter().flatten();
    let mut named = Named::default();
    named.add(id, owners, entry.group, entry.user);
    named
        .groups
        .extend(places.into_iter().flatten().map(|group| (id, group.0)));
    named.write(tx).await?;
    let statements: &[&str] = match (entry.ticket, entry.container, entry.user, entry.group) {
        _ if places.is_some() => &[],
        (None, Some(_), user, _) => {
            let groups = "INSERT INTO event_groups (event_id, group_id)
                 SELECT $1, m.group_id FROM containers c JOIN memberships m ON m.user_id = c.user_id WHERE c.id = $2
                 UNION SELECT $1, c.context_group_id FROM containers c WHERE c.id = $2 AND c.context_group_id IS NOT NULL";
            let person = "INSERT INTO event_people (event_id, user_id) SELECT $1, c.user_id FROM containers c WHERE c.id = $2";
            if user.is_some() {
                &[groups]
            } else {
                &[groups, person]
            }
        }
        (None, None, Some(_), None) => &[
            "INSERT INTO event_groups (event_id, group_id) SELECT $1, m.group_id FROM memberships m WHERE m.user_id = $2",
        ],
        _ => &[],
    };
    let of = entry.container.map(|container| container.0);
    let of = of.or(entry.user.map(|user| user.0));
    for statement in statements {
        sqlx::query(*statement)
            .bind(id)
            .bind(of)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// What happened in a group that is dissolved belongs to the group above it from now on.
///
/// # Errors
/// [`StoreError`].
pub async fn inherit_history(tx: &mut Tx, group: GroupId, above: GroupId) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO event_groups (event_id, group_id, inherited) SELECT g.event_id, $1, 1 FROM event_groups g
         WHERE g.group_id = $2 AND NOT EXISTS (SELECT 1 FROM event_groups a WHERE a.event_id = g.event_id AND a.group_id = $1)
         ON CONFLICT DO NOTHING",
    )
    .bind(above.0)
    .bind(group.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The columns of events `e`.
pub(crate) const COLUMNS: &str =
    "SELECT e.id, e.at, e.kind, e.actor_id, e.ticket_id, e.from_owner, e.to_owner, e.was_protected, e.group_id, e.user_id,
     e.container_id, e.license_id, e.quantity, e.credential_id, e.way, e.change";

rows! {
    /// A row of [`COLUMNS`].
    pub(crate) struct EventRow {
        id: EventId,
        at: Timestamp,
        kind: String,
        actor_id: UserId,
        ticket_id: Option<TicketId>,
        from_owner: Option<String>,
        to_owner: Option<String>,
        was_protected: Option<bool>,
        group_id: Option<GroupId>,
        user_id: Option<UserId>,
        container_id: Option<ContainerId>,
        license_id: Option<LicenseId>,
        quantity: Option<i64>,
        credential_id: Option<CredentialId>,
        way: Option<String>,
        change: Option<String>,
    }

    struct RequestOfRow {
        actor_id: UserId,
        request_key: String,
    }

    struct StandingRow {
        id: EventId,
        position: Option<i64>,
    }

    struct RequestRow {
        what: String,
        tickets: i64,
    }
}

fn change(text: String) -> Result<Change, StoreError> {
    serde_json::from_str(&text).map_err(|_| StoreError::Inconsistent("events.change"))
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let owner = |text: Option<String>| text.map(|text| parsed(&text, "events.owner")).transpose();
        let license = match (row.license_id, row.quantity) {
            (Some(license), Some(quantity)) => Some((license, number(quantity, "events.quantity")?)),
            _ => None,
        };
        let entry = Entry {
            kind: parsed(&row.kind, "events.kind")?,
            actor: row.actor_id,
            ticket: row.ticket_id,
            from: owner(row.from_owner)?,
            to: owner(row.to_owner)?,
            was_protected: row.was_protected.unwrap_or_default(),
            group: row.group_id,
            user: row.user_id,
            container: row.container_id,
            license,
            credential: row.credential_id,
            change: row.change.map(change).transpose()?,
        };
        Ok(Self {
            id: row.id,
            at: row.at,
            channel: row.way.map(|way| parsed(&way, "events.way")).transpose()?,
            entry,
        })
    }
}

/// The history of a ticket, newest first; at most 200 entries.
///
/// # Errors
/// [`StoreError`].
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Event>, StoreError> {
    let sql = format!("{COLUMNS} FROM events e WHERE ticket_id = $1 ORDER BY id DESC LIMIT 200");
    let rows: Vec<EventRow> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(ticket.0)
        .fetch_all(tx.conn())
        .await?;
    row::all(rows)
}

/// What the person did to tickets under that key.
///
/// # Errors
/// [`StoreError`].
pub async fn of_request(tx: &mut Tx, actor: UserId, key: &str) -> Result<Vec<Event>, StoreError> {
    let sql = format!("{COLUMNS} FROM events e WHERE actor_id = $1 AND request_key = $2 ORDER BY ticket_id");
    let rows: Vec<EventRow> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(actor.0)
        .bind(key)
        .fetch_all(tx.conn())
        .await?;
    row::all(rows)
}

/// Who made the request that an event belongs to, and under which key; `None` where there is no such event, or no key.
///
/// # Errors
/// [`StoreError`].
pub async fn request_of(
    tx: &mut Tx,
    id: EventId,
    kind: EventKind,
) -> Result<Option<(UserId, String)>, StoreError> {
    let row: Option<RequestOfRow> = sqlx::query_as(
        "SELECT actor_id, request_key FROM events WHERE id = $1 AND kind = $2 AND request_key IS NOT NULL",
    )
    .bind(id.0)
    .bind(kind.to_string())
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.actor_id, row.request_key)))
}

/// Which events may be new to who has seen all up to this position: those that wait to be sealed, at most so many of the newest,
/// and those that were sealed since, at most so many of the first, with that at the position itself.
///
/// # Errors
/// [`StoreError`].
pub async fn standing_after(
    tx: &mut Tx,
    position: i64,
    most: usize,
) -> Result<Vec<(EventId, Option<i64>)>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<StandingRow> = sqlx::query_as(
        "SELECT id, position FROM (SELECT id, position FROM events WHERE position IS NULL ORDER BY id DESC LIMIT $2) AS waiting
         UNION ALL SELECT id, position FROM
         (SELECT id, position FROM events WHERE position IS NOT NULL AND position >= $1 ORDER BY position LIMIT $2) AS sealed",
    )
    .bind(position)
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.position)).collect())
}

/// The last position of the chain; 0 where nothing is sealed.
///
/// # Errors
/// [`StoreError`].
pub async fn last_position(tx: &mut Tx) -> Result<i64, StoreError> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT position FROM events WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1",
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(last.unwrap_or_default())
}

/// The events with these ids, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn by_ids(tx: &mut Tx, ids: &[EventId]) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::with_capacity(ids.len());
    for ids in ids.chunks(READ) {
        let mut sql = Sql::default();
        sql.push(COLUMNS)
            .push(" FROM events e WHERE e.id IN ")
            .id_list(ids.iter().map(|id| id.0));
        let rows: Vec<EventRow> = sql.rows().fetch_all(tx.conn()).await?;
        events.extend(row::all::<_, Event>(rows)?);
    }
    events.sort_by_key(|event| event.id);
    Ok(events)
}

/// What was done under an idempotency key, and to how many tickets; `None` when the key is new.
///
/// # Errors
/// [`StoreError`].
pub async fn request(tx: &mut Tx, actor: UserId, key: &str) -> Result<Option<(String, u32)>, StoreError> {
    let row: Option<RequestRow> =
        sqlx::query_as("SELECT what, tickets FROM requests WHERE actor_id = $1 AND request_key = $2")
            .bind(actor.0)
            .bind(key)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.map(|row| (row.what, u32::try_from(row.tickets).unwrap_or(u32::MAX))))
}

pub(in crate::store) const COLUMNS_OF_REQUESTS: &str = "requests (actor_id, request_key, what, tickets, at)";

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
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = vec![
        actor.0.into(),
        key.into(),
        what.into(),
        i64::from(tickets).into(),
        now.into(),
    ];
    Sql::insert(COLUMNS_OF_REQUESTS, [row])
        .query()
        .execute(tx.conn())
        .await?;
    Ok(())
}
