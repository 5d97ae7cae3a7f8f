//! The disk under a folder of this machine, with a record of all that happens, and operations that fail when they are told to.

mod files;
mod state;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use fuser::{BackgroundSession, Config, MountOption};

use crate::{
    disk::{Disk, Image},
    mount::{files::Files, state::State},
};

pub use self::state::{Failure, Fault, Line, Operation};

/// A disk under a folder; taken away when it is dropped.
pub struct Mounted {
    session: Option<BackgroundSession>,
    state: Arc<Mutex<State>>,
    folder: PathBuf,
}

impl Mounted {
    /// Puts a disk with these files under a folder that exists.
    ///
    /// # Errors
    /// Where this machine does not let us: without `/dev/fuse`, or neither as root nor with `fusermount3`.
    pub fn new(folder: &Path, image: &Image) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State {
            disk: Disk::with(image),
            ..State::default()
        }));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("faults".to_owned()), MountOption::NoAtime];
        let files = Files::under(folder, Arc::clone(&state))?;
        let session = fuser::spawn_mount(files, folder, &config)?;
        Ok(Self {
            session: Some(session),
            state,
            folder: folder.to_owned(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Notes something between what happened before and what happens later.
    pub fn note(&self, number: u64) {
        self.state().record.push(Line::Note(number));
    }

    /// From now on, these operations fail.
    pub fn arm(&self, fault: Fault) {
        let mut state = self.state();
        state.fault = Some(fault);
        state.operations = 0;
        state.failed.clear();
    }

    /// Operations since the fault was armed, or since the beginning.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// What failed, and of which file.
    #[must_use]
    pub fn failed(&self) -> Vec<(Operation, String)> {
        self.state().failed.clone()
    }

    /// The files as programs see them.
    #[must_use]
    pub fn image(&self) -> Image {
        self.state().disk.image()
    }

    /// What a power cut at this moment leaves; see [`Disk::after_power_cut`].
    #[must_use]
    pub fn after_power_cut(&self, seed: u64) -> Image {
        self.state().disk.after_power_cut(seed)
    }

    /// Takes the disk away, and yields all that happened on it.
    ///
    /// # Errors
    /// While a program has a file of it open.
    pub fn end(mut self) -> io::Result<Vec<Line>> {
        if let Some(session) = self.session.take() {
            session.umount_and_join()?;
        }
        Ok(std::mem::take(&mut self.state().record))
    }
}
