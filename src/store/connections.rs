//! The connections to the database: how they are made, how statements go over them, and when all of them are given up.
//!
//! Whoever waits for an answer over a network that was cut waits until the system gives up its connection, which takes a quarter
//! of an hour. A connection to a primary that became a replica answers, but nothing can be written over it. In both cases all
//! connections are given up at once ([`Connections::give_up`]): what waits for an answer fails, and others are made.

use std::{
    fmt,
    pin::Pin,
    sync::{PoisonError, RwLock},
    task::{Context, Poll},
    time::Duration,
};

use sqlx::{
    Any, AnyConnection, AnyPool, Connection, Either, Error, Execute, Executor, SqlSafeStr, SqlStr,
    Transaction,
    any::{AnyArguments, AnyPoolOptions, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
    error::BoxDynError,
    pool::PoolOptions,
};
use tokio_stream::Stream;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

use crate::store::engine::Engine;

/// How long to wait for a connection. A request may need several, one after the other, and has an answer within twenty seconds.
const ACQUIRE: Duration = Duration::from_secs(6);

/// How statements reach the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// Each connection is a session of the database.
    #[default]
    Sessions,
    /// A pooler hands out sessions for a transaction each (pgbouncer, `pool_mode = transaction`): nothing may stay behind in
    /// one, and so no statement is prepared under a name.
    Pooler,
}

/// The connections that are in use.
#[derive(Clone)]
pub(super) struct Current {
    pub(super) pool: AnyPool,
    /// Told when they are given up; `None` where that never happens.
    pub(super) given_up: Option<CancellationToken>,
}

/// All connections of a process.
pub(super) struct Connections {
    address: String,
    options: PoolOptions<Any>,
    pub(super) way: Way,
    current: RwLock<Current>,
}

impl Connections {
    /// Makes the first one.
    pub(super) async fn open(address: String, most: u32, engine: Engine, way: Way) -> Result<Self, Error> {
        let options = AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE)
            .before_acquire(move |connection, _| {
                // Where SQLite could not commit, sqlx believes for ever that the transaction goes on.
                let usable = engine != Engine::Sqlite || !connection.is_in_transaction();
                Box::pin(async move { Ok(usable) })
            })
            .after_connect(move |connection, _| Box::pin(prepared(connection, engine)));
        let current = Current {
            pool: options.clone().connect(&address).await?,
            given_up: (engine == Engine::Postgres).then(CancellationToken::new),
        };
        Ok(Self {
            address,
            options,
            way,
            current: RwLock::new(current),
        })
    }

    pub(super) fn current(&self) -> Current {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Makes one that belongs to nobody else.
    pub(super) async fn apart(&self) -> Result<AnyConnection, Error> {
        AnyConnection::connect(&self.address).await
    }

    /// Gives all of them up: statements that wait for an answer fail like those whose connection broke. `seen` says which ones
    /// are meant; where others took their place already, nothing happens.
    pub(super) fn give_up(&self, seen: &Current) -> Result<(), Error> {
        let Some(given_up) = &seen.given_up else {
            return Ok(());
        };
        let pool = self.options.clone().connect_lazy(&self.address)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if given_up.is_cancelled() {
            return Ok(());
        }
        *current = Current {
            pool,
            given_up: Some(CancellationToken::new()),
        };
        drop(current);
        given_up.cancel();
        // Idle ones are let go; nobody waits for those that hang.
        let pool = seen.pool.clone();
        tokio::spawn(async move { pool.close().await });
        Ok(())
    }
}

/// Begins a transaction. On PostgreSQL it begins and is rolled back where whoever asked for it is gone meanwhile: sqlx would put
/// the connection back as it is, and whoever gets it next would be in a transaction that began in another way.
pub(super) async fn begun(
    pool: &AnyPool,
    engine: Engine,
    begin: &'static str,
) -> Result<Transaction<'static, Any>, Error> {
    if engine == Engine::Sqlite {
        return pool.begin_with(begin).await;
    }
    let connection = pool.acquire().await?;
    let beginning = Transaction::begin(connection, Some(begin.into_sql_str()));
    tokio::spawn(beginning).await.map_err(|_| Error::BeginFailed)?
}

