//! `license-portal admin`, `password` and `demo`, and whose licences count.

use clap::Subcommand;
use domain::{accounts::Login, names::clean_name};

use crate::{
    ops::{
        self,
        instance::{Vendor, demo::Extent},
    },
    server::{
        cli::{failure::Failure, process::read_password},
        config::Settings,
    },
    store::Store,
};

/// What is done with administrators of the instance.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Create an ISV admin, the first of an instance or another; the password comes from a prompt or standard input
    Create {
        /// The name to log in with
        login: Login,
        /// The name shown to people [default: the login]
        #[arg(long)]
        name: Option<String>,
    },
}

/// Creates an ISV admin.
///
/// # Errors
/// In words for the operator.
pub async fn admin(store: &Store, settings: &Settings, command: AdminCommand) -> Result<(), Failure> {
    let AdminCommand::Create { login, name } = command;
    let name = clean_name(name.as_deref().unwrap_or(login.as_str()))?;
    let password = read_password()?;
    let vendor = vendor(settings, store).await?;
    ops::accounts::people::create_isv_admin(store, &vendor, login.clone(), &name, &password).await?;
    eprintln!("{login} is an ISV admin now.");
    Ok(())
}

/// Sets somebody's password.
///
/// # Errors
/// In words for the operator.
pub async fn password(store: &Store, login: Login) -> Result<(), Failure> {
    let password = read_password()?;
    ops::accounts::people::set_password(store, login.clone(), &password).await?;
    eprintln!("{login} has a new password; all sessions of {login} have ended.");
    Ok(())
}

/// Loads the demo data, and says so.
///
/// # Errors
/// In words for the operator.
pub async fn demo(store: &Store, settings: &Settings) -> Result<(), Failure> {
    let password = load_demo(store, settings.demo_password.0.clone(), Extent::Tree).await?;
    eprintln!("The demo data is loaded. Log in as admin-1.1, isv-admin, user-1.1.1 … with: {password}");
    Ok(())
}

/// Loads the demo data. Returns what its people log in with.
///
/// # Errors
/// In words for the operator.
pub async fn load_demo(store: &Store, given: Option<String>, extent: Extent) -> Result<String, Failure> {
    let made_up = || {
        let letters = b"abcdefghjkmnpqrstuvwxyz23456789";
        store
            .sources
            .random::<12>()
            .map(|byte| char::from(letters[usize::from(byte) % letters.len()]))
            .iter()
            .collect()
    };
    let password = given.unwrap_or_else(made_up);
    ops::instance::demo::load(store, &password, extent).await?;
    Ok(password)
}

/// Whose licences count. A database with demo data brings its own vendor along.
///
/// # Errors
/// That the database cannot be read.
pub async fn vendor(settings: &Settings, store: &Store) -> Result<Vendor, Failure> {
    Ok(Vendor {
        key: settings.maker_key,
        demo: ops::instance::demo::is_loaded(store).await?,
    })
}
