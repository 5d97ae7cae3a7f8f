//! SQL and nothing else: rows in, domain values out. One statement text serves SQLite and PostgreSQL.
//!
//! Nothing in here decides access. Changes that need permission take an
//! [`Authorized`](domain::access::Authorized), which only the policy can make.
//!
//! A statement's rows are structs of `rows!`, whose fields are named as the columns; `TryFrom` makes domain values of them, and
//! names table and column where one contradicts the domain. `sql` builds statements whose text varies, `visibility` what readers
//! may see in them, `transaction` has the transactions and their locks, `connections` what
//! they go over, `silence` notices when nothing comes back, `migrations` has the steps of the schema, `encryption` the keys of
//! what nobody is to read in the database itself.

pub mod accounts;
mod connections;
pub mod encryption;
mod engine;
pub mod find;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
mod listening;
mod migrations;
pub mod overview;
pub mod resellers;
mod row;
mod silence;
pub mod sources;
pub mod sql;
pub mod tickets;
mod transaction;
pub mod visibility;

use std::{path::Path, sync::Arc};

use domain::history::events::Channel;
use tokio::sync::{Mutex, Semaphore, watch};

use crate::{
    metrics,
    store::{
        connections::{Connections, Current, unless_given_up},
        encryption::{EncryptionError, Keys},
        sources::Sources,
    },
};

pub use self::{
    connections::Way,
    engine::Engine,
    listening::Listening,
    migrations::{MIGRATIONS, fingerprint, newest},
    silence::Watch,
    transaction::Tx,
};

/// The database does not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Neither `sqlite:…` nor `postgres://…`.
    #[error("{0:?} is not a database address; expected sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// The folder of the SQLite file cannot be made.
    #[error("cannot create the folder of the database {0:?}: {1}")]
    Folder(std::path::PathBuf, std::io::Error),
    /// An error of the database.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// The schema cannot be brought up to date.
    #[error("cannot migrate the database: {0}")]
    Migrate(sqlx::migrate::MigrateError),
    /// The database has taken a step that this version does not know: nobody knows what it means to what this version would write.
    #[error(
        "the database is of a younger version of the portal: it has taken step {0} of its schema, and this version knows {known} \
         steps. Nothing was changed. Use that version, or restore a backup from before the upgrade into an empty database",
        known = newest()
    )]
    Younger(i64),
    /// Whoever looks at the portal as another person writes nothing.
    #[error("nothing is written for who looks at the portal as another person")]
    OnlyImpersonated,
    /// Too many reads that look at much wait for their turn.
    #[error("too many long reads wait already")]
    Overloaded,
    /// The database is a replica: it takes no changes.
    #[error("the database is a replica")]
    Replica,
    /// A secret cannot be encrypted or decrypted.
    #[error(transparent)]
    Encryption(#[from] EncryptionError),
    /// A row contradicts the invariants of the domain.
    #[error("inconsistent row in {0}")]
    Inconsistent(&'static str),
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(step) if step > newest() => Self::Younger(step),
            error => Self::Migrate(error),
        }
    }
}

impl StoreError {
    /// Whether the same transaction may well succeed when tried again: it lost against another one
    /// (40001, 40P01; SQLite: busy), or two processes made the same id.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Two logins of one account, two leases for one request or machine, or two requests for one ticket, at the same moment:
        // the next attempt sees the other one.
        matches!(
            error.constraint(),
            Some("sessions_one_login" | "leases_by_request" | "leases_one_node" | "take_backs_open")
        ) || matches!(
            error.code().as_deref(),
            Some("40001" | "40P01" | "5" | "517" | "261" | "1555")
        )
    }

    /// Whether the database could not be asked, or stopped answering: it restarts, a replica takes over, its disk fails or is
    /// full, or all of its connections are in use for longer than anybody waits.
    #[must_use]
    pub fn is_away(&self) -> bool {
        use sqlx::Error;
        match self {
            Self::Replica => true,
            Self::Sql(
                Error::Io(_)
                | Error::Tls(_)
                | Error::PoolTimedOut
                | Error::PoolClosed
                | Error::WorkerCrashed
                | Error::BeginFailed,
            ) => true,
            Self::Sql(Error::Database(error)) => error.code().is_some_and(|code| is_away(&code)),
            _ => false,
        }
    }

    /// Whether a row with such a unique value exists already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// Whether the code of an error says that nobody can be asked at the moment.
