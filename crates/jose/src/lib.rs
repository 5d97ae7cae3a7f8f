//! Signed texts: compact JWS (RFC 7515) with Ed25519 (RFC 8037) and nothing else, so that there is no algorithm to be
//! confused about, and the public keys they are checked with, as JWK (RFC 7517).
//!
//! What is read is believed in one order: form and header first, then the signature, and only then are the claims
//! looked at. Whoever signs says what a text is for (`typ`), and whoever reads says what is expected: a text for one
//! purpose never passes for another (RFC 8725, section 3.11).

#![warn(missing_docs)]

#[cfg(test)]
mod fuzz;
mod numeric_date;
pub mod offline;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use std::{collections::BTreeSet, fmt};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::{SignedDuration, Timestamp};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor},
};
use sha2::{Digest, Sha256};

pub use numeric_date::NumericDate;

/// The one algorithm, as headers and keys call it (RFC 8037, section 3.1).
pub const ALGORITHM: &str = "EdDSA";
/// Longest text that is looked at, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;
/// How far the clock of a signer may be ahead.
pub const LEEWAY: SignedDuration = SignedDuration::from_mins(1);

/// Why a signed text is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// Longer than [`MAX_LENGTH`].
    #[error("it is too long to be a signed text")]
    TooLong,
    /// Not three parts in base64url, or what is in them is not what belongs there.
    #[error("it is not a signed text of the expected form")]
    Malformed,
    /// Another algorithm than [`ALGORITHM`], or none.
    #[error("it is not signed with Ed25519")]
    UnsupportedAlgorithm,
    /// Signed for another purpose.
    #[error("it was signed for another purpose")]
    WrongType,
    /// It wants something to be understood that is not (RFC 7515, section 4.1.11).
    #[error("it demands an extension that is not known here")]
    CriticalExtension,
    /// Nobody here knows the key that it names.
    #[error("it was signed with a key that is not known here")]
    UnknownKey,
    /// Signed with another key, or altered since.
    #[error("the signature is wrong: it was altered, or signed by somebody else")]
    BadSignature,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Issued in the future: one of the two clocks is wrong.
    #[error("it was issued in the future: the clock of this machine or of the signer is wrong")]
    NotYetValid,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    typ: &'a str,
}

/// What a header says, unchecked. Members that are not named here mean nothing, but none may stand there twice.
#[derive(Default)]
struct ReadHeader {
    alg: Option<String>,
    kid: Option<String>,
    typ: Option<String>,
    critical: bool,
}

impl<'de> Deserialize<'de> for ReadHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = ReadHeader;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JOSE header")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReadHeader, A::Error> {
                let mut header = ReadHeader::default();
                let mut seen = BTreeSet::new();
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "alg" => header.alg = Some(map.next_value()?),
                        "kid" => header.kid = Some(map.next_value()?),
                        "typ" => header.typ = Some(map.next_value()?),
                        other => {
                            header.critical |= other == "crit";
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    if !seen.insert(name) {
                        return Err(A::Error::custom("a member stands there twice"));
                    }
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// The three parts, decoded.
struct Parts<'a> {
    /// What the signature is over: the first two parts as they were sent.
    signed: &'a str,
    header: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Refuses padding, whitespace and bits beyond the end: each text has one spelling.
fn decoded(part: &str) -> Result<Vec<u8>, InvalidToken> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| InvalidToken::Malformed)
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Self, InvalidToken> {
        if text.len() > MAX_LENGTH {
            return Err(InvalidToken::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(InvalidToken::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(InvalidToken::Malformed)?;
        Ok(Self {
            signed,
            header: decoded(header)?,
            // A fourth part would bring a dot, which is not of the alphabet.
            payload: decoded(payload)?,
            signature: decoded(signature)?,
        })
    }

    /// The signature, of the length that those of [`ALGORITHM`] have.
    fn signature(&self) -> Result<Signature, InvalidToken> {
        Signature::from_slice(&self.signature).map_err(|_| InvalidToken::Malformed)
    }

    /// Strict: weak keys and other spellings of the same signature are refused.
    fn check(&self, key: &VerifyingKey) -> Result<(), InvalidToken> {
        key.verify_strict(self.signed.as_bytes(), &self.signature()?)
            .map_err(|_| InvalidToken::BadSignature)
    }
}

fn compact(header: &[u8], payload: &[u8], key: &SigningKey) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(header);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    let signature = key.sign(text.as_bytes());
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature.to_bytes(), &mut text);
    text
}

/// Signs claims for the purpose `typ`, naming the key `kid` (or, with `None`, no key).
///
/// # Errors
/// When the claims have no JSON form: a defect.
pub fn sign<'a>(
    typ: &str,
    kid: impl Into<Option<&'a str>>,
    claims: &impl Serialize,
    key: &SigningKey,
) -> Result<String, serde_json::Error> {
    let header = Header {
        alg: ALGORITHM,
        kid: kid.into(),
        typ,
    };
    Ok(compact(
        &serde_json::to_vec(&header)?,
        &serde_json::to_vec(claims)?,
        key,
    ))
}

/// A signed text of the right form, whose signature has yet to be checked: for those who have to look for the key
/// first. Its claims cannot be had without.
pub struct Unverified<'a> {
    parts: Parts<'a>,
    key_id: Option<String>,
}

