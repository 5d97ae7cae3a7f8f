//! Tickets: the facts about them, the lists, and the one statement that moves them.

pub mod bulk;
pub mod counts;
mod facets;
pub mod listing;
pub mod moves;
pub mod saved;
mod search;
pub mod splits;
pub mod viewers;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    access::{Actor, Authorized, Place, Protection, Reassignment, TicketFacts},
    groups::Lineage,
    ids::{GroupId, LicenseId, TicketId, UserId},
    licensing::{
        licenses::{License, Standing},
        products::ProductName,
    },
    tickets::{codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;

use crate::store::{
    NOTHING, StoreError, Tx,
    groups::{self, groups_of_people},
    licensing::terms::validity,
    row::{number, parsed, rows},
    sql::Sql,
    visibility::VisibilityScope,
};

/// A ticket as it is stored, with all that the policy and the screens need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The facts the policy needs.
    pub facts: TicketFacts,
    pub code: TicketCode,
    /// What is in it.
    pub licenses: Vec<License>,
    /// Name of the person, for a personal ticket.
    pub person: Option<String>,
    /// Since when its owner has it.
    pub since: Timestamp,
}

impl Ticket {
    /// Whether some of its licences are activated: a move asks what becomes of them.
    #[must_use]
    pub fn is_activated(&self) -> bool {
        self.licenses.iter().any(|license| license.activated > 0)
    }
}

pub(super) const COLUMNS: &str =
    "t.id AS id, t.code AS code, t.owner_group_id, t.owner_user_id, t.context_group_id, t.protected,
     t.owner_since AS owner_since, lg.path AS level_path, u.name AS person";
/// What [`COLUMNS`] needs besides the tickets `t` themselves.
pub(super) const JOINS: &str =
    " LEFT JOIN groups lg ON lg.id = t.level_group_id LEFT JOIN users u ON u.id = t.owner_user_id";

rows! {
    /// A row of [`COLUMNS`].
    pub(super) struct TicketRow {
        id: TicketId,
        code: String,
        owner_group_id: Option<GroupId>,
        owner_user_id: Option<UserId>,
        context_group_id: Option<GroupId>,
        protected: bool,
        owner_since: Timestamp,
        level_path: Option<String>,
        person: Option<String>,
    }

    struct LicenseRow {
        ticket_id: TicketId,
        id: LicenseId,
        name: String,
        name_de: String,
        quantity: i64,
        activated: i64,
        suspended_at: Option<Timestamp>,
        revoked_at: Option<Timestamp>,
        valid_from: Option<Timestamp>,
        valid_until: Option<Timestamp>,
        valid_days: Option<i64>,
        started_at: Option<Timestamp>,
        binding: String,
    }
}

impl TicketRow {
    fn owner(&self) -> Result<Owner, StoreError> {
        match (self.owner_group_id, self.owner_user_id, self.context_group_id) {
            (None, None, None) => Ok(Owner::Unassigned),
            (Some(group), None, None) => Ok(Owner::Group(group)),
            (None, Some(user), context) => Ok(Owner::User { user, context }),
            _ => Err(StoreError::Inconsistent("tickets.owner")),
        }
    }

    /// What the policy needs to know of it; of seeing it the groups of its person decide nothing.
    fn facts(&self, groups: Vec<Lineage>) -> Result<TicketFacts, StoreError> {
        let owner = self.owner()?;
        let level = self.level_path.as_deref().map(groups::lineage_of).transpose()?;
        let place = match (owner, level) {
            (Owner::Unassigned, None) => Place::Unassigned,
            (Owner::Group(_), Some(group)) => Place::Group(group),
            (Owner::User { user, .. }, context) => Place::User {
                user,
                context,
                groups,
            },
            _ => return Err(StoreError::Inconsistent("tickets.level")),
        };
        Ok(TicketFacts {
            id: self.id,
            place,
            protected: self.protected,
        })
    }

    /// The ticket, with the groups of its person and what is in it.
    fn completed(self, groups: Vec<Lineage>, licenses: Vec<License>) -> Result<Ticket, StoreError> {
        Ok(Ticket {
            facts: self.facts(groups)?,
            code: parsed(&self.code, "tickets.code")?,
            licenses,
            person: self.person,
            since: self.owner_since,
        })
    }
}

impl TryFrom<LicenseRow> for License {
    type Error = StoreError;

