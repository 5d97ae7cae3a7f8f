//! The keys that the process knows.

use std::{
    fs::File,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use crate::store::{
    encryption::{
        cipher::{Encrypted, EncryptionKey, Place, Secret},
        error::{EncryptionError, MOST_KEYS},
        key_file,
    },
    sources::Sources,
};

/// Why a variable of the environment holds no keys. Nothing of it is shown: it may be most of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVariable {
    /// One of its parts, counted from 1, is no key.
    #[error("key number {0} is no key")]
    NotAKey(usize),
    /// There are none, or more than are ever needed.
    #[error("it has no key, or more than {most}", most = MOST_KEYS)]
    Count,
}

/// Where the keys come from. The first is encrypted with once a rotation has put it in force.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A file, which is made at the first start and read again where a key is missing.
    File(PathBuf),
    /// The environment, which stays as it is while the process runs.
    Environment(Vec<EncryptionKey>),
}

impl KeySource {
    /// The keys of a variable of the environment, separated by spaces or commas.
    ///
    /// # Errors
    /// [`InvalidVariable`].
    pub fn from_variable(text: &str) -> Result<Self, InvalidVariable> {
        let mut keys = Vec::new();
        let parts = text.split(|c: char| c == ',' || c.is_whitespace());
        for part in parts.filter(|part| !part.is_empty()) {
            let key = EncryptionKey::read(part);
            keys.push(key.ok_or(InvalidVariable::NotAKey(keys.len() + 1))?);
        }
        if keys.is_empty() || keys.len() > MOST_KEYS {
            return Err(InvalidVariable::Count);
        }
        Ok(Self::Environment(keys))
    }

    /// What it is called in messages.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::File(path) if path.exists() => format!("the key file {}", path.display()),
            Self::File(path) => format!("the key file {}, because there is no such file", path.display()),
            Self::Environment(_) => "PORTAL_KEY".to_owned(),
        }
    }

    /// The keys that are there at this moment, the first first; none where there is no file.
    ///
    /// # Errors
    /// [`EncryptionError`] where they cannot be read.
    pub fn read(&self) -> Result<Vec<EncryptionKey>, EncryptionError> {
        match self {
            Self::File(path) => key_file::read(path),
            Self::Environment(keys) => Ok(keys.clone()),
        }
    }
}

#[derive(Default)]
struct Ring {
    source: Option<KeySource>,
    /// Those that were read last, then those from before: a transaction that began before a rotation ended still meets them.
    known: Vec<EncryptionKey>,
}

impl Ring {
    fn read(&mut self) -> Result<Vec<EncryptionKey>, EncryptionError> {
        let source = self.source.as_ref().ok_or(EncryptionError::Locked)?;
        let held = source.read()?;
        let before = std::mem::replace(&mut self.known, held.clone());
        for key in before {
            if self.known.iter().all(|known| known.id() != key.id()) {
                self.known.push(key);
            }
        }
        self.known.truncate(2 * MOST_KEYS);
        Ok(held)
    }
}

/// The keys that the process knows, shared by all its parts. None until it was told where they come from.
#[derive(Clone, Default)]
pub struct Keys(Arc<Mutex<Ring>>);

