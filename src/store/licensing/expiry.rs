//! What expires soon.
//!
//! When a licence ends is an expression that has an index (`licenses_by_end`); it is written here once. Where the reader sees
//! few tickets, these are gathered and their licences looked at; where there are many, the ends are walked from the next on.

use domain::{
    access::Concerned,
    groups::Lineage,
    ids::{LicenseId, ProductId, TicketId, UserId},
    licensing::{expiry::STEPS, products::ProductName},
    time::{days, later},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx, groups,
        row::{self, number, rows},
        sql::{Sql, push_in},
        tickets::{
            JOINS,
            listing::{COUNTED, push_within},
        },
        visibility::VisibilityScope,
    },
    views::licensing::expiry::EXPIRY_PAGE,
};

/// When the licence `l` ends.
const END: &str = "COALESCE(l.valid_until, l.started_at + l.valid_days * 86400000)";

/// What is looked for, for whom.
#[derive(Debug, Clone, Copy)]
pub struct Expiries<'a> {
    /// Who reads.
    pub visibility: &'a VisibilityScope,
    /// The ends that are meant: from (exclusive), to (inclusive).
    pub ends: (Timestamp, Timestamp),
    /// Only in the branch of this group, which the reader sees.
    pub branch: Option<&'a Lineage>,
}

/// Where the licences `l` of tickets `t` come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The ends, from the next on.
    Ends,
    /// All tickets that the reader sees.
    Visible,
    /// The tickets of the branch, of which the reader sees everything.
    Branch,
}

/// The end of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub license: LicenseId,
    pub ticket: TicketId,
    /// The first moment at which it cannot be used any more.
    pub end: Timestamp,
}

/// Licences counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Where the group stands that stands for the branch.
    pub branch: Option<Lineage>,
    /// Without one: whether they are somebody's.
    pub personal: bool,
    /// Which of the [`STEPS`] they have come to.
    pub step: usize,
    pub product: (ProductId, ProductName),
    /// How many lines of tickets.
    pub lines: u64,
    /// How many licences stand in them.
    pub licenses: u64,
}

rows! {
    struct EndingRow {
        id: LicenseId,
        ticket_id: TicketId,
        ending: Timestamp,
    }

    /// With how many there are in all.
    struct EndingOfRow {
        ending: EndingRow,
        total: i64,
        licenses: i64,
    }

    struct CountedRow {
        branch: Option<String>,
        personal: bool,
        step: i64,
        product_id: ProductId,
        name: String,
        name_de: String,
        total: i64,
        licenses: i64,
    }

    struct ConcernedRow {
        path: Option<String>,
        person: Option<UserId>,
    }
}

impl From<EndingRow> for Ending {
    fn from(row: EndingRow) -> Self {
        Self {
            license: row.id,
            ticket: row.ticket_id,
            end: row.ending,
        }
    }
}

impl TryFrom<CountedRow> for Counted {
    type Error = StoreError;

    fn try_from(row: CountedRow) -> Result<Self, StoreError> {
        let name = ProductName {
            en: row.name,
            de: row.name_de,
        };
        Ok(Self {
            branch: row.branch.map(|path| groups::lineage_of(&path)).transpose()?,
            personal: row.personal,
            step: number(row.step, "licenses.end")?,
            product: (row.product_id, name),
            lines: u64::try_from(row.total).unwrap_or_default(),
            licenses: u64::try_from(row.licenses).unwrap_or_default(),
        })
    }
}

impl TryFrom<ConcernedRow> for Concerned {
    type Error = StoreError;

    fn try_from(row: ConcernedRow) -> Result<Self, StoreError> {
        Ok(match (row.path, row.person) {
            (Some(path), _) => Self::Level(groups::lineage_of(&path)?),
            (None, Some(person)) => Self::Person(person),
            (None, None) => Self::Nobody,
        })
    }
}

fn push_range(sql: &mut Sql, (from, to): (Timestamp, Timestamp)) {
    sql.push(END).push(" > ").moment(from).push(" AND ");
    sql.push(END).push(" <= ").moment(to);
    // What is revoked has no end to come.
    sql.push(" AND l.revoked_at IS NULL");
}

