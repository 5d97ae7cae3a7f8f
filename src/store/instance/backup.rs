//! Every row of the database, table by table, for backups. Tables and columns are those of the schema as the database knows it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sqlx::{Row, any::AnyRow};
use tokio_stream::StreamExt;

use crate::store::{
    Engine, MIGRATIONS, StoreError, Tx,
    row::rows,
    sql::{BATCH, Sql, Value},
};

/// A value; nothing where there is none.
pub type Cell = Option<Datum>;

/// A number or a text: there are no other columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Datum {
    /// Of a `BIGINT`.
    Number(i64),
    /// Of a `TEXT`.
    Text(String),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers, ids, flags, moments.
    Number,
    /// Texts.
    Text,
}

/// A table: its name and columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in the order of their names, which is the same in both engines.
    pub columns: Vec<(String, Kind)>,
    /// Whether its rows refer to others of it.
    pub of_itself: bool,
}

rows! {
    struct ColumnRow {
        name: String,
        field: String,
        kind: String,
    }

    struct ReferenceRow {
        name: String,
        parent: String,
    }
}

/// What a migration writes into a new database.
const WRITTEN_BY_MIGRATIONS: [&str; 2] = ["permissions", "expiry_runs"];
/// What is made of other tables, and in each engine another way.
const DERIVED: &str = "ticket_parts";
/// Logins, and links that log in.
const LOGINS: [&str; 3] = ["sessions", "pending_logins", "password_links"];

/// Whether a table is made by a step of the schema: others may stand beside them.
fn is_ours(name: &str) -> bool {
    let makes = [format!("CREATE TABLE {name} ("), format!("RENAME TO {name};")];
    name != DERIVED
        && MIGRATIONS
            .iter()
            .any(|(.., text)| makes.iter().any(|makes| text.contains(makes)))
}

/// The last step of the schema that was taken; `None` where there is no portal in the database.
///
/// # Errors
/// [`StoreError`].
pub async fn schema(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let noted = match tx.engine {
        Engine::Sqlite => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'"
        }
        Engine::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'"
        }
    };
    let noted: i64 = sqlx::query_scalar(noted).fetch_one(tx.conn()).await?;
    if noted == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
        .fetch_one(tx.conn())
        .await?)
}

/// The tables of the portal, those that others refer to first.
///
/// # Errors
/// [`StoreError`].
pub async fn tables(tx: &mut Tx) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = match tx.engine {
        Engine::Sqlite => (
            "SELECT m.name, p.name AS field, p.type AS kind
             FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'",
            "SELECT m.name, f.\"table\" AS parent
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        ),
        Engine::Postgres => (
            "SELECT CAST(table_name AS TEXT) AS name, CAST(column_name AS TEXT) AS field, CAST(data_type AS TEXT) AS kind
             FROM information_schema.columns WHERE table_schema = current_schema()",
            "SELECT CAST(c.relname AS TEXT) AS name, CAST(p.relname AS TEXT) AS parent
             FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND n.nspname = current_schema()",
        ),
    };
    let columns: Vec<ColumnRow> = sqlx::query_as(columns).fetch_all(tx.conn()).await?;
    let references: Vec<ReferenceRow> = sqlx::query_as(references).fetch_all(tx.conn()).await?;
    let mut found: BTreeMap<String, BTreeMap<String, Kind>> = BTreeMap::new();
    for row in columns.into_iter().filter(|row| is_ours(&row.name)) {
        let kind = match row.kind.to_ascii_lowercase().as_str() {
            "bigint" | "integer" => Kind::Number,
            "text" => Kind::Text,
            _ => return Err(StoreError::Inconsistent("a column of another kind")),
        };
        found.entry(row.name).or_default().insert(row.field, kind);
    }
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in references {
        parents.entry(row.name).or_default().insert(row.parent);
    }
    in_order(found, &parents)
}

/// Tables after those that they refer to.
fn in_order(
    mut found: BTreeMap<String, BTreeMap<String, Kind>>,
    parents: &BTreeMap<String, BTreeSet<String>>,
) -> Result<Vec<Table>, StoreError> {
    let mut tables = Vec::new();
    while !found.is_empty() {
        let waits = |name: &String| {
            parents.get(name).is_some_and(|parents| {
                parents
                    .iter()
                    .any(|parent| parent != name && found.contains_key(parent))
            })
        };
        let next: Vec<String> = found.keys().filter(|name| !waits(name)).cloned().collect();
        if next.is_empty() {
            return Err(StoreError::Inconsistent("tables that refer to each other"));
        }
        for name in next {
            let columns = found.remove(&name).unwrap_or_default();
            tables.push(Table {
                of_itself: parents.get(&name).is_some_and(|parents| parents.contains(&name)),
                columns: columns.into_iter().collect(),
                name,
            });
        }
    }
    Ok(tables)
}

impl Table {
    fn fields(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    }

    fn read(&self, row: &AnyRow) -> Result<Vec<Cell>, StoreError> {
        let cell = |(at, (_, kind)): (usize, &(String, Kind))| match kind {
            Kind::Number => Ok(row.try_get::<Option<i64>, _>(at)?.map(Datum::Number)),
            Kind::Text => Ok(row.try_get::<Option<String>, _>(at)?.map(Datum::Text)),
        };
        self.columns.iter().enumerate().map(cell).collect()
    }
}

