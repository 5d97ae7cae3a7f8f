//! Backups (N27): every row of one state of the database, in a file of their own that is checked before anything is restored.
//! It is the same for both engines, so that a portal moves from one to the other by it.

mod error;
mod file;

use std::io::{BufRead, Write};

use domain::licensing::restoration::{Meanwhile, Restoration};

use crate::{
    ops::{
        OpError,
        instance::{
            self,
            backup::file::{FORMAT, Output, Reader, Writer, input},
            restoration,
        },
        transactions::in_transaction,
    },
    store::{
        self, Engine, Store,
        encryption::EncryptionKey,
        instance::{
            backup::{AT_ONCE, Cell, Table},
            encryption_keys,
        },
    },
};

pub use self::{error::BackupError, file::Header};

/// The first step of the schema that backups are made of.
const FIRST: i64 = 20;
/// The fact under which the database keeps when the last one was begun: milliseconds since 1970.
pub(super) const BACKED_UP_AT: &str = "backed_up_at";

/// Writes a backup of the database as it is at this moment, while others use it. Nothing is migrated, and no key is needed: secrets
/// stay encrypted. With a key, the whole of it is. Returns what it is, and how many rows it has.
///
/// # Errors
/// [`BackupError`].
pub async fn write(
    store: &Store,
    to: impl Write,
    key: Option<&EncryptionKey>,
) -> Result<(Header, u64), BackupError> {
    let mut tx = store.begin_read().await?;
    let schema = store::instance::backup::schema(&mut tx).await?;
    let schema = schema.ok_or(BackupError::NoPortal)?;
    if schema > store::newest() {
        return Err(BackupError::NewerDatabase {
            found: schema,
            known: store::newest(),
        });
    }
    if schema < FIRST {
        return Err(BackupError::Foreign(schema));
    }
    let keys = encryption_keys::all(&mut tx).await?;
    let header = Header {
        format: FORMAT.to_owned(),
        made_at: store.sources.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: match store.engine() {
            Engine::Sqlite => "sqlite".to_owned(),
            Engine::Postgres => "postgres".to_owned(),
        },
        schema,
        steps: store::fingerprint(schema),
        instance: instance::id(&mut tx).await?,
        keys: keys.into_iter().map(|key| key.id).collect(),
        tables: store::instance::backup::tables(&mut tx).await?,
    };
    let to = Output::begin(to, key, &store.sources)?;
    let mut writer = Writer::begin(to, &header)?;
    for (number, table) in header.tables.iter().enumerate() {
        let each = |cells: Vec<Cell>| writer.row(number, &cells);
        store::instance::backup::read(&mut tx, table, each).await?;
    }
    let rows = writer.end()?;
    Ok((header, rows))
}

/// Writes down when the last backup was begun that is whole.
///
/// # Errors
/// [`OpError::Store`].
pub async fn note(store: &Store, header: &Header) -> Result<(), OpError> {
    let at = header.made_at.as_millisecond().to_string();
    in_transaction!(store, |tx| {
        store::instance::set(&mut tx, BACKED_UP_AT, &at).await?;
        Ok(())
    })
}

/// Reads a backup to its end, and checks that it is whole and that this portal can restore it. Where it is encrypted, `keys` has
/// its key. Returns what it is, and how many rows it has.
///
/// # Errors
/// [`BackupError`].
pub fn verify(from: impl BufRead, keys: &[EncryptionKey]) -> Result<(Header, u64), BackupError> {
    let mut reader = Reader::begin(input(from, keys)?)?;
    let mut rows = 0;
    check(&reader.header)?;
    while reader.next()?.is_some() {
        rows += 1;
    }
    Ok((reader.header, rows))
}

fn check(header: &Header) -> Result<(), BackupError> {
    if header.schema > store::newest() {
        return Err(BackupError::Newer {
            found: header.schema,
            known: store::newest(),
            version: header.version.clone(),
        });
    }
    if header.schema < FIRST || header.steps != store::fingerprint(header.schema) {
        return Err(BackupError::Foreign(header.schema));
    }
    Ok(())
}

