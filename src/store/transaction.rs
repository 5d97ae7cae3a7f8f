//! Transactions: how they begin and end, and what they lock.

use std::sync::Arc;

use domain::history::events::Channel;
use sqlx::{Any, Error, Transaction};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit};
use tokio_util::sync::CancellationToken;

use crate::{
    metrics::{self, TransactionKind},
    store::{
        Engine, Store, StoreError, Way,
        connections::{Conn, Current, begun, unless_given_up},
        encryption::Keys,
        sources::Sources,
    },
};

/// A transaction in which reading and writing see one state of the database, and nobody else's half-done work.
pub struct Tx {
    inner: Transaction<'static, Any>,
    /// The connections that it has one of.
    of: Current,
    way: Way,
    pub(super) engine: Engine,
    /// The channel over which whoever acts in it came.
    pub(super) channel: Option<Channel>,
    /// Whoever asks in it is watched.
    pub(super) impersonated: bool,
    /// What binds together the events that it records.
    pub(super) request_key: Option<String>,
    /// What secrets are encrypted with.
    pub(super) keys: Keys,
    /// For the nonces of these.
    pub(super) sources: Sources,
    /// Nothing of it lasts.
    dry_run: bool,
    _writer: Option<OwnedMutexGuard<()>>,
    /// Its turn, where it looks at much.
    heavy: Option<[OwnedSemaphorePermit; 2]>,
    /// Told how it ends.
    running: metrics::Running,
}

impl Tx {
    pub(super) fn conn(&mut self) -> Conn<'_> {
        Conn {
            inner: &mut self.inner,
            way: self.way,
            given_up: self.of.given_up.as_ref(),
        }
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

impl Store {
    /// Begins a transaction that writes: SERIALIZABLE on PostgreSQL, the one writer on SQLite.
    ///
    /// # Errors
    /// [`StoreError::Sql`]; [`StoreError::OnlyImpersonated`].
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        self.begin_writing("BEGIN ISOLATION LEVEL SERIALIZABLE").await
    }

    /// Begins one that acts on rights, as after [`Tx::hold_rights`]: both in one round trip.
    ///
    /// # Errors
    /// As [`Store::begin_write`].
    pub(crate) async fn begin_holding_rights(&self) -> Result<Tx, StoreError> {
        self.begin_writing("BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE memberships, groups IN SHARE MODE")
            .await
    }

    /// `on_postgres` begins the transaction there.
    async fn begin_writing(&self, on_postgres: &'static str) -> Result<Tx, StoreError> {
        if self.view.is_some() {
            return Err(StoreError::OnlyImpersonated);
        }
        let waiting = metrics::Waiting::of(TransactionKind::Write);
        let (writer, begin) = match self.engine {
            Engine::Sqlite => (
                Some(Arc::clone(&self.writer).lock_owned().await),
                "BEGIN IMMEDIATE",
            ),
            Engine::Postgres => (None, on_postgres),
        };
        self.begin(begin, writer, waiting).await
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
        let waiting = metrics::Waiting::of(TransactionKind::Seal);
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
        let mut tx = self.begin(begin, None, waiting).await?;
        // One server at a time. Whoever waited here reads what the one before wrote.
        tx.lock("LOCK TABLE checkpoints IN EXCLUSIVE MODE").await?;
        Ok(tx)
    }

    /// Begins a transaction that only reads: one state of the database throughout.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        self.begin_reading(TransactionKind::Read).await
    }

    async fn begin_reading(&self, kind: TransactionKind) -> Result<Tx, StoreError> {
        let waiting = metrics::Waiting::of(kind);
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.begin(begin, None, waiting).await
    }

    /// The same, for what looks at thousands of rows: at most half of the connections are used so, and few wait.
    ///
    /// # Errors
    /// [`StoreError::Overloaded`]; [`StoreError::Sql`].
    pub async fn begin_heavy_read(&self) -> Result<Tx, StoreError> {
        let overloaded = |_| StoreError::Overloaded;
        let place = Arc::clone(&self.heavy_places)
            .try_acquire_owned()
            .map_err(overloaded)?;
        let turn = Arc::clone(&self.heavy).acquire_owned().await;
        let turn = turn.map_err(|_| StoreError::Overloaded)?;
        let mut tx = self.begin_reading(TransactionKind::HeavyRead).await?;
        tx.heavy = Some([turn, place]);
        Ok(tx)
    }

    /// Begins a transaction that changes the schema.
    pub(super) async fn begin_plain(&self) -> Result<Tx, StoreError> {
        let waiting = metrics::Waiting::of(TransactionKind::Write);
        self.begin("BEGIN", None, waiting).await
    }

    async fn begin(
        &self,
        begin: &'static str,
        writer: Option<OwnedMutexGuard<()>>,
        waiting: metrics::Waiting,
    ) -> Result<Tx, StoreError> {
        let (inner, of) = self.begin_over(begin).await?;
        Ok(Tx {
            inner,
            of,
            way: self.connections.way,
            engine: self.engine,
            channel: self.channel,
            impersonated: self.view.unwrap_or_default(),
            request_key: None,
            keys: self.keys.clone(),
            sources: self.sources.clone(),
            dry_run: false,
            _writer: writer,
            heavy: None,
            running: waiting.begins(),
        })
    }

    /// A transaction over one of the connections that are in use; over one of the next ones where they are given up meanwhile.
    async fn begin_over(
        &self,
        begin: &'static str,
    ) -> Result<(Transaction<'static, Any>, Current), StoreError> {
        let current = self.connections.current();
        let given_up = current.given_up.as_ref();
        match unless_given_up(given_up, begun(&current.pool, self.engine, begin)).await {
            Ok(inner) => Ok((inner, current)),
            Err(error) if is_of_replica(&error) => {
                self.connections.give_up(&current)?;
                Err(StoreError::Replica)
            }
            Err(_) if given_up.is_some_and(CancellationToken::is_cancelled) => {
                let next = self.connections.current();
                let inner = begun(&next.pool, self.engine, begin).await?;
                Ok((inner, next))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a writing transaction last, and tells those who wait; takes a rehearsal back.
    ///
    /// # Errors
    /// [`StoreError::Sql`]; nothing was changed then.
    pub async fn commit(&self, mut tx: Tx) -> Result<(), StoreError> {
        let given_up = tx.of.given_up.as_ref();
        if tx.dry_run {
            return Ok(unless_given_up(given_up, tx.inner.rollback()).await?);
        }
        unless_given_up(given_up, tx.inner.commit()).await?;
        tx.running.committed();
        self.commits.send_modify(|commits| *commits += 1);
        Ok(())
    }
}

/// Whether a replica refuses to begin what changes something. SERIALIZABLE it does not know at all (0A000).
fn is_of_replica(error: &Error) -> bool {
    matches!(error, Error::Database(error) if matches!(error.code().as_deref(), Some("0A000" | "25006")))
}
