//! SQL and nothing else: rows in, domain values out. One statement text serves SQLite and PostgreSQL.
//!
//! Nothing in here decides access. Changes that need permission take an
//! [`Authorized`](domain::access::Authorized), which only the policy can make.

pub mod accounts;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
pub mod resellers;
pub mod sources;
pub mod tickets;
pub mod visibility;

use std::{borrow::Cow, sync::Arc, time::Duration};

use domain::history::events::Channel;
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, SqlSafeStr, Transaction,
    any::AnyPoolOptions,
    migrate::{Migration, MigrationType, Migrator},
};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::store::sources::Sources;

/// The two kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded; one server process.
    Sqlite,
    /// One or several server processes.
    Postgres,
}

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
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Whoever looks at the portal as another person writes nothing.
    #[error("nothing is written for who looks at the portal as another person")]
    OnlyImpersonated,
    /// A row contradicts the invariants of the domain.
    #[error("inconsistent row in {0}")]
    Inconsistent(&'static str),
}

impl StoreError {
    /// Whether the same transaction may well succeed when tried again: it lost against another one
    /// (40001, 40P01; SQLite: busy), or two processes made the same id.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // Two logins of one account, or two leases for one request or machine, at the same moment: the next attempt sees the
        // other one.
        matches!(
            error.constraint(),
            Some("sessions_one_login" | "leases_by_request" | "leases_one_node")
        ) || matches!(
            error.code().as_deref(),
            Some("40001" | "40P01" | "5" | "517" | "261" | "1555")
        )
    }

    /// Whether a row with such a unique value exists already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// The database.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    /// SQLite has one writer; waiting here is fair, waiting in the busy handler is not.
    writer: Arc<Mutex<()>>,
    /// Counts the commits of this process, for those who wait for something new.
    commits: Arc<watch::Sender<u64>>,
    channel: Option<Channel>,
    /// For whoever looks at the portal as another person; whether that person is watched.
    view: Option<bool>,
    /// Time and randomness.
    pub sources: Sources,
}

/// A transaction in which reading and writing see one state of the database, and nobody else's half-done work.
pub struct Tx {
    inner: Transaction<'static, Any>,
    engine: Engine,
    /// The door through which whoever acts in it came.
    channel: Option<Channel>,
    /// Whoever asks in it is watched.
    impersonated: bool,
    /// What binds together the events that it records.
    request_key: Option<String>,
    /// Nothing of it lasts.
    dry_run: bool,
    _writer: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    fn conn(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// Keeps everybody's rights as they are until this transaction ends: first thing in a transaction that acts on
    /// rights. SERIALIZABLE alone would let a move that began before a right was revoked enter the history after it.
    /// SQLite has one writer, and needs nothing.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) async fn hold_rights(&mut self) -> Result<(), StoreError> {
        self.lock("LOCK TABLE memberships, groups IN SHARE MODE").await
    }

    /// Like [`Tx::hold_rights`], for a transaction that changes rights itself: one at a time.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) async fn change_rights(&mut self) -> Result<(), StoreError> {
        self.lock("LOCK TABLE memberships, groups IN SHARE ROW EXCLUSIVE MODE")
            .await
    }

    /// Keeps all tickets where they are until this transaction moves many of them: first thing after [`Tx::hold_rights`].
    /// SERIALIZABLE alone would let it fail, after all its work, for one ticket that somebody moved meanwhile. Who
    /// moves a ticket waits; who reads does not.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) async fn hold_tickets(&mut self) -> Result<(), StoreError> {
        self.lock("LOCK TABLE tickets, licenses IN SHARE ROW EXCLUSIVE MODE")
            .await
    }

    /// Lets nobody else create tickets, or change what binds those who do, until this transaction ends: so the count under a
    /// quota stays true, and nobody loses a race for the last licence whom there was room for. After the rights.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) async fn hold_creations(&mut self) -> Result<(), StoreError> {
        self.lock("LOCK TABLE creations IN SHARE ROW EXCLUSIVE MODE")
            .await
    }

    /// Whatever is recorded in it from now on belongs to the request with that key.
    pub(crate) fn under(&mut self, key: &str) {
        self.request_key = Some(key.to_owned());
    }

    /// A rehearsal: all happens as it would, and nothing of it lasts. Its commit takes it back.
    pub(crate) const fn dry_run(&mut self) {
        self.dry_run = true;
    }

    async fn lock(&mut self, statement: &'static str) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            sqlx::query(statement).execute(self.conn()).await?;
        }
        Ok(())
    }
}

/// The steps of the schema: number, name, text.
pub static MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "portal", include_str!("../../migrations/0001_portal.sql")),
    (2, "lists", include_str!("../../migrations/0002_lists.sql")),
    (3, "sessions", include_str!("../../migrations/0003_sessions.sql")),
    (4, "accounts", include_str!("../../migrations/0004_accounts.sql")),
    (5, "requests", include_str!("../../migrations/0005_requests.sql")),
    (
        6,
        "second factors",
        include_str!("../../migrations/0006_second_factors.sql"),
    ),
    (7, "licences", include_str!("../../migrations/0007_licenses.sql")),
    (
        8,
        "credentials",
        include_str!("../../migrations/0008_credentials.sql"),
    ),
    (9, "devices", include_str!("../../migrations/0009_devices.sql")),
    (10, "history", include_str!("../../migrations/0010_history.sql")),
    (
        11,
        "resellers",
        include_str!("../../migrations/0011_resellers.sql"),
    ),
    (12, "view as", include_str!("../../migrations/0012_bulk.sql")),
    (13, "expiry", include_str!("../../migrations/0013_expiry.sql")),
    (14, "imports", include_str!("../../migrations/0014_imports.sql")),
    (
        15,
        "personal tokens",
        include_str!("../../migrations/0015_personal_tokens.sql"),
    ),
    (16, "webhooks", include_str!("../../migrations/0016_webhooks.sql")),
    (
        17,
        "import lines by line",
        include_str!("../../migrations/0017_import_lines_by_line.sql"),
    ),
];

