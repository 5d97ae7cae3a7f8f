//! Notices a database that is silent, and gives up the connections to it.

use std::time::Duration;

use sqlx::AnyConnection;

use crate::store::{Engine, Store, StoreError};

/// The pause after a failed attempt.
const AGAIN: Duration = Duration::from_millis(250);

/// Asks the database, over a connection of its own, whether it is there.
pub struct Watch {
    store: Store,
    /// For how long the database may be silent.
    patience: Duration,
    /// It is as old as those that are watched: where a connection is cut, it is, too.
    connection: Option<AnyConnection>,
    /// The connections were given up, and nothing was heard since.
    given_up: bool,
}

impl Watch {
    /// Begins to watch. The database may be silent for as long as `patience`.
    #[must_use]
    pub const fn new(store: Store, patience: Duration) -> Self {
        Self {
            store,
            patience,
            connection: None,
            given_up: false,
        }
    }

    /// Asks once. Where no answer comes in time, all connections are given up, once until the next answer; whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Sql`] when other connections cannot be made at all.
    pub async fn look(&mut self) -> Result<bool, StoreError> {
        // SQLite is in the process, and is never silent.
        if self.store.engine() == Engine::Sqlite {
            return Ok(true);
        }
        let seen = self.store.connections.current();
        if tokio::time::timeout(self.patience, self.ask()).await.is_ok() {
            self.given_up = false;
            return Ok(true);
        }
        self.connection = None;
        if !std::mem::replace(&mut self.given_up, true) {
            tracing::warn!("the database is silent; all connections to it are given up");
            self.store.connections.give_up(&seen)?;
        }
        Ok(false)
    }

    /// Asks until there is an answer.
    async fn ask(&mut self) {
        loop {
            match self.attempt().await {
                Ok(()) => return,
                Err(error) => {
                    tracing::debug!(%error, "the database does not answer");
                    self.connection = None;
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    async fn attempt(&mut self) -> Result<(), sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.store.connections.apart().await?),
        };
        sqlx::raw_sql("SELECT 1").execute(connection).await?;
        Ok(())
    }
}
