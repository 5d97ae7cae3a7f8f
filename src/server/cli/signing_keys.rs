//! `license-portal keys`: what the portal signs leases and licence files with.

use clap::Subcommand;

use crate::{ops, server::cli::failure::Failure, store::Store};

/// What can be done with them.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum KeysCommand {
    /// Sign with a new key from now on; what was signed before stays good until it expires
    Rotate,
    /// List the keys, the newest first
    List,
}

/// Replaces the key, or lists the keys.
pub async fn run(store: &Store, command: KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::Rotate => {
            println!("{}", ops::instance::signing_keys::rotate(store).await?);
            eprintln!(
                "That is the key from now on. Machines find it by themselves, at /.well-known/jwks.json."
            );
        }
        KeysCommand::List => {
            for key in ops::instance::signing_keys::list(store).await? {
                let state = match key.retired_at {
                    None => "in use".to_owned(),
                    Some(at) => format!("retired {:.0}", at),
                };
                println!("{}  made {:.0}  {state}", key.id, key.created_at);
            }
        }
    }
    Ok(())
}
