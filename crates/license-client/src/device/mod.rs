//! What a machine without a network knows of itself and of the portal (N10): its key, its last request, its last update.
//! The rules of the exchange, without clock and files.

#[cfg(test)]
mod tests;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use jose::{
    self, InvalidToken, Jwk, JwkSet, LEEWAY, NumericDate,
    offline::{Held, InvalidUpdate, Receipt, Request, SETUP, Setup, Update, key_text},
};
use serde::{Deserialize, Serialize};

use crate::{
    credential::is_address,
    failure::{Exit, Failure, clean},
    machine::{random, time},
};

/// What the file says that it is.
const FORMAT: &str = "license-portal/device-state@1";
/// By how much the clock of the machine may be set back: it may have been wrong before, and nothing but that
/// clock said what time it was. What the portal said is kept to.
const SET_BACK: SignedDuration = SignedDuration::from_hours(24);

/// The setup in a text; `origin` is where it came from, for messages.
///
/// # Errors
/// When it is none that can be used.
pub fn read_setup(text: &str, origin: &str) -> Result<Setup, Failure> {
    let bad = |what: &str| {
        let message = format!(
            "{} is not a usable setup: {what}. Download it again from the container's page of the portal",
            clean(origin)
        );
        Failure::new(Exit::BadFile, message)
    };
    let mut setup: Setup =
        serde_json::from_str(text).map_err(|_| bad("it is not the JSON text of one, or not all of it"))?;
    setup.portal.truncate(setup.portal.trim_end_matches('/').len());
    if setup.format != SETUP {
        Err(bad(&format!("this program knows the format {SETUP}")))
    } else if !is_address(&setup.portal) {
        Err(bad(
            "\"portal\" is not an address such as https://portal.example.org",
        ))
    } else if setup.portal_keys.iter().all(|key| key.key().is_none()) {
        Err(bad("there is no key in it that this program can use"))
    } else {
        Ok(setup)
    }
}

/// The state of a machine. Without `Debug`, because of the key.
#[derive(Serialize, Deserialize)]
pub struct Device {
    format: String,
    /// Where the machine belongs. Its keys are those of the last update, or of a setup that came later.
    setup: Setup,
    #[serde(with = "pkcs8")]
    private_key: SigningKey,
    /// What somebody gave in the place of the fingerprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hardware: Option<String>,
    /// The last one, answered or not.
    request: Option<Request>,
    imported: Option<Imported>,
    /// The latest time at which the machine ran a program, by its own clock; 1970 when it ran none since the last update.
    ran: NumericDate,
}

/// The last update.
#[derive(Serialize, Deserialize)]
struct Imported {
    /// As it was signed.
    text: String,
    /// The keys of that time: the one that it was signed with need not be known for ever.
    keys: Vec<Jwk>,
    /// As it was signed.
    receipt: String,
}

/// What an update changed.
pub struct Change {
    /// What it says.
    pub update: Update,
    /// What the machine held before, and does not any more.
    pub given_up: Vec<Held>,
}

/// An Ed25519 key in PKCS#8 PEM (RFC 8410), as in credential files.
mod pkcs8 {
    use ed25519_dalek::{
        SigningKey,
        pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes, spki::der::pem::LineEnding},
    };
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

    pub fn serialize<S: Serializer>(key: &SigningKey, serializer: S) -> Result<S::Ok, S::Error> {
        let pair = KeypairBytes {
            secret_key: key.to_bytes(),
            public_key: None,
        };
        let pem = pair.to_pkcs8_pem(LineEnding::LF).map_err(ser::Error::custom)?;
        pem.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SigningKey, D::Error> {
        let pem = String::deserialize(deserializer)?;
        SigningKey::from_pkcs8_pem(&pem).map_err(|_| de::Error::custom("not an Ed25519 key in PKCS#8 PEM"))
    }
}

fn unsigned(error: serde_json::Error) -> Failure {
    Failure::new(Exit::BadFile, format!("it cannot be signed: {error}"))
}

fn set(keys: &[Jwk]) -> JwkSet {
    JwkSet { keys: keys.to_vec() }
}

impl Device {
    /// A machine that has not asked for anything yet, with a key of its own.
    pub fn new(setup: Setup) -> Self {
        Self {
            format: FORMAT.to_owned(),
            setup,
            private_key: SigningKey::from_bytes(&random()),
            hardware: None,
            request: None,
            imported: None,
            ran: NumericDate::default(),
        }
    }

