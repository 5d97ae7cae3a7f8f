//! `license-client verify`: what a signed file says, and whether it is the portal's word.

use std::path::{Path, PathBuf};

use jose::{
    JwkSet, Unverified,
    offline::{SETUP, UPDATE, Update},
};

use crate::{
    credential::{Credential, read_file, read_text},
    device::read_setup,
    failure::{Exit, Failure, clean},
    licenses,
    machine::{fingerprint, print, time},
    offline,
    place::Place,
};

/// What is to be verified, and how.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The licence file or update; - for standard input
    file: PathBuf,
    /// The portal's public keys: its /.well-known/jwks.json as a file, or any credential file or setup of that portal
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Also require that it is bound to the machine with this fingerprint
    #[arg(long, value_name = "TEXT")]
    fingerprint: Option<String>,
}

/// Verifies a file, and shows what it says.
///
/// # Errors
/// Whatever speaks against it.
pub fn verify(asked: &Verify, credential: Option<&PathBuf>, state: Option<&PathBuf>) -> Result<(), Failure> {
    let text = read_text(&asked.file)?;
    let text = text.trim();
    let keys = asked.keys.as_deref().map(keys_of).transpose()?;
    let machine = asked.fingerprint.as_deref();
    let name = clean(&asked.file.display().to_string());
    let bad = |why: String| Failure::new(Exit::BadFile, format!("{name} is not to be believed: {why}"));
    if Unverified::read(text, UPDATE).is_ok() {
        let keys = match keys {
            Some(keys) => keys,
            None => keys_at_hand(credential, state)?,
        };
        let update = Update::open(text, &keys).map_err(|error| bad(error.to_string()))?;
        return show(&update, machine);
    }
    let (keys, credential) = match keys {
        Some(keys) => (keys, None),
        None => {
            let credential = Credential::find(credential)?;
            (credential.portal_keys.clone(), Some(credential))
        }
    };
    let claims = licenses::open(text, &keys).map_err(|error| bad(error.to_string()))?;
    if let Some(credential) = credential {
        claims.fits(&credential).map_err(bad)?;
    }
    if let Some(machine) = machine {
        claims.is_of(machine)?;
    }
    print("The signature is the portal's, and the licence can be used now.")?;
    print(&claims.describe(machine.map(str::to_owned).or_else(fingerprint).as_deref()))
}

/// The keys in a file, whichever of the three kinds it is.
fn keys_of(path: &Path) -> Result<JwkSet, Failure> {
    let text = read_file(path)?;
    let name = path.display().to_string();
    if let Ok(keys) = serde_json::from_str::<JwkSet>(&text) {
        return Ok(keys);
    }
    if text.contains("\"private_key\"") {
        return Ok(Credential::parse(&text, &name)?.portal_keys);
    }
    if text.contains(SETUP) {
        let keys = read_setup(&text, &name)?.portal_keys;
        return Ok(JwkSet { keys });
    }
    let message = format!(
        "{} holds no public keys: neither a JWKS nor a credential file nor a setup",
        clean(&name)
    );
    Err(Failure::new(Exit::BadFile, message))
}

/// The keys for an update: those of the machine that updates are for, else those of the credential.
fn keys_at_hand(credential: Option<&PathBuf>, state: Option<&PathBuf>) -> Result<JwkSet, Failure> {
    match Place::find(state).and_then(|place| place.read()) {
        Ok(Some(device)) => Ok(device.keys()),
        Err(failure) if state.is_some() => Err(failure),
        Ok(None) | Err(_) => Ok(Credential::find(credential)?.portal_keys),
    }
}

/// All that an update says.
fn show(update: &Update, machine: Option<&str>) -> Result<(), Failure> {
    if machine.is_some_and(|machine| machine != update.hardware) {
        let message = "the update is not for the machine with this fingerprint";
        return Err(Failure::new(Exit::BadFile, message));
    }
    let which = if fingerprint().is_some_and(|own| own == update.hardware) {
        " (this machine)"
    } else {
        ""
    };
    let lines = [
        ("update", clean(&update.jti)),
        ("portal", clean(&update.iss)),
        ("container", clean(&update.sub)),
        ("machine", format!("{}{which}", clean(&update.hardware))),
        ("signed", time(update.iat)),
        ("import until", time(update.exp)),
    ];
    print("The signature is the portal's.")?;
    for (name, value) in lines {
        print(&format!("{name:<13} {value}"))?;
    }
    print(&format!("\n{}", offline::describe(&update.licenses)))
}
