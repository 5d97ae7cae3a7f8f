//! Files with secrets: the database, the key of its secrets, mails with links that let people in, settings with passwords.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rustix::{fs::Mode, process::umask};

use crate::{
    server::config::Settings,
    store::{
        self,
        encryption::{KeySource, of_retired},
    },
};

/// What others of the machine may do with a file.
const OTHERS: u32 = 0o077;

/// New files and folders are for the owner of the process alone, whatever the shell says.
pub fn restrict() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Those of the files that others of the machine may read or change, with their modes.
fn loose(paths: impl IntoIterator<Item = PathBuf>) -> Vec<(PathBuf, u32)> {
    let mode = |path: PathBuf| {
        let mode = std::fs::metadata(&path).ok()?.permissions().mode() & 0o777;
        (mode & OTHERS != 0).then_some((path, mode))
    };
    paths.into_iter().filter_map(mode).collect()
}

/// Files with secrets that others of the machine may read or change, with their modes.
pub fn found(settings: &Settings, config: Option<&Path>) -> Vec<(PathBuf, u32)> {
    let database = store::file_of(&settings.database);
    let beside = |end: &str| {
        database.map(|file| {
            let mut name = file.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        })
    };
    let paths = ["", "-wal", "-shm"].into_iter().filter_map(beside);
    let folder = settings.mail.smtp.is_none().then(|| settings.mail.folder.clone());
    let keys = match &settings.key {
        KeySource::File(path) => vec![path.clone(), of_retired(path)],
        KeySource::Environment(_) => Vec::new(),
    };
    let secrets = settings.secret_files.values().cloned();
    let files = paths.chain(folder).chain(keys).chain(secrets);
    loose(files.chain(config.map(Path::to_owned)))
}

/// Tells the operator of files that were there before with looser modes: whoever reads them has what is in them.
pub fn warn(settings: &Settings, config: Option<&Path>) {
    for (path, mode) in found(settings, config) {
        tracing::warn!(
            path = %path.display(),
            mode = format!("{mode:o}"),
            "others of this machine may read what only the portal should: chmod go= {}",
            path.display()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_others_may_read_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, mode: u32| {
            let path = folder.path().join(name);
            std::fs::write(&path, "").expect("a file");
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("its mode");
            path
        };
        let (own, group, all) = (file("own", 0o600), file("group", 0o640), file("all", 0o604));
        let found = loose([own, group.clone(), folder.path().join("none"), all.clone()]);
        assert_eq!(found, [(group, 0o640), (all, 0o604)]);
    }
}