impl Store {
    /// Connects, and creates the SQLite file where there is none. Call [`Store::migrate`] next.
    ///
    /// # Errors
    /// [`StoreError`] when the address is wrong or the database cannot be reached.
    pub async fn open(address: &str, connections: u32, sources: Sources) -> Result<Self, StoreError> {
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
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if engine == Engine::Sqlite {
                        // FULL: an acknowledged move survives a power cut (R6).
                        for pragma in [
                            "PRAGMA journal_mode = WAL",
                            "PRAGMA synchronous = FULL",
                            "PRAGMA foreign_keys = ON",
                            "PRAGMA busy_timeout = 10000",
                            "PRAGMA cache_size = -32768",
                            "PRAGMA temp_store = MEMORY",
                        ] {
                            sqlx::query(pragma).execute(&mut *connection).await?;
                        }
                    }
                    Ok(())
                })
            })
            .connect(&address)
            .await?;
        let commits = Arc::new(watch::Sender::new(0));
        Ok(Self {
            pool,
            engine,
            writer: Arc::default(),
            commits,
            channel: None,
            view: None,
            sources,
        })
    }

    /// The same database for those who come through this door: what they do is recorded with it.
    #[must_use]
    pub fn over(&self, channel: Channel) -> Self {
        Self {
            channel: Some(channel),
            ..self.clone()
        }
    }

    /// The same database for what the portal does by itself, which comes through no door.
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

    /// Brings the schema up to date. Safe to call from several processes at once.
    ///
    /// # Errors
    /// [`StoreError::Migrate`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let engine = self.engine;
        let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
            let sql = match engine {
                Engine::Sqlite => sql.replace(" BIGINT PRIMARY KEY", " INTEGER PRIMARY KEY"),
                Engine::Postgres => sql.replace(" TEXT", " TEXT COLLATE \"C\""),
            };
            let sql = AssertSqlSafe(sql).into_sql_str();
            Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
        });
        let migrator = Migrator {
            migrations: migrations.collect(),
            ..Migrator::DEFAULT
        };
        migrator.run(&self.pool).await?;
        Ok(())
    }

    /// Begins a transaction that writes: SERIALIZABLE on PostgreSQL, the one writer on SQLite.
    ///
    /// # Errors
    /// [`StoreError::Sql`]; [`StoreError::OnlyImpersonated`].
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        if self.view.is_some() {
            return Err(StoreError::OnlyImpersonated);
        }
        let (writer, begin) = match self.engine {
            Engine::Sqlite => (
                Some(Arc::clone(&self.writer).lock_owned().await),
                "BEGIN IMMEDIATE",
            ),
            Engine::Postgres => (None, "BEGIN ISOLATION LEVEL SERIALIZABLE"),
        };
        self.begin(begin, writer).await
    }

    /// Begins a transaction that seals events. On PostgreSQL it stands beside the SERIALIZABLE ones, which never change an
    /// event that is there: they neither wait for it nor fail because of it.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub(crate) async fn begin_seal(&self) -> Result<Tx, StoreError> {
        if self.engine == Engine::Sqlite {
            return self.begin_write().await;
        }
        let mut tx = self.begin("BEGIN ISOLATION LEVEL READ COMMITTED", None).await?;
        // One server at a time. Whoever waited here reads what the one before wrote.
        tx.lock("LOCK TABLE checkpoints IN EXCLUSIVE MODE").await?;
        Ok(tx)
    }

    /// Begins a transaction that only reads: one state of the database throughout.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.begin(begin, None).await
    }

    async fn begin(
        &self,
        begin: &'static str,
        writer: Option<OwnedMutexGuard<()>>,
    ) -> Result<Tx, StoreError> {
        Ok(Tx {
            inner: self.pool.begin_with(begin).await?,
            engine: self.engine,
            channel: self.channel,
            impersonated: self.view.unwrap_or_default(),
            request_key: None,
            dry_run: false,
            _writer: writer,
        })
    }

    /// Makes a writing transaction last, and tells those who wait; takes a rehearsal back.
    ///
    /// # Errors
    /// [`StoreError::Sql`]; nothing was changed then.
    pub async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        if tx.dry_run {
            return Ok(tx.inner.rollback().await?);
        }
        tx.inner.commit().await?;
        self.commits.send_modify(|commits| *commits += 1);
        Ok(())
    }

    /// Changes whenever this process has committed something.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Sql`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections; SQLite's log is merged into its file.
    pub async fn close(&self) {
        self.pool.close().await;
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

fn sqlite_address(address: &str) -> Result<String, StoreError> {
    let path = address.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() || path.starts_with(":memory:") {
        return Err(StoreError::Address(address.to_owned()));
    }
    if let Some(folder) = std::path::Path::new(path)
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Folder(folder.to_owned(), error))?;
    }
    Ok(format!("sqlite://{path}?mode=rwc"))
}

/// Turns a list of ids into `$from, $from+1, …` for an `IN`. The list is filled up to a power of two by repeating its
/// last id, so that few statement texts exist and each stays prepared.
pub(crate) fn id_list(ids: &[i64], from: usize) -> (String, Vec<i64>) {
    let mut padded = ids.to_vec();
    padded.resize(ids.len().next_power_of_two(), ids.last().copied().unwrap_or(0));
    let places = (from..from + padded.len())
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ");
    (places, padded)
}

#[cfg(test)]
mod tests {
    use super::*;

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
