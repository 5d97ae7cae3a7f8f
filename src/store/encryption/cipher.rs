//! XChaCha20-Poly1305 over texts, each bound to its place.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::store::{encryption::error::EncryptionError, sources::Sources};

/// What an encrypted text begins with: the word that no plain secret begins with, and the version.
pub(super) const PREFIX: &str = "encrypted:1:";
/// Hashed before a key to make its id, so that the id is a hash of nothing else.
const ID_CONTEXT: &[u8] = b"license-portal encryption key\0";
/// Bytes of a nonce.
const NONCE: usize = 24;

/// A secret in memory: not for showing, and overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A column whose values are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The column that identifies a row.
    pub row: &'static str,
    /// Whether that one holds numbers, and not texts.
    pub numbered: bool,
}

impl Column {
    /// The value of that row.
    #[must_use]
    pub fn of(&self, row: impl fmt::Display) -> Place {
        Place {
            column: *self,
            row: row.to_string(),
        }
    }
}

/// Where an encrypted value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub(crate) column: Column,
    /// What identifies the row.
    pub(crate) row: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Column { table, name, row, .. } = self.column;
        write!(f, "{table}.{name} where {row} is {}", self.row)
    }
}

/// Identifies a key without telling it: the first 64 bits of a hash over it, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyId(String);

impl KeyId {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key: 256 random bits.
#[derive(Clone)]
pub struct EncryptionKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKey({})", self.id)
    }
}

impl From<[u8; 32]> for EncryptionKey {
    fn from(bytes: [u8; 32]) -> Self {
        let hash = Sha256::new()
            .chain_update(ID_CONTEXT)
            .chain_update(bytes)
            .finalize();
        let id = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self {
            id: KeyId(id),
            bytes: Zeroizing::new(bytes),
        }
    }
}

impl EncryptionKey {
    /// A new key.
    #[must_use]
    pub fn random(sources: &Sources) -> Self {
        sources.random::<32>().into()
    }

    /// The key of a text: base64url of its bytes. `None` for any other text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
        Some(<[u8; 32]>::try_from(bytes.as_slice()).ok()?.into())
    }

    /// The text of the key, a secret itself.
    #[must_use]
    pub fn text(&self) -> Secret {
        URL_SAFE_NO_PAD.encode(*self.bytes).into()
    }

    /// Which key it is.
    #[must_use]
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    pub(super) fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.bytes).into())
    }

    /// Encrypts a secret for its place.
    ///
    /// # Errors
    /// [`EncryptionError::Malformed`] for a text of more than 256 GB.
    pub(crate) fn encrypt(
        &self,
        place: &Place,
        secret: &Secret,
        nonce: [u8; NONCE],
    ) -> Result<String, EncryptionError> {
        let encrypted = self.cipher().encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: secret.expose().as_bytes(),
                aad: bound_to(&self.id.0, place).as_bytes(),
            },
        );
        let encrypted = encrypted.map_err(|_| EncryptionError::Malformed(place.to_string()))?;
        let text = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &encrypted].concat());
        Ok(format!("{PREFIX}{}:{text}", self.id))
    }

    /// Decrypts what was encrypted with this key for that place.
    ///
    /// # Errors
    /// [`EncryptionError::Malformed`], [`EncryptionError::Altered`].
    pub(crate) fn decrypt(
        &self,
        place: &Place,
        encrypted: &Encrypted<'_>,
    ) -> Result<Secret, EncryptionError> {
        let malformed = || EncryptionError::Malformed(place.to_string());
        let altered = || EncryptionError::Altered(place.to_string());
        let bytes = URL_SAFE_NO_PAD.decode(encrypted.text).map_err(|_| malformed())?;
        let (nonce, encrypted) = bytes.split_first_chunk::<NONCE>().ok_or_else(malformed)?;
        let decrypted = self.cipher().decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: encrypted,
                aad: bound_to(&self.id.0, place).as_bytes(),
            },
        );
        let decrypted = String::from_utf8(decrypted.map_err(|_| altered())?);
        Ok(decrypted.map_err(|_| altered())?.into())
    }
}

/// What is authenticated beside the secret. The row comes last, and nothing before it holds a colon of its own, so that no two
/// places have the same text.
fn bound_to(key: &str, place: &Place) -> String {
    let Column { table, name, .. } = place.column;
    format!("{PREFIX}{key}:{table}.{name}:{}", place.row)
}

