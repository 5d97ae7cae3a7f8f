//! The command line.

mod backup;
mod doctor;
mod encryption;
mod failure;
mod history;
pub mod license_files;
mod manual;
mod modes;
pub mod organisation;
mod signing_keys;

use std::{io::IsTerminal, path::PathBuf, sync::Arc, time::Duration};

use clap::{CommandFactory, Parser, Subcommand};
use domain::{accounts::Login, history::events::Channel, names::clean_name, time::at_millisecond};
use jiff::Timestamp;

use crate::{
    auth::{limits::Limits, portal::Portal},
    jobs::{
        self, Resources,
        mails::mailer::Mailer,
        supervisor::{self, Health},
    },
    ops::{
        self,
        accounts::{
            identity_providers::protocol::{self, Providers},
            sessions::Sessions,
        },
        history::live::Live,
        instance::{Vendor, demo::Extent, imports::Imports},
        licensing::access_tokens::Headless,
        outbox::Outbox,
    },
    server::{
        assets,
        cli::{
            backup::{BackupArguments, HoldArguments, RestoreArguments},
            doctor::DoctorArguments,
            encryption::EncryptionCommand,
            failure::Failure,
            license_files::LicenseCommand,
            manual::{CompletionArguments, ManArguments},
            organisation::{ExportArguments, ImportArguments},
            signing_keys::KeysCommand,
        },
        config::{Given, GivenServer, Mail, Settings, settings},
        connections,
        router::router,
    },
    store::{Store, sources::Sources, without_password},
};

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
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal; ends gracefully at SIGTERM and Ctrl+C
    Serve {
        #[command(flatten)]
        server: Box<GivenServer>,
        /// Load the demo data first, the example organisation with a year of use, and list its people on the login page
        #[arg(long)]
        demo: bool,
        #[command(flatten)]
        password: DemoPassword,
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

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Create an ISV admin, the first of an instance or another; the password comes from a prompt or standard input
    Create {
        /// The name to log in with
        login: Login,
        /// The name shown to people [default: the login]
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Debug, Clone, clap::Args)]
struct DemoPassword {
    /// What all demo people log in with [default: made up and printed]
    #[arg(
        long = "demo-password",
        env = "PORTAL_DEMO_PASSWORD",
        value_name = "PASSWORD",
        hide_env_values = true
    )]
    password: Option<String>,
}

/// Time and randomness of the machine.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the portal gets its clock"
)]
#[must_use]
pub fn machine() -> Sources {
    let clock = || {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        at_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    };
    #[expect(
        clippy::expect_used,
        reason = "without randomness no session is safe: better no answer than a weak one"
    )]
    let entropy = |bytes: &mut [u8]| getrandom::fill(bytes).expect("the operating system gives randomness");
    Sources::new(clock, entropy)
}

/// Runs the command.
///
/// # Errors
/// Whatever stopped it, in words for the operator.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let server = match &cli.command {
        Command::Serve { server, .. } => (**server).clone(),
        // Of these no settings are asked.
        Command::Completions(arguments) => return manual::complete(Cli::command(), *arguments),
        Command::Man(arguments) => return manual::man(Cli::command(), arguments),
        _ => GivenServer::default(),
    };
    modes::restrict();
    let settings = settings(&cli.given, &server)?;
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
        Command::Serve { demo, password, .. } => {
            let password = if demo {
                Some(load_demo(store, password, Extent::Year).await?)
            } else {
                None
            };
            serve(settings, store.clone(), password).await
        }
        Command::Demo { password } => {
            let password = load_demo(store, password, Extent::Tree).await?;
            eprintln!(
                "The demo data is loaded. Log in as admin-1.1, isv-admin, user-1.1.1 … with: {password}"
            );
            Ok(())
        }
        Command::Admin {
            command: AdminCommand::Create { login, name },
        } => {
            let name = clean_name(name.as_deref().unwrap_or(login.as_str()))?;
            let password = read_password()?;
            let vendor = vendor(settings, store).await?;
            ops::accounts::people::create_isv_admin(store, &vendor, login.clone(), &name, &password).await?;
            eprintln!("{login} is an ISV admin now.");
            Ok(())
        }
        Command::Password { login } => {
            let password = read_password()?;
            ops::accounts::people::set_password(store, login.clone(), &password).await?;
            eprintln!("{login} has a new password; all sessions of {login} have ended.");
            Ok(())
        }
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
        | Command::Completions(_)
        | Command::Man(_) => Ok(()),
        Command::InstanceLicense { .. } | Command::Migrate => {
            eprintln!("The database is up to date.");
            Ok(())
        }
    }
}

