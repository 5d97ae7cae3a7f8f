//! How far a database has come in the steps of the schema.

use crate::store::{StoreError, Tx, instance::backup::schema, migrations::steps};

/// How far a database has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is no portal in it.
    Nowhere,
    /// The next start takes further steps than this one.
    Behind(i64),
    /// It has this step, which a newer portal took.
    Ahead(i64),
    /// This step is another one than this portal knows.
    Altered(i64),
    /// This step failed halfway.
    Unfinished(i64),
    /// As far as this portal.
    Here,
}

/// How far the database has come, by what it notes of each step.
///
/// # Errors
/// [`StoreError`].
pub async fn progress(tx: &mut Tx) -> Result<Progress, StoreError> {
    if schema(tx).await?.is_none() {
        return Ok(Progress::Nowhere);
    }
    let unfinished: Option<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE NOT success ORDER BY version LIMIT 1")
            .fetch_optional(tx.conn())
            .await?;
    if let Some(number) = unfinished {
        return Ok(Progress::Unfinished(number));
    }
    let taken: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(tx.conn())
            .await?;
    let known = steps(tx.engine, i64::MAX);
    for (number, checksum) in &taken {
        match known.iter().find(|step| step.version == *number) {
            None => return Ok(Progress::Ahead(*number)),
            Some(step) if *checksum != *step.checksum => return Ok(Progress::Altered(*number)),
            Some(_) => {}
        }
    }
    if taken.len() < known.len() {
        return Ok(Progress::Behind(taken.last().map_or(0, |(number, _)| *number)));
    }
    Ok(Progress::Here)
}
