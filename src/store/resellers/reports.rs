//! Counts over a branch (N13), by period and product.
//!
//! The plan is the same on both engines: the groups of the branch are one range of `groups.path`; of each, what was created in
//! it is read from `creations_by_group`, and what is in it now from `tickets_by_level_created`, both within the days asked for.
//! Without a branch, for ISV admins, the days alone are walked.

use domain::{
    groups::Lineage,
    licensing::products::ProductName,
    time::{days, later},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx, groups,
        row::{self, number, rows},
        sql::Sql,
    },
    views::resellers::reports::{EXPIRING_DAYS, ReportRow},
};

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// The topmost groups of the branches; `None` for everything.
    pub branches: Option<&'a [Lineage]>,
    /// First moments of the periods, the oldest first.
    pub begins: &'a [Timestamp],
    /// The end of the last one.
    pub end: Timestamp,
    /// The present moment.
    pub now: Timestamp,
}

impl Counted<'_> {
    /// The period of a moment: the newest that began by then.
    fn push_period(&self, sql: &mut Sql, column: &str) {
        sql.push("CASE");
        for begin in self.begins.iter().rev() {
            sql.push(" WHEN ").push(column).push(" >= ").moment(*begin);
            sql.push(" THEN ").moment(*begin);
        }
        sql.push(" END");
    }

    /// The rows in a branch and in the days. `CROSS` keeps SQLite from walking all days for a small branch.
    fn push_source(&self, sql: &mut Sql, rows: &str, group: &str, at: &str) {
        if let Some(branches) = self.branches {
            let paths: Vec<String> = branches.iter().map(groups::path_of).collect();
            sql.push("groups bg CROSS JOIN ").push(rows).push(" WHERE ");
            groups::push_branches(sql, "bg.path", &paths);
            sql.push(" AND ").push(group).push(" = bg.id AND ");
        } else {
            sql.push(rows).push(" WHERE ");
        }
        let first = self.begins.first().copied().unwrap_or(self.end);
        sql.push(at).push(" >= ").moment(first);
        sql.push(" AND ").push(at).push(" < ").moment(self.end);
    }

    fn push_created(&self, sql: &mut Sql) {
        sql.push("SELECT ");
        self.push_period(sql, "c.created_at");
        sql.push(
            " AS period, c.product_id AS product_id, c.quantity * c.tickets AS created, 0 AS assigned, 0 AS activated,
             0 AS expiring FROM ",
        );
        self.push_source(sql, "creations c", "c.group_id", "c.created_at");
    }

    fn push_present(&self, sql: &mut Sql) {
        sql.push("SELECT ");
        self.push_period(sql, "t.created_at");
        let ends = "COALESCE(l.valid_until, l.started_at + l.valid_days * 86400000)";
        sql.push(", l.product_id, 0, COALESCE(l.reduced_to, l.quantity), l.activated, CASE WHEN ")
            .push(ends)
            .push(" > ")
            .moment(self.now);
        sql.push(" AND ")
            .push(ends)
            .push(" <= ")
            .moment(later(self.now, days(EXPIRING_DAYS)));
        sql.push(" AND l.revoked_at IS NULL THEN COALESCE(l.reduced_to, l.quantity) ELSE 0 END FROM ");
        let tickets = "tickets t JOIN licenses l ON l.ticket_id = t.id";
        self.push_source(sql, tickets, "t.level_group_id", "t.created_at");
        if self.branches.is_none() {
            sql.push(" AND (t.owner_group_id IS NOT NULL OR t.owner_user_id IS NOT NULL)");
        }
    }

    fn push_statement(&self, sql: &mut Sql, limit: u32, offset: u64) {
        sql.push("SELECT s.period, p.name, p.name_de, p.article");
        for column in ["created", "assigned", "activated", "expiring"] {
            sql.push(", CAST(SUM(s.")
                .push(column)
                .push(") AS BIGINT) AS ")
                .push(column);
        }
        sql.push(", COUNT(*) OVER () AS total FROM (");
        self.push_created(sql);
        sql.push(" UNION ALL ");
        self.push_present(sql);
        sql.push(
            ") AS s JOIN products p ON p.id = s.product_id GROUP BY s.period, p.id, p.name, p.name_de, p.article
             ORDER BY s.period DESC, p.article LIMIT ",
        );
        sql.int(i64::from(limit))
            .push(" OFFSET ")
            .int(i64::try_from(offset).unwrap_or(i64::MAX));
    }
}

rows! {
    struct CountedRow {
        period: Timestamp,
        name: String,
        name_de: String,
        article: String,
        created: i64,
        assigned: i64,
        activated: i64,
        expiring: i64,
        total: i64,
    }
}

impl TryFrom<CountedRow> for ReportRow {
    type Error = StoreError;

    fn try_from(row: CountedRow) -> Result<Self, StoreError> {
        Ok(Self {
            begin: row.period,
            product: ProductName {
                en: row.name,
                de: row.name_de,
            },
            article: row.article,
            created: number(row.created, "creations.quantity")?,
            assigned: number(row.assigned, "licenses.quantity")?,
            activated: number(row.activated, "licenses.activated")?,
            expiring: number(row.expiring, "licenses.quantity")?,
        })
    }
}

