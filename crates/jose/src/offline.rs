//! The offline exchange (N10): what a machine without a network and the portal hand each other, on whatever way.
//!
//! The portal gives a *setup*, which is no secret: where the machine belongs, and the keys that the portal signs with.
//! The machine makes a key pair of its own and writes *requests*; the portal answers each with an *update*, which only
//! that machine can import and only as the answer to its last request; the machine confirms what it holds now with a
//! *receipt*. All but the setup are signed texts, short enough for a QR code while the licences are few.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{InvalidToken, Jwk, JwkSet, NumericDate, Unverified};

/// What a setup says that it is.
pub const SETUP: &str = "license-portal/device@1";
/// What requests are for, as their header says.
pub const REQUEST: &str = "license-request+jwt";
/// What updates are for.
pub const UPDATE: &str = "license-update+jwt";
/// What receipts are for.
pub const RECEIPT: &str = "license-receipt+jwt";

/// What makes a machine one of the portal's. It is no secret, and means nothing to any other portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// [`SETUP`].
    pub format: String,
    /// Address of the portal.
    pub portal: String,
    /// Id of the container that the machine is.
    pub container: String,
    /// Its name, for people.
    pub name: String,
    /// Serial number of a dongle; a device is known by its fingerprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardware: Option<String>,
    /// What the portal signs with.
    pub portal_keys: Vec<Jwk>,
}

/// What a machine asks for: to be brought up to date. Signed with its own key, which stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Address of the portal it is for.
    pub aud: String,
    /// Id of the container that the machine is.
    pub sub: String,
    /// Its public key: base64url of the 32 bytes. The first one that the portal accepts is the machine's for ever.
    pub key: String,
    /// Fingerprint, or serial number of a dongle.
    pub hardware: String,
    /// What the machine is called.
    pub host: String,
    /// Counts the requests of the machine, from 1. The portal takes none that is older than one it has seen.
    pub number: u32,
    /// 128 random bits in base64url: which request the update answers.
    pub nonce: String,
    /// When it was written, by the clock of the machine.
    pub iat: NumericDate,
}

/// A licence on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Id of the activation: what receipts name.
    pub id: String,
    /// Article number of the product.
    pub article: String,
    /// Name of the product.
    pub product: String,
    /// Its features.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// How many may be used at once.
    pub quantity: u32,
    /// From when it can be used; at once where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<NumericDate>,
    /// Until when. A later update may say more.
    pub exp: NumericDate,
}

/// All that the machine holds from now on: what is not named is to be given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// Address of the portal.
    pub iss: String,
    /// Id of the container.
    pub sub: String,
    /// Of the machine's key, its thumbprint (RFC 7638): nobody else can import it.
    pub device: String,
    /// Fingerprint, or serial number.
    pub hardware: String,
    /// Of the request that it answers.
    pub nonce: String,
    /// Id of the update: what the receipt is about.
    pub jti: String,
    /// When it was signed.
    pub iat: NumericDate,
    /// Until when it can be imported.
    pub exp: NumericDate,
    /// What the portal signs with: in the place of those known before.
    pub keys: Vec<Jwk>,
    /// What it holds.
    pub licenses: Vec<Held>,
}

/// What a machine says that it holds, after it imported an update. Signed with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Address of the portal it is for.
    pub aud: String,
    /// Id of the container.
    pub sub: String,
    /// Id of the update.
    pub update: String,
    /// Ids of the activations that it holds now, and no others.
    pub held: Vec<String>,
    /// When it was written, by the clock of the machine.
    pub iat: NumericDate,
}

/// Why a machine does not import an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidUpdate {
    /// It is not to be believed.
    Token(InvalidToken),
    /// It was made for another machine, container or portal: what differs.
    Foreign(&'static str),
    /// It does not answer the last request.
    Replayed,
}

impl fmt::Display for InvalidUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(reason) => reason.fmt(f),
            Self::Foreign(what) => write!(f, "it was made for another {what}"),
            Self::Replayed => f.write_str("it is not the answer to the last request of this machine"),
        }
    }
}

