//! Where each setting is set from, and which of several places counts.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, parser::ValueSource};

use crate::server::config::{
    problems::SettingsError,
    table::{SETTINGS, Setting},
};

/// Largest file with a secret, in bytes.
const LARGEST_SECRET: u64 = 64 * 1024;

/// Where a setting is set. What stands first counts before what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Flag,
    Environment,
    File,
    Default,
}

/// Which settings came by flag, and which from the environment.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeMap<&'static str, Origin>);

impl Origins {
    /// What clap found.
    #[must_use]
    pub fn of(matches: &ArgMatches) -> Self {
        let mut levels = vec![matches];
        while let Some((_, inner)) = levels.last().and_then(|level| level.subcommand()) {
            levels.push(inner);
        }
        let origin = |setting: &Setting| {
            let source = |level: &&ArgMatches| {
                let known = level.try_contains_id(setting.name).unwrap_or_default();
                match known.then(|| level.value_source(setting.name))?? {
                    ValueSource::CommandLine => Some(Origin::Flag),
                    ValueSource::EnvVariable => Some(Origin::Environment),
                    _ => None,
                }
            };
            Some((setting.name, levels.iter().filter_map(source).min()?))
        };
        Self(SETTINGS.iter().filter_map(origin).collect())
    }

    fn given(&self, name: &str) -> Origin {
        // Whoever gives settings without a command line gives them as if by flag.
        self.0.get(name).copied().unwrap_or(Origin::Flag)
    }
}

/// The settings as they are picked, and what is wrong with them.
pub(super) struct Picking<'a> {
    pub(super) origins: &'a Origins,
    pub(super) from: BTreeMap<&'static str, Origin>,
    /// Files with secrets that were read.
    pub(super) secret_files: BTreeMap<&'static str, PathBuf>,
    pub(super) problems: Vec<SettingsError>,
}

impl Picking<'_> {
    /// What counts: what was given by flag or environment, else what stands in the file.
    pub(super) fn pick<T: Clone>(
        &mut self,
        name: &'static str,
        given: Option<&T>,
        file: Option<T>,
    ) -> Option<T> {
        let (origin, value) = match (given, file) {
            (Some(given), _) => (self.origins.given(name), Some(given.clone())),
            (None, Some(file)) => (Origin::File, Some(file)),
            (None, None) => (Origin::Default, None),
        };
        self.from.insert(name, origin);
        value
    }

    /// The same of a secret, which may stand in a file of its own. `names` are that of the setting, and that of the setting that
    /// names the file.
    pub(super) fn secret<T: Clone>(
        &mut self,
        names: (&'static str, &'static str),
        given: (Option<&T>, Option<&PathBuf>),
        file: (Option<T>, Option<PathBuf>),
        read: fn(&str) -> T,
    ) -> Option<T> {
        let value = self.pick(names.0, given.0, file.0);
        let path = self.pick(names.1, given.1, file.1);
        let origin = |picking: &Self, name| picking.from.get(name).copied().unwrap_or(Origin::Default);
        let (of_value, of_path) = (origin(self, names.0), origin(self, names.1));
        match (value, path) {
            (Some(_), Some(_)) if of_value == of_path => {
                self.problems.push(SettingsError::Twice(names.0));
                None
            }
            (value, Some(path)) if of_path < of_value => {
                drop(value);
                self.from.insert(names.0, of_path);
                let text = self.checked(contents(names.1, &path))?;
                self.secret_files.insert(names.1, path);
                Some(read(&text))
            }
            (value, _) => value,
        }
    }

    /// The value, unless it is a problem.
    pub(super) fn checked<T>(&mut self, value: Result<T, SettingsError>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }
}

/// A secret from its file, without the end of its last line.
fn contents(name: &'static str, path: &Path) -> Result<String, SettingsError> {
    use std::io::Read;
    let failed = |error| SettingsError::Secret(name, path.to_owned(), error);
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(LARGEST_SECRET + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    let trimmed = text.trim_end_matches(['\r', '\n']);
    if trimmed.is_empty() || u64::try_from(text.len()).is_ok_and(|bytes| bytes > LARGEST_SECRET) {
        return Err(SettingsError::SecretSize(name, path.to_owned()));
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picking(origins: &Origins) -> Picking<'_> {
        Picking {
            origins,
            from: BTreeMap::new(),
            secret_files: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    #[test]
    fn a_secret_counts_from_the_first_place_where_it_is_set() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("smtp");
        std::fs::write(&path, "of a file\n").expect("it is written");
        let names = ("smtp", "smtp_file");
        let environment = Origins(BTreeMap::from([
            ("smtp", Origin::Environment),
            ("smtp_file", Origin::Environment),
        ]));
        let text = "itself".to_owned();
        let own = str::to_owned;
        let mut both = picking(&environment);
        assert_eq!(
            both.secret(names, (Some(&text), Some(&path)), (None, None), own),
            None
        );
        assert!(matches!(both.problems[..], [SettingsError::Twice("smtp")]));
        // The environment comes before the settings file, whatever each of them names.
        let mut above = picking(&environment);
        let found = above.secret(names, (None, Some(&path)), (Some(text.clone()), None), own);
        assert_eq!(found.as_deref(), Some("of a file"));
        assert_eq!(above.from["smtp"], Origin::Environment);
        assert_eq!(above.secret_files["smtp_file"], path);
        let found = picking(&environment).secret(names, (Some(&text), None), (None, Some(path.clone())), own);
        assert_eq!(found.as_deref(), Some("itself"));
        assert_eq!(
            picking(&environment).secret(names, (None, None), (None, None), own),
            None
        );
        for (content, is_wrong) in [("", true), ("\n", true), ("x", false)] {
            std::fs::write(&path, content).expect("it is written");
            let mut picking = picking(&environment);
            let found = picking.secret(names, (None, Some(&path)), (None, None), own);
            assert_eq!(
                (found.is_none(), picking.problems.len() == 1),
                (is_wrong, is_wrong),
                "{content:?}"
            );
        }
    }
}
