//! The command line.

mod backup;
mod check_config;
mod doctor;
mod encryption;
mod failure;
mod history;
pub mod license_files;
mod manual;
mod modes;
pub mod organisation;
mod people;
mod process;
mod serve;
mod signing_keys;
mod systemd;

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use domain::{accounts::Login, history::events::Channel};

use crate::{
    server::{
        cli::{
            backup::{BackupArguments, HoldArguments, RestoreArguments},
            doctor::DoctorArguments,
            encryption::EncryptionCommand,
            failure::Failure,
            license_files::LicenseCommand,
            manual::{CompletionArguments, ManArguments},
            organisation::{ExportArguments, ImportArguments},
            people::{AdminCommand, vendor},
            process::start_log,
            signing_keys::KeysCommand,
        },
        config::{DemoPassword, Given, GivenServer, Origins, Settings, settings},
    },
    store::{Store, without_password},
};

pub use self::process::machine;

/// Licences as tickets in a tree of groups and people.
///
/// Settings are taken from flags, then from the environment, then from the settings file.
#[derive(Debug, Parser)]
#[command(name = "license-portal", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    given: Given,
    #[command(subcommand)]
    command: Command,
    /// Which of the settings came from where.
    #[arg(skip)]
    origins: Origins,
}

impl Cli {
    /// Reads the command line and the environment. Ends the process where somebody asks for help, or what is given cannot be
    /// understood.
    #[must_use]
    pub fn read() -> Self {
        let matches = Self::command().get_matches();
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        cli.origins = Origins::of(&matches);
        cli
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal; ends gracefully at SIGTERM and Ctrl+C
    Serve {
        #[command(flatten)]
        server: Box<GivenServer>,
    },
    /// Check the settings that `serve` would have, and show each with its value and where it is set; secrets are not shown. Exit
    /// code 2 and a sentence for each, where something is wrong
    CheckConfig {
        #[command(flatten)]
        server: Box<GivenServer>,
        /// The same for programs
        #[arg(long)]
        json: bool,
    },
    /// Load the example organisation into an empty database; harmless when it is there already
    Demo {
        #[command(flatten)]
        password: DemoPassword,
    },
    /// Manage administrators of the instance
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Set somebody's password, from a prompt or the first line of standard input; ends their sessions
    Password {
        /// Whose
        login: Login,
    },
    /// Load an organisation file (license-portal/organisation@1) or a table (CSV) of groups, users, memberships, tickets or
    /// products: all of it, or nothing when something in it is wrong
    Import(ImportArguments),
    /// Write groups, people, tickets and products as an organisation file, or as a table, to standard output
    Export(ExportArguments),
    /// Write a backup of the whole database, while servers run: a file with a checksum, the same for both engines. Secrets in it are
    /// encrypted with the key of the portal, which is not in it; with --encrypt, all of it is
    Backup(BackupArguments),
    /// Restore a backup into an empty database, while no server runs. What machines may have got since the backup is held back
    Restore(RestoreArguments),
    /// Show what is held back after a restore, or hold back less
    Hold(HoldArguments),
    /// Look the database over: what must hold of it, the history, the keys, files and disk. Changes nothing; says what is wrong and
    /// what to do about it, with exit code 1
    Doctor(DoctorArguments),
    /// Bring the database up to date; `serve` does it too
    Migrate,
    /// Manage the keys that the portal signs leases and licence files with
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Manage the keys that secrets in the database are encrypted with: signing keys, second factors, addresses of webhooks
    EncryptionKey {
        #[command(subcommand)]
        command: EncryptionCommand,
    },
    /// Verify the history: that nothing in it was altered, removed, added or moved. Prints the last checkpoint, to be kept
    /// elsewhere; exit code 1 and what is wrong, where something is
    VerifyHistory {
        /// A checkpoint that was kept: the history must still be the one it was made of
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
    /// List the events that are not sealed because their time runs backwards or ahead: the clock of a server was wrong, or
    /// somebody wrote them into the database
    AcceptEvents {
        /// Seal them all the same, with an event that says so: after you have looked at them
        #[arg(long)]
        yes: bool,
    },
    /// Print what a shell needs to complete commands and options
    Completions(CompletionArguments),
    /// Print the manual page, or write those of all commands into a folder
    Man(ManArguments),
    /// For the vendor of the portal: issue licences for instances, and look into them
    InstanceLicense {
        #[command(subcommand)]
        command: LicenseCommand,
    },
}

/// Runs the command.
///
/// # Errors
/// Whatever stopped it, in words for the operator.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let server = match &cli.command {
        Command::Serve { server } | Command::CheckConfig { server, .. } => (**server).clone(),
        Command::Demo { password } => GivenServer {
            password: password.clone(),
            ..GivenServer::default()
        },
        // Of these no settings are asked.
        Command::Completions(arguments) => return manual::complete(Cli::command(), *arguments),
        Command::Man(arguments) => return manual::man(Cli::command(), arguments),
        _ => GivenServer::default(),
    };
    modes::restrict();
    let serves = matches!(cli.command, Command::Serve { .. } | Command::CheckConfig { .. });
    let settings = settings(&cli.given, &server, &cli.origins, serves);
    if let Command::CheckConfig { json, .. } = &cli.command {
        return check_config::told(settings, cli.given.config.as_deref(), *json);
    }
    let settings = settings?;
    start_log(&settings.log)?;
    modes::warn(&settings, cli.given.config.as_deref());
    if let Command::InstanceLicense { command } = cli.command {
        return license_files::run(command, settings.maker_key.as_ref(), &machine());
    }
    if let Command::EncryptionKey {
        command: EncryptionCommand::New,
    } = cli.command
    {
        encryption::print_new(&machine());
        return Ok(());
    }
    match &cli.command {
        Command::Restore(arguments) if !backup::prepare(arguments, &settings.key)? => return Ok(()),
        Command::Backup(_) | Command::Doctor(_) => backup::verify_there(&settings.database)?,
        _ => {}
    }
    let store = Store::open_by(settings.way, &settings.database, settings.connections, machine())
        .await
        .map_err(|error| {
            format!(
                "cannot open the database {}: {error}",
                without_password(&settings.database)
            )
        })?
        .over(Channel::CommandLine);
    let done = match cli.command {
        // As it is, too.
        Command::Doctor(arguments) => {
            doctor::examine(&store, &settings, cli.given.config.as_deref(), arguments).await
        }
        command => on_database(command, &settings, &store).await,
    };
    store.close().await;
    done
}

