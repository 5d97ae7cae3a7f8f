//! Why a backup cannot be made or restored, in words for the operator.

use crate::{
    ops::OpError,
    store::{StoreError, encryption::stream::Broken},
};

/// Why a backup cannot be made or restored. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("there is no portal in this database")]
    NoPortal,
    /// The database was migrated by a newer portal.
    #[error(
        "the database has step {found} of the schema, and this portal knows {known}: use the newer portal for it"
    )]
    NewerDatabase {
        /// Its step.
        found: i64,
        /// The last one that this portal knows.
        known: i64,
    },
    /// It is something else, or damaged.
    #[error("this is no backup of a License Portal, or it is damaged: line {0} cannot be read")]
    Unreadable(u64),
    /// Its format is one of the future.
    #[error("the format of this backup is {0}, which this portal does not know: restore it with a newer one")]
    Format(String),
    /// A newer portal made it.
    #[error(
        "this backup has step {found} of the schema, made by version {version}; this portal knows {known}: restore it with that \
         version or a newer one"
    )]
    Newer {
        /// Its step.
        found: i64,
        /// The last one that this portal knows.
        known: i64,
        /// The version that made it.
        version: String,
    },
    /// A portal with other steps made it.
    #[error("this backup was made by another portal: its schema of step {0} is not the one of this portal")]
    Foreign(i64),
    /// Its end is missing.
    #[error("this backup is not whole: it breaks off after line {0}")]
    NotWhole(u64),
    /// Its checksum is wrong.
    #[error("this backup is damaged: its checksum is not that of its contents")]
    Damaged,
    /// There is something in the database.
    #[error(
        "a backup is restored into an empty database, and there is something in the table {0} of this one already"
    )]
    NotEmpty(String),
    /// The database has gone further than the backup.
    #[error(
        "the database has step {found} of the schema already, and the backup {wanted}: restore it into an empty database"
    )]
    Ahead {
        /// The step of the database.
        found: i64,
        /// That of the backup.
        wanted: i64,
    },
    /// It is encrypted, and the key is not at hand.
    #[error(
        "this backup is encrypted with the key {0}, which is not at hand: name the file that it is in with --backup-key, or give the \
         portal the key file that it had then (--key-file, or PORTAL_KEY)"
    )]
    NoKey(String),
    /// A part of it cannot be decrypted.
    #[error("this backup cannot be decrypted: {0}")]
    Broken(#[from] Broken),
    /// A file fails.
    #[error("{0}")]
    Io(std::io::Error),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        let broken = error.get_ref().and_then(|inner| inner.downcast_ref::<Broken>());
        match broken {
            Some(broken) => Self::Broken(*broken),
            None => Self::Io(error),
        }
    }
}