impl<'a> Unverified<'a> {
    /// Reads form and header; `typ` is the purpose that is expected, to the letter.
    ///
    /// # Errors
    /// [`InvalidToken`], but for the key, the signature and the times.
    pub fn read(text: &'a str, typ: &str) -> Result<Self, InvalidToken> {
        let parts = Parts::read(text)?;
        let header: ReadHeader =
            serde_json::from_slice(&parts.header).map_err(|_| InvalidToken::Malformed)?;
        if header.alg.as_deref() != Some(ALGORITHM) {
            return Err(InvalidToken::UnsupportedAlgorithm);
        }
        // Those of other algorithms have other lengths.
        parts.signature()?;
        if header.critical {
            return Err(InvalidToken::CriticalExtension);
        }
        if header.typ.as_deref() != Some(typ) {
            return Err(InvalidToken::WrongType);
        }
        Ok(Self {
            parts,
            key_id: header.kid,
        })
    }

    /// The key that the text names: for finding it, not to be believed.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The claims, once the signature is found to be of that key. What they say about time is not checked: see
    /// [`check_times`].
    ///
    /// # Errors
    /// [`InvalidToken::BadSignature`]; [`InvalidToken::Malformed`] when other claims were signed.
    pub fn verify<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Result<T, InvalidToken> {
        self.parts.check(key)?;
        serde_json::from_slice(&self.parts.payload).map_err(|_| InvalidToken::Malformed)
    }
}

/// The claims of a text for the purpose `typ` that was signed with the key it names; `lookup` knows the keys by id.
/// What the claims say about time is not checked: see [`check_times`].
///
/// # Errors
/// [`InvalidToken`], but for the times. A text that names no key is of an unknown one.
pub fn verify<T: DeserializeOwned>(
    text: &str,
    typ: &str,
    lookup: impl FnOnce(&str) -> Option<VerifyingKey>,
) -> Result<T, InvalidToken> {
    let unverified = Unverified::read(text, typ)?;
    let key = unverified
        .key_id()
        .and_then(lookup)
        .ok_or(InvalidToken::UnknownKey)?;
    unverified.verify(&key)
}

/// What a text claims, whoever signed it and for whatever purpose: to be shown, not to be believed.
///
/// # Errors
/// [`InvalidToken::TooLong`], [`InvalidToken::Malformed`].
pub fn read_unverified<T: DeserializeOwned>(text: &str) -> Result<T, InvalidToken> {
    if text.len() > MAX_LENGTH {
        return Err(InvalidToken::TooLong);
    }
    let payload = text.split('.').nth(1).ok_or(InvalidToken::Malformed)?;
    serde_json::from_slice(&decoded(payload)?).map_err(|_| InvalidToken::Malformed)
}

/// Whether something issued at `iat` for until `exp` can be used at `now`.
/// The signer's clock may be ahead by [`LEEWAY`]; the end is the end.
///
/// # Errors
/// [`InvalidToken::Expired`], [`InvalidToken::NotYetValid`].
pub fn check_times(iat: NumericDate, exp: NumericDate, now: Timestamp) -> Result<(), InvalidToken> {
    let now = NumericDate::from(now).timestamp();
    if exp.timestamp() <= now {
        Err(InvalidToken::Expired)
    } else if iat.timestamp().duration_since(now) > LEEWAY {
        Err(InvalidToken::NotYetValid)
    } else {
        Ok(())
    }
}

/// A public key (RFC 7517). One of a kind that is not known here can be read, so that it does not spoil a set of keys,
/// and is of no use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Kind of key: `OKP` for Ed25519 (RFC 8037, section 2).
    pub kty: String,
    /// Curve: `Ed25519`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub crv: String,
    /// Id of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The key itself: base64url of its 32 bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub x: String,
    /// What it is for: `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What may be done with it (RFC 7517, section 4.3): `verify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_ops: Option<Vec<String>>,
    /// The algorithm: [`ALGORITHM`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
}

impl Jwk {
    /// The key under the given id; [`thumbprint`] gives one where there is none.
    #[must_use]
    pub fn new(kid: impl Into<String>, key: &VerifyingKey) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            kid: Some(kid.into()),
            x: URL_SAFE_NO_PAD.encode(key.as_bytes()),
            purpose: Some("sig".to_owned()),
            key_ops: None,
            alg: Some(ALGORITHM.to_owned()),
        }
    }

    /// The key, if it is one for Ed25519 signatures, spelt as RFC 8032 (section 5.1.3) wants it, and not one of the weak
    /// ones that fit every text.
    #[must_use]
    pub fn key(&self) -> Option<VerifyingKey> {
        let fits = self.kty == "OKP"
            && self.crv == "Ed25519"
            && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self
                .key_ops
                .as_ref()
                .is_none_or(|ops| ops.iter().any(|op| op == "verify"))
            && self.alg.as_deref().is_none_or(|alg| alg == ALGORITHM);
        let bytes = decoded(&self.x).ok().filter(|_| fits)?;
        let key = VerifyingKey::from_bytes(&<[u8; 32]>::try_from(bytes).ok()?).ok()?;
        let canonical = key.to_edwards().compress().as_bytes() == key.as_bytes();
        (canonical && !key.is_weak()).then_some(key)
    }
}

/// Public keys (RFC 7517, section 5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys, of whatever kind.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// The key with that id.
    #[must_use]
    pub fn key(&self, kid: &str) -> Option<VerifyingKey> {
        let named = |key: &&Jwk| key.kid.as_deref() == Some(kid);
        self.keys.iter().filter(named).find_map(Jwk::key)
    }
}

/// An id made from the key alone: base64url of the SHA-256 of its required members (RFC 7638).
#[must_use]
pub fn thumbprint(key: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}
