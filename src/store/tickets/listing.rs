//! Lists of tickets: a page of them, and how many there are.
//!
//! There are two ways to a page. Where the reader sees few tickets at the node, these are gathered from the indexes by
//! level and by person, and sorted. Where there are many, the index of the order is walked until the page is full: of
//! many tickets, soon enough one is visible. Each way is hopeless where the other is good, so they are counted first.

use domain::groups::{Lineage, tree::Node};

use crate::{
    store::{
        Engine, StoreError, Tx, groups,
        sql::Sql,
        tickets::{
            COLUMNS, JOINS, READ, Ticket, TicketRow, complete,
            facets::Wanted,
            search::{self, Lead, Word},
        },
        visibility::VisibilityScope,
    },
    views::tickets::{PAGE, Sort, TicketQuery, facets::Facets},
};

/// As the database counts.
pub const COUNTED: i64 = crate::views::tickets::COUNTED as i64;

/// The path of a group in a walk: as an expression it is no reason to begin with the groups by path, away from the order.
const WALKED: &str = "(g.path || '')";
/// Likewise of the level of a ticket.
const WALKED_LEVEL: &str = "(lg.path || '')";

/// What is listed, for whom.
pub(super) struct Listing<'a> {
    visibility: &'a VisibilityScope,
    query: &'a TicketQuery,
    /// The group of the node.
    branch: Option<&'a Lineage>,
    engine: Engine,
    words: Vec<Word>,
    /// Where the words are looked for first.
    lead: Option<Lead>,
    pub(super) wanted: Wanted,
    /// What is asked of licences leads to the tickets.
    by_licenses: bool,
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
    /// The groups in order of name, each with its tickets.
    Groups,
    /// The people in order of name, each with theirs.
    People,
    /// Nobody's.
    Unassigned,
    /// Those that a word of the search leads to.
    Found,
    /// Those of the licences that are wanted.
    Licenses,
}

