//! Random tokens: whoever has one is let in. The database knows their SHA-256 alone.

use sha2::{Digest, Sha256};

use crate::store::sources::Sources;

/// A new token: 256 random bits, in hexadecimal.
#[must_use]
pub fn fresh(sources: &Sources) -> String {
    hex(&sources.random::<32>())
}

/// The hash of a token, under which it is stored. Without salt, because tokens are random.
#[must_use]
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Bytes in hexadecimal.
pub(in crate::ops) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that were written in hexadecimal.
pub(in crate::ops) fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect()
}
