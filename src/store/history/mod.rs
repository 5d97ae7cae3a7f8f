//! The history of what a reader may know of, page by page, newest first.
//!
//! Like lists of tickets, a page is found in one of two ways. Few events are gathered from the indexes by group and by
//! person; where there are many, the events are walked from the newest on, because soon enough one fits. Neither way looks
//! at more than [`WINDOW`] events for a page: what is rare is looked for from page to page.

pub mod chain;
pub mod deliveries;
pub mod events;
pub mod webhooks;

use domain::{
    groups::Lineage,
    history::events::EventKind,
    ids::{EventId, UserId},
};

use crate::store::{
    StoreError, Tx, groups,
    history::events::{COLUMNS, Event, EventRow},
    row::{self, rows},
    sql::{Sql, containing, push_in},
    visibility::VisibilityScope,
};

/// Most events that are looked at for one page.
pub const WINDOW: i64 = 20_000;
/// With so many events, a branch is walked.
const MANY: i64 = 10_000;

/// Which events are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Something in names, codes and products that the reader knows.
    pub search: String,
    /// Of these kinds; of all where there are none.
    pub kinds: Vec<EventKind>,
    /// Done by that person, or to them.
    pub person: Option<UserId>,
    /// In the branch of that group.
    pub group: Option<Lineage>,
    /// Of the request that this person made under this key.
    pub request: Option<(UserId, String)>,
    /// The first that could be meant.
    pub from: EventId,
    /// The first that is not meant any more.
    pub before: EventId,
}

/// Where the events of a page come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// All, from the newest on.
    Walked,
    /// Those of the person who is asked for.
    Person(UserId),
    /// Those of one request: who made it, under which key.
    Request(UserId, String),
    /// Those of the branch that is asked for, whose history the reader reads.
    Branch,
    /// All that the reader sees.
    Visible,
}

rows! {
    struct LookedAtRow {
        events: i64,
        last: Option<EventId>,
    }
}

struct Listing<'a> {
    visibility: &'a VisibilityScope,
    filter: &'a Filter,
    /// Topmost groups of the branches to gather from.
    branches: Vec<String>,
    source: Source,
}

impl<'a> Listing<'a> {
    async fn new(
        tx: &mut Tx,
        visibility: &'a VisibilityScope,
        filter: &'a Filter,
    ) -> Result<Self, StoreError> {
        let actor = &visibility.actor;
        let branch = filter.group.as_ref().filter(|group| actor.reads_history(group));
        let (source, branches) = match (&filter.request, filter.person, branch) {
            (Some((by, key)), ..) => (Source::Request(*by, key.clone()), Vec::new()),
            (None, Some(person), _) => (Source::Person(person), Vec::new()),
            (None, None, Some(branch)) => (Source::Branch, vec![groups::path_of(branch)]),
            (None, None, None) if actor.isv_admin => (Source::Walked, Vec::new()),
            (None, None, None) => (Source::Visible, visibility.branches.clone()),
        };
        let mut listing = Self {
            visibility,
            filter,
            branches,
            source,
        };
        if !listing.branches.is_empty() && listing.has_many(tx).await? {
            listing.source = Source::Walked;
        }
        Ok(listing)
    }

    async fn has_many(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) FROM (");
        self.push_gathered(&mut sql);
        sql.push(" LIMIT ").int(MANY).push(") AS few");
        let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
        Ok(count >= MANY)
    }

    /// `AND (column in what is asked for)`.
    fn push_range(&self, sql: &mut Sql, column: &str) {
        sql.push(" AND ")
            .push(column)
            .push(" >= ")
            .int(self.filter.from.0);
        sql.push(" AND ")
            .push(column)
            .push(" < ")
            .int(self.filter.before.0);
    }

    /// The events of the branches, some of them several times.
    fn push_gathered(&self, sql: &mut Sql) {
        sql.push(
            "SELECT eg.event_id AS id FROM groups bg JOIN event_groups eg ON eg.group_id = bg.id WHERE ",
        );
        groups::push_branches(sql, "bg.path", &self.branches);
        self.push_range(sql, "eg.event_id");
    }

    /// The events of a person: at most so many that they did, and so many that happened to them.
    fn push_of_person(&self, sql: &mut Sql, person: UserId, window: i64) {
        sql.push("SELECT id FROM (SELECT event_id AS id FROM event_people WHERE user_id = ")
            .int(person.0);
        self.push_range(sql, "event_id");
        sql.push(" ORDER BY event_id DESC LIMIT ").int(window);
        sql.push(") AS suffered UNION SELECT id FROM (SELECT id FROM events WHERE actor_id = ")
            .int(person.0);
        self.push_range(sql, "id");
        sql.push(" ORDER BY id DESC LIMIT ").int(window).push(") AS done");
    }

    /// The ids of the newest events of the source.
    fn push_source(&self, sql: &mut Sql, window: i64) {
        sql.push("SELECT id FROM (");
        match &self.source {
            Source::Request(by, key) => {
                sql.push("SELECT id FROM events WHERE actor_id = ").int(by.0);
                sql.push(" AND request_key = ").text(key.as_str());
                self.push_range(sql, "id");
            }
            Source::Walked => {
                sql.push("SELECT id FROM events WHERE 1 = 1");
                self.push_range(sql, "id");
            }
            Source::Person(person) => self.push_of_person(sql, *person, window),
            Source::Branch => {
                sql.push("SELECT DISTINCT id FROM (");
                self.push_gathered(sql);
                sql.push(") AS several");
            }
            Source::Visible => {
                self.push_of_person(sql, self.visibility.actor.user, window);
                if !self.branches.is_empty() {
                    sql.push(" UNION ");
                    self.push_gathered(sql);
                }
            }
        }
        sql.push(") AS found ORDER BY id DESC LIMIT ").int(window);
    }

