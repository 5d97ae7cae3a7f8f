//! Passwords: argon2id with the parameters OWASP recommends (19 MiB, two passes), in the PHC string format.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::store::sources::Sources;

/// Shortest password a person may choose, in characters (ASVS 5.0, 6.2.1).
pub const MIN_PASSWORD: usize = 8;
/// Longest, in bytes: hashing is paid per byte.
pub const MAX_PASSWORD: usize = 1024;

/// The hash function refused its work.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Hashes a password. Takes some ten milliseconds of a processor: not for an async thread.
///
/// # Errors
/// [`HashError`].
pub fn hash(sources: &Sources, password: &str) -> Result<String, HashError> {
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &sources.random::<16>())
        .map_err(|_| HashError)?;
    Ok(hash.to_string())
}

/// Whether the password fits. Without a hash the same work is done for nothing, so that the time of the answer does
/// not tell which logins exist.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    // Of a password that nobody has: 32 random bytes, thrown away.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Fc3NvNNA2b0HyrqbMK1Yf6kYz6rVwJ5sT0uZ4dQ1s2E";
    let matches = PasswordHash::new(hash.unwrap_or(NOBODY)).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    });
    matches && hash.is_some()
}