impl<'a> Listing<'a> {
    /// What is listed. Where there is much of it, a search begins with one of its words.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn of(
        tx: &mut Tx,
        visibility: &'a VisibilityScope,
        query: &'a TicketQuery,
        branch: Option<&'a Lineage>,
    ) -> Result<Self, StoreError> {
        let mut listing = Listing {
            visibility,
            query,
            branch,
            engine: tx.engine,
            words: Vec::new(),
            lead: None,
            wanted: Wanted {
                facets: Facets::NONE,
                now: tx.sources.now(),
                reader: visibility.actor.user,
            },
            by_licenses: false,
        };
        let wanted = Wanted {
            facets: query.facets.clone(),
            ..listing.wanted
        };
        let words = search::words(&query.search);
        if !words.is_empty() || wanted.asks_of_licenses() {
            let everything = query.node == Node::All && visibility.actor.isv_admin;
            if everything || listing.count(tx).await? > COUNTED {
                if words.is_empty() {
                    listing.by_licenses = true;
                } else {
                    listing.lead = Some(Lead::of(tx, visibility, &words).await?);
                }
            }
            listing.words = words;
        }
        listing.wanted = wanted;
        Ok(listing)
    }

    async fn count(&self, tx: &mut Tx) -> Result<i64, StoreError> {
        let source = self.gathered();
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) FROM (SELECT 1");
        self.push_from(&mut sql, source);
        self.push_where(&mut sql, source);
        sql.push(" LIMIT ").int(COUNTED + 1).push(") AS counted");
        Ok(sql.scalar().fetch_one(tx.conn()).await?)
    }

    /// How to gather.
    fn gathered(&self) -> Source {
        if self.lead.is_some() {
            return Source::Found;
        }
        if self.by_licenses {
            return Source::Licenses;
        }
        let isv_admin = self.visibility.actor.isv_admin;
        match (self.query.node, self.branch) {
            (Node::Group(_), Some(branch)) if self.query.below => {
                if isv_admin || self.visibility.actor.administers(branch) {
                    Source::Branch
                } else {
                    Source::Visible
                }
            }
            (Node::All, _) if !isv_admin => Source::Visible,
            _ => Source::Table,
        }
    }

    /// How to walk in the order: names of owners stand in two tables, so these are walked side by side.
    fn walked(&self) -> &'static [Source] {
        match (self.sort(), self.query.node) {
            (Sort::Owner, Node::All) => &[Source::Unassigned, Source::Groups, Source::People],
            (Sort::Owner, _) => &[Source::Groups, Source::People],
            _ => &[Source::Table],
        }
    }

    /// Of one owner's tickets, the order by owner is the order by time.
    const fn sort(&self) -> Sort {
        match (self.query.sort, self.query.node) {
            (Sort::Owner, Node::Mine | Node::Unassigned | Node::Person { .. }) => Sort::Since,
            (sort, _) => sort,
        }
    }

    fn push_select(&self, sql: &mut Sql, source: Source) {
        sql.push("SELECT ").push(COLUMNS);
        if self.sort() == Sort::Owner {
            sql.push(match source {
                Source::Unassigned => ", '' AS owner_name, 0 AS owner_id",
                Source::Groups => ", g.folded AS owner_name, g.id AS owner_id",
                Source::People => ", p.folded AS owner_name, p.id AS owner_id",
                Source::Table | Source::Branch | Source::Visible | Source::Found | Source::Licenses => {
                    ", COALESCE(og.folded, u.folded, '') AS owner_name,
                     COALESCE(t.owner_group_id, t.owner_user_id, 0) AS owner_id"
                }
            });
        }
        self.push_from(sql, source);
        self.push_where(sql, source);
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
                self.visibility.push_visible_tickets(sql);
                sql.push(") t");
            }
            (Source::Found, _) => {
                sql.push(" FROM (");
                if let Some((lead, word)) = self.lead() {
                    lead.push_tickets(sql, self.engine, self.visibility, word);
                }
                sql.push(") t");
            }
            (Source::Licenses, _) => {
                sql.push(" FROM (SELECT b.* FROM (SELECT DISTINCT f.ticket_id FROM ");
                self.wanted.push_licenses(sql);
                sql.push(") meant JOIN tickets b ON b.id = meant.ticket_id) t");
            }
            // CROSS JOIN: SQLite begins with the left side, whose order is wanted.
            (Source::Groups, _) => {
                sql.push(" FROM groups g CROSS JOIN tickets t");
            }
            (Source::People, _) => {
                sql.push(" FROM users p CROSS JOIN tickets t");
            }
            (Source::Branch | Source::Table | Source::Unassigned, _) => {
                sql.push(" FROM tickets t");
            }
        }
        sql.push(JOINS);
        if self.sort() == Sort::Owner || !self.words.is_empty() {
            sql.push(" LEFT JOIN groups og ON og.id = t.owner_group_id");
        }
    }

    fn push_where(&self, sql: &mut Sql, source: Source) {
        match self.query.node {
            Node::All => sql.push(" WHERE 1 = 1"),
            Node::Mine => sql
                .push(" WHERE t.owner_user_id = ")
                .int(self.visibility.actor.user.0),
            Node::Unassigned => sql.push(" WHERE t.level_group_id IS NULL AND t.owner_user_id IS NULL"),
            Node::Loose => sql.push(" WHERE t.level_group_id IS NULL AND t.owner_user_id IS NOT NULL"),
            Node::Group(group) => match self.branch.filter(|_| self.query.below) {
                Some(_) if source == Source::Branch => sql.push(" WHERE 1 = 1"),
                Some(branch) => {
                    sql.push(" WHERE ");
                    push_within(
                        sql,
                        if source == Source::Groups {
                            WALKED
                        } else {
                            WALKED_LEVEL
                        },
                        branch,
                    )
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
                .push(" WHERE t.level_group_id IS NULL AND t.owner_user_id = ")
                .int(user.0),
        };
        sql.push(match source {
            Source::Groups => " AND t.level_group_id = g.id AND t.owner_user_id IS NULL",
            Source::People => " AND t.owner_user_id = p.id",
            Source::Unassigned => " AND t.level_group_id IS NULL AND t.owner_user_id IS NULL",
            Source::Table | Source::Branch | Source::Visible | Source::Found | Source::Licenses => "",
        });
        if source == Source::Groups {
            // Spares looking for tickets of groups out of reach.
            self.visibility.push_sees_group(sql, WALKED);
        }
        if !matches!(source, Source::Branch | Source::Visible) {
            self.visibility.push_sees_ticket(sql);
        }
        if source == Source::Licenses && !self.wanted.asks_of_both() {
            self.wanted.push_ticket_itself(sql, "t");
        } else {
            self.wanted.push_ticket(sql);
        }
        let led = self.lead.as_ref().filter(|_| source == Source::Found);
        for (at, word) in self.words.iter().enumerate() {
            if led.is_none_or(|lead| lead.word != at) {
                word.push_matches(sql);
            }
        }
    }

    /// The tickets of the list, at most one more than are counted.
    pub(super) fn push_some(&self, sql: &mut Sql) {
        let source = self.gathered();
        sql.push("SELECT t.id, t.protected, t.owner_group_id, t.owner_user_id");
        self.push_from(sql, source);
        self.push_where(sql, source);
        sql.push(" LIMIT ").int(COUNTED + 1);
    }

    fn lead(&self) -> Option<(&Lead, &Word)> {
        let lead = self.lead.as_ref()?;
        Some((lead, self.words.get(lead.word)?))
    }

    /// By names of result columns, which is what a statement of several parts can be ordered by.
    fn push_order(&self, sql: &mut Sql, sort: Sort) {
        const UP: &str = "";
        const DOWN: &str = " DESC";
        let columns: &[(&str, &str)] = match sort {
            Sort::Since => &[("owner_since", DOWN), ("id", DOWN)],
            Sort::Code => &[("code", UP), ("id", UP)],
            Sort::Product => &[("products", UP), ("id", UP)],
            Sort::Owner => &[
                ("owner_name", UP),
                ("owner_id", UP),
                ("owner_since", DOWN),
                ("id", DOWN),
            ],
        };
        for (at, (column, direction)) in columns.iter().enumerate() {
            let down = (*direction == DOWN) != self.query.reverse;
            sql.push(if at == 0 { " ORDER BY " } else { ", " })
                .push(column)
                .push(if down { DOWN } else { UP });
        }
    }
}

/// `column` within the branch.
pub(crate) fn push_within<'a>(sql: &'a mut Sql, column: &str, branch: &Lineage) -> &'a mut Sql {
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
    visibility: &VisibilityScope,
    query: &TicketQuery,
    branch: Option<&Lineage>,
) -> Result<(Vec<Ticket>, u64), StoreError> {
    let listing = Listing::of(tx, visibility, query, branch).await?;
    let total = listing.count(tx).await?;
    let gathered = [listing.gathered()];
    let sources = if total > COUNTED {
        listing.walked()
    } else {
        &gathered
    };
    let mut sql = Sql::default();
    let before = i64::from(PAGE) * i64::from(query.page);
    for (at, source) in sources.iter().enumerate() {
        sql.push(if at == 0 { "" } else { " UNION ALL " });
        if sources.len() == 1 {
            listing.push_select(&mut sql, *source);
            continue;
        }
        // Each part ends by itself when it has as many as the page could take from it.
        sql.push("SELECT * FROM (");
        listing.push_select(&mut sql, *source);
        // Nobody's tickets have one owner: a constant would keep SQLite from the index.
        let sort = if *source == Source::Unassigned {
            Sort::Since
        } else {
            Sort::Owner
        };
        listing.push_order(&mut sql, sort);
        sql.push(" LIMIT ")
            .int(before + i64::from(PAGE))
            .push(") AS part");
    }
    listing.push_order(&mut sql, listing.sort());
    sql.push(" LIMIT ")
        .int(i64::from(PAGE))
        .push(" OFFSET ")
        .int(before);
    let rows = sql.rows().fetch_all(tx.conn()).await?;
    Ok((
        complete(tx, rows).await?,
        u64::try_from(total).unwrap_or_default(),
    ))
}

/// All tickets the reader sees at a node, by id; at most so many.
///
/// # Errors
/// [`StoreError`].
pub async fn all(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    query: &TicketQuery,
    branch: Option<&Lineage>,
    limit: usize,
) -> Result<Vec<Ticket>, StoreError> {
    let listing = Listing::of(tx, visibility, query, branch).await?;
    let mut sql = Sql::default();
    listing.push_select(&mut sql, listing.gathered());
    sql.push(" ORDER BY id LIMIT ")
        .int(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<TicketRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut found = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let some = rows.by_ref().take(READ).collect();
        found.extend(complete(tx, some).await?);
    }
    Ok(found)
}

/// How many tickets the reader sees at a node; [`COUNTED`] + 1 stands for more than that.
///
/// # Errors
/// [`StoreError`].
pub async fn count(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    query: &TicketQuery,
    branch: Option<&Lineage>,
) -> Result<u64, StoreError> {
    let listing = Listing::of(tx, visibility, query, branch).await?;
    Ok(u64::try_from(listing.count(tx).await?).unwrap_or_default())
}