    fn try_from(row: LicenseRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            product: ProductName {
                en: row.name,
                de: row.name_de,
            },
            quantity: number(row.quantity, "licenses.quantity")?,
            activated: number(row.activated, "licenses.activated")?,
            stopped: Standing::stopped(row.suspended_at, row.revoked_at),
            validity: validity(row.valid_days, row.valid_from, row.valid_until)?,
            binding: parsed(&row.binding, "licenses.binding")?,
            started: row.started_at,
        })
    }
}

pub(super) const fn columns_of(owner: Owner) -> (Option<i64>, Option<i64>, Option<i64>, Option<i64>) {
    match owner {
        Owner::Unassigned => (None, None, None, None),
        Owner::Group(group) => (Some(group.0), None, None, Some(group.0)),
        Owner::User { user, context: None } => (None, Some(user.0), None, None),
        Owner::User {
            user,
            context: Some(group),
        } => (None, Some(user.0), Some(group.0), Some(group.0)),
    }
}

/// The tickets `t`, before `WHERE`.
pub(super) fn select() -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM tickets t")
        .push(JOINS);
    sql
}

/// Completes rows of [`COLUMNS`] by the groups of the people and the licences in them: two statements, however many
/// rows there are.
pub(super) async fn complete(tx: &mut Tx, rows: Vec<TicketRow>) -> Result<Vec<Ticket>, StoreError> {
    let people: BTreeSet<UserId> = rows.iter().filter_map(|row| row.owner_user_id).collect();
    let groups_of = groups_of_people(tx, people).await?;
    let ids: Vec<TicketId> = rows.iter().map(|row| row.id).collect();
    let mut licenses = licenses_of(tx, &ids).await?;
    let ticket = |row: TicketRow| {
        let groups = row.owner_user_id.and_then(|user| groups_of.get(&user).cloned());
        let licenses = licenses.remove(&row.id);
        row.completed(groups.unwrap_or_default(), licenses.unwrap_or_default())
    };
    rows.into_iter().map(ticket).collect()
}

async fn licenses_of(
    tx: &mut Tx,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, Vec<License>>, StoreError> {
    let mut found: HashMap<TicketId, Vec<License>> = HashMap::new();
    if tickets.is_empty() {
        return Ok(found);
    }
    let mut sql = Sql::default();
    sql.push(
        "SELECT l.ticket_id, l.id, p.name, p.name_de, COALESCE(l.reduced_to, l.quantity) AS quantity, l.activated, l.suspended_at,
             l.revoked_at, l.valid_from, l.valid_until, l.valid_days, l.started_at, l.binding FROM licenses l JOIN products p ON p.id = l.product_id
         WHERE l.ticket_id IN ",
    )
    .id_list(tickets.iter().map(|ticket| ticket.0))
    .push(" ORDER BY l.ticket_id, l.position");
    let rows: Vec<LicenseRow> = sql.rows().fetch_all(tx.conn()).await?;
    for row in rows {
        found.entry(row.ticket_id).or_default().push(row.try_into()?);
    }
    Ok(found)
}

/// The tickets with these ids, by id. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn by_ids(tx: &mut Tx, ids: &[TicketId]) -> Result<BTreeMap<TicketId, Ticket>, StoreError> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(READ) {
        let mut sql = select();
        sql.push(" WHERE t.id IN ").id_list(ids.iter().map(|id| id.0));
        let rows = sql.rows().fetch_all(tx.conn()).await?;
        let tickets = complete(tx, rows).await?;
        found.extend(tickets.into_iter().map(|ticket| (ticket.facts.id, ticket)));
    }
    Ok(found)
}

/// A ticket. As many statements are asked for one that does not exist (R12).
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, StoreError> {
    let mut sql = select();
    sql.push(" WHERE t.id = ").int(id.0);
    let row: Option<TicketRow> = sql.rows().fetch_optional(tx.conn()).await?;
    let person = row.as_ref().and_then(|row| row.owner_user_id);
    let person = person.unwrap_or(UserId(NOTHING));
    let groups = groups_of_people(tx, [person]).await?.remove(&person);
    let licenses = licenses_of(tx, &[id]).await?.remove(&id);
    row.map(|row| row.completed(groups.unwrap_or_default(), licenses.unwrap_or_default()))
        .transpose()
}

