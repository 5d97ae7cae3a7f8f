//! Files signed by the maker of the portal: compact JWS with Ed25519 and nothing else (RFC 7515, RFC 8037), so that there
//! is no algorithm to be confused about.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Serialize, de::DeserializeOwned};

use crate::domain::instance::InvalidLicense;

const HEADER: &str = r#"{"alg":"EdDSA","typ":"license-portal-instance+jws"}"#;
/// Longest file that is looked at, in bytes.
pub const MAX_FILE: usize = 64 * 1024;

/// A public key, as settings write it: base64url of its 32 bytes.
///
/// # Errors
/// The text, when it is none.
pub fn public_key(text: &str) -> Result<VerifyingKey, String> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).unwrap_or_default();
    <[u8; 32]>::try_from(bytes)
        .ok()
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or_else(|| text.to_owned())
}

/// The private key of a text of the same form.
///
/// # Errors
/// Nothing of the text, when it is none: it is a secret.
pub fn private_key(text: &str) -> Result<SigningKey, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).unwrap_or_default();
    let bytes =
        <[u8; 32]>::try_from(bytes).map_err(|_| "not a private key: expected base64url of 32 bytes")?;
    Ok(SigningKey::from_bytes(&bytes))
}

/// The text of a key.
#[must_use]
pub fn key_text(bytes: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signs.
///
/// # Errors
/// When the claims have no JSON form: a defect.
pub fn sign(claims: &impl Serialize, key: &SigningKey) -> Result<String, serde_json::Error> {
    let payload = serde_json::to_vec(claims)?;
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(HEADER),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = key.sign(signed.as_bytes());
    Ok(format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(signature.to_bytes())
    ))
}

/// What was signed with that key.
///
/// # Errors
/// [`InvalidLicense::Malformed`], [`InvalidLicense::Forged`].
pub fn verify<T: DeserializeOwned>(text: &str, key: &VerifyingKey) -> Result<T, InvalidLicense> {
    let text = text.trim();
    let (signed, signature) = text
        .rsplit_once('.')
        .filter(|_| text.len() <= MAX_FILE)
        .ok_or(InvalidLicense::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(InvalidLicense::Malformed)?;
    let decoded = |part: &str| {
        URL_SAFE_NO_PAD
            .decode(part)
            .map_err(|_| InvalidLicense::Malformed)
    };
    if decoded(header)? != HEADER.as_bytes() {
        return Err(InvalidLicense::Malformed);
    }
    let signature = Signature::from_slice(&decoded(signature)?).map_err(|_| InvalidLicense::Malformed)?;
    let payload = decoded(payload)?;
    // Strict: weak keys and other spellings of the same signature are refused.
    key.verify_strict(signed.as_bytes(), &signature)
        .map_err(|_| InvalidLicense::Forged)?;
    serde_json::from_slice(&payload).map_err(|_| InvalidLicense::Malformed)
}

/// What a file says, whoever signed it: to be shown, not to be believed.
///
/// # Errors
/// [`InvalidLicense::Malformed`].
pub fn read_unverified<T: DeserializeOwned>(text: &str) -> Result<T, InvalidLicense> {
    let payload = text.trim().split('.').nth(1).ok_or(InvalidLicense::Malformed)?;
    let payload = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| InvalidLicense::Malformed)?;
    serde_json::from_slice(&payload).map_err(|_| InvalidLicense::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_altered_is_refused() -> Result<(), Box<dyn std::error::Error>> {
        let key = SigningKey::from_bytes(&[7; 32]);
        let text = sign(&["seats", "12"], &key)?;
        let read = |text: &str| verify::<Vec<String>>(text, &key.verifying_key());
        assert_eq!(
            read(&format!(" {text}\n")),
            Ok(vec!["seats".to_owned(), "12".to_owned()])
        );
        let other = sign(&["seats", "99"], &SigningKey::from_bytes(&[8; 32]))?;
        assert_eq!(read(&other), Err(InvalidLicense::Forged));
        let parts: Vec<&str> = text.split('.').collect();
        let others: Vec<&str> = other.split('.').collect();
        assert_eq!(
            read(&[parts[0], others[1], parts[2]].join(".")),
            Err(InvalidLicense::Forged)
        );
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for broken in [
            "",
            ".",
            "..",
            &parts[..2].join("."),
            &[none.as_str(), parts[1], ""].join("."),
            &[parts[0], parts[1], ""].join("."),
            &[parts[0], "!", parts[2]].join("."),
            &"x".repeat(MAX_FILE + 1),
        ] {
            assert_eq!(read(broken), Err(InvalidLicense::Malformed), "{broken:.40}");
        }
        assert_eq!(
            public_key(&key_text(key.verifying_key().as_bytes())),
            Ok(key.verifying_key())
        );
        assert!(public_key("x").is_err() && private_key("x").is_err());
        Ok(())
    }
}