impl Keys {
    fn with<T>(&self, work: impl FnOnce(&mut Ring) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on, keys come from there.
    pub(crate) fn draw_from(&self, source: KeySource) {
        self.with(|ring| {
            *ring = Ring {
                source: Some(source),
                known: Vec::new(),
            }
        });
    }

    /// The keys that their source holds at this moment, the first first.
    ///
    /// # Errors
    /// [`EncryptionError`] where they cannot be read.
    pub(crate) fn read(&self) -> Result<Vec<EncryptionKey>, EncryptionError> {
        self.with(Ring::read)
    }

    /// The key of that id. Where it is unknown, their source is read again: a rotation may just have added it. That is a file of
    /// a few lines, and rare.
    ///
    /// # Errors
    /// [`EncryptionError::UnknownKey`]; [`EncryptionError`] where the source cannot be read.
    pub(crate) fn key(&self, id: &str) -> Result<EncryptionKey, EncryptionError> {
        self.with(|ring| {
            let found = |ring: &Ring| ring.known.iter().find(|key| key.id().as_str() == id).cloned();
            if let Some(key) = found(ring) {
                return Ok(key);
            }
            ring.read()?;
            found(ring).ok_or_else(|| EncryptionError::UnknownKey {
                id: id.to_owned(),
                place: ring.source.as_ref().map(KeySource::place).unwrap_or_default(),
            })
        })
    }

    /// Decrypts the value of that place.
    ///
    /// # Errors
    /// [`EncryptionError`].
    pub(crate) fn decrypt(&self, place: &Place, value: &str) -> Result<Secret, EncryptionError> {
        let encrypted = Encrypted::read(place, value)?;
        self.key(encrypted.key)?.decrypt(place, &encrypted)
    }

    fn place(&self) -> String {
        self.with(|ring| ring.source.as_ref().map(KeySource::place).unwrap_or_default())
    }

    fn file(&self) -> Result<Option<PathBuf>, EncryptionError> {
        self.with(|ring| match &ring.source {
            Some(KeySource::File(path)) => Ok(Some(path.clone())),
            Some(KeySource::Environment(_)) => Ok(None),
            None => Err(EncryptionError::Locked),
        })
    }

    /// The first key; made, with its file, where there is no file yet. Returns that file where it was made.
    ///
    /// # Errors
    /// [`EncryptionError`] where the file cannot be read or written.
    pub(crate) fn first_or_new(
        &self,
        sources: &Sources,
    ) -> Result<(EncryptionKey, Option<PathBuf>), EncryptionError> {
        let mut made = None;
        let mut held = self.read()?;
        if let Some(path) = self.file()?
            && held.is_empty()
        {
            let key = EncryptionKey::random(sources);
            key_file::create(&path, &key)?;
            held = self.read()?;
            let own = held.first().is_some_and(|first| first.id() == key.id());
            made = own.then_some(path);
        }
        let first = held.into_iter().next();
        let first = first.ok_or_else(|| EncryptionError::NoKeys(self.place()));
        Ok((first?, made))
    }

    /// Makes a key and puts it before the others of the file.
    ///
    /// # Errors
    /// [`EncryptionError::Fixed`] where there is no file; [`EncryptionError::TooMany`]; [`EncryptionError::Read`], [`EncryptionError::Write`].
    pub(crate) fn add(&self, sources: &Sources) -> Result<EncryptionKey, EncryptionError> {
        let path = self.file()?.ok_or(EncryptionError::Fixed)?;
        let mut keys = self.read()?;
        let key = EncryptionKey::random(sources);
        keys.insert(0, key.clone());
        if keys.len() > MOST_KEYS {
            return Err(EncryptionError::TooMany(format!(
                "the key file {}",
                path.display()
            )));
        }
        key_file::replace(&path, &keys)?;
        self.read()?;
        Ok(key)
    }

    /// Leaves that key alone in the file; the others go to the file of retired ones, whose path is returned where there were any.
    ///
    /// # Errors
    /// [`EncryptionError::Read`], [`EncryptionError::Write`].
    pub(crate) fn keep_only(&self, key: &EncryptionKey) -> Result<Option<PathBuf>, EncryptionError> {
        let Some(path) = self.file()? else {
            return Ok(None);
        };
        let mut others = self.read()?;
        others.retain(|held| held.id() != key.id());
        if others.is_empty() {
            return Ok(None);
        }
        key_file::retire(&path, &others)?;
        key_file::replace(&path, std::slice::from_ref(key))?;
        Ok(Some(key_file::of_retired(&path)))
    }

    /// Keeps other processes from changing the file, until what is returned is dropped.
    ///
    /// # Errors
    /// [`EncryptionError::Rotating`], [`EncryptionError::Write`].
    pub(crate) fn lock(&self) -> Result<Option<File>, EncryptionError> {
        self.file()?.map(|path| key_file::lock(&path)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_holds_several_keys() {
        let text = |byte| EncryptionKey::from([byte; 32]).text().expose().to_owned();
        let read = |text: &str| match KeySource::from_variable(text) {
            Ok(KeySource::Environment(keys)) => Ok(keys.len()),
            Ok(KeySource::File(_)) => unreachable!("a variable is no file"),
            Err(error) => Err(error),
        };
        assert_eq!(read(&text(1)), Ok(1));
        assert_eq!(read(&format!(" {} {},\n{}", text(1), text(2), text(3))), Ok(3));
        assert_eq!(read(""), Err(InvalidVariable::Count));
        assert_eq!(read(&format!("{} x", text(1))), Err(InvalidVariable::NotAKey(2)));
        assert_eq!(read(&text(1).repeat(2)), Err(InvalidVariable::NotAKey(1)));
        assert_eq!(
            read(&format!("{} ", text(1)).repeat(9)),
            Err(InvalidVariable::Count)
        );
    }

    #[test]
    fn an_unknown_key_is_looked_for_in_the_file_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.key");
        let sources = Sources::new(|| jiff::Timestamp::UNIX_EPOCH, {
            let next = std::sync::atomic::AtomicU8::new(1);
            move |bytes: &mut [u8]| bytes.fill(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
        });
        let (server, rotating) = (Keys::default(), Keys::default());
        for keys in [&server, &rotating] {
            keys.draw_from(KeySource::File(path.clone()));
        }
        let (old, made) = server.first_or_new(&sources).unwrap();
        assert_eq!(made.as_deref(), Some(path.as_path()));
        assert!(
            rotating.first_or_new(&sources).unwrap().1.is_none(),
            "the file is there"
        );
        let new = rotating.add(&sources).unwrap();
        assert_eq!(server.key(new.id().as_str()).unwrap().id(), new.id());
        rotating.keep_only(&new).unwrap();
        server.read().unwrap();
        assert!(
            server.key(old.id().as_str()).is_ok(),
            "what was known stays known"
        );
        let fresh = Keys::default();
        fresh.draw_from(KeySource::File(path.clone()));
        let unknown = fresh.key(old.id().as_str()).unwrap_err();
        assert!(
            unknown.to_string().contains(&path.display().to_string()),
            "{unknown}"
        );
        let held = key_file::read(&key_file::of_retired(&path)).unwrap();
        assert_eq!(held[0].id(), old.id());
    }
}
