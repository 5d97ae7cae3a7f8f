//! `license-portal backup`, `restore` and `hold`.

use std::{
    fs::File,
    io::{BufReader, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use domain::licensing::restoration::{Meanwhile, Restoration};
use tempfile::NamedTempFile;

use crate::{
    ops::instance::{backup, restoration},
    server::cli::{encryption, failure::Failure},
    store::{
        Store,
        encryption::{EncryptionError, EncryptionKey, KeySource},
        file_of,
    },
};

/// Where a backup goes.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file, which must not exist yet; - for standard output
    file: PathBuf,
    /// Encrypt all of it, with the first key of the portal (--key-file, or PORTAL_KEY)
    #[arg(long)]
    encrypt: bool,
    /// Encrypt all of it with the first key of this file instead, as `encryption-key new` prints one
    #[arg(long, value_name = "FILE")]
    backup_key: Option<PathBuf>,
}

/// What is restored, and what is known of the time since.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// A file of `backup`
    pub file: PathBuf,
    /// Check the file to its end, and change nothing
    #[arg(long)]
    pub check: bool,
    /// The key that all of it is encrypted with, where it is not one of the portal's
    #[arg(long, value_name = "FILE")]
    backup_key: Option<PathBuf>,
    /// Restore it although the portal has not the key of the secrets in it: until it has, or they are given up
    /// (`encryption-key replace-lost`), nothing else can be done with the database
    #[arg(long)]
    without_key: bool,
    /// What the portal handed out since the backup was made, which decides what is held back after the restore
    #[arg(long, value_enum, default_value = "anything")]
    handed_out: HandedOut,
}

/// What is held back after a restore.
#[derive(Debug, Args)]
pub struct HoldArguments {
    /// Hold back less from now on: what the portal handed out between backup and restore
    #[arg(long, value_enum)]
    handed_out: Option<HandedOut>,
}

/// What a portal handed out between a backup and its restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HandedOut {
    /// That is not known
    Anything,
    /// Perhaps licences to machines with a network; none to those without one
    NothingOffline,
    /// Nothing: it was ended before the backup, and has not run since
    Nothing,
}

impl From<HandedOut> for Meanwhile {
    fn from(handed_out: HandedOut) -> Self {
        match handed_out {
            HandedOut::Anything => Self::Unknown,
            HandedOut::NothingOffline => Self::NothingOffline,
            HandedOut::Nothing => Self::Nothing,
        }
    }
}

fn named(path: &Path, error: impl std::fmt::Display) -> Failure {
    format!("{}: {error}", path.display()).into()
}

/// Whether the file of an SQLite database is there: one that is not would be made.
///
/// # Errors
/// That there is nothing to back up.
pub fn verify_there(database: &str) -> Result<(), Failure> {
    match file_of(database) {
        Some(file) if !file.exists() => Err(named(file, "there is no such database")),
        _ => Ok(()),
    }
}

/// The keys in a file of keys.
fn keys_in(path: &Path) -> Result<Vec<EncryptionKey>, Failure> {
    let source = KeySource::File(path.to_owned());
    let keys = source.read()?;
    if keys.is_empty() {
        return Err(EncryptionError::NoKeys(source.place()).into());
    }
    Ok(keys)
}

/// What all of a backup is to be encrypted with.
fn key_for(arguments: &BackupArguments, portal: &KeySource) -> Result<Option<EncryptionKey>, Failure> {
    let keys = match &arguments.backup_key {
        Some(path) => keys_in(path)?,
        None if arguments.encrypt => portal.read()?,
        None => return Ok(None),
    };
    let first = keys.into_iter().next();
    Ok(Some(
        first.ok_or_else(|| EncryptionError::NoKeys(portal.place()))?,
    ))
}

/// Writes a backup.
///
/// # Errors
/// In words for the operator; there is no file then.
pub async fn backup(store: &Store, arguments: &BackupArguments, portal: &KeySource) -> Result<(), Failure> {
    let path = &arguments.file;
    let key = key_for(arguments, portal)?;
    let key = key.as_ref();
    let (header, rows) = if path == Path::new("-") {
        if std::io::stdout().is_terminal() {
            return Err("a backup is not for a terminal: name a file, or send it on".into());
        }
        backup::write(store, BufWriter::new(std::io::stdout().lock()), key).await?
    } else {
        write(store, path, key).await?
    };
    // For the metrics of servers; the backup is whole all the same.
    if let Err(error) = backup::note(store, &header).await {
        tracing::warn!(%error, "cannot write down that there is a backup");
    }
    let keys = match header.keys.as_slice() {
        [] => String::new(),
        keys => format!(
            " Its secrets are encrypted: a restore needs the key {}, too, which is not in it.",
            keys.join(" and the key ")
        ),
    };
    eprintln!(
        "{rows} rows are backed up, as they were at {:.0}.{keys}",
        header.made_at
    );
    if let Some(key) = key {
        eprintln!(
            "All of it is encrypted with the key {}: without it, nothing of it can be read.",
            key.id()
        );
    }
    Ok(())
}