impl Expiries<'_> {
    async fn source(&self, tx: &mut Tx) -> Result<Source, StoreError> {
        let actor = self.visibility.actor();
        let gathered = match self.branch {
            Some(branch) if actor.administers(branch) => Source::Branch,
            _ if actor.isv_admin => return Ok(Source::Ends),
            _ => Source::Visible,
        };
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM (");
        self.push_tickets(&mut sql, gathered);
        sql.push(") t LIMIT ").int(COUNTED + 1).push(") AS few");
        let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
        Ok(if count > COUNTED { Source::Ends } else { gathered })
    }

    fn push_tickets(&self, sql: &mut Sql, source: Source) {
        match (source, self.branch) {
            (Source::Branch, Some(branch)) => {
                sql.push("SELECT b.* FROM groups bg JOIN tickets b ON b.level_group_id = bg.id WHERE ");
                push_within(sql, "bg.path", branch);
            }
            (Source::Ends, _) => {
                sql.push("SELECT * FROM tickets");
            }
            (Source::Visible | Source::Branch, _) => self.visibility.push_visible_tickets(sql),
        }
    }

    /// From `FROM` on, without the order.
    fn push_from(&self, sql: &mut Sql, source: Source) {
        if source == Source::Ends {
            // CROSS JOIN: SQLite begins with the left side, whose order is wanted.
            sql.push(" FROM licenses l CROSS JOIN tickets t");
        } else {
            sql.push(" FROM (");
            self.push_tickets(sql, source);
            sql.push(") t CROSS JOIN licenses l");
        }
        sql.push(JOINS).push(" WHERE l.ticket_id = t.id AND ");
        push_range(sql, self.ends);
        if let Some(branch) = self.branch.filter(|_| source != Source::Branch) {
            // As an expression it is no reason to begin with the groups.
            sql.push(" AND ");
            push_within(sql, "(lg.path || '')", branch);
        }
        if source != Source::Visible {
            self.visibility.push_sees_ticket(sql);
        }
    }

    /// A page of what ends, the next first; of one product or all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(
        &self,
        tx: &mut Tx,
        product: Option<ProductId>,
        page: u32,
    ) -> Result<Vec<Ending>, StoreError> {
        let source = self.source(tx).await?;
        let mut sql = Sql::default();
        sql.push("SELECT l.id, l.ticket_id, ")
            .push(END)
            .push(" AS ending");
        self.push_from(&mut sql, source);
        if let Some(product) = product {
            sql.push(" AND l.product_id = ").int(product.0);
        }
        sql.push(" ORDER BY ")
            .push(END)
            .push(", l.ticket_id, l.id LIMIT ");
        sql.int(i64::from(EXPIRY_PAGE)).push(" OFFSET ");
        sql.int(i64::from(EXPIRY_PAGE) * i64::from(page));
        let rows: Vec<EndingRow> = sql.rows().fetch_all(tx.conn()).await?;
        Ok(rows.into_iter().map(Ending::from).collect())
    }

    /// How many end, by branch, step and product. The branches are those of the group asked for, or of the topmost ones that
    /// the reader administers: where that is one, its subgroups.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self, tx: &mut Tx, now: Timestamp) -> Result<Vec<Counted>, StoreError> {
        let source = self.source(tx).await?;
        let mut sql = Sql::default();
        sql.push(
            "SELECT branch, personal, step, product_id, p.name, p.name_de, total, licenses FROM (SELECT ",
        );
        self.push_branch(&mut sql);
        sql.push(" AS branch, CASE WHEN t.owner_user_id IS NULL THEN 0 ELSE 1 END AS personal, CASE");
        for (at, step) in STEPS.iter().enumerate() {
            sql.push(" WHEN ")
                .push(END)
                .push(" <= ")
                .moment(later(now, days(*step)));
            sql.push(&format!(" THEN {at}"));
        }
        sql.push(&format!(
            " ELSE {} END AS step, l.product_id, COUNT(*) AS total,
             CAST(SUM(COALESCE(l.reduced_to, l.quantity)) AS BIGINT) AS licenses",
            STEPS.len()
        ));
        self.push_from(&mut sql, source);
        sql.push(" GROUP BY 1, 2, 3, 4) c JOIN products p ON p.id = c.product_id");
        let rows: Vec<CountedRow> = sql.rows().fetch_all(tx.conn()).await?;
        row::all(rows)
    }

    /// The path of the group that stands for the branch of a ticket.
    fn push_branch(&self, sql: &mut Sql) {
        let asked: Vec<String> = match self.branch {
            Some(branch) => vec![groups::path_of(branch)],
            None if self.visibility.actor().isv_admin => vec![String::new()],
            None => self.visibility.branches.clone(),
        };
        // Several branches stand for themselves; of one, those below it are told.
        let below = if asked.len() == 1 { groups::SEGMENT } else { 0 };
        sql.push("CASE");
        for path in &asked {
            sql.push(" WHEN ");
            groups::push_branches(sql, "lg.path", std::slice::from_ref(path));
            sql.push(&format!(" THEN substr(lg.path, 1, {})", path.len() + below));
        }
        sql.push(if asked.is_empty() {
            " WHEN 1 = 1 THEN lg.path END"
        } else {
            " ELSE lg.path END"
        });
    }
}