/// Reads every row of a table, one after the other: those that others of it refer to come first.
///
/// # Errors
/// [`StoreError`], and whatever `each` fails with.
pub async fn read<E: From<StoreError>>(
    tx: &mut Tx,
    table: &Table,
    mut each: impl FnMut(Vec<Cell>) -> Result<(), E>,
) -> Result<(), E> {
    // A group's path begins with that of the group above; elsewhere what is referred to was made before.
    let has_path = table.columns.iter().any(|(name, _)| name == "path");
    let order = match (table.of_itself, has_path) {
        (false, _) => "",
        (true, true) => " ORDER BY path",
        (true, false) => " ORDER BY id",
    };
    let sql = format!("SELECT {} FROM {}{order}", table.fields(), table.name);
    let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(tx.conn());
    while let Some(row) = rows.next().await {
        each(table.read(&row.map_err(StoreError::from)?)?)?;
    }
    Ok(())
}

/// Rows that are written at once.
pub const AT_ONCE: usize = BATCH;

/// Writes rows of a table, at most [`AT_ONCE`]; their cells are of the kinds of its columns.
///
/// # Errors
/// [`StoreError`].
pub async fn write(tx: &mut Tx, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let value = |(cell, (_, kind)): (Cell, &(String, Kind))| match (cell, kind) {
        (Some(Datum::Number(number)), _) => Value::Int(number),
        (Some(Datum::Text(text)), _) => Value::Text(text),
        (None, Kind::Number) => Value::MaybeInt(None),
        (None, Kind::Text) => Value::MaybeText(None),
    };
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().zip(&table.columns).map(value).collect());
    let into = format!("{} ({})", table.name, table.fields());
    Sql::insert(&into, rows).query().execute(tx.conn()).await?;
    Ok(())
}

/// A table with something in it that no migration wrote.
///
/// # Errors
/// [`StoreError`].
pub async fn occupied<'t>(tx: &mut Tx, tables: &'t [Table]) -> Result<Option<&'t str>, StoreError> {
    for table in tables {
        if WRITTEN_BY_MIGRATIONS.contains(&table.name.as_str()) {
            continue;
        }
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT 1) AS found",
            table.name
        );
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(tx.conn())
            .await?;
        if found > 0 {
            return Ok(Some(&table.name));
        }
    }
    Ok(None)
}

/// Deletes what migrations wrote: the backup has it, too.
///
/// # Errors
/// [`StoreError`].
pub async fn clear(tx: &mut Tx) -> Result<(), StoreError> {
    for table in WRITTEN_BY_MIGRATIONS {
        let sql = format!("DELETE FROM {table}");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Makes what is made of other tables, where the schema has it: older ones get it with the step that makes it.
///
/// # Errors
/// [`StoreError`].
pub async fn derive(tx: &mut Tx) -> Result<(), StoreError> {
    let known = match tx.engine {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = $1",
        Engine::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let known: i64 = sqlx::query_scalar(known)
        .bind(DERIVED)
        .fetch_one(tx.conn())
        .await?;
    if known > 0 {
        // What is left of a database that was emptied.
        let clear = match tx.engine {
            Engine::Sqlite => "INSERT INTO ticket_parts (ticket_parts) VALUES ('delete-all')",
            Engine::Postgres => "DELETE FROM ticket_parts",
        };
        sqlx::query(clear).execute(tx.conn()).await?;
        let sql = "INSERT INTO ticket_parts (rowid, parts) SELECT id, code FROM tickets ORDER BY id";
        sqlx::query(sql).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Forgets logins and links that log in: they may have ended, or been used, since the backup was made.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_logins(tx: &mut Tx) -> Result<(), StoreError> {
    for table in LOGINS {
        let sql = format!("DELETE FROM {table}");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Whether there are machines without a network.
///
/// # Errors
/// [`StoreError`].
pub async fn has_devices(tx: &mut Tx) -> Result<bool, StoreError> {
    let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM (SELECT 1 FROM devices LIMIT 1) AS found")
        .fetch_one(tx.conn())
        .await?;
    Ok(found > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_after_those_that_they_refer_to() {
        let found = ["a", "b", "c"].map(|name| (name.to_owned(), BTreeMap::new()));
        let parents = [("a", vec!["b"]), ("b", vec!["b", "c"])]
            .map(|(name, parents)| (name.to_owned(), parents.into_iter().map(str::to_owned).collect()));
        let tables = in_order(found.clone().into(), &parents.clone().into()).expect("an order");
        let names: Vec<(&str, bool)> = tables
            .iter()
            .map(|table| (table.name.as_str(), table.of_itself))
            .collect();
        assert_eq!(names, [("c", false), ("b", true), ("a", false)]);
        let round = parents
            .into_iter()
            .chain([("c".to_owned(), BTreeSet::from(["a".to_owned()]))]);
        assert!(in_order(found.into(), &round.collect()).is_err());
    }

    #[test]
    fn tables_beside_the_portal_are_not_its_own() {
        for name in ["users", "licenses", "events", "encryption_keys"] {
            assert!(is_ours(name), "{name}");
        }
        for name in [
            "_sqlx_migrations",
            "sqlite_sequence",
            "ticket_parts",
            "ticket_parts_data",
            "spatial_ref_sys",
            "user",
        ] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