/// The file is there when all of it is on the disk, for the owner of the process alone.
async fn write(
    store: &Store,
    path: &Path,
    key: Option<&EncryptionKey>,
) -> Result<(backup::Header, u64), Failure> {
    if path.exists() {
        return Err(named(path, "there is such a file already; it is not overwritten"));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(folder).map_err(|error| named(folder, error))?;
    let mut to = BufWriter::new(&mut file);
    let written = backup::write(store, &mut to, key).await?;
    to.flush().map_err(|error| named(path, error))?;
    drop(to);
    file.as_file().sync_all().map_err(|error| named(path, error))?;
    file.persist_noclobber(path)
        .map_err(|error| named(path, error.error))?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| named(folder, error))?;
    Ok(written)
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    Ok(BufReader::new(
        File::open(path).map_err(|error| named(path, error))?,
    ))
}

/// The keys that a backup may be encrypted with.
fn keys_of(arguments: &RestoreArguments, portal: &KeySource) -> Result<Vec<EncryptionKey>, Failure> {
    let mut keys = match &arguments.backup_key {
        Some(path) => keys_in(path)?,
        None => Vec::new(),
    };
    keys.extend(portal.read()?);
    Ok(keys)
}

/// Reads a backup to its end, and says what it is. Returns the id of a key that the portal has not, and needs.
fn check(arguments: &RestoreArguments, portal: &KeySource) -> Result<Option<String>, Failure> {
    let path = &arguments.file;
    let keys = keys_of(arguments, portal)?;
    let (header, rows) = backup::verify(open(path)?, &keys).map_err(|error| named(path, error))?;
    eprintln!(
        "{}: whole, of {:.0}, {rows} rows, made by version {} of {} (instance {}), step {} of the schema.",
        path.display(),
        header.made_at,
        header.version,
        header.engine,
        header.instance,
        header.schema,
    );
    let held = portal.read()?;
    let missing = |id: &&String| held.iter().all(|key| key.id().as_str() != **id);
    let missing = header.keys.iter().find(missing).cloned();
    if !header.keys.is_empty() {
        let there = if missing.is_some() {
            "is not at hand"
        } else {
            "is at hand"
        };
        eprintln!(
            "Its secrets are encrypted with the key {}, which {there}.",
            header.keys.join(" and the key ")
        );
    }
    Ok(missing)
}

/// Checks a backup before a database is made for it. Whether it is to be restored.
///
/// # Errors
/// Why it cannot be restored; nothing was changed.
pub fn prepare(arguments: &RestoreArguments, portal: &KeySource) -> Result<bool, Failure> {
    match check(arguments, portal)? {
        Some(id) if !arguments.check && !arguments.without_key => {
            let place = portal.place();
            Err(format!(
                "{}. Nothing was restored; --without-key restores it all the same",
                EncryptionError::UnknownKey { id, place }
            )
            .into())
        }
        _ => Ok(!arguments.check),
    }
}

/// Restores a backup that was checked.
///
/// # Errors
/// In words for the operator; nothing was restored then, unless they say so.
pub async fn restore(store: &Store, arguments: &RestoreArguments, portal: &KeySource) -> Result<(), Failure> {
    let path = &arguments.file;
    let keys = keys_of(arguments, portal)?;
    let restored = backup::restore(store, open(path)?, &keys, arguments.handed_out.into())
        .await
        .map_err(|error| named(path, error))?;
    eprintln!(
        "The database is as it was at {:.0}. Everybody logs in once more.\n\
         What was taken away since then is there again: look through people who left, access tokens, credentials of machines, \
         second factors and passwords that were changed.",
        restored.made_at
    );
    tell(&restored);
    match encryption::unlock(store, portal.clone()).await {
        Err(error) if arguments.without_key => {
            eprintln!("Before anything else can be done with it: {error}");
            Ok(())
        }
        unlocked => unlocked.map_err(|error| {
            format!("the database is restored, and cannot be used without its key: {error}").into()
        }),
    }
}

fn tell(restored: &Restoration) {
    if restored.ends_at() <= restored.at {
        eprintln!("Nothing is held back.");
        return;
    }
    eprintln!(
        "Machines may hold what was handed out since the backup. So nobody gets anew:\n\
         floating licences until {:.0}, node-locked ones until {:.0}.\n\
         Who knows better says so: license-portal hold --handed-out nothing-offline, or nothing.",
        restored.leases_until.max(restored.offline_until),
        restored.nodes_until.max(restored.offline_until),
    );
}

/// Says what is held back, or holds back less.
///
/// # Errors
/// In words for the operator.
pub async fn hold(store: &Store, arguments: &HoldArguments) -> Result<(), Failure> {
    let restored = match arguments.handed_out {
        Some(handed_out) => restoration::shorten(store, handed_out.into()).await?,
        None => restoration::get(store).await?,
    };
    match restored {
        None => eprintln!("The database was not restored: nothing is held back."),
        Some(restored) if restored.ends_at() <= store.sources.now() => {
            eprintln!(
                "The database was restored at {:.0} from the backup of {:.0}. Nothing is held back.",
                restored.at, restored.made_at
            );
        }
        Some(restored) => {
            eprintln!(
                "The database was restored at {:.0} from the backup of {:.0}.",
                restored.at, restored.made_at
            );
            tell(&restored);
        }
    }
    Ok(())
}