/// Restores a backup that was [verified](verify) into an empty database, all of it or nothing, and brings that up to date. Logins
/// end, and the history says that it happened. What machines may have got in the meantime is held back: see [`Restoration`].
///
/// # Errors
/// [`BackupError`].
pub async fn restore(
    store: &Store,
    from: impl BufRead,
    keys: &[EncryptionKey],
    meanwhile: Meanwhile,
) -> Result<Restoration, BackupError> {
    let mut reader = Reader::begin(input(from, keys)?)?;
    check(&reader.header)?;
    let wanted = reader.header.schema;
    {
        let mut tx = store.begin_read().await?;
        if let Some(found) = store::instance::backup::schema(&mut tx).await? {
            empty(&mut tx).await?;
            if found > wanted {
                return Err(BackupError::Ahead { found, wanted });
            }
        }
    }
    store.migrate_to(wanted).await?;
    let mut tx = store.begin_write().await?;
    let tables = empty(&mut tx).await?;
    if tables != reader.header.tables {
        return Err(BackupError::Foreign(wanted));
    }
    store::instance::backup::clear(&mut tx).await?;
    let mut waiting: (usize, Vec<Vec<Cell>>) = (0, Vec::new());
    while let Some((number, cells)) = reader.next()? {
        if number != waiting.0 || waiting.1.len() == AT_ONCE {
            let rows = std::mem::take(&mut waiting.1);
            store::instance::backup::write(&mut tx, &tables[waiting.0], rows).await?;
            waiting.0 = number;
        }
        waiting.1.push(cells);
    }
    if let Some(table) = tables.get(waiting.0) {
        store::instance::backup::write(&mut tx, table, waiting.1).await?;
    }
    store::instance::backup::derive(&mut tx).await?;
    store::instance::backup::forget_logins(&mut tx).await?;
    let now = store.sources.now();
    let restoration = restoration::begin(&mut tx, reader.header.made_at, meanwhile, now).await?;
    store.commit(tx).await?;
    store.migrate().await?;
    restoration::record(store).await?;
    Ok(restoration)
}

/// The tables of a database, in which nothing may be.
async fn empty(tx: &mut store::Tx) -> Result<Vec<Table>, BackupError> {
    let tables = store::instance::backup::tables(tx).await?;
    match store::instance::backup::occupied(tx, &tables).await? {
        Some(table) => Err(BackupError::NotEmpty(table.to_owned())),
        None => Ok(tables),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::sources::Sources;

    async fn opened(folder: &std::path::Path, name: &str) -> Store {
        let address = format!("sqlite:{}", folder.join(name).display());
        let sources = Sources::new(|| Timestamp::UNIX_EPOCH, |bytes| bytes.fill(7));
        Store::open(&address, 2, sources).await.expect("a database")
    }

    #[tokio::test]
    async fn a_backup_of_an_older_schema_is_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("a folder");
        let older = opened(folder.path(), "older.db").await;
        older.migrate_to(FIRST).await.expect("an older schema");
        instance::ensure_id(&older).await.expect("an id");
        let mut bytes = Vec::new();
        let (before, _) = write(&older, &mut bytes, None).await.expect("a backup");
        assert_eq!(before.schema, FIRST);
        let restored = opened(folder.path(), "new.db").await;
        restore(&restored, bytes.as_slice(), &[], Meanwhile::Nothing)
            .await
            .expect("it is restored");
        let (after, _) = write(&restored, std::io::sink(), None).await.expect("a backup");
        assert_eq!(after.schema, store::newest());
        assert_eq!(after.instance, before.instance);
        older.close().await;
        restored.close().await;
    }

    #[tokio::test]
    async fn what_is_no_portal_is_not_backed_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = opened(folder.path(), "empty.db").await;
        let written = write(&store, std::io::sink(), None).await;
        assert!(matches!(written, Err(BackupError::NoPortal)), "{written:?}");
        store.close().await;
    }
}
