//! The schema, step by step. A step is a file of the folder `migrations`, `0001_name.sql`; its text serves both engines,
//! but for what stands below `-- SQLite:` or `-- PostgreSQL:`, up to `-- Both:`.
//! sqlx keeps the checksums of the steps that a database has taken: a file that was released stays as it is.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::store::{Engine, Store, StoreError, Way};

/// The steps of the schema, in their order: number, name, text.
pub static MIGRATIONS: &[(i64, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The last step of the schema.
#[must_use]
pub fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(number, ..)| *number)
}

/// A hash over the texts of the steps up to that one: two portals in which it is the same have the same schema there.
#[must_use]
pub fn fingerprint(last: i64) -> String {
    let mut hash = Sha256::new();
    for (number, _, text) in MIGRATIONS.iter().filter(|(number, ..)| *number <= last) {
        hash.update(number.to_be_bytes());
        hash.update(Sha256::digest(text));
    }
    hex::encode(hash.finalize())
}

/// The steps up to that one, as an engine takes them.
pub(super) fn steps(engine: Engine, last: i64) -> Vec<Migration> {
    let step = |(number, name, text): &(i64, &'static str, &str)| {
        let text = of_engine(text, engine);
        let text = match engine {
            Engine::Sqlite => text.replace(" BIGINT PRIMARY KEY", " INTEGER PRIMARY KEY"),
            Engine::Postgres => text.replace(" TEXT", " TEXT COLLATE \"C\""),
        };
        let text = AssertSqlSafe(text).into_sql_str();
        Migration::new(*number, Cow::Borrowed(*name), MigrationType::Simple, text, false)
    };
    let wanted = MIGRATIONS.iter().filter(|(number, ..)| *number <= last);
    wanted.map(step).collect()
}

/// What a step says to an engine: all but what stands below a line that names the other one, up to the next such line.
pub(super) fn of_engine(text: &str, engine: Engine) -> String {
    let mut own = String::with_capacity(text.len());
    let mut whose = None;
    for line in text.split_inclusive('\n') {
        whose = match line.trim_end() {
            "-- SQLite:" => Some(Engine::Sqlite),
            "-- PostgreSQL:" => Some(Engine::Postgres),
            "-- Both:" => None,
            _ => whose,
        };
        if whose.is_none_or(|whose| whose == engine) {
            own.push_str(line);
        }
    }
    own
}

/// One server at a time, until its transaction ends.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7308327)";
/// Where sqlx notes which steps were taken.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
    execution_time BIGINT NOT NULL)";
const NOTE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
    VALUES ($1, $2, TRUE, $3, 0)";

impl Store {
    /// Brings the schema up to date. Safe to call from several processes at once.
    ///
    /// # Errors
    /// [`StoreError::Migrate`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.migrate_to(i64::MAX).await
    }

    /// The same, and no further than to that step.
    ///
    /// # Errors
    /// [`StoreError::Migrate`].
    pub(crate) async fn migrate_to(&self, last: i64) -> Result<(), StoreError> {
        if self.connections.way == Way::Pooler {
            return self.migrate_at_once(last).await;
        }
        let migrator = Migrator {
            migrations: steps(self.engine, last).into(),
            ..Migrator::DEFAULT
        };
        migrator.run(&self.connections.current().pool).await?;
        Ok(())
    }

    /// All steps in one transaction, as sqlx takes and notes them: its own lock and statements stay behind in the session.
    async fn migrate_at_once(&self, last: i64) -> Result<(), StoreError> {
        let mut tx = self.begin_plain().await?;
        for statement in [LOCK, TABLE] {
            sqlx::raw_sql(statement).execute(tx.conn()).await?;
        }
        let taken: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
                .fetch_all(tx.conn())
                .await?;
        let steps = steps(self.engine, last);
        if let Some((number, _)) = taken
            .iter()
            .find(|(number, _)| steps.iter().all(|step| step.version != *number))
        {
            return Err(MigrateError::VersionMissing(*number).into());
        }
        for step in steps {
            match taken.iter().find(|(number, _)| *number == step.version) {
                Some((_, checksum)) if *checksum == *step.checksum => {}
                Some(_) => return Err(MigrateError::VersionMismatch(step.version).into()),
                None => {
                    sqlx::raw_sql(step.sql).execute(tx.conn()).await?;
                    sqlx::query(NOTE)
                        .bind(step.version)
                        .bind(step.description.into_owned())
                        .bind(step.checksum.into_owned())
                        .execute(tx.conn())
                        .await?;
                }
            }
        }
        self.commit(tx).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 over the checksums that databases hold of the steps up to 17.
    const RELEASED: [(Engine, [u8; 4]); 2] = [
        (Engine::Sqlite, [0xe6, 0xae, 0xb6, 0x99]),
        (Engine::Postgres, [0xb9, 0x68, 0x8f, 0x8f]),
    ];

    #[test]
    fn released_steps_stay_as_they_are() {
        for (engine, expected) in RELEASED {
            let mut sha = Sha256::new();
            for step in &steps(engine, 17) {
                sha.update(&step.checksum);
            }
            assert_eq!(sha.finalize()[..4], expected, "{engine:?}");
        }
    }

    #[test]
    fn steps_are_numbered_without_gaps() {
        let numbers = MIGRATIONS.iter().map(|(number, ..)| *number);
        assert!(numbers.eq(1..=MIGRATIONS.len() as i64));
    }
}