/// Brings the database up to date, unlocks its secrets, and runs the command.
async fn on_database(asked: Command, settings: &Settings, store: &Store) -> Result<(), Failure> {
    match &asked {
        // As it is: a backup before an upgrade is one of before.
        Command::Backup(arguments) => return backup::backup(store, arguments, &settings.key).await,
        Command::Restore(arguments) => return backup::restore(store, arguments, &settings.key).await,
        _ => {}
    }
    store.migrate().await?;
    if let Command::EncryptionKey {
        command: EncryptionCommand::ReplaceLost { give_up_secrets },
    } = asked
    {
        return encryption::replace_lost(store, settings.key.clone(), give_up_secrets).await;
    }
    encryption::unlock(store, settings.key.clone()).await?;
    command(asked, settings, store).await
}

async fn command(command: Command, settings: &Settings, store: &Store) -> Result<(), Failure> {
    match command {
        Command::Serve { .. } => serve::serve(settings, store.clone()).await,
        Command::Demo { .. } => people::demo(store, settings).await,
        Command::Admin { command } => people::admin(store, settings, command).await,
        Command::Password { login } => people::password(store, login).await,
        Command::Import(arguments) => {
            organisation::import(store, &vendor(settings, store).await?, &arguments).await
        }
        Command::Export(arguments) => organisation::export(store, &arguments).await,
        Command::Keys { command } => signing_keys::run(store, command).await,
        Command::EncryptionKey { command } => match command {
            EncryptionCommand::Rotate => encryption::rotate(store).await,
            EncryptionCommand::List => encryption::list(store).await,
            // Both were done before the database was opened.
            EncryptionCommand::New | EncryptionCommand::ReplaceLost { .. } => Ok(()),
        },
        Command::VerifyHistory { checkpoint } => history::verify(store, checkpoint.as_deref()).await,
        Command::AcceptEvents { yes } => history::accept(store, yes).await,
        Command::Hold(arguments) => backup::hold(store, &arguments).await,
        // These were done before the database was opened, or brought up to date.
        Command::Backup(_)
        | Command::Restore(_)
        | Command::Doctor(_)
        | Command::CheckConfig { .. }
        | Command::Completions(_)
        | Command::Man(_) => Ok(()),
        Command::InstanceLicense { .. } | Command::Migrate => {
            eprintln!("The database is up to date.");
            Ok(())
        }
    }
}