    /// The state in a text; `origin` is where it came from, for messages. They never quote the text: the private key
    /// stands in it.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Failure> {
        let bad = |what: String| {
            let message = format!(
                "{} is not the state of a machine: {what}. Nothing was changed in it",
                clean(origin)
            );
            Failure::new(Exit::BadFile, message)
        };
        let device: Self = serde_json::from_str(text)
            .map_err(|error| bad(format!("line {} is not as it should be", error.line())))?;
        if device.format == FORMAT {
            Ok(device)
        } else {
            Err(bad(format!("this program knows the format {FORMAT}")))
        }
    }

    /// The text of the state.
    ///
    /// # Errors
    /// When it has no JSON form: a defect.
    pub fn text(&self) -> Result<String, Failure> {
        serde_json::to_string_pretty(self).map_err(unsigned)
    }

    /// Where it belongs.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The keys that the portal signs with, and those that the last update was signed with.
    pub fn keys(&self) -> JwkSet {
        let imported = self.imported.iter().flat_map(|imported| &imported.keys);
        JwkSet {
            keys: self.setup.portal_keys.iter().chain(imported).cloned().collect(),
        }
    }

    /// Takes a setup that came later: other keys, another name.
    ///
    /// # Errors
    /// When it is that of another container.
    pub fn adopt(&mut self, setup: Setup) -> Result<(), Failure> {
        if (&setup.portal, &setup.container) != (&self.setup.portal, &self.setup.container) {
            let message = format!(
                "the setup is that of the container {} of {}, and this machine is already {} of {}. Name another state with \
                 --state to have both",
                clean(&setup.container),
                clean(&setup.portal),
                clean(&self.setup.container),
                clean(&self.setup.portal)
            );
            return Err(Failure::new(Exit::Usage, message));
        }
        self.setup = setup;
        Ok(())
    }

    /// Takes what is given in the place of the fingerprint, from now on.
    ///
    /// # Errors
    /// When the setup names a dongle, and another one.
    pub fn name_hardware(&mut self, given: String) -> Result<(), Failure> {
        if let Some(serial) = self.setup.hardware.as_ref().filter(|serial| **serial != given) {
            let (serial, given) = (clean(serial), clean(&given));
            let message = format!("the container is the dongle {serial}, not {given}");
            return Err(Failure::new(Exit::Usage, message));
        }
        self.hardware = Some(given);
        Ok(())
    }

    /// What it is known by: the serial number of the dongle, or what was given, or else the fingerprint.
    pub fn hardware(&self, fingerprint: Option<String>) -> Option<String> {
        let named = self.setup.hardware.as_ref().or(self.hardware.as_ref());
        named.cloned().or(fingerprint)
    }

    /// The last request, while it has no answer.
    pub fn outstanding(&self) -> Option<&Request> {
        let answered = self.imported.as_ref().and_then(|imported| imported.open().ok());
        let answered = answered.map(|update| update.nonce);
        self.request
            .as_ref()
            .filter(|request| Some(&request.nonce) != answered.as_ref())
    }

    /// The next request, signed; the answer to one before is not taken any more.
    ///
    /// # Errors
    /// When it has no JSON form: a defect.
    pub fn request(
        &mut self,
        hardware: String,
        host: String,
        now: Timestamp,
    ) -> Result<(u32, String), Failure> {
        let number = self.request.as_ref().map_or(0, |last| last.number);
        let request = self.request.insert(Request {
            aud: self.setup.portal.clone(),
            sub: self.setup.container.clone(),
            key: key_text(&self.private_key.verifying_key()),
            hardware,
            host,
            number: number.saturating_add(1),
            nonce: URL_SAFE_NO_PAD.encode(random::<16>()),
            iat: now.into(),
        });
        let text = request.sign(&self.private_key).map_err(unsigned)?;
        Ok((request.number, text))
    }

    /// Takes an update, and signs the receipt for it. The last one can be taken again, which changes nothing.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn import(&mut self, text: &str, now: Timestamp) -> Result<Change, Failure> {
        let before = self.imported.as_ref().and_then(|imported| imported.open().ok());
        if let (Some(update), Some(imported)) = (&before, &self.imported)
            && imported.text == text
        {
            return Ok(Change {
                update: update.clone(),
                given_up: Vec::new(),
            });
        }
        let refused = |why: String| Failure::new(Exit::BadFile, format!("the update is refused: {why}"));
        let Some(request) = &self.request else {
            let message =
                "this machine has not asked for one. Write a request first, with license-client request";
            return Err(refused(message.to_owned()));
        };
        let update = Update::open(text, &set(&self.setup.portal_keys))
            .map_err(|reason| refused(unbelieved(reason)))?;
        let answered = before
            .as_ref()
            .is_some_and(|before| before.nonce == request.nonce);
        match update.answers(request, now) {
            Ok(()) if answered => Err(InvalidUpdate::Replayed),
            answers => answers,
        }
        .map_err(|reason| refused(no_answer(reason, &update, request, answered, now)))?;
        let receipt = Receipt {
            aud: update.iss.clone(),
            sub: update.sub.clone(),
            update: update.jti.clone(),
            held: update.licenses.iter().map(|held| held.id.clone()).collect(),
            iat: now.into(),
        };
        let mut keys = self.setup.portal_keys.clone();
        if !update.keys.is_empty() {
            keys = std::mem::replace(&mut self.setup.portal_keys, update.keys.clone());
        }
        self.imported = Some(Imported {
            text: text.to_owned(),
            keys,
            receipt: receipt.sign(&self.private_key).map_err(unsigned)?,
        });
        // The portal said what time it is.
        self.ran = NumericDate::default();
        let mut given_up = before.map(|before| before.licenses).unwrap_or_default();
        given_up.retain(|gone| update.licenses.iter().all(|held| held.id != gone.id));
        Ok(Change { update, given_up })
    }

    /// The last update, as it was signed.
    pub fn token(&self) -> Option<&str> {
        self.imported.as_ref().map(|imported| imported.text.as_str())
    }

    /// The receipt for it, as it was signed.
    pub fn receipt(&self) -> Option<&str> {
        self.imported.as_ref().map(|imported| imported.receipt.as_str())
    }

    /// The last update, if it is still to be believed on this machine and by its clock; nothing before the first.
    ///
    /// # Errors
    /// Why it is not.
    pub fn held(&self, hardware: Option<&str>, now: Timestamp) -> Result<Option<Update>, Failure> {
        let Some(imported) = &self.imported else {
            return Ok(None);
        };
        let update = imported.open().map_err(|reason| {
            let message = format!("the last update cannot be believed any more: {reason}. Import it again");
            Failure::new(Exit::BadFile, message)
        })?;
        let not_here = |message: String| Err(Failure::new(Exit::NoLicense, message));
        let own = jose::thumbprint(&self.private_key.verifying_key());
        if update.device != own || Some(update.hardware.as_str()) != hardware {
            return not_here(format!(
                "the licences are those of another machine: of {}, and this one is {}",
                clean(&update.hardware),
                hardware.map_or_else(|| "without a fingerprint".to_owned(), clean)
            ));
        }
        let shown = NumericDate::from(now);
        let ahead = |then: NumericDate| then.timestamp().duration_since(shown.timestamp());
        let earlier = if ahead(update.iat) > LEEWAY {
            Some(("the last update was signed", update.iat))
        } else if ahead(self.ran) > SET_BACK {
            Some(("a program ran here", self.ran))
        } else {
            None
        };
        if let Some((what, then)) = earlier {
            return not_here(format!(
                "the clock of this machine is wrong: it shows {}, but {what} at {}. Set it right; if it was wrong before, \
                 the answer to a new request helps",
                time(now),
                time(then)
            ));
        }
        Ok(Some(update))
    }

    /// Keeps in mind that a program ran at that time; whether that is news.
    pub fn runs_at(&mut self, now: Timestamp) -> bool {
        let later = NumericDate::from(now) > self.ran;
        self.ran = self.ran.max(now.into());
        later
    }
}