fn is_away(code: &str) -> bool {
    // Those of PostgreSQL have five characters: connection exceptions, shut down, starting, idle for too long, too many
    // connections, a full or failing disk; a replica.
    if code.len() == 5 {
        return code.starts_with("08")
            || matches!(
                code,
                "57P01" | "57P02" | "57P03" | "57P05" | "53300" | "53100" | "58030" | "25006"
            );
    }
    // Those of SQLite are numbers, whose lower byte is the kind: READONLY, IOERR, FULL, CANTOPEN.
    code.parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xFF, 8 | 10 | 13 | 14))
}

/// The id of nothing: what is asked for where there is nothing, so that it takes as long as what is hidden (R12).
pub(crate) const NOTHING: i64 = 0;

/// Reads that look at much, and wait for their turn, at the same time.
const HEAVY_WAITING: usize = 32;

/// Those that have their turn at the same time, of so many connections.
fn heavy_at_once(connections: u32) -> usize {
    usize::try_from(connections / 2).unwrap_or(1).max(1)
}

/// The database.
#[derive(Clone)]
pub struct Store {
    connections: Arc<Connections>,
    engine: Engine,
    /// Turns of reads that look at much: they leave connections to all others.
    heavy: Arc<Semaphore>,
    /// Of those that have a turn and those that wait for one.
    heavy_places: Arc<Semaphore>,
    /// SQLite has one writer; waiting here is fair, waiting in the busy handler is not.
    writer: Arc<Mutex<()>>,
    /// Counts the commits of this process, for those who wait for something new.
    commits: Arc<watch::Sender<u64>>,
    channel: Option<Channel>,
    /// For whoever looks at the portal as another person; whether that person is watched.
    view: Option<bool>,
    /// What secrets are encrypted with.
    keys: Keys,
    /// Time and randomness.
    pub sources: Sources,
}

impl Store {
    /// Connects, and creates the SQLite file where there is none. Call [`Store::migrate`] next, and then
    /// [`unlock`](crate::ops::instance::encryption::unlock): until then no secret is read or written.
    ///
    /// # Errors
    /// [`StoreError`] when the address is wrong or the database cannot be reached.
    pub async fn open(address: &str, connections: u32, sources: Sources) -> Result<Self, StoreError> {
        Self::open_by(Way::Sessions, address, connections, sources).await
    }

