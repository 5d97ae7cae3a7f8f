//! The model of a disk with one folder: what programs see, what is durable, and what a power cut may leave.
//!
//! As strict as POSIX, and stricter than most file systems: contents and size of a file are durable once the file was synced,
//! its name once the folder was. A sync that failed loses what it was asked for: Linux marks such pages as clean, and the next sync
//! does not write them.

use std::{collections::BTreeMap, sync::Arc};

use crate::dice::{Dice, mixed};

/// What is written as one: a torn write ends at such a border.
pub const SECTOR: usize = 512;
/// Sectors in a page of the database and of the page cache.
const PAGE: usize = 8;
/// The most that a disk holds, in bytes; a program that writes more is told that it is full.
pub const CAPACITY: usize = 1 << 30;

/// A file, whatever it is called.
pub type Inode = u64;

/// Files by name, with their contents.
pub type Image = BTreeMap<String, Vec<u8>>;

/// Something that happened to the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new, empty file.
    Create { inode: Inode, name: String },
    /// Bytes in a file; it grows where they reach beyond its end.
    Write {
        inode: Inode,
        at: usize,
        bytes: Arc<[u8]>,
    },
    /// A file has another size; what is new in it is zero.
    Resize { inode: Inode, size: usize },
    /// A file has another name; what had that name has none.
    Rename { from: String, to: String },
    /// A file has no name any more.
    Remove { name: String },
    /// Contents and size of a file are durable.
    Sync { inode: Inode },
    /// That failed.
    SyncFailed { inode: Inode },
    /// The names are durable.
    SyncFolder,
}

/// What happened to a file since it was synced.
#[derive(Debug, Clone)]
enum Unsynced {
    Write { at: usize, bytes: Arc<[u8]> },
    Resize(usize),
}

/// What happened to names since they were synced.
#[derive(Debug, Clone)]
enum Naming {
    Is { name: String, inode: Inode },
    Rename { from: String, to: String },
    Remove { name: String },
}

#[derive(Debug, Clone, Default)]
struct File {
    seen: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Unsynced>,
}

/// The disk.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    files: BTreeMap<Inode, File>,
    names: BTreeMap<String, Inode>,
    durable_names: BTreeMap<String, Inode>,
    unsynced_names: Vec<Naming>,
}

impl Disk {
    /// A disk on which these files are durable.
    #[must_use]
    pub fn with(image: &Image) -> Self {
        let mut disk = Self::default();
        for (inode, (name, bytes)) in (2..).zip(image) {
            let file = File {
                seen: bytes.clone(),
                durable: bytes.clone(),
                unsynced: Vec::new(),
            };
            disk.files.insert(inode, file);
            disk.names.insert(name.clone(), inode);
        }
        disk.durable_names.clone_from(&disk.names);
        disk
    }

    /// The number of the next file.
    #[must_use]
    pub fn next(&self) -> Inode {
        self.files.keys().next_back().map_or(2, |last| last + 1)
    }

    /// Which file has the name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Inode> {
        self.names.get(name).copied()
    }

    /// The names, with their files.
    pub fn names(&self) -> impl Iterator<Item = (&str, Inode)> {
        self.names.iter().map(|(name, inode)| (name.as_str(), *inode))
    }

    /// What programs read in a file.
    #[must_use]
    pub fn contents(&self, inode: Inode) -> Option<&[u8]> {
        self.files.get(&inode).map(|file| file.seen.as_slice())
    }

    /// How many bytes programs see in all files.
    #[must_use]
    pub fn used(&self) -> usize {
        self.files.values().map(|file| file.seen.len()).sum()
    }

    /// The files as programs see them.
    #[must_use]
    pub fn image(&self) -> Image {
        let contents = |inode: &Inode| self.files.get(inode).map(|file| file.seen.clone());
        self.names
            .iter()
            .filter_map(|(name, inode)| Some((name.clone(), contents(inode)?)))
            .collect()
    }

    /// Does it. What concerns a file or name that is not there changes nothing.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Create { inode, name } => {
                self.files.insert(*inode, File::default());
                self.name(Naming::Is {
                    name: name.clone(),
                    inode: *inode,
                });
            }
            Change::Rename { from, to } => self.name(Naming::Rename {
                from: from.clone(),
                to: to.clone(),
            }),
            Change::Remove { name } => self.name(Naming::Remove { name: name.clone() }),
            Change::SyncFolder => {
                self.durable_names.clone_from(&self.names);
                self.unsynced_names.clear();
            }
            Change::Write { inode, .. }
            | Change::Resize { inode, .. }
            | Change::Sync { inode }
            | Change::SyncFailed { inode } => {
                if let Some(file) = self.files.get_mut(inode) {
                    file.apply(change);
                }
            }
        }
    }

    fn name(&mut self, naming: Naming) {
        rename(&mut self.names, &naming);
        self.unsynced_names.push(naming);
    }

    /// What is there after a power cut. With seed 0 nothing that was not synced; with others a part of it: of each file nothing,
    /// everything, the first changes, the first with the last of them torn, or any sector as it was at any time since the sync.
    #[must_use]
    pub fn after_power_cut(&self, seed: u64) -> Image {
        let mut dice = Dice::new(seed);
        let mut names = self.durable_names.clone();
        // Folders are journaled: their changes become durable in order.
        let kept = match (seed, dice.below(3)) {
            (0, _) | (_, 0) => 0,
            (_, 1) => self.unsynced_names.len(),
            _ => dice.index(self.unsynced_names.len() + 1),
        };
        for naming in self.unsynced_names.iter().take(kept) {
            rename(&mut names, naming);
        }
        let contents = |inode: &Inode, dice: &mut Dice| {
            let file = self.files.get(inode)?;
            let fate = if seed == 0 {
                Fate::Before(0)
            } else {
                Fate::of(dice, file.unsynced.len())
            };
            Some(file.after(fate))
        };
        names
            .into_iter()
            .filter_map(|(name, inode)| Some((name, contents(&inode, &mut dice)?)))
            .collect()
    }
}

