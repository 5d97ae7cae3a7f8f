//! Random tokens: whoever has one is let in. The database knows their SHA-256 alone.

use sha2::{Digest, Sha256};

use crate::store::sources::Sources;

/// A new token: 256 random bits, in hexadecimal.
#[must_use]
pub fn fresh(sources: &Sources) -> String {
    hex::encode(sources.random::<32>())
}

/// The hash of a token, under which it is stored. Without salt, because tokens are random.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