/// ` UNION ALL`-ed over the ranges: one walk of the index each.
fn push_ranges(
    sql: &mut Sql,
    ranges: &[(Timestamp, Timestamp)],
    select: &str,
    visibility: Option<&VisibilityScope>,
) {
    for (at, range) in ranges.iter().enumerate() {
        sql.push(if at == 0 { "" } else { " UNION ALL " }).push(select);
        sql.push(" FROM licenses l CROSS JOIN tickets t")
            .push(JOINS)
            .push(" WHERE t.id = l.ticket_id AND ");
        push_range(sql, *range);
        if let Some(visibility) = visibility {
            visibility.push_sees_ticket(sql);
        }
    }
}

/// To whom the tickets belong whose licences end in these ranges; for one reader those that they see, or for all.
///
/// # Errors
/// [`StoreError`].
pub async fn concerned(
    tx: &mut Tx,
    ranges: &[(Timestamp, Timestamp)],
    visibility: Option<&VisibilityScope>,
) -> Result<Vec<Concerned>, StoreError> {
    if ranges.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT DISTINCT path, person FROM (");
    let person = "SELECT lg.path AS path, CASE WHEN lg.path IS NULL THEN t.owner_user_id END AS person";
    push_ranges(&mut sql, ranges, person, visibility);
    sql.push(") AS ending ORDER BY path, person");
    let rows: Vec<ConcernedRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// What ends in these ranges of tickets that belong to these, and that the reader sees: so many, the next first; and how many
/// lines of tickets there are, and licences in them.
///
/// # Errors
/// [`StoreError`].
pub async fn endings(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    ranges: &[(Timestamp, Timestamp)],
    of: &[Concerned],
    limit: usize,
) -> Result<(Vec<Ending>, [u64; 2]), StoreError> {
    let (mut found, mut totals) = (Vec::new(), [0, 0]);
    // As many place holders as both engines take.
    for of in of.chunks(1_000) {
        let mut sql = Sql::default();
        sql.push(
            "SELECT id, ticket_id, ending, COUNT(*) OVER () AS total, CAST(SUM(quantity) OVER () AS BIGINT) AS licenses FROM (",
        );
        let select = format!(
            "SELECT l.id AS id, l.ticket_id AS ticket_id, COALESCE(l.reduced_to, l.quantity) AS quantity, {END} AS ending, t.level_group_id AS level,
                 CASE WHEN t.level_group_id IS NULL THEN COALESCE(t.owner_user_id, 0) END AS person"
        );
        push_ranges(&mut sql, ranges, &select, Some(visibility));
        sql.push(") AS e WHERE ");
        let levels = of.iter().filter_map(|concerned| match concerned {
            Concerned::Level(lineage) => Some(lineage.group().0),
            Concerned::Person(_) | Concerned::Nobody => None,
        });
        push_in(&mut sql, "level", levels);
        let people = of.iter().filter_map(|concerned| match concerned {
            Concerned::Person(person) => Some(person.0),
            Concerned::Nobody => Some(0),
            Concerned::Level(_) => None,
        });
        push_in(&mut sql, " OR person", people);
        sql.push(" ORDER BY ending, ticket_id, id LIMIT ")
            .int(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<EndingOfRow> = sql.rows().fetch_all(tx.conn()).await?;
        if let Some(row) = rows.first() {
            for (total, counted) in totals.iter_mut().zip([row.total, row.licenses]) {
                *total += u64::try_from(counted).unwrap_or_default();
            }
        }
        found.extend(rows.into_iter().map(|row| Ending::from(row.ending)));
    }
    found.sort_by_key(|ending| (ending.end, ending.ticket, ending.license));
    found.truncate(limit);
    Ok((found, totals))
}
