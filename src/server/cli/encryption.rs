//! `license-portal encryption-key`: the keys that secrets in the database are encrypted with.

use clap::Subcommand;

use crate::{
    ops::instance::encryption::{self, Rotation, Unlocked},
    server::cli::failure::Failure,
    store::{
        Store,
        encryption::{EncryptionKey, KeySource},
        sources::Sources,
    },
};

/// What can be done with the keys.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum EncryptionCommand {
    /// Replace the key, while servers run: encrypts every secret anew, with the first key at hand where that is not in force yet,
    /// otherwise with a new one. Goes on where an earlier attempt was ended. The old key is kept in FILE.retired, for backups
    Rotate,
    /// List the keys that something is encrypted with, the one in force first
    List,
    /// Print a new key, to be put before the others in the key file of each server, or in PORTAL_KEY; changes nothing
    New,
    /// Go on without a key that is lost for good: gives up what only it decrypts. The portal signs with a new key, people add
    /// their second factors anew, webhooks are deleted, identity providers are switched off until they get their secret anew. To be
    /// called while no server runs
    ReplaceLost {
        /// Without this, nothing is given up
        #[arg(long)]
        give_up_secrets: bool,
    },
}

/// Prints a new key.
pub fn print_new(sources: &Sources) {
    let key = EncryptionKey::random(sources);
    println!("{}", key.text().expose());
    eprintln!(
        "That is the key {}. It is a secret, and is stored nowhere yet.",
        key.id()
    );
}

/// Decrypts the secrets of the database, and tells the operator what was done for it.
pub async fn unlock(store: &Store, source: KeySource) -> Result<(), Failure> {
    let Unlocked { made, encrypted } = encryption::unlock(store, source).await?;
    if let Some(path) = made {
        tracing::warn!(
            path = %path.display(),
            "a key was made that the secrets in the database are encrypted with: keep a copy of this file, apart from backups of \
             the database, which are worth nothing without it"
        );
    }
    if encrypted > 0 {
        tracing::warn!(
            encrypted,
            "secrets that stood in the database in plain text are encrypted; they can still be read in its backups from before"
        );
    }
    Ok(())
}

/// Replaces the key.
pub async fn rotate(store: &Store) -> Result<(), Failure> {
    let rotated = Rotation::begin(store).await?.finish().await?;
    println!("{}", rotated.key);
    eprintln!(
        "That is the key from now on; {} secrets were encrypted anew.",
        rotated.encrypted
    );
    match rotated.retired {
        Some(path) => eprintln!(
            "The key before it is in {}. Backups made until now need it: keep it with them, apart from the database.\n\
             Servers on other machines need the new key file.",
            path.display()
        ),
        None => eprintln!(
            "Nothing in the database needs other keys any more: take them away where servers get theirs. Backups made until now \
             need them."
        ),
    }
    Ok(())
}

/// Lists the keys.
pub async fn list(store: &Store) -> Result<(), Failure> {
    for key in encryption::list(store).await? {
        let state = if key.in_force {
            "in force"
        } else {
            "being replaced"
        };
        println!(
            "{}  since {:.0}  {state}  {} secrets",
            key.id, key.since, key.values
        );
    }
    Ok(())
}

/// Gives up what a lost key encrypted.
pub async fn replace_lost(store: &Store, source: KeySource, give_up: bool) -> Result<(), Failure> {
    if !give_up {
        return Err(
            "this gives up every secret that the lost key encrypted: repeat it with --give-up-secrets".into(),
        );
    }
    let at_hand = source.clone();
    let given_up = encryption::replace_lost(store, source).await?;
    let signing = if given_up.signing_key {
        "the key that the portal signed with"
    } else {
        "no signing key"
    };
    eprintln!(
        "Given up: {signing}, {} second factors, {} webhooks, {} identity providers (switched off).",
        given_up.second_factors, given_up.webhooks, given_up.identity_providers
    );
    match at_hand {
        KeySource::File(path) => eprintln!(
            "The key from now on is in {}: keep a copy of it, apart from backups of the database.",
            path.display()
        ),
        KeySource::Environment(_) => eprintln!("The key from now on is the first one in PORTAL_KEY."),
    }
    Ok(())
}