fn start_log(filter: &str) -> Result<(), Failure> {
    use tracing_subscriber::{EnvFilter, fmt, prelude::*};
    let filter: EnvFilter = filter
        .parse()
        .map_err(|error| format!("log filter {filter:?}: {error}"))?;
    // It would write whole addresses of webhooks, with what may be secret in them.
    let filter = filter.add_directive("ureq=off".parse()?);
    let lines = fmt::layer().with_writer(std::io::stderr);
    // One JSON object a line for machines, plain lines for people.
    let lines = if std::io::stderr().is_terminal() {
        lines.boxed()
    } else {
        lines.json().boxed()
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()?;
    Ok(())
}

async fn load_demo(store: &Store, given: DemoPassword, extent: Extent) -> Result<String, Failure> {
    let made_up = || {
        let letters = b"abcdefghjkmnpqrstuvwxyz23456789";
        store
            .sources
            .random::<12>()
            .map(|byte| char::from(letters[usize::from(byte) % letters.len()]))
            .iter()
            .collect()
    };
    let password = given.password.unwrap_or_else(made_up);
    ops::instance::demo::load(store, &password, extent).await?;
    Ok(password)
}

fn read_password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if password != rpassword::prompt_password("Once more: ")? {
            return Err("the two passwords differ".into());
        }
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Whose licences count. A database with demo data brings its own vendor along.
async fn vendor(settings: &Settings, store: &Store) -> Result<Vendor, Failure> {
    Ok(Vendor {
        key: settings.maker_key,
        demo: ops::instance::demo::is_loaded(store).await?,
    })
}

/// How long running requests may take after the signal to end.
const GRACE: Duration = Duration::from_secs(10);
/// How long jobs may take after the last request. Whoever starts the portal should leave it both times.
const JOBS_GRACE: Duration = Duration::from_secs(10);

async fn serve(settings: &Settings, store: Store, demo_password: Option<String>) -> Result<(), Failure> {
    let assets = assets::read(&settings.site)?;
    if !ops::accounts::people::has_isv_admin(&store).await? {
        tracing::warn!("there is no ISV admin yet: license-portal admin create LOGIN");
    }
    ops::instance::ensure_id(&store).await?;
    ops::instance::restoration::note_lease(&store, settings.lease).await?;
    ops::instance::restoration::record(&store).await?;
    let live = Live::default();
    let vendor = vendor(settings, &store).await?;
    if let Some(why) = ops::instance::invalid_license(&store, &vendor).await? {
        tracing::warn!(%why, "the licence of this instance is not in force");
    }
    let (outbox, orders) = Outbox::new(settings.maker_mail.clone());
    let imports = Imports::new(store.clone(), vendor.clone());
    imports.recover().await?;
    let portal = Portal {
        store: store.clone(),
        imports: imports.clone(),
        vendor,
        outbox,
        headless: Headless {
            url: settings.url.clone(),
            lifetime: settings.lease,
        },
        address: settings.listen.to_string(),
        demo_password: demo_password.clone(),
        https: settings.https,
        host: settings.host.clone(),
        security_contact: settings.security_contact.clone(),
        proxies: settings.proxies.clone(),
        sessions: Sessions::new(store.clone(), settings.idle),
        live: live.clone(),
        receivers: settings.receivers,
        providers: Providers::new(settings.receivers, protocol::PATIENCE),
        limits: Arc::new(Limits::default()),
    };
    let sessions = portal.sessions.clone();
    let health = Health::default();
    let jobs = jobs::all(Resources {
        store: store.clone(),
        vendor: portal.vendor.clone(),
        url: settings.url.clone(),
        live,
        orders,
        mailer: mailer(&settings.mail, &store)?,
        vendor_mail: settings.maker_mail.clone(),
        receivers: settings.receivers,
        checkpoints: settings.checkpoints.clone(),
        imports,
        sessions: sessions.clone(),
        limits: Arc::clone(&portal.limits),
    });
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", settings.listen))?;
    let address = listener.local_addr()?;
    let running = supervisor::start(jobs, health.clone());
    tracing::info!(%address, database = without_password(&settings.database), "serving");
    eprintln!("\n  License Portal: http://{address}\n");
    if let Some(password) = demo_password {
        eprintln!(
            "  Demo data. Log in as admin-1.1 (or isv-admin, user-1.1.1, admin-2.1 …) with: {password}\n"
        );
    }
    let (ended, mut ending) = tokio::sync::watch::channel(false);
    let router = router(portal, health, assets, &settings.site);
    let most = connections::raise_limit();
    let server = connections::serve(listener, router, most, connections::HEAD_TIMEOUT, async move {
        asked_to_end().await;
        tracing::info!("ending");
        let _ = ended.send(true);
    });
    tokio::select! {
        () = server => {}
        // Live connections never end by themselves.
        () = async {
            let _ = ending.wait_for(|ended| *ended).await;
            tokio::time::sleep(GRACE).await;
        } => {}
    }
    // After the requests: they ask for mails.
    running.end(JOBS_GRACE).await;
    // What was heard last; whoever reads the sessions next knows it.
    sessions.save().await?;
    ops::history::chain::seal(&store).await?;
    Ok(())
}

fn mailer(mail: &Mail, store: &Store) -> Result<Mailer, Failure> {
    let sources = store.sources.clone();
    let mailer = match &mail.smtp {
        // The address holds a password, and what is wrong with it might quote it.
        Some(smtp) => Mailer::smtp(smtp, &mail.from, sources)
            .map_err(|_| "smtp: not the address of a mail server, such as smtps://USER:PASSWORD@HOST")?,
        None => {
            tracing::warn!(folder = %mail.folder.display(), "no mail server is set up: mails become files in a folder");
            Mailer::folder(mail.folder.clone(), &mail.from, sources)?
        }
    };
    Ok(mailer)
}

async fn asked_to_end() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