/// An encrypted text, taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Encrypted<'a> {
    /// The id of its key.
    pub key: &'a str,
    text: &'a str,
}

impl<'a> Encrypted<'a> {
    /// Takes the value of that place apart.
    ///
    /// # Errors
    /// [`EncryptionError::Plain`], [`EncryptionError::Malformed`].
    pub(crate) fn read(place: &Place, value: &'a str) -> Result<Self, EncryptionError> {
        let Some(rest) = value.strip_prefix(PREFIX) else {
            let other_version = value.starts_with("encrypted:");
            return Err(if other_version {
                EncryptionError::Malformed(place.to_string())
            } else {
                EncryptionError::Plain(place.to_string())
            });
        };
        let (key, text) = rest
            .split_once(':')
            .ok_or_else(|| EncryptionError::Malformed(place.to_string()))?;
        Ok(Self { key, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::encryption::{SECOND_FACTORS, SIGNING_KEYS, WEBHOOKS};

    const NONCE_A: [u8; NONCE] = [1; NONCE];

    fn key() -> EncryptionKey {
        [7; 32].into()
    }

    fn decrypt(place: &Place, value: &str) -> Result<String, EncryptionError> {
        let encrypted = Encrypted::read(place, value)?;
        key()
            .decrypt(place, &encrypted)
            .map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn a_secret_opens_in_its_place_alone() {
        let place = WEBHOOKS.of(12);
        let secret = Secret::from("https://example.org/?token=x".to_owned());
        let value = key().encrypt(&place, &secret, NONCE_A).unwrap();
        assert_eq!(decrypt(&place, &value).unwrap(), secret.expose());
        for elsewhere in [
            WEBHOOKS.of(1),
            WEBHOOKS.of(121),
            SECOND_FACTORS.of(12),
            SIGNING_KEYS.of(12),
        ] {
            assert!(
                matches!(decrypt(&elsewhere, &value), Err(EncryptionError::Altered(_))),
                "{elsewhere}"
            );
        }
        let other = EncryptionKey::from([8; 32]);
        let encrypted = Encrypted::read(&place, &value).unwrap();
        assert!(matches!(
            other.decrypt(&place, &encrypted),
            Err(EncryptionError::Altered(_))
        ));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let place = SECOND_FACTORS.of(5);
        let value = key()
            .encrypt(&place, &"JBSWY3DP".to_owned().into(), NONCE_A)
            .unwrap();
        for at in PREFIX.len() + key().id().as_str().len() + 1..value.len() {
            let changed = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut forged = value.clone();
            forged.replace_range(at..=at, changed);
            assert!(decrypt(&place, &forged).is_err(), "{forged}");
        }
        for broken in [
            "encrypted:1:",
            "encrypted:1:x",
            "encrypted:1:x:",
            "encrypted:1:x:AAAA",
            "encrypted:2:x:AAAA",
        ] {
            assert!(
                matches!(decrypt(&place, broken), Err(EncryptionError::Malformed(_))),
                "{broken}"
            );
        }
        assert!(matches!(
            decrypt(&place, "JBSWY3DP"),
            Err(EncryptionError::Plain(_))
        ));
    }

    #[test]
    fn the_form_of_encrypted_texts_stays() {
        let value = key()
            .encrypt(&WEBHOOKS.of(1), &"https://e.org/".to_owned().into(), NONCE_A)
            .unwrap();
        assert_eq!(decrypt(&WEBHOOKS.of(1), &value).unwrap(), "https://e.org/");
        let (head, text) = value.rsplit_once(':').unwrap();
        assert_eq!(head, format!("encrypted:1:{}", key().id()));
        // Nonce, text, and 16 bytes that authenticate.
        assert_eq!(URL_SAFE_NO_PAD.decode(text).unwrap().len(), 24 + 14 + 16);
    }

    #[test]
    fn keys_are_read_as_they_are_written_and_never_shown() {
        let key = key();
        let text = key.text();
        assert_eq!(EncryptionKey::read(text.expose()).unwrap().id(), key.id());
        assert!(EncryptionKey::read("").is_none() && EncryptionKey::read("AAAA").is_none());
        for shown in [format!("{key:?}"), format!("{text:?}")] {
            assert!(!shown.contains(text.expose()), "{shown}");
        }
    }
}