/// What a connection begins with.
async fn prepared(connection: &mut AnyConnection, engine: Engine) -> Result<(), Error> {
    match engine {
        Engine::Sqlite => {
            verify_writable(connection).await?;
            // FULL: an acknowledged move survives a power cut (R6).
            for pragma in [
                "PRAGMA busy_timeout = 10000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA cache_size = -32768",
                "PRAGMA temp_store = MEMORY",
            ] {
                sqlx::query(pragma).execute(&mut *connection).await?;
            }
        }
        Engine::Postgres => {
            // A replica would answer with rights as they were.
            let replica = sqlx::raw_sql("SELECT pg_is_in_recovery()")
                .fetch_one(connection)
                .await?;
            if sqlx::Row::try_get(&replica, 0)? {
                return Err(Error::Configuration("the database is a replica".into()));
            }
        }
    }
    Ok(())
}

/// Where SQLite cannot open its file for writing, it opens it for reading, and leaves it at that: such a connection would refuse
/// everything that is written over it, long after the disk works again.
async fn verify_writable(connection: &mut AnyConnection) -> Result<(), Error> {
    // Who writes at the moment is not waited for.
    sqlx::query("PRAGMA busy_timeout = 0")
        .execute(&mut *connection)
        .await?;
    match sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await {
        Ok(_) => {
            sqlx::query("ROLLBACK").execute(connection).await?;
            Ok(())
        }
        Err(error) if is_busy(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether somebody else writes to SQLite.
fn is_busy(error: &Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xFF == 5)
}

/// What a statement gets that is waited for no longer.
fn silent() -> Error {
    Error::Io(std::io::Error::new(
        std::io::ErrorKind::TimedOut,
        "the database is silent; its connections were given up",
    ))
}

/// The outcome of the work, unless the connections are given up before.
pub(super) async fn unless_given_up<T>(
    given_up: Option<&CancellationToken>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match given_up {
        None => work.await,
        Some(given_up) => tokio::select! {
            biased;
            outcome = work => outcome,
            () = given_up.cancelled() => Err(silent()),
        },
    }
}

/// The connection of a transaction, as statements take it.
pub(super) struct Conn<'c> {
    pub(super) inner: &'c mut AnyConnection,
    pub(super) way: Way,
    pub(super) given_up: Option<&'c CancellationToken>,
}

impl fmt::Debug for Conn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conn")
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

type Answers<'e> = Pin<Box<dyn Stream<Item = Result<Either<AnyQueryResult, AnyRow>, Error>> + Send + 'e>>;
type Answer<'e, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'e>>;

impl<'c> Executor<'c> for Conn<'c> {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Answers<'e>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let answers = match self.way {
            Way::Sessions => self.inner.fetch_many(query),
            Way::Pooler => self.inner.fetch_many(Unnamed(query)),
        };
        match self.given_up {
            None => answers,
            Some(given_up) => Box::pin(UnlessGivenUp {
                answers,
                given_up: Box::pin(given_up.cancelled()),
            }),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> Answer<'e, Option<AnyRow>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let answer = match self.way {
            Way::Sessions => self.inner.fetch_optional(query),
            Way::Pooler => self.inner.fetch_optional(Unnamed(query)),
        };
        match self.given_up {
            None => answer,
            Some(_) => Box::pin(unless_given_up(self.given_up, answer)),
        }
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> Answer<'e, AnyStatement>
    where
        'c: 'e,
    {
        self.inner.prepare_with(sql, parameters)
    }
}

/// A statement that is prepared without a name, and forgotten afterwards.
struct Unnamed<E>(E);

impl<'q, E: Execute<'q, Any>> Execute<'q, Any> for Unnamed<E> {
    fn sql(self) -> SqlStr {
        self.0.sql()
    }

    fn statement(&self) -> Option<&AnyStatement> {
        self.0.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<AnyArguments>, BoxDynError> {
        self.0.take_arguments()
    }

    fn persistent(&self) -> bool {
        false
    }
}

/// The answers to a statement, until the connections are given up.
struct UnlessGivenUp<'e> {
    answers: Answers<'e>,
    given_up: Pin<Box<WaitForCancellationFuture<'e>>>,
}

impl Stream for UnlessGivenUp<'_> {
    type Item = Result<Either<AnyQueryResult, AnyRow>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(answer) = self.answers.as_mut().poll_next(cx) {
            return Poll::Ready(answer);
        }
        self.given_up.as_mut().poll(cx).map(|()| Some(Err(silent())))
    }
}
