//! Looks a database over (N27): what must hold of it, and what to do where it does not. Nothing is changed.

mod words;

use std::collections::BTreeSet;

use serde::Serialize;

pub use self::words::Check;
use crate::{
    ops::{
        OpError,
        history::verification,
        instance::doctor::words::{WRITTEN_BY_OTHERS, of_folded, of_rule},
    },
    store::{
        self, Engine, Store, Tx,
        encryption::{ENCRYPTED, KeySource},
        instance::{
            doctor::{self, Folded, Progress, Rule, Several},
            encryption_keys,
        },
    },
};

/// So many examples are told of each finding.
const EXAMPLES: usize = 10;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// What is wrong, in a sentence without its end.
    pub what: String,
    /// Of how many that is so.
    pub count: u64,
    /// The first of them: ids, names, or sentences.
    pub examples: Vec<String>,
    /// What to do about it.
    #[serde(rename = "do")]
    pub todo: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was looked at.
    pub looked_at: BTreeSet<Check>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Something was looked at.
    pub fn look_at(&mut self, check: Check) {
        self.looked_at.insert(check);
    }

    /// Something is wrong.
    pub fn add(&mut self, check: Check, what: &str, examples: Vec<String>, todo: &str) {
        let count = u64::try_from(examples.len()).unwrap_or(u64::MAX);
        self.findings.push(Finding {
            check,
            what: what.to_owned(),
            count,
            examples: examples.into_iter().take(EXAMPLES).collect(),
            todo: todo.to_owned(),
        });
    }

    fn several(&mut self, check: Check, found: &Several, (what, todo): (&str, &str)) {
        if found.count > 0 {
            self.findings.push(Finding {
                check,
                what: what.to_owned(),
                count: found.count,
                examples: found.ids.iter().map(ToString::to_string).collect(),
                todo: todo.to_owned(),
            });
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_well(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Looks at everything that stands in the database, in one state of it but for the history, and whether the keys are at hand.
///
/// # Errors
/// [`OpError::Store`]; what is wrong is no error, but stands in the answer.
pub async fn examine(store: &Store, keys: KeySource) -> Result<Report, OpError> {
    store.keys().draw_from(keys);
    let mut report = Report::default();
    let mut tx = store.begin_read().await?;
    if !schema(&mut tx, &mut report).await? {
        return Ok(report);
    }
    if !structure(&mut tx, store.engine(), &mut report).await? {
        return Ok(report);
    }
    storage(&mut tx, &mut report).await?;
    for check in [
        Check::Tickets,
        Check::Counts,
        Check::Search,
        Check::Single,
        Check::Keys,
    ] {
        report.look_at(check);
    }
    let most = i64::try_from(EXAMPLES).unwrap_or_default();
    for rule in Rule::ALL {
        let (count, ids) = doctor::breaks(&mut tx, rule, store.sources.now(), most).await?;
        let (check, what, todo) = of_rule(rule);
        report.several(check, &Several { count, ids }, (what, todo));
    }
    report.look_at(Check::Groups);
    let open = doctor::open_trees(&mut tx, EXAMPLES).await?;
    let what = "groups are not where the group above them is: the tree is open there, or goes in a circle";
    report.several(Check::Groups, &open, (what, WRITTEN_BY_OTHERS));
    search(&mut tx, store.engine(), &mut report).await?;
    secrets(&mut tx, &mut report).await?;
    drop(tx);
    history(store, &mut report).await?;
    report.findings.sort_by_key(|finding| finding.check);
    Ok(report)
}

/// Whether the rest can be looked at.
async fn schema(tx: &mut Tx, report: &mut Report) -> Result<bool, OpError> {
    report.look_at(Check::Schema);
    let known = store::newest();
    let (what, todo) = match doctor::progress(tx).await? {
        Progress::Here => return Ok(true),
        Progress::Nowhere => (
            "there is no portal in this database".to_owned(),
            "see that --database is the right one; an empty one is made ready by its first start",
        ),
        Progress::Behind(step) => (
            format!("the database has step {step} of the schema, and this portal {known}"),
            "license-portal backup, then license-portal migrate, with all servers of the older version ended",
        ),
        Progress::Ahead(step) => (
            format!("the database has step {step} of the schema, and this portal knows {known}"),
            "use the newer portal for it",
        ),
        Progress::Altered(step) => (
            format!("step {step} of the schema is another one than this portal knows"),
            "another version made this database: use that one, or restore a backup",
        ),
        Progress::Unfinished(step) => (
            format!("step {step} of the schema was begun, and not finished"),
            "restore the backup from before the upgrade",
        ),
    };
    report.add(Check::Schema, &what, Vec::new(), todo);
    Ok(false)
}

/// Whether there are all tables, so that the rest can be looked at.
async fn structure(tx: &mut Tx, engine: Engine, report: &mut Report) -> Result<bool, OpError> {
    report.look_at(Check::Structure);
    let wanted = doctor::expected(engine, store::newest());
    let found = doctor::found(tx).await?;
    let missing: Vec<String> = wanted.tables.difference(&found.tables).cloned().collect();
    let tables = missing.is_empty();
    if !tables {
        report.add(
            Check::Structure,
            "tables are missing",
            missing,
            "restore a backup",
        );
    }
    for (name, statement) in &wanted.indexes {
        if !found.indexes.contains_key(name) {
            let what =
                "an index is missing, or not valid: lists are slow, or what is there once can be there twice";
            // One that is not valid is in the way of a new one.
            let todo = format!("DROP INDEX IF EXISTS {name}; {statement}");
            report.add(Check::Structure, what, vec![name.clone()], &todo);
        }
    }
    let missing: Vec<String> = wanted
        .constraints
        .difference(&found.constraints)
        .cloned()
        .collect();
    if !missing.is_empty() {
        let todo = "take them from the files in migrations/ and add them again, once the rows keep to them";
        report.add(
            Check::Structure,
            "constraints that keep the invariants are missing",
            missing,
            todo,
        );
    }
    Ok(tables)
}

async fn storage(tx: &mut Tx, report: &mut Report) -> Result<(), OpError> {
    report.look_at(Check::Storage);
    let damage = doctor::damage(tx).await?;
    if !damage.is_empty() {
        let todo = "the file may be damaged: copy it away, look at the disk, and restore a backup; where nothing but an index is named: \
                    REINDEX, with all servers ended";
        report.add(
            Check::Storage,
            "SQLite does not find its file as it should be",
            damage,
            todo,
        );
    }
    report.look_at(Check::References);
    let orphans = doctor::orphans(tx).await?;
    if !orphans.is_empty() {
        report.add(
            Check::References,
            "rows refer to others that are not there",
            orphans,
            WRITTEN_BY_OTHERS,
        );
    }
    Ok(())
}

async fn search(tx: &mut Tx, engine: Engine, report: &mut Report) -> Result<(), OpError> {
    for folded in [Folded::People, Folded::Groups, Folded::Containers] {
        let wrong = doctor::misfolded(tx, folded, EXAMPLES).await?;
        report.several(Check::Search, &wrong, of_folded(folded));
    }
    let wrong = doctor::unfindable(tx, EXAMPLES).await?;
    let clear = match engine {
        Engine::Sqlite => "INSERT INTO ticket_parts (ticket_parts) VALUES ('delete-all')",
        Engine::Postgres => "DELETE FROM ticket_parts",
    };
    let todo = format!(
        "with all servers ended: {clear}; INSERT INTO ticket_parts (rowid, parts) SELECT id, code FROM tickets"
    );
    let what = "tickets are not found by parts of their codes";
    report.several(Check::Search, &wrong, (what, &todo));
    Ok(())
}

async fn secrets(tx: &mut Tx, report: &mut Report) -> Result<(), OpError> {
    if let Err(error) = encryption_keys::check(tx).await {
        let todo = "give the portal that key, or see license-portal encryption-key --help";
        report.add(
            Check::Keys,
            "secrets cannot be read",
            vec![error.to_string()],
            todo,
        );
        return Ok(());
    }
    for column in ENCRYPTED {
        let (count, first) = doctor::sealed_shut(tx, column).await?;
        if let Some(why) = first {
            report.findings.push(Finding {
                check: Check::Keys,
                what: format!("secrets in {}.{} cannot be read", column.table, column.name),
                count,
                examples: vec![why.to_string()],
                todo: format!(
                    "somebody wrote them into the database: restore a backup, or have their people make them anew (table {}, column {})",
                    column.table, column.row
                ),
            });
        }
    }
    Ok(())
}

async fn history(store: &Store, report: &mut Report) -> Result<(), OpError> {
    report.look_at(Check::History);
    let verified = verification::verify(store, None).await?;
    if verified.count > 0 {
        let examples = verified.faults.iter().take(EXAMPLES);
        report.findings.push(Finding {
            check: Check::History,
            what: "the history is not what was recorded".to_owned(),
            count: verified.count,
            examples: examples.map(ToString::to_string).collect(),
            todo: "license-portal verify-history tells all of it; find out who else writes to the database, and restore a backup from before"
                .to_owned(),
        });
    }
    Ok(())
}