/// So many lines from there on, and how many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn rows(
    tx: &mut Tx,
    counted: Counted<'_>,
    limit: u32,
    offset: u64,
) -> Result<(Vec<ReportRow>, u64), StoreError> {
    let mut sql = Sql::default();
    counted.push_statement(&mut sql, limit, offset);
    let rows: Vec<CountedRow> = sql.rows().fetch_all(tx.conn()).await?;
    // Beyond the last page nothing is counted.
    let total = rows.first().map_or(0, |row| row.total);
    Ok((row::all(rows)?, u64::try_from(total).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, Row, any::AnyRow};

    use super::*;
    use crate::store::{Engine, Store, sources::Sources};
    use domain::ids::GroupId;

    /// A day after 1970.
    const DAY: Timestamp = Timestamp::constant(86_400, 0);

    /// How the database finds what is counted.
    async fn explained(store: &Store, explain: &str, column: usize, branches: Option<&[Lineage]>) -> String {
        let counted = Counted {
            branches,
            begins: &[Timestamp::UNIX_EPOCH, DAY],
            end: later(DAY, days(1)),
            now: DAY,
        };
        let mut sql = Sql::default();
        sql.push(explain);
        counted.push_statement(&mut sql, 50, 0);
        let mut tx = store.begin_read().await.expect("a transaction");
        if store.engine() == Engine::Postgres {
            // Tables without rows are read as a whole; which indexes fit is what is asked.
            sqlx::query("SET LOCAL enable_seqscan = off")
                .execute(tx.conn())
                .await
                .expect("a setting");
        }
        let rows = sql.query().fetch_all(tx.conn()).await.expect("a plan");
        let detail = |row: &AnyRow| row.get::<String, _>(column);
        rows.iter().map(detail).collect::<Vec<_>>().join("\n")
    }

    async fn opened(address: &str) -> Store {
        let store = Store::open(
            address,
            1,
            Sources::new(|| Timestamp::UNIX_EPOCH, |bytes| bytes.fill(7)),
        )
        .await
        .expect("a database");
        store.migrate().await.expect("its schema");
        store
    }

    async fn plan(branches: Option<&[Lineage]>) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let store = opened(&format!("sqlite:{}/portal.db", folder.path().display())).await;
        explained(&store, "EXPLAIN QUERY PLAN ", 3, branches).await
    }

    #[tokio::test]
    async fn a_branch_is_found_by_its_groups_and_the_days() {
        let plan = plan(Some(&[Lineage::top(GroupId(7))])).await;
        for index in [
            "creations_by_group (group_id=? AND created_at>? AND created_at<?)",
            "tickets_by_level_created (level_group_id=? AND created_at>? AND created_at<?)",
        ] {
            assert!(plan.contains(index), "{plan}");
        }
        assert!(!plan.contains("SCAN bg\n") && !plan.contains("SCAN l"), "{plan}");
    }

    #[tokio::test]
    async fn everything_is_found_by_the_days() {
        let plan = plan(None).await;
        for index in [
            "creations_by_time (created_at>?",
            "tickets_by_created (created_at>?",
        ] {
            assert!(plan.contains(index), "{plan}");
        }
    }

    #[tokio::test]
    async fn postgres_finds_both_by_the_same_indexes() {
        let server = std::env::var("PORTAL_TEST_POSTGRES").expect("PORTAL_TEST_POSTGRES");
        let schema = format!("report_plans_{}", std::process::id());
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&server).await.expect("PostgreSQL");
        let mut run = async |sql: String| {
            let done = sqlx::query(sqlx::AssertSqlSafe(sql))
                .execute(&mut connection)
                .await;
            done.expect("a statement");
        };
        run(format!("CREATE SCHEMA {schema}")).await;
        let store = opened(&format!("{server}?options=-csearch_path%3D{schema}")).await;
        // Groups and tickets enough that a branch is worth an index of its own.
        for fill in [
            "INSERT INTO groups (id, key, name, folded, path, created_at)
             SELECT n, 'g' || n, 'g', 'g', LPAD(n::text, 13, '0'), 0 FROM generate_series(1, 200) n",
            "INSERT INTO tickets (id, code, owner_group_id, level_group_id, protected, products, owner_since, created_at)
             SELECT n, 'c' || n, n % 200 + 1, n % 200 + 1, 0, '', 0, n::bigint * 432000 FROM generate_series(1, 20000) n",
            "ANALYZE groups, tickets",
        ] {
            let mut tx = store.begin_write().await.expect("a transaction");
            sqlx::query(fill).execute(tx.conn()).await.expect("rows");
            store.commit(tx).await.expect("a commit");
        }
        let branch = [Lineage::top(GroupId(7))];
        let branch = explained(&store, "EXPLAIN ", 0, Some(&branch)).await;
        let everything = explained(&store, "EXPLAIN ", 0, None).await;
        drop(store);
        run(format!("DROP SCHEMA {schema} CASCADE")).await;
        for (plan, indexes) in [
            (branch, ["creations_by_group", "tickets_by_level_created"]),
            (everything, ["creations_by_time", "tickets_by_created"]),
        ] {
            for index in indexes {
                assert!(plan.contains(index), "{plan}");
            }
        }
    }
}
