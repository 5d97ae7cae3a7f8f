//! What the schema has, read from its steps.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::{Engine, MIGRATIONS, migrations::of_engine};

/// Tables, indexes and named constraints.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The names of tables.
    pub tables: BTreeSet<String>,
    /// The names of indexes, with the statements that make them.
    pub indexes: BTreeMap<String, String>,
    /// The names of constraints that have one.
    pub constraints: BTreeSet<String>,
}

/// The names that stand behind `CONSTRAINT` in the text of tables.
pub(super) fn constraints(text: &str) -> BTreeSet<String> {
    let mut words = text.split_whitespace();
    let mut names = BTreeSet::new();
    while let Some(word) = words.next() {
        if word == "CONSTRAINT"
            && let Some(name) = words.next()
        {
            names.insert(name.to_owned());
        }
    }
    names
}

/// What a database has that took all steps up to that one.
#[must_use]
pub fn expected(engine: Engine, last: i64) -> Expected {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // Name, table, statement.
    let mut indexes: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (.., text) in MIGRATIONS.iter().filter(|(number, ..)| *number <= last) {
        let text = of_engine(text, engine);
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
        let text = lines.collect::<Vec<_>>().join("\n");
        for statement in text.split(';') {
            let words: Vec<&str> = statement.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => {
                    tables.insert((*name).to_owned(), constraints(statement));
                }
                ["CREATE", "VIRTUAL", "TABLE", name, ..] => {
                    tables.insert((*name).to_owned(), BTreeSet::new());
                }
                ["DROP", "TABLE", name] => {
                    tables.remove(*name);
                    indexes.retain(|_, (table, _)| table != name);
                }
                ["ALTER", "TABLE", name, "RENAME", "TO", other] => {
                    let constraints = tables.remove(*name).unwrap_or_default();
                    tables.insert((*other).to_owned(), constraints);
                    for (table, _) in indexes.values_mut().filter(|(table, _)| table == name) {
                        *table = (*other).to_owned();
                    }
                }
                ["CREATE", "INDEX", name, "ON", table, ..]
                | ["CREATE", "UNIQUE", "INDEX", name, "ON", table, ..] => {
                    let table = table.split('(').next().unwrap_or_default();
                    let made = (table.to_owned(), words.join(" "));
                    indexes.insert((*name).to_owned(), made);
                }
                ["DROP", "INDEX", name] => {
                    indexes.remove(*name);
                }
                _ => {}
            }
        }
    }
    Expected {
        constraints: tables.values().flatten().cloned().collect(),
        tables: tables.into_keys().collect(),
        indexes: indexes
            .into_iter()
            .map(|(name, (_, statement))| (name, statement))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::newest;

    #[test]
    fn the_steps_are_read_as_the_engines_take_them() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let schema = expected(engine, newest());
            for table in ["users", "licenses", "sessions", "ticket_parts"] {
                assert!(schema.tables.contains(table), "{table}");
            }
            // Renamed and dropped by later steps.
            assert!(!schema.tables.contains("old_licenses"));
            for index in ["tickets_by_level", "sessions_one_login", "activations_running"] {
                let statement = &schema.indexes[index];
                assert!(
                    statement.starts_with("CREATE ") && statement.contains(index),
                    "{statement}"
                );
            }
            assert!(schema.indexes["activations_running"].contains("part"));
            for gone in ["sessions_by_user", "no_such_index"] {
                assert!(!schema.indexes.contains_key(gone), "{gone}");
            }
            for constraint in ["one_owner", "never_more_than_granted"] {
                assert!(schema.constraints.contains(constraint), "{constraint}");
            }
            let parts = schema.indexes.contains_key("ticket_parts_by_three");
            assert_eq!(parts, engine == Engine::Postgres);
        }
        assert!(!expected(Engine::Sqlite, 20).tables.contains("ticket_parts"));
    }
}