impl std::error::Error for InvalidUpdate {}

/// The text of a public key.
#[must_use]
pub fn key_text(key: &VerifyingKey) -> String {
    URL_SAFE_NO_PAD.encode(key.as_bytes())
}

/// The key of such a text, if it is one that can be trusted to sign.
#[must_use]
pub fn key_of(text: &str) -> Option<VerifyingKey> {
    let jwk = Jwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        kid: None,
        x: text.to_owned(),
        purpose: None,
        key_ops: None,
        alg: None,
    };
    jwk.key()
}

impl Request {
    /// Signs.
    ///
    /// # Errors
    /// When the claims have no JSON form: a defect.
    pub fn sign(&self, key: &SigningKey) -> Result<String, serde_json::Error> {
        crate::sign(REQUEST, None, self, key)
    }

    /// A request that was signed with the key that stands in it: by whom is for the reader to judge.
    ///
    /// # Errors
    /// [`InvalidToken`].
    pub fn open(text: &str) -> Result<Self, InvalidToken> {
        #[derive(Deserialize)]
        struct Named {
            key: String,
        }
        let request = Unverified::read(text, REQUEST)?;
        let named: Named = crate::read_unverified(text)?;
        request.verify(&key_of(&named.key).ok_or(InvalidToken::UnknownKey)?)
    }
}

impl Update {
    /// Signs with a key of the portal.
    ///
    /// # Errors
    /// When the claims have no JSON form: a defect.
    pub fn sign(&self, kid: &str, key: &SigningKey) -> Result<String, serde_json::Error> {
        crate::sign(UPDATE, kid, self, key)
    }

    /// What the portal signed with one of these keys.
    ///
    /// # Errors
    /// [`InvalidToken`], but for the times.
    pub fn open(text: &str, keys: &JwkSet) -> Result<Self, InvalidToken> {
        crate::verify(text, UPDATE, |kid| keys.key(kid))
    }

    /// Whether it is the answer to that request, and can be imported at `now`.
    ///
    /// # Errors
    /// [`InvalidUpdate`], with the first reason against it.
    pub fn answers(&self, request: &Request, now: Timestamp) -> Result<(), InvalidUpdate> {
        let device = key_of(&request.key).map(|key| crate::thumbprint(&key));
        let foreign = if self.iss != request.aud {
            Some("portal")
        } else if self.sub != request.sub {
            Some("container")
        } else if Some(&self.device) != device.as_ref() || self.hardware != request.hardware {
            Some("machine")
        } else {
            None
        };
        if let Some(what) = foreign {
            return Err(InvalidUpdate::Foreign(what));
        }
        if self.nonce != request.nonce {
            return Err(InvalidUpdate::Replayed);
        }
        crate::check_times(self.iat, self.exp, now).map_err(InvalidUpdate::Token)
    }
}

impl Receipt {
    /// Signs with the key of the machine.
    ///
    /// # Errors
    /// When the claims have no JSON form: a defect.
    pub fn sign(&self, key: &SigningKey) -> Result<String, serde_json::Error> {
        crate::sign(RECEIPT, None, self, key)
    }

