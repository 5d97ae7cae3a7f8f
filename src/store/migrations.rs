//! The schema, step by step. A step is a file of the folder `migrations`, `0001_name.sql`; its text serves both engines.
//! sqlx keeps the checksums of the steps that a database has taken: a file that was released stays as it is.

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use crate::store::{Engine, Store, StoreError};

/// The steps of the schema, in their order: number, name, text.
pub static MIGRATIONS: &[(i64, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The steps as an engine takes them.
fn steps(engine: Engine) -> Vec<Migration> {
    let step = |(number, name, text): &(i64, &'static str, &str)| {
        let text = match engine {
            Engine::Sqlite => text.replace(" BIGINT PRIMARY KEY", " INTEGER PRIMARY KEY"),
            Engine::Postgres => text.replace(" TEXT", " TEXT COLLATE \"C\""),
        };
        let text = AssertSqlSafe(text).into_sql_str();
        Migration::new(*number, Cow::Borrowed(*name), MigrationType::Simple, text, false)
    };
    MIGRATIONS.iter().map(step).collect()
}

impl Store {
    /// Brings the schema up to date. Safe to call from several processes at once.
    ///
    /// # Errors
    /// [`StoreError::Migrate`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let migrator = Migrator {
            migrations: steps(self.engine).into(),
            ..Migrator::DEFAULT
        };
        migrator.run(&self.pool).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

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
            for step in steps(engine).iter().take(17) {
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
