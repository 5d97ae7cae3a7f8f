//! Secrets in the database that have to be read again: they are encrypted, with a key that does not stand in it.
//!
//! An encrypted text is `encrypted:1:KEY:TEXT`: the version, the id of the key, and in base64url the nonce and what
//! XChaCha20-Poly1305 makes of the secret. Table, column and row are authenticated with it, so that it can be decrypted nowhere else.
//! The nonce has 192 random bits: no counter has to be kept by several servers.
//!
//! `cipher` encrypts and decrypts, `key_file` reads and writes the file of keys, `keys` has those that the process knows,
//! `stream` encrypts whole files.
//! Who encrypts and decrypts rows is [`encryption_keys`](crate::store::instance::encryption_keys).

mod cipher;
mod error;
mod key_file;
mod keys;
pub mod stream;

pub use self::{
    cipher::{Column, EncryptionKey, KeyId, Place, Secret},
    error::EncryptionError,
    key_file::of_retired,
    keys::{InvalidVariable, KeySource, Keys},
};

/// What an encrypted text begins with, before the id of its key.
pub(crate) const PREFIX: &str = cipher::PREFIX;

/// Private halves of the keys that the portal signs with.
pub const SIGNING_KEYS: Column = Column {
    table: "signing_keys",
    name: "private_key",
    row: "id",
    numbered: false,
};
/// Secrets of second factors.
pub const SECOND_FACTORS: Column = Column {
    table: "second_factors",
    name: "secret",
    row: "user_id",
    numbered: true,
};
/// Addresses of webhooks, in whose path or query a secret of the receiver may stand.
pub const WEBHOOKS: Column = Column {
    table: "webhooks",
    name: "url",
    row: "id",
    numbered: true,
};
/// What identity providers gave the portal to show who it is.
pub const IDENTITY_PROVIDERS: Column = Column {
    table: "identity_providers",
    name: "client_secret",
    row: "id",
    numbered: true,
};
/// The texts that tell whether somebody has the key.
pub const CHECKS: Column = Column {
    table: "encryption_keys",
    name: "check_text",
    row: "id",
    numbered: false,
};

/// Every column with secrets. One that is forgotten here is found by `src/tests/instance/encryption.rs`.
pub const ENCRYPTED: [&Column; 4] = [&SIGNING_KEYS, &SECOND_FACTORS, &WEBHOOKS, &IDENTITY_PROVIDERS];