    /// Whether a text seems to be one: nothing in it is believed yet.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        Unverified::read(text, RECEIPT).is_ok()
    }

    /// What the machine with that key signed.
    ///
    /// # Errors
    /// [`InvalidToken`].
    pub fn open(text: &str, key: &VerifyingKey) -> Result<Self, InvalidToken> {
        Unverified::read(text, RECEIPT)?.verify(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn keys() -> (SigningKey, SigningKey) {
        (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]))
    }

    fn request(machine: &SigningKey) -> Request {
        Request {
            aud: "https://portal.example".to_owned(),
            sub: "7".to_owned(),
            key: key_text(&machine.verifying_key()),
            hardware: "f1".to_owned(),
            host: "lab".to_owned(),
            number: 1,
            nonce: "n1".to_owned(),
            iat: at(1000).into(),
        }
    }

    fn update(machine: &SigningKey) -> Update {
        Update {
            iss: "https://portal.example".to_owned(),
            sub: "7".to_owned(),
            device: crate::thumbprint(&machine.verifying_key()),
            hardware: "f1".to_owned(),
            nonce: "n1".to_owned(),
            jti: "1".to_owned(),
            iat: at(1000).into(),
            exp: at(2000).into(),
            keys: Vec::new(),
            licenses: Vec::new(),
        }
    }

    #[test]
    fn a_request_is_signed_with_the_key_that_it_names() -> Result<(), serde_json::Error> {
        let (machine, other) = keys();
        let asked = request(&machine);
        assert_eq!(Request::open(&asked.sign(&machine)?), Ok(asked.clone()));
        assert_eq!(
            Request::open(&asked.sign(&other)?),
            Err(InvalidToken::BadSignature)
        );
        let weak = Request {
            key: URL_SAFE_NO_PAD.encode([0; 32]),
            ..asked.clone()
        };
        assert_eq!(
            Request::open(&weak.sign(&machine)?),
            Err(InvalidToken::UnknownKey)
        );
        let as_receipt = crate::sign(RECEIPT, None, &asked, &machine)?;
        assert_eq!(Request::open(&as_receipt), Err(InvalidToken::WrongType));
        Ok(())
    }

    #[test]
    fn an_update_is_for_one_machine_and_its_last_request() {
        let (machine, other) = keys();
        let asked = request(&machine);
        let answer = update(&machine);
        assert_eq!(answer.answers(&asked, at(1500)), Ok(()));
        let refused = |update: Update| update.answers(&asked, at(1500)).err();
        assert_eq!(refused(update(&other)), Some(InvalidUpdate::Foreign("machine")));
        for (changed, reason) in [
            (
                Update {
                    iss: "https://evil.example".to_owned(),
                    ..answer.clone()
                },
                InvalidUpdate::Foreign("portal"),
            ),
            (
                Update {
                    sub: "8".to_owned(),
                    ..answer.clone()
                },
                InvalidUpdate::Foreign("container"),
            ),
            (
                Update {
                    hardware: "f2".to_owned(),
                    ..answer.clone()
                },
                InvalidUpdate::Foreign("machine"),
            ),
            (
                Update {
                    nonce: "n0".to_owned(),
                    ..answer.clone()
                },
                InvalidUpdate::Replayed,
            ),
            (
                Update {
                    exp: at(1500).into(),
                    ..answer.clone()
                },
                InvalidUpdate::Token(InvalidToken::Expired),
            ),
            (
                Update {
                    iat: at(1500 + crate::LEEWAY.as_secs() + 1).into(),
                    ..answer.clone()
                },
                InvalidUpdate::Token(InvalidToken::NotYetValid),
            ),
        ] {
            assert_eq!(refused(changed), Some(reason));
        }
    }

    #[test]
    fn updates_and_receipts_are_believed_by_their_keys() -> Result<(), serde_json::Error> {
        let (machine, portal) = keys();
        let known = JwkSet {
            keys: vec![Jwk::new("k", &portal.verifying_key())],
        };
        let answer = update(&machine);
        assert_eq!(
            Update::open(&answer.sign("k", &portal)?, &known),
            Ok(answer.clone())
        );
        assert_eq!(
            Update::open(&answer.sign("k", &machine)?, &known),
            Err(InvalidToken::BadSignature)
        );
        assert_eq!(
            Update::open(&answer.sign("other", &portal)?, &known),
            Err(InvalidToken::UnknownKey)
        );
        let receipt = Receipt {
            aud: answer.iss.clone(),
            sub: answer.sub.clone(),
            update: answer.jti.clone(),
            held: vec!["5".to_owned()],
            iat: at(1600).into(),
        };
        let text = receipt.sign(&machine)?;
        assert_eq!(Receipt::open(&text, &machine.verifying_key()), Ok(receipt));
        assert_eq!(
            Receipt::open(&text, &portal.verifying_key()),
            Err(InvalidToken::BadSignature)
        );
        Ok(())
    }
}