    /// The same, where statements reach the database in a way of their own.
    ///
    /// # Errors
    /// [`StoreError`] when the address is wrong or the database cannot be reached.
    pub async fn open_by(
        way: Way,
        address: &str,
        connections: u32,
        sources: Sources,
    ) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = match address.split_once(':') {
            Some(("sqlite", _)) => Engine::Sqlite,
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => Engine::Postgres,
            _ => return Err(StoreError::Address(without_password(address))),
        };
        let address = match engine {
            Engine::Sqlite => sqlite_address(address)?,
            Engine::Postgres => address.to_owned(),
        };
        let most = connections;
        let connections = Connections::open(address, most, engine, way).await?;
        let commits = Arc::new(watch::Sender::new(0));
        let heavy = heavy_at_once(most);
        Ok(Self {
            connections: Arc::new(connections),
            engine,
            heavy: Arc::new(Semaphore::new(heavy)),
            heavy_places: Arc::new(Semaphore::new(heavy + HEAVY_WAITING)),
            writer: Arc::default(),
            commits,
            channel: None,
            view: None,
            keys: Keys::default(),
            sources,
        })
    }

    /// The same database for those who come over this channel: what they do is recorded with it.
    #[must_use]
    pub fn over(&self, channel: Channel) -> Self {
        Self {
            channel: Some(channel),
            ..self.clone()
        }
    }

    /// The same database for what the portal does by itself, which comes over no channel.
    #[must_use]
    pub fn by_itself(&self) -> Self {
        Self {
            channel: None,
            ..self.clone()
        }
    }

    /// The same database for whoever looks at the portal as another person: nothing can be written, whatever is asked.
    /// `impersonated` is what [`Actor::impersonated`](domain::access::Actor::impersonated) says of that person.
    #[must_use]
    pub fn impersonated(&self, impersonated: bool) -> Self {
        Self {
            view: Some(impersonated),
            ..self.clone()
        }
    }

    /// Which kind of database this is.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// What secrets are encrypted with.
    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Writes those tables anew, on SQLite the whole file, so that nothing of what was overwritten or deleted is left in them.
    /// Others wait meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Sql`], also where the disk has no room for a second copy.
    pub(crate) async fn rewrite<const N: usize>(&self, tables: [&'static str; N]) -> Result<(), StoreError> {
        let pool = self.connections.current().pool;
        match self.engine {
            Engine::Sqlite => {
                let _alone = self.writer.lock().await;
                for statement in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                    sqlx::query(statement).execute(&pool).await?;
                }
            }
            Engine::Postgres => {
                for table in tables {
                    let statement = sqlx::AssertSqlSafe(format!("VACUUM FULL {table}"));
                    sqlx::query(statement).execute(&pool).await?;
                }
            }
        }
        Ok(())
    }

    /// Changes whenever this process has committed something.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// How the connections are at this moment.
    #[must_use]
    pub fn load(&self) -> metrics::Database {
        let pool = self.connections.current().pool;
        let size = usize::try_from(pool.size()).unwrap_or(usize::MAX);
        let idle = pool.num_idle().min(size);
        let most = pool.options().get_max_connections();
        let heavy_most = heavy_at_once(most);
        let heavy = heavy_most.saturating_sub(self.heavy.available_permits());
        let present = (heavy_most + HEAVY_WAITING).saturating_sub(self.heavy_places.available_permits());
        metrics::Database {
            in_use: size - idle,
            idle,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            heavy,
            heavy_waiting: present.saturating_sub(heavy),
            heavy_most,
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Sql`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let Current { pool, given_up } = self.connections.current();
        let asked = sqlx::raw_sql("SELECT 1").execute(&pool);
        unless_given_up(given_up.as_ref(), asked).await?;
        Ok(())
    }

    /// Closes all connections; SQLite's log is merged into its file.
    pub async fn close(&self) {
        self.connections.current().pool.close().await;
    }
}

/// A database address as it may be shown: without the password in it, wherever that may stand, and without the query,
/// which may carry one too. Of what cannot be read for sure, nothing is shown.
#[must_use]
pub fn without_password(address: &str) -> String {
    if address.starts_with("sqlite:") {
        return address.to_owned();
    }
    let (readable, query) = address.split_once('?').unwrap_or((address, ""));
    match readable.rsplit_once('@') {
        // The question mark may belong to a password.
        _ if query.contains('@') => "…".to_owned(),
        None => readable.to_owned(),
        Some((before, host)) => match before.split_once("://") {
            Some((scheme, user)) => {
                let user = user.split([':', '@', '/']).next().unwrap_or_default();
                format!("{scheme}://{user}@{host}")
            }
            None => format!("…@{host}"),
        },
    }
}

/// The file in the address of an SQLite database.
#[must_use]
pub fn file_of(address: &str) -> Option<&Path> {
    let path = address.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    let in_memory = path.is_empty() || path.starts_with(":memory:");
    (!in_memory).then_some(Path::new(path))
}

fn sqlite_address(address: &str) -> Result<String, StoreError> {
    let path = file_of(address).ok_or_else(|| StoreError::Address(address.to_owned()))?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Folder(folder.to_owned(), error))?;
    }
    Ok(format!("sqlite://{}?mode=rwc", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_disks_are_as_databases_that_are_away() {
        // SQLITE_READONLY, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, SQLITE_FULL, SQLITE_CANTOPEN; connection lost, disk full,
        // input and output.
        for code in ["8", "1034", "778", "13", "14", "08006", "53100", "58030"] {
            assert!(is_away(code), "{code}");
        }
        // SQLITE_CORRUPT, SQLITE_CONSTRAINT_UNIQUE, SQLITE_BUSY; a race, a unique value, an index that is broken.
        for code in ["11", "2067", "5", "40001", "23505", "XX002"] {
            assert!(!is_away(code), "{code}");
        }
    }

    #[test]
    fn passwords_do_not_show() {
        assert_eq!(
            without_password("postgres://me:se@cret@host/db"),
            "postgres://me@host/db"
        );
        assert_eq!(without_password("postgres://me@host/db"), "postgres://me@host/db");
        assert_eq!(without_password("sqlite:data/portal.db"), "sqlite:data/portal.db");
        assert_eq!(
            without_password("postgres://me@host/db?password=secret"),
            "postgres://me@host/db"
        );
        assert_eq!(
            without_password("postgres://me:se/cret@host/db"),
            "postgres://me@host/db"
        );
        assert_eq!(without_password("postgres://me:se?cret@host/db"), "…");
        assert_eq!(without_password("me:secret@host/db"), "…@host/db");
    }
}
