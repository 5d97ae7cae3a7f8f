//! The file with the keys: one a line, the first is encrypted with. For its owner alone, and never half written.

use std::{
    fs::{self, File, TryLockError},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

use crate::store::encryption::{
    cipher::EncryptionKey,
    error::{EncryptionError, MOST_KEYS},
};

/// What stands above the keys.
const HEAD: &str = "# Keys of License Portal. The first encrypts the secrets in its database; those below it only decrypt what was encrypted before.
# Keep a copy apart from the backups of the database: a restore needs both, and without this file the secrets are lost.
";

/// The folder in which the file stands.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The keys in the file, the first first; none where there is no file.
///
/// # Errors
/// [`EncryptionError::Read`], [`EncryptionError::NotAKey`], [`EncryptionError::TooMany`].
pub(super) fn read(path: &Path) -> Result<Vec<EncryptionKey>, EncryptionError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => zeroize::Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(EncryptionError::Read(path.to_owned(), error)),
    };
    let mut keys = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key =
            EncryptionKey::read(line).ok_or_else(|| EncryptionError::NotAKey(path.to_owned(), at + 1))?;
        keys.push(key);
        if keys.len() > MOST_KEYS {
            return Err(EncryptionError::TooMany(format!(
                "the key file {}",
                path.display()
            )));
        }
    }
    Ok(keys)
}

/// What the names of half-written files begin with.
fn unfinished(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    format!(".{}.", name.display())
}

/// Writes the keys beside the file, and has them on the disk.
fn written(path: &Path, keys: &[EncryptionKey]) -> std::io::Result<NamedTempFile> {
    fs::create_dir_all(folder(path))?;
    // Its mode is 0600 from the beginning.
    let mut file = Builder::new()
        .prefix(&unfinished(path))
        .tempfile_in(folder(path))?;
    file.write_all(HEAD.as_bytes())?;
    for key in keys {
        writeln!(file, "# {}\n{}", key.id(), key.text().expose())?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes the file, unless there is one already: somebody else may make it at the same time.
///
/// # Errors
/// [`EncryptionError::Write`].
pub(super) fn create(path: &Path, key: &EncryptionKey) -> Result<(), EncryptionError> {
    let created =
        written(path, std::slice::from_ref(key)).and_then(|file| match file.persist_noclobber(path) {
            Ok(_) => File::open(folder(path))?.sync_all(),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error.error),
        });
    created.map_err(|error| EncryptionError::Write(path.to_owned(), error))
}

/// Removes what a process left beside the file that was killed while it wrote.
fn sweep(path: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder(path))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&unfinished(path)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Puts other keys into the file, in one step: whoever reads it finds those before or these. Called by one process at a time,
/// which holds the [`lock`].
///
/// # Errors
/// [`EncryptionError::Write`].
pub(super) fn replace(path: &Path, keys: &[EncryptionKey]) -> Result<(), EncryptionError> {
    let replaced = sweep(path).and_then(|()| written(path, keys)).and_then(|file| {
        file.persist(path).map_err(|error| error.error)?;
        File::open(folder(path))?.sync_all()
    });
    replaced.map_err(|error| EncryptionError::Write(path.to_owned(), error))
}

/// Where keys are kept that nothing in the database needs any more, but backups from before do.
#[must_use]
pub fn of_retired(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".retired");
    name.into()
}

/// Adds keys to the file of retired ones: the newest stand first, and the oldest go where there are too many.
///
/// # Errors
/// [`EncryptionError::Read`], [`EncryptionError::NotAKey`], [`EncryptionError::Write`].
pub(super) fn retire(path: &Path, keys: &[EncryptionKey]) -> Result<(), EncryptionError> {
    let path = of_retired(path);
    let before = read(&path)?;
    let known = |key: &EncryptionKey| keys.iter().any(|new| new.id() == key.id());
    let mut all = keys.to_vec();
    all.extend(before.into_iter().filter(|key| !known(key)));
    all.truncate(MOST_KEYS);
    replace(&path, &all)
}

/// Keeps other processes from rotating the same file, until what is returned is dropped. The lock is on the folder, because the
/// file is replaced.
///
/// # Errors
/// [`EncryptionError::Rotating`], [`EncryptionError::Write`].
pub(super) fn lock(path: &Path) -> Result<File, EncryptionError> {
    let failed = |error| EncryptionError::Write(path.to_owned(), error);
    let folder = File::open(folder(path)).map_err(failed)?;
    match folder.try_lock() {
        Ok(()) => Ok(folder),
        Err(TryLockError::WouldBlock) => Err(EncryptionError::Rotating(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn ids(keys: &[EncryptionKey]) -> Vec<String> {
        keys.iter().map(|key| key.id().to_string()).collect()
    }

    #[test]
    fn keys_come_back_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/portal.key");
        assert!(read(&path).unwrap().is_empty());
        let keys: Vec<EncryptionKey> = (0..3).map(|at| [at; 32].into()).collect();
        create(&path, &keys[0]).unwrap();
        create(&path, &keys[1]).unwrap();
        assert_eq!(ids(&read(&path).unwrap()), ids(&keys[..1]), "what is there stays");
        fs::write(
            path.with_file_name(".portal.key.half"),
            "of a process that was killed",
        )
        .unwrap();
        replace(&path, &keys).unwrap();
        assert_eq!(ids(&read(&path).unwrap()), ids(&keys));
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        let others: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(others.len(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_no_key_is_told_by_its_line_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.key");
        let good = EncryptionKey::from([1; 32]).text();
        fs::write(&path, format!("# a note\n\n{}\nalmost-a-key\n", good.expose())).unwrap();
        let error = read(&path).unwrap_err();
        assert!(matches!(error, EncryptionError::NotAKey(_, 4)), "{error}");
        assert!(!error.to_string().contains("almost"));
        fs::write(&path, format!("{}\n", good.expose()).repeat(MOST_KEYS + 1)).unwrap();
        assert!(matches!(read(&path), Err(EncryptionError::TooMany(_))));
    }

    #[test]
    fn retired_keys_are_kept_up_to_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.key");
        let keys: Vec<EncryptionKey> = (0..12).map(|at| [at; 32].into()).collect();
        for key in &keys {
            retire(&path, std::slice::from_ref(key)).unwrap();
            retire(&path, std::slice::from_ref(key)).unwrap();
        }
        let kept = read(&of_retired(&path)).unwrap();
        let mut expected = ids(&keys[4..]);
        expected.reverse();
        assert_eq!(ids(&kept), expected);
    }

    #[test]
    fn one_process_rotates_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.key");
        let held = lock(&path).unwrap();
        assert!(matches!(lock(&path), Err(EncryptionError::Rotating(_))));
        drop(held);
        lock(&path).unwrap();
    }
}
