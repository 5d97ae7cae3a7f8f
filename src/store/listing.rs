//! Lists of tickets: a page of them, and how many there are.
//!
//! There are two ways to a page. Where the reader sees few tickets at the node, these are gathered from the indexes by
//! level and by person, and sorted. Where there are many, the index of the order is walked until the page is full: of
//! many tickets, soon enough one is visible. Each way is hopeless where the other is good, so they are counted first.

use sqlx::Row;

use super::{
    StoreError, Tx, groups,
    tickets::{COLUMNS, JOINS, Ticket, complete},
    visibility::{Reach, Sql, containing},
};
use crate::domain::{
    groups::Lineage,
    tickets::{PAGE, Sort, TicketQuery},
    tree::Node,
};

/// Tickets beyond this number are not counted one by one: a list says "more than".
pub const COUNTED: i64 = 10_000;

/// What is listed, for whom.
struct Listing<'a> {
    reach: &'a Reach,
    query: &'a TicketQuery,
    /// The group of the node.
    branch: Option<&'a Lineage>,
}

/// Where the tickets `t` of a list come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The table: the order, or a condition on owner or level, finds them.
    Table,
    /// The levels of the branch, of which the reader sees everything.
    Branch,
    /// All that the reader sees.
    Visible,
}

impl Listing<'_> {
    /// How to gather.
    fn gathered(&self) -> Source {
        let isv_admin = self.reach.actor.isv_admin;
        match (self.query.node, self.branch) {
            (Node::Group(_), Some(branch)) if self.query.below => {
                if isv_admin || self.reach.actor.administers(branch) {
                    Source::Branch
                } else {
                    Source::Visible
                }
            }
            (Node::All, _) if !isv_admin => Source::Visible,
            _ => Source::Table,
        }
    }

    fn push_from(&self, sql: &mut Sql, source: Source) {
        match (source, self.branch) {
            (Source::Branch, Some(branch)) => {
                sql.push(
                    " FROM (SELECT b.* FROM groups bg JOIN tickets b ON b.level_group_id = bg.id WHERE ",
                );
                push_within(sql, "bg.path", branch);
                sql.push(") t");
            }
            (Source::Visible, _) => {
                sql.push(" FROM (");
                self.reach.push_visible_tickets(sql);
                sql.push(") t");
            }
            (Source::Branch | Source::Table, _) => {
                sql.push(" FROM tickets t");
            }
        }
        sql.push(JOINS);
        if self.query.sort == Sort::Owner || !self.query.search.trim().is_empty() {
            sql.push(" LEFT JOIN groups og ON og.id = t.owner_group_id");
        }
    }

    fn push_where(&self, sql: &mut Sql, source: Source) {
        match self.query.node {
            Node::All => sql.push(" WHERE 1 = 1"),
            Node::Mine => sql.push(" WHERE t.owner_user_id = ").int(self.reach.actor.user.0),
            Node::Unassigned => sql.push(" WHERE t.owner_group_id IS NULL AND t.owner_user_id IS NULL"),
            Node::Loose => sql.push(" WHERE t.owner_user_id IS NOT NULL AND t.context_group_id IS NULL"),
            Node::Group(group) => match self.branch.filter(|_| self.query.below) {
                Some(_) if source == Source::Branch => sql.push(" WHERE 1 = 1"),
                Some(branch) => {
                    sql.push(" WHERE ");
                    // As an expression it is no reason to begin with the groups, away from the order.
                    push_within(sql, "(lg.path || '')", branch)
                }
                None => sql.push(" WHERE t.level_group_id = ").int(group.0),
            },
            Node::Person {
                user,
                group: Some(group),
            } => sql
                .push(" WHERE t.owner_user_id = ")
                .int(user.0)
                .push(" AND t.context_group_id = ")
                .int(group.0),
            Node::Person { user, group: None } => sql
                .push(" WHERE t.context_group_id IS NULL AND t.owner_user_id = ")
                .int(user.0),
        };
        if source == Source::Table {
            self.reach.push_sees_ticket(sql);
        }
        self.push_search(sql);
    }

    fn push_search(&self, sql: &mut Sql) {
        let search = self.query.search.trim();
        if search.is_empty() {
            return;
        }
        let pattern = containing(search);
        let code: String = search
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        sql.push(" AND (t.products LIKE ")
            .text(pattern.as_str())
            .push(" ESCAPE '\\'");
        sql.push(" OR og.folded LIKE ")
            .text(pattern.as_str())
            .push(" ESCAPE '\\'");
        sql.push(" OR u.folded LIKE ").text(pattern).push(" ESCAPE '\\'");
        sql.push(" OR t.code LIKE ")
            .text(containing(&code).to_uppercase())
            .push(" ESCAPE '\\')");
    }

    fn push_order(&self, sql: &mut Sql) {
        let (newest_first, column) = match self.query.sort {
            Sort::Since => (true, "t.owner_since"),
            Sort::Code => (false, "t.code"),
            Sort::Product => (false, "t.products"),
            Sort::Owner => (false, "COALESCE(og.folded, u.folded, '')"),
        };
        let direction = if newest_first != self.query.reverse {
            " DESC"
        } else {
            ""
        };
        sql.push(" ORDER BY ")
            .push(column)
            .push(direction)
            .push(", t.id")
            .push(direction);
    }
}

/// `column` within the branch.
fn push_within<'a>(sql: &'a mut Sql, column: &str, branch: &Lineage) -> &'a mut Sql {
    let path = groups::path_of(branch);
    let after = format!("{path}{}", groups::AFTER);
    sql.push(column)
        .push(" >= ")
        .text(path)
        .push(" AND ")
        .push(column)
        .push(" < ")
        .text(after)
}

/// A page of the tickets the reader sees at a node, and how many there are; [`COUNTED`] + 1 stands for more than
/// that. `branch` is the group of the node.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    reach: &Reach,
    query: &TicketQuery,
    branch: Option<&Lineage>,
) -> Result<(Vec<Ticket>, u64), StoreError> {
    let total = count(tx, reach, query, branch).await?;
    let listing = Listing { reach, query, branch };
    let source = if total > COUNTED.unsigned_abs() {
        Source::Table
    } else {
        listing.gathered()
    };
    let mut sql = Sql::default();
    sql.push("SELECT ").push(COLUMNS);
    listing.push_from(&mut sql, source);
    listing.push_where(&mut sql, source);
    listing.push_order(&mut sql);
    sql.push(" LIMIT ")
        .int(i64::from(PAGE))
        .push(" OFFSET ")
        .int(i64::from(PAGE) * i64::from(query.page));
    let rows = sql.query().fetch_all(tx.conn()).await?;
    Ok((complete(tx, &rows).await?, total))
}

/// How many tickets the reader sees at a node; [`COUNTED`] + 1 stands for more than that.
///
/// # Errors
/// [`StoreError`].
pub async fn count(
    tx: &mut Tx,
    reach: &Reach,
    query: &TicketQuery,
    branch: Option<&Lineage>,
) -> Result<u64, StoreError> {
    let listing = Listing { reach, query, branch };
    let source = listing.gathered();
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (SELECT 1");
    listing.push_from(&mut sql, source);
    listing.push_where(&mut sql, source);
    sql.push(" LIMIT ").int(COUNTED + 1).push(") AS counted");
    let row = sql.query().fetch_one(tx.conn()).await?;
    Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default())
}
