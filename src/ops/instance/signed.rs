//! Files signed by the vendor of the portal, each with the vendor's one key, which therefore has no name in them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::instance::InvalidLicense;
use ed25519_dalek::{SigningKey, VerifyingKey};
use jose::{self, InvalidToken};
use serde::{Serialize, de::DeserializeOwned};

const TYP: &str = "license-portal-instance+jws";

fn invalid(reason: InvalidToken) -> InvalidLicense {
    match reason {
        InvalidToken::BadSignature => InvalidLicense::Forged,
        _ => InvalidLicense::Malformed,
    }
}

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
    jose::sign(TYP, None, claims, key)
}

/// What was signed with that key.
///
/// # Errors
/// [`InvalidLicense::Malformed`], [`InvalidLicense::Forged`].
pub fn verify<T: DeserializeOwned>(text: &str, key: &VerifyingKey) -> Result<T, InvalidLicense> {
    let file = jose::Unverified::read(text.trim(), TYP).map_err(invalid)?;
    if file.key_id().is_some() {
        return Err(InvalidLicense::Malformed);
    }
    file.verify(key).map_err(invalid)
}

/// What a file says, whoever signed it: to be shown, not to be believed.
///
/// # Errors
/// [`InvalidLicense::Malformed`].
pub fn read_unverified<T: DeserializeOwned>(text: &str) -> Result<T, InvalidLicense> {
    jose::read_unverified(text.trim()).map_err(invalid)
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
            &"x".repeat(jose::MAX_LENGTH + 1),
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