/// Those of the tickets with these ids that the actor sees, by id. A hidden one takes as many statements as one that does not
/// exist (R12).
///
/// # Errors
/// [`StoreError`].
pub async fn seen_by_ids(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[TicketId],
) -> Result<BTreeMap<TicketId, Ticket>, StoreError> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(READ) {
        let mut sql = select();
        sql.push(" WHERE t.id IN ").id_list(ids.iter().map(|id| id.0));
        let rows: Vec<TicketRow> = sql.rows().fetch_all(tx.conn()).await?;
        let mut seen = Vec::with_capacity(rows.len());
        for row in rows {
            if actor.sees_ticket(&row.facts(Vec::new())?) {
                seen.push(row);
            }
        }
        let tickets = complete(tx, seen).await?;
        found.extend(tickets.into_iter().map(|ticket| (ticket.facts.id, ticket)));
    }
    Ok(found)
}

/// So many of the tickets of a person that the reader sees, by level, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    user: UserId,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let mut sql = select();
    sql.push(" WHERE t.owner_user_id = ").int(user.0);
    visibility.push_sees_ticket(&mut sql);
    sql.push(" ORDER BY lg.path, t.owner_since DESC, t.id DESC LIMIT ")
        .int(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = sql.rows().fetch_all(tx.conn()).await?;
    complete(tx, rows).await
}

/// The ids of the unassigned tickets with these codes; `None` for a code that does not exist, or whose ticket is somebody's.
///
/// # Errors
/// [`StoreError`].
pub async fn ids_of_codes(tx: &mut Tx, codes: &[TicketCode]) -> Result<Vec<Option<TicketId>>, StoreError> {
    let mut ids = Vec::with_capacity(codes.len());
    for code in codes {
        let id = sqlx::query_scalar(
            "SELECT id FROM tickets WHERE code = $1 AND owner_group_id IS NULL AND owner_user_id IS NULL",
        )
        .bind(code.compact())
        .fetch_optional(tx.conn())
        .await?;
        ids.push(id.map(TicketId));
    }
    Ok(ids)
}

/// The place of an owner, with the facts the policy needs; `None` when a group or person in it does not exist.
///
/// # Errors
/// [`StoreError`].
pub async fn place(tx: &mut Tx, owner: Owner) -> Result<Option<Place>, StoreError> {
    Ok(match owner {
        Owner::Unassigned => Some(Place::Unassigned),
        Owner::Group(group) => groups::lineage(tx, group).await?.map(Place::Group),
        Owner::User { user, context } => {
            let level = match context {
                None => None,
                Some(group) => groups::lineage(tx, group).await?,
            };
            // Asked for whether there is such a group or not: one that is hidden takes no longer than none (R12).
            let groups = groups::of_known_user(tx, user).await?;
            let is_found = context.is_some() == level.is_some();
            groups.filter(|_| is_found).map(|groups| Place::User {
                user,
                context: level,
                groups,
            })
        }
    })
}

/// Moves a ticket. Whoever calls this holds the proof that the policy permitted it, in this transaction.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the ticket is not where the proof says: a defect, because the proof was made from
/// the same state of the database.
pub async fn apply(tx: &mut Tx, move_: &Authorized<Reassignment>, now: Timestamp) -> Result<(), StoreError> {
    let mut sql = Sql::default();
    push_update(&mut sql, move_, now);
    let done = sql.query().execute(tx.conn()).await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent("tickets.owner"))
    }
}

/// The one statement that moves a ticket.
fn push_update(sql: &mut Sql, moved: &Authorized<Reassignment>, now: Timestamp) {
    let (group, user, context, level) = columns_of(moved.to);
    let (from_group, from_user, from_context, _) = columns_of(moved.from);
    let to = [
        ("UPDATE tickets SET owner_group_id = ", group),
        (", owner_user_id = ", user),
        (", context_group_id = ", context),
        (", level_group_id = ", level),
    ];
    for (text, value) in to {
        sql.push(text).bind(value.into());
    }
    sql.push(", protected = ").int(i64::from(moved.protected));
    sql.push(", owner_since = ").moment(now);
    sql.push(" WHERE id = ").int(moved.ticket.0);
    let from = [
        (" AND COALESCE(owner_group_id, 0) = ", from_group),
        (" AND COALESCE(owner_user_id, 0) = ", from_user),
        (" AND COALESCE(context_group_id, 0) = ", from_context),
    ];
    for (text, value) in from {
        sql.push(text).int(value.unwrap_or(0));
    }
}

/// Switches protected mode.
///
/// # Errors
/// [`StoreError`].
pub async fn protect(tx: &mut Tx, change: &Authorized<Protection>) -> Result<(), StoreError> {
    sqlx::query("UPDATE tickets SET protected = $1 WHERE id = $2")
        .bind(i64::from(change.protected))
        .bind(change.ticket.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ids in one statement that reads.
pub(crate) const READ: usize = 1024;
