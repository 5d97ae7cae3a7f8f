//! Looks a database over without changing anything: what the engine finds, what is missing of the schema, and what does not fit
//! together.

mod expected;
mod progress;
mod rules;

use domain::names::fold;
use tokio_stream::StreamExt;

pub use self::{
    expected::{Expected, expected},
    progress::{Progress, progress},
    rules::{Rule, breaks},
};
use crate::store::{
    Engine, StoreError, Tx,
    encryption::{Column, EncryptionError},
    groups::is_path,
    row::rows,
    sql::Sql,
};

rows! {
    struct NamedRow {
        name: String,
    }

    struct PathRow {
        id: i64,
        path: String,
        above: Option<String>,
    }

    struct FoldedRow {
        id: i64,
        name: String,
        folded: String,
    }

    struct ReferenceRow {
        child: String,
        parent: String,
        own: String,
        theirs: String,
    }

    struct SecretRow {
        id: String,
        value: String,
    }
}

async fn names(tx: &mut Tx, sql: &'static str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<NamedRow> = sqlx::query_as(sql).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// What is there of the schema, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn found(tx: &mut Tx) -> Result<Expected, StoreError> {
    let (tables, indexes) = match tx.engine {
        Engine::Sqlite => (
            "SELECT name FROM sqlite_master WHERE type = 'table'",
            "SELECT name FROM sqlite_master WHERE type = 'index'",
        ),
        Engine::Postgres => (
            "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables WHERE table_schema = current_schema()",
            "SELECT CAST(c.relname AS TEXT) AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND i.indisvalid",
        ),
    };
    let constraints = match tx.engine {
        // SQLite knows the names of constraints by the texts of its tables alone.
        Engine::Sqlite => {
            let texts = names(
                tx,
                "SELECT sql AS name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL",
            );
            expected::constraints(&texts.await?.join("\n"))
        }
        Engine::Postgres => {
            let named = names(
                tx,
                "SELECT CAST(k.conname AS TEXT) AS name FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
                 WHERE n.nspname = current_schema()",
            );
            named.await?.into_iter().collect()
        }
    };
    Ok(Expected {
        tables: names(tx, tables).await?.into_iter().collect(),
        indexes: names(tx, indexes)
            .await?
            .into_iter()
            .map(|name| (name, String::new()))
            .collect(),
        constraints,
    })
}

/// What SQLite finds damaged in its own file; nothing on PostgreSQL, where files are the server's.
///
/// # Errors
/// [`StoreError`].
pub async fn damage(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    if tx.engine == Engine::Postgres {
        return Ok(Vec::new());
    }
    let told = names(tx, "SELECT integrity_check AS name FROM pragma_integrity_check").await?;
    Ok(told.into_iter().filter(|line| line != "ok").collect())
}