fn rename(names: &mut BTreeMap<String, Inode>, naming: &Naming) {
    match naming {
        Naming::Is { name, inode } => {
            names.insert(name.clone(), *inode);
        }
        Naming::Rename { from, to } => {
            if let Some(inode) = names.remove(from) {
                names.insert(to.clone(), inode);
            }
        }
        Naming::Remove { name } => {
            names.remove(name);
        }
    }
}

/// What becomes of the changes of a file that were not synced.
#[derive(Debug, Clone, Copy)]
enum Fate {
    /// The first so many are there.
    Before(usize),
    /// Likewise, and some sectors of the next one: by chance, or one half of each page.
    Torn { after: usize, salt: u64, halves: bool },
    /// Each sector is as it was after any of the changes.
    Scattered { count: usize, salt: u64 },
}

impl Fate {
    fn of(dice: &mut Dice, count: usize) -> Self {
        match dice.below(6) {
            0 => Self::Before(0),
            1 => Self::Before(count),
            2 => Self::Before(dice.index(count + 1)),
            3 | 4 => Self::Torn {
                after: dice.index(count),
                salt: dice.any(),
                halves: dice.below(2) == 0,
            },
            _ => Self::Scattered {
                count,
                salt: dice.any(),
            },
        }
    }

    /// Whether a sector has a change in it. The last of all sectors stands for the size.
    const fn keeps(self, change: usize, sector: usize) -> bool {
        match self {
            Self::Before(count) => change < count,
            Self::Torn { after, salt, halves } => {
                change < after
                    || change == after
                        && if halves {
                            (sector % PAGE < PAGE / 2) == (salt % 2 == 0)
                        } else {
                            mixed(salt, sector as u64).is_multiple_of(2)
                        }
            }
            Self::Scattered { count, salt } => {
                (change as u64) < mixed(salt, sector as u64) % (count as u64 + 1)
            }
        }
    }
}

impl File {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::Write { at, bytes, .. } => {
                write(&mut self.seen, *at, bytes);
                self.unsynced.push(Unsynced::Write {
                    at: *at,
                    bytes: Arc::clone(bytes),
                });
            }
            Change::Resize { size, .. } => {
                self.seen.resize(*size, 0);
                self.unsynced.push(Unsynced::Resize(*size));
            }
            Change::Sync { .. } => {
                // What a failed sync lost stays lost, although programs see it.
                for change in self.unsynced.drain(..) {
                    match change {
                        Unsynced::Write { at, bytes } => write(&mut self.durable, at, &bytes),
                        Unsynced::Resize(size) => self.durable.resize(size, 0),
                    }
                }
            }
            Change::SyncFailed { .. } => self.unsynced.clear(),
            Change::Create { .. } | Change::Rename { .. } | Change::Remove { .. } | Change::SyncFolder => {}
        }
    }

    fn after(&self, fate: Fate) -> Vec<u8> {
        let (mut bytes, mut size) = (self.durable.clone(), self.durable.len());
        for (number, change) in self.unsynced.iter().enumerate() {
            let sized = fate.keeps(number, usize::MAX);
            match change {
                Unsynced::Write { at, bytes: written } => {
                    let end = at + written.len();
                    if bytes.len() < end {
                        bytes.resize(end, 0);
                    }
                    let mut from = *at;
                    while from < end {
                        let sector = from / SECTOR;
                        let until = ((sector + 1) * SECTOR).min(end);
                        if fate.keeps(number, sector) {
                            bytes[from..until].copy_from_slice(&written[from - at..until - at]);
                        }
                        from = until;
                    }
                    if sized {
                        size = size.max(end);
                    }
                }
                Unsynced::Resize(to) => {
                    if sized {
                        size = *to;
                    }
                    let mut from = *to;
                    while from < bytes.len() {
                        let sector = from / SECTOR;
                        let until = ((sector + 1) * SECTOR).min(bytes.len());
                        if fate.keeps(number, sector) {
                            bytes[from..until].fill(0);
                        }
                        from = until;
                    }
                }
            }
        }
        bytes.resize(size, 0);
        bytes
    }
}

fn write(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}
