//! Words between the processes of one PostgreSQL: that something was committed, and nothing about it.

use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use crate::store::{
    Engine, Store, StoreError, Way,
    connections::{Current, unless_given_up},
};

/// The channel of `NOTIFY`; it belongs to one database.
const CHANNEL: &str = "license_portal_committed";

/// Hears what other processes say, over a connection of its own.
pub struct Listening {
    listener: PgListener,
    /// Told when the database is silent.
    given_up: Option<CancellationToken>,
}

impl Listening {
    /// Waits until some process has committed something.
    ///
    /// # Errors
    /// [`StoreError::Sql`] once the connection is lost: what was said meanwhile was not heard.
    pub async fn heard(&mut self) -> Result<(), StoreError> {
        let said = unless_given_up(self.given_up.as_ref(), self.listener.try_recv()).await?;
        match said {
            Some(_) => Ok(()),
            None => Err(sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()).into()),
        }
    }
}

impl Store {
    /// Begins to listen to other processes; `None` where they cannot be heard: on SQLite there are none, and a pooler gives
    /// the session to somebody else.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub async fn listen(&self) -> Result<Option<Listening>, StoreError> {
        if !self.speaks() {
            return Ok(None);
        }
        let Current { given_up, .. } = self.connections.current();
        let mut listener = PgListener::connect(self.connections.address()).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Listening { listener, given_up }))
    }

    /// Tells other processes that something was committed.
    ///
    /// # Errors
    /// [`StoreError::Sql`].
    pub async fn call(&self) -> Result<(), StoreError> {
        if self.speaks() {
            let Current { pool, given_up } = self.connections.current();
            let said = sqlx::raw_sql("NOTIFY license_portal_committed").execute(&pool);
            unless_given_up(given_up.as_ref(), said).await?;
        }
        Ok(())
    }

    fn speaks(&self) -> bool {
        self.engine == Engine::Postgres && self.connections.way == Way::Sessions
    }
}