/// Rows that refer to something that is not there: for each such reference how many, as `table.column: 3`.
///
/// # Errors
/// [`StoreError`].
pub async fn orphans(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    if tx.engine == Engine::Sqlite {
        let sql = "SELECT f.\"table\" || ' to ' || f.parent || ': ' || COUNT(*) AS name FROM pragma_foreign_key_check f
                   GROUP BY f.\"table\", f.parent ORDER BY 1";
        return names(tx, sql).await;
    }
    let references: Vec<ReferenceRow> = sqlx::query_as(
        "SELECT CAST(c.relname AS TEXT) AS child, CAST(p.relname AS TEXT) AS parent,
             (SELECT string_agg(CAST(a.attname AS TEXT), ',' ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY AS u (num, place)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS own,
             (SELECT string_agg(CAST(a.attname AS TEXT), ',' ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY AS u (num, place)
              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS theirs
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
         JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE k.contype = 'f' AND n.nspname = current_schema() ORDER BY k.conname",
    )
    .fetch_all(tx.conn())
    .await?;
    let mut orphans = Vec::new();
    for reference in references {
        let ReferenceRow {
            child,
            parent,
            own,
            theirs,
        } = &reference;
        let own: Vec<&str> = own.split(',').collect();
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) FROM ").push(child).push(" c WHERE ");
        for column in &own {
            sql.push("c.").push(column).push(" IS NOT NULL AND ");
        }
        sql.push("NOT EXISTS (SELECT 1 FROM ")
            .push(parent)
            .push(" p WHERE ");
        for (at, (column, other)) in own.iter().zip(theirs.split(',')).enumerate() {
            sql.push(if at == 0 { "p." } else { " AND p." }).push(other);
            sql.push(" = c.").push(column);
        }
        sql.push(")");
        let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
        if count > 0 {
            orphans.push(format!("{child} to {parent}: {count}"));
        }
    }
    Ok(orphans)
}

/// Something of which there are so many, the first of them by their ids.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Several {
    /// How many.
    pub count: u64,
    /// The first ones.
    pub ids: Vec<i64>,
}

impl Several {
    fn add(&mut self, id: i64, most: usize) {
        self.count += 1;
        if self.ids.len() < most {
            self.ids.push(id);
        }
    }
}

/// Groups whose path is not that of the group above with themselves at the end: the tree is open there, or goes in a circle.
///
/// # Errors
/// [`StoreError`].
pub async fn open_trees(tx: &mut Tx, most: usize) -> Result<Several, StoreError> {
    let sql = "SELECT g.id, g.path, p.path AS above FROM groups g LEFT JOIN groups p ON p.id = g.parent_id ORDER BY g.id";
    let mut rows = sqlx::query_as::<_, PathRow>(sql).fetch(tx.conn());
    let mut open = Several::default();
    while let Some(row) = rows.next().await {
        let row = row?;
        if !is_path(&row.path, row.above.as_deref().unwrap_or_default(), row.id) {
            open.add(row.id, most);
        }
    }
    Ok(open)
}

/// A column in which names stand in the form that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {
    /// Names and logins of people.
    People,
    /// Names of groups.
    Groups,
    /// Names of containers.
    Containers,
}

/// Rows that are not found by their names.
///
/// # Errors
/// [`StoreError`].
pub async fn misfolded(tx: &mut Tx, of: Folded, most: usize) -> Result<Several, StoreError> {
    let sql = match of {
        Folded::People => "SELECT id, name || ' ' || login AS name, folded FROM users ORDER BY id",
        Folded::Groups => "SELECT id, name, folded FROM groups ORDER BY id",
        Folded::Containers => "SELECT id, name, folded FROM containers ORDER BY id",
    };
    let mut rows = sqlx::query_as::<_, FoldedRow>(sql).fetch(tx.conn());
    let mut wrong = Several::default();
    while let Some(row) = rows.next().await {
        let row = row?;
        if fold(&row.name) != row.folded {
            wrong.add(row.id, most);
        }
    }
    Ok(wrong)
}

/// Tickets that are looked up in the index of parts of codes one by one, where the engine cannot compare all at once.
const SAMPLE: i64 = 10_000;

/// Tickets that are not found by parts of their codes. On SQLite at most [`SAMPLE`] are tried, evenly spread.
///
/// # Errors
/// [`StoreError`].
pub async fn unfindable(tx: &mut Tx, most: usize) -> Result<Several, StoreError> {
    let mut wrong = Several::default();
    if tx.engine == Engine::Postgres {
        let sql = "SELECT t.id FROM tickets t LEFT JOIN ticket_parts p ON p.rowid = t.id
                   WHERE p.parts IS NULL OR p.parts <> t.code ORDER BY t.id";
        let mut rows = sqlx::query_scalar::<_, i64>(sql).fetch(tx.conn());
        while let Some(id) = rows.next().await {
            wrong.add(id?, most);
        }
        return Ok(wrong);
    }
    let all: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM tickets")
        .fetch_one(tx.conn())
        .await?;
    let every = all / SAMPLE + 1;
    let sampled: Vec<FoldedRow> = sqlx::query_as(
        "SELECT id, code AS name, '' AS folded FROM
             (SELECT id, code, ROW_NUMBER() OVER (ORDER BY id) AS number FROM tickets) AS numbered WHERE number % $1 = 0 ORDER BY id",
    )
    .bind(every)
    .fetch_all(tx.conn())
    .await?;
    for ticket in sampled {
        let threes = (0..ticket.name.len().saturating_sub(2)).filter_map(|at| ticket.name.get(at..at + 3));
        let query: Vec<String> = threes.map(|three| format!("\"{three}\"")).collect();
        let known: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM ticket_parts WHERE ticket_parts MATCH $1 AND rowid = $2",
        )
        .bind(query.join(" AND "))
        .bind(ticket.id)
        .fetch_one(tx.conn())
        .await?;
        if known == 0 {
            wrong.add(ticket.id, most);
        }
    }
    Ok(wrong)
}

/// Values of a column with secrets that their key does not decrypt: how many, and why the first does not.
///
/// # Errors
/// [`StoreError`].
pub async fn sealed_shut(tx: &mut Tx, column: &Column) -> Result<(u64, Option<EncryptionError>), StoreError> {
    let keys = tx.keys.clone();
    let Column { table, name, row, .. } = *column;
    let mut sql = Sql::default();
    sql.push("SELECT CAST(").push(row).push(" AS TEXT) AS id, ");
    sql.push(name).push(" AS value FROM ").push(table);
    sql.push(" WHERE ").push(name).push(" IS NOT NULL");
    let rows = sql.rows::<SecretRow>();
    let mut rows = rows.fetch(tx.conn());
    let (mut count, mut first) = (0, None);
    while let Some(row) = rows.next().await {
        let SecretRow { id, value } = row?;
        if let Err(error) = keys.decrypt(&column.of(id), &value) {
            count += 1;
            first.get_or_insert(error);
        }
    }
    Ok((count, first))
}
