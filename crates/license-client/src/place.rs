//! Where the state of a machine lies: one file, for nobody but its owner, that is whole at every moment.

use std::{
    env,
    ffi::OsString,
    fs::{DirBuilder, File, OpenOptions, TryLockError, remove_file, rename},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::{
    credential::read_secret,
    device::Device,
    failure::{Exit, Failure, clean},
};

/// Where the state of this machine lies.
#[derive(Debug, Clone)]
pub struct Place {
    file: PathBuf,
}

/// The place, while nobody else changes what lies there.
pub struct Locked<'a> {
    place: &'a Place,
    /// Unlocked when it is closed, however the program ends.
    _lock: File,
}

impl Place {
    /// The place of the command line or the environment, else the usual one (XDG Base Directory Specification).
    ///
    /// # Errors
    /// When there is no usual one.
    pub fn find(given: Option<&PathBuf>) -> Result<Self, Failure> {
        if let Some(file) = given.filter(|file| !file.as_os_str().is_empty()) {
            return Ok(Self { file: file.clone() });
        }
        let folder = |name: &str| {
            let path = env::var_os(name).map(PathBuf::from);
            path.filter(|path| path.is_absolute())
        };
        let states =
            folder("XDG_STATE_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/state")));
        let Some(states) = states else {
            let message = "there is no home folder for the state of this machine. Name a file with --state or in \
                           LICENSE_DEVICE";
            return Err(Failure::new(Exit::Usage, message));
        };
        let folder = states.join("license-portal");
        Ok(Self {
            file: folder.join("device.json"),
        })
    }

    /// Its name, for messages.
    pub fn name(&self) -> String {
        clean(&self.file.display().to_string())
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(&self.file);
        name.push(ending);
        name.into()
    }

    fn failed(&self, what: &str, why: &std::io::Error) -> Failure {
        Failure::new(Exit::BadFile, format!("cannot {what} {}: {why}", self.name()))
    }

    /// What lies there, if anything does.
    ///
    /// # Errors
    /// When it cannot be read, or is not the state of a machine.
    pub fn read(&self) -> Result<Option<Device>, Failure> {
        match self.file.try_exists() {
            Ok(false) => Ok(None),
            Ok(true) => Device::parse(&read_secret(&self.file)?, &self.name()).map(Some),
            Err(error) => Err(self.failed("read", &error)),
        }
    }

    /// What lies there.
    ///
    /// # Errors
    /// Those of [`Self::read`]; and that nothing does.
    pub fn device(&self) -> Result<Device, Failure> {
        self.read()?.ok_or_else(|| {
            let message = format!(
                "this machine has no state in {}. The first request makes it: license-client request --setup FILE, with \
                 the setup from the container's page of the portal",
                self.name()
            );
            Failure::new(Exit::Usage, message)
        })
    }

    fn lock_file(&self) -> std::io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.beside(".lock"))
    }

    /// Waits until nobody else changes it.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn locked(&self) -> Result<Locked<'_>, Failure> {
        let locked = || {
            if let Some(folder) = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            }
            let lock = self.lock_file()?;
            lock.lock().map(|()| lock)
        };
        let lock = locked().map_err(|error| self.failed("write", &error))?;
        Ok(Locked {
            place: self,
            _lock: lock,
        })
    }

    /// The same without waiting; nothing when somebody else changes it now.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn try_locked(&self) -> Result<Option<Locked<'_>>, Failure> {
        let lock = self.lock_file().map_err(|error| self.failed("write", &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Locked {
                place: self,
                _lock: lock,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(self.failed("write", &error)),
        }
    }
}

impl Locked<'_> {
    /// Puts another state in the place of what lies there, in one step.
    ///
    /// # Errors
    /// When it cannot be written; then what lay there still does.
    pub fn write(&self, device: &Device) -> Result<(), Failure> {
        let text = device.text()?;
        self.replace(&text)
            .map_err(|error| self.place.failed("write", &error))
    }

    fn replace(&self, text: &str) -> std::io::Result<()> {
        let new = self.place.beside(".new");
        // Left over where a program was ended in the middle.
        match remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        rename(&new, &self.place.file)?;
        // The new name has to be on the disk too, before anybody is told.
        let folder = self
            .place
            .file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}