impl Imported {
    fn open(&self) -> Result<Update, InvalidToken> {
        Update::open(&self.text, &set(&self.keys))
    }
}

/// In words: why it is not believed.
fn unbelieved(reason: InvalidToken) -> String {
    let hint = match reason {
        InvalidToken::UnknownKey => {
            ". If the portal has a new key, download the setup again and write the next request with --setup"
        }
        InvalidToken::WrongType | InvalidToken::Malformed => ". Is it the update, and all of it?",
        _ => "",
    };
    format!("{reason}{hint}")
}

/// In words: why it is not the answer to that request.
fn no_answer(
    reason: InvalidUpdate,
    update: &Update,
    request: &Request,
    answered: bool,
    now: Timestamp,
) -> String {
    match reason {
        InvalidUpdate::Token(InvalidToken::Expired) => format!(
            "it could be imported until {}, and the clock of this machine shows {}. If the clock is right, write a new \
             request with license-client request",
            time(update.exp),
            time(now)
        ),
        InvalidUpdate::Token(InvalidToken::NotYetValid) => format!(
            "it was signed at {}, and the clock of this machine shows {}. Set the clock right",
            time(update.iat),
            time(now)
        ),
        InvalidUpdate::Token(reason) => unbelieved(reason),
        InvalidUpdate::Foreign(_) => {
            format!("{reason}. Each imports only the answers to its own requests")
        }
        InvalidUpdate::Replayed if answered => format!(
            "the last request of this machine, number {}, has its answer already, and this is another. Write a new one with \
             license-client request",
            request.number
        ),
        InvalidUpdate::Replayed => format!(
            "{reason}, which is number {} of {}. Give that to the portal",
            request.number,
            time(request.iat)
        ),
    }
}
