//! What is encrypted in the database of a portal, from behind its back.

use std::fmt::Display;

use license_portal::{
    ops::{
        OpError,
        instance::encryption::{self, Unlocked},
    },
    store::{
        encryption::{Column, KeySource},
        instance::encryption_keys,
    },
};

use crate::support::portal::TestPortal;

impl TestPortal {
    /// What a server does about secrets at its start.
    pub async fn unlock(&self) -> Result<Unlocked, OpError> {
        encryption::unlock(&self.store, KeySource::File(self.key_file())).await
    }

    /// A secret as it is written into that row.
    pub async fn encrypt(&self, column: &Column, row: impl Display, secret: &str) -> String {
        let mut tx = self.store.begin_write().await.expect("a transaction");
        let encrypted = encryption_keys::encrypt(&mut tx, column, row, &secret.to_owned().into()).await;
        encrypted.expect("a key")
    }

    /// The values of a column, with what identifies their rows.
    pub async fn values(&self, column: &Column) -> Vec<(String, String)> {
        let Column { table, name, row, .. } = column;
        let of_not_null = format!("FROM {table} WHERE {name} IS NOT NULL ORDER BY {table}.{row}");
        let rows = self
            .texts(&format!("SELECT CAST({row} AS TEXT) {of_not_null}"))
            .await;
        let values = self.texts(&format!("SELECT {name} {of_not_null}")).await;
        rows.into_iter().zip(values).collect()
    }

    /// The secrets of a column, as a server reads them.
    pub async fn secrets(&self, column: &Column) -> Vec<String> {
        let tx = self.store.begin_read().await.expect("a transaction");
        let open = |(row, value): (String, String)| {
            let secret = encryption_keys::decrypt(&tx, column, row, &value);
            secret.expect("the key of the portal").expose().to_owned()
        };
        let values = self.values(column).await;
        values.into_iter().map(open).collect()
    }
}