    /// `AND …` for all that the source does not say already.
    fn push_conditions(&self, sql: &mut Sql) {
        let actor = &self.visibility.actor;
        if actor.impersonated {
            let groups = actor.memberships.keys().map(|group| group.0);
            push_in(
                sql,
                " AND (EXISTS (SELECT 1 FROM event_groups wg WHERE wg.event_id = e.id AND wg.group_id",
                groups,
            );
            sql.push(") OR ");
            push_in_branches(sql, &self.visibility.branches);
            sql.push(")");
        }
        if !actor.isv_admin && !matches!(self.source, Source::Branch | Source::Visible) {
            sql.push(" AND (e.actor_id = ").int(actor.user.0);
            sql.push(" OR EXISTS (SELECT 1 FROM event_people me WHERE me.event_id = e.id AND me.user_id = ")
                .int(actor.user.0)
                .push(")");
            if !self.visibility.branches.is_empty() {
                sql.push(" OR ");
                push_in_branches(sql, &self.visibility.branches);
            }
            sql.push(")");
        }
        if let Some(group) = &self.filter.group
            && self.source != Source::Branch
        {
            sql.push(" AND ");
            push_in_branches(sql, &[groups::path_of(group)]);
        }
        for (at, kind) in self.filter.kinds.iter().enumerate() {
            sql.push(if at == 0 { " AND e.kind IN (" } else { ", " })
                .text(kind.to_string());
        }
        if !self.filter.kinds.is_empty() {
            sql.push(")");
        }
        self.push_search(sql);
    }

    /// Names, codes and products are compared where the reader sees them: nothing is found by what they may not know.
    fn push_search(&self, sql: &mut Sql) {
        let search = self.filter.search.trim();
        if search.is_empty() {
            return;
        }
        let like = |sql: &mut Sql, column: &str| {
            sql.push(column)
                .push(" LIKE ")
                .text(containing(search))
                .push(" ESCAPE '\\'");
        };
        let code: String = search
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        sql.push(
            " AND (EXISTS (SELECT 1 FROM tickets t LEFT JOIN groups lg ON lg.id = t.level_group_id
             WHERE t.id = e.ticket_id AND (",
        );
        like(sql, "t.products");
        sql.push(" OR t.code LIKE ")
            .text(containing(&code).to_uppercase())
            .push(" ESCAPE '\\')");
        self.visibility.push_sees_ticket(sql);
        for people in [
            "u.id = e.actor_id",
            "u.id IN (SELECT p.user_id FROM event_people p WHERE p.event_id = e.id)",
        ] {
            sql.push(") OR EXISTS (SELECT 1 FROM users u WHERE ")
                .push(people)
                .push(" AND ");
            like(sql, "u.folded");
            self.visibility.push_sees_user(sql);
        }
        sql.push(
            ") OR EXISTS (SELECT 1 FROM event_groups sg JOIN groups g ON g.id = sg.group_id WHERE sg.event_id = e.id AND ",
        );
        like(sql, "g.folded");
        self.visibility.push_sees_group(sql, "g.path");
        sql.push(
            ") OR EXISTS (SELECT 1 FROM containers c JOIN users u ON u.id = c.user_id
             LEFT JOIN groups cg ON cg.id = c.context_group_id WHERE c.id = e.container_id AND c.removed_at IS NULL AND ",
        );
        like(sql, "c.folded");
        self.visibility.push_reaches_container(sql);
        sql.push("))");
    }
}

/// The event `e` happened in one of these branches.
pub(super) fn push_in_branches(sql: &mut Sql, branches: &[String]) {
    sql.push(
        "EXISTS (SELECT 1 FROM event_groups ig JOIN groups bg ON bg.id = ig.group_id WHERE ig.event_id = e.id AND ",
    );
    groups::push_branches(sql, "bg.path", branches);
    sql.push(")");
}

/// So many events for a page, and where the next one begins.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    filter: &Filter,
    count: usize,
) -> Result<(Vec<Event>, Option<EventId>), StoreError> {
    let listing = Listing::new(tx, visibility, filter).await?;
    let mut conditions = Sql::default();
    listing.push_conditions(&mut conditions);
    // One more than the page, which says whether there is another.
    let limit = i64::try_from(count).unwrap_or(WINDOW) + 1;
    let window = if conditions.is_empty() { limit } else { WINDOW };
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" FROM (");
    listing.push_source(&mut sql, window);
    sql.push(") AS w JOIN events e ON e.id = w.id WHERE 1 = 1");
    listing.push_conditions(&mut sql);
    sql.push(" ORDER BY e.id DESC LIMIT ").int(limit);
    let rows: Vec<EventRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut events: Vec<Event> = row::all(rows)?;
    if events.len() > count {
        events.truncate(count);
        let next = events.last().map(|event| event.id);
        return Ok((events, next));
    }
    let next = if window == WINDOW {
        end_of_window(tx, &listing).await?
    } else {
        None
    };
    Ok((events, next))
}

/// The last event that was looked at, where there are more behind it.
async fn end_of_window(tx: &mut Tx, listing: &Listing<'_>) -> Result<Option<EventId>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) AS events, MIN(id) AS last FROM (");
    listing.push_source(&mut sql, WINDOW);
    sql.push(") AS w");
    let row: LookedAtRow = sql.rows().fetch_one(tx.conn()).await?;
    Ok(row.last.filter(|_| row.events == WINDOW))
}
