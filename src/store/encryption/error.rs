//! Why a secret cannot be encrypted or decrypted, in words for the operator.

use std::{io, path::PathBuf};

/// Most keys that are held at a time: one that is encrypted with, and those that it replaces.
pub(super) const MOST_KEYS: usize = 8;

/// A secret cannot be encrypted or decrypted, or its key not be had.
#[derive(Debug, thiserror::Error)]
pub enum EncryptionError {
    /// The key file cannot be read.
    #[error("cannot read the key file {path}: {1}", path = .0.display())]
    Read(PathBuf, io::Error),
    /// The key file, or the folder in which it is to stand, cannot be written.
    #[error("cannot write the key file {path}: {1}", path = .0.display())]
    Write(PathBuf, io::Error),
    /// A line of the key file is no key. The line is not shown: it may be most of one.
    #[error("line {1} of the key file {path} is no key: `license-portal encryption-key new` makes one", path = .0.display())]
    NotAKey(PathBuf, usize),
    /// The key file is there, and has no key in it.
    #[error("{0} has no key in it: `license-portal encryption-key new` makes one")]
    NoKeys(String),
    /// There are more keys than are ever needed.
    #[error("{0} has more than {most} keys", most = MOST_KEYS)]
    TooMany(String),
    /// What is in the database is encrypted with a key that is not at hand.
    #[error(
        "the secrets of this database are encrypted with the key {id}, which is not in {place}. Give the portal that key: the key \
         file of the server that made it, or the copy that belongs to the backup (--key-file, or PORTAL_KEY). Nobody can read \
         the secrets without it; where it is lost for good, see license-portal encryption-key replace-lost --help"
    )]
    UnknownKey {
        /// The id of the key.
        id: String,
        /// Where it was looked for.
        place: String,
    },
    /// The process was given no keys: a defect.
    #[error("there is no key to encrypt with yet")]
    Locked,
    /// A value stands in plain text where the portal writes encrypted ones only.
    #[error("{0} is not encrypted: something else than the portal wrote it")]
    Plain(String),
    /// An encrypted value is none of the known form.
    #[error("{0} is not encrypted as this version of the portal does it")]
    Malformed(String),
    /// An encrypted value is not what was encrypted there: it was changed, or comes from another row.
    #[error("{0} cannot be decrypted with its key: it was changed, or was encrypted for another row")]
    Altered(String),
    /// A new key cannot be written to where the keys come from.
    #[error(
        "the key comes from PORTAL_KEY, where no command can change it: make a key with license-portal encryption-key new, put it \
         before the present one (PORTAL_KEY=\"NEW OLD\"), restart all servers with both, and repeat this command"
    )]
    Fixed,
    /// Another process rotates the same file.
    #[error("another rotation of the key file {path} is running", path = .0.display())]
    Rotating(PathBuf),
    /// The key is no lost one.
    #[error(
        "the key {0} is there: it can be rotated (license-portal encryption-key rotate), and nothing has to be given up"
    )]
    NotLost(String),
}
