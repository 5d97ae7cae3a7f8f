//! What the kernel asks of the disk.

use std::{
    ffi::OsStr,
    io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty,
    ReplyEntry, ReplyOpen, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use crate::{
    disk::{CAPACITY, Change, Inode},
    mount::state::{Operation, State},
};

/// Nothing changes the disk but the kernel, which may keep what it was told.
const KEPT: Duration = Duration::from_secs(3_600);

/// To whom the files belong: to whom the folder does.
fn owner(folder: &Path) -> io::Result<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    let folder = std::fs::metadata(folder)?;
    Ok((folder.uid(), folder.gid()))
}

/// The files of a disk, as the kernel knows them.
pub(super) struct Files {
    state: Arc<Mutex<State>>,
    owner: (u32, u32),
}

impl Files {
    /// Those under a folder.
    pub(super) fn under(folder: &Path, state: Arc<Mutex<State>>) -> io::Result<Self> {
        let owner = owner(folder)?;
        Ok(Self { state, owner })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attributes(&self, inode: Inode, size: usize) -> FileAttr {
        let root = inode == INodeNo::ROOT.0;
        FileAttr {
            ino: INodeNo(inode),
            size: size as u64,
            blocks: size.div_ceil(512) as u64,
            atime: SystemTime::UNIX_EPOCH,
            mtime: SystemTime::UNIX_EPOCH,
            ctime: SystemTime::UNIX_EPOCH,
            crtime: SystemTime::UNIX_EPOCH,
            kind: if root {
                FileType::Directory
            } else {
                FileType::RegularFile
            },
            perm: if root { 0o700 } else { 0o600 },
            nlink: 1,
            uid: self.owner.0,
            gid: self.owner.1,
            rdev: 0,
            blksize: 4_096,
            flags: 0,
        }
    }

    /// The file, or the folder.
    fn attributes_of(&self, state: &State, inode: Inode) -> Result<FileAttr, Errno> {
        if inode == INodeNo::ROOT.0 {
            return Ok(self.attributes(inode, 0));
        }
        let contents = state.disk.contents(inode).ok_or(Errno::ENOENT)?;
        Ok(self.attributes(inode, contents.len()))
    }
}

fn text(name: &OsStr) -> Result<String, Errno> {
    name.to_str().map(str::to_owned).ok_or(Errno::EINVAL)
}

/// There is one folder.
fn in_root(parent: INodeNo) -> Result<(), Errno> {
    if parent == INodeNo::ROOT {
        Ok(())
    } else {
        Err(Errno::ENOTDIR)
    }
}

impl Files {
    fn looked_up(&self, parent: INodeNo, name: &OsStr) -> Result<FileAttr, Errno> {
        in_root(parent)?;
        let state = self.state();
        let inode = state.disk.find(&text(name)?).ok_or(Errno::ENOENT)?;
        self.attributes_of(&state, inode)
    }

    fn resized(&self, inode: Inode, size: Option<u64>) -> Result<FileAttr, Errno> {
        let mut state = self.state();
        if let Some(size) = size {
            let size = usize::try_from(size).map_err(|_| Errno::EFBIG)?;
            state.attempt(Operation::Resize, |state| state.name_of(inode))?;
            if size > CAPACITY {
                return Err(Errno::ENOSPC);
            }
            state.happens(Change::Resize { inode, size });
        }
        self.attributes_of(&state, inode)
    }

    fn created(&self, parent: INodeNo, name: &OsStr) -> Result<FileAttr, Errno> {
        in_root(parent)?;
        let name = text(name)?;
        let mut state = self.state();
        state.attempt(Operation::Create, |_| name.clone())?;
        let inode = state.disk.next();
        state.happens(Change::Create { inode, name });
        self.attributes_of(&state, inode)
    }

    fn written(&self, inode: Inode, at: u64, bytes: &[u8], flags: WriteFlags) -> Result<u32, Errno> {
        let mut state = self.state();
        // Pages of a mapped file are written by the kernel, some time or other.
        if !flags.contains(WriteFlags::FUSE_WRITE_CACHE) {
            state.attempt(Operation::Write, |state| state.name_of(inode))?;
        }
        let at = usize::try_from(at).map_err(|_| Errno::EFBIG)?;
        let size = state.disk.contents(inode).ok_or(Errno::ENOENT)?.len();
        let more = at.saturating_add(bytes.len()).saturating_sub(size);
        if more > 0 && state.disk.used().saturating_add(more) > CAPACITY {
            return Err(Errno::ENOSPC);
        }
        state.happens(Change::Write {
            inode,
            at,
            bytes: bytes.into(),
        });
        u32::try_from(bytes.len()).map_err(|_| Errno::EFBIG)
    }

    fn synced(&self, inode: Inode) -> Result<(), Errno> {
        let mut state = self.state();
        let allowed = state.attempt(Operation::Sync, |state| state.name_of(inode));
        state.happens(match allowed {
            Ok(()) => Change::Sync { inode },
            Err(_) => Change::SyncFailed { inode },
        });
        allowed
    }

    fn synced_folder(&self) -> Result<(), Errno> {
        let mut state = self.state();
        state.attempt(Operation::SyncFolder, |_| ".".to_owned())?;
        state.happens(Change::SyncFolder);
        Ok(())
    }

    fn renamed(&self, from: &OsStr, to: &OsStr) -> Result<(), Errno> {
        let (from, to) = (text(from)?, text(to)?);
        let mut state = self.state();
        state.attempt(Operation::Rename, |_| from.clone())?;
        state.disk.find(&from).ok_or(Errno::ENOENT)?;
        state.happens(Change::Rename { from, to });
        Ok(())
    }

    fn removed(&self, parent: INodeNo, name: &OsStr) -> Result<(), Errno> {
        in_root(parent)?;
        let name = text(name)?;
        let mut state = self.state();
        state.attempt(Operation::Remove, |_| name.clone())?;
        state.disk.find(&name).ok_or(Errno::ENOENT)?;
        state.happens(Change::Remove { name });
        Ok(())
    }
}

fn done(reply: ReplyEmpty, outcome: Result<(), Errno>) {
    match outcome {
        Ok(()) => reply.ok(),
        Err(error) => reply.error(error),
    }
}

impl Filesystem for Files {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match self.looked_up(parent, name) {
            Ok(found) => reply.entry(&KEPT, &found, Generation(0)),
            Err(error) => reply.error(error),
        }
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        let found = self.attributes_of(&self.state(), inode.0);
        match found {
            Ok(found) => reply.attr(&KEPT, &found),
            Err(error) => reply.error(error),
        }
    }

    /// Sizes alone: owners, modes and times are what they are.
    fn setattr(
        &self,
        _: &Request,
        inode: INodeNo,
        _mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        _atime: Option<TimeOrNow>,
        _mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        _handle: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        match self.resized(inode.0, size) {
            Ok(found) => reply.attr(&KEPT, &found),
            Err(error) => reply.error(error),
        }
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        done(reply, self.removed(parent, name));
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let renamed = || {
            in_root(parent)?;
            in_root(new_parent)?;
            if !RenameFlags::RENAME_NOREPLACE.contains(flags) {
                return Err(Errno::EINVAL);
            }
            if !flags.is_empty() && self.looked_up(new_parent, new_name).is_ok() {
                return Err(Errno::EEXIST);
            }
            self.renamed(name, new_name)
        };
        done(reply, renamed());
    }

    fn open(&self, _: &Request, inode: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        let allowed = self
            .state()
            .attempt(Operation::Open, |state| state.name_of(inode.0));
        match allowed {
            Ok(()) => reply.opened(FileHandle(0), FopenFlags::FOPEN_KEEP_CACHE),
            Err(error) => reply.error(error),
        }
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        _mode: u32,
        _umask: u32,
        _flags: i32,
        reply: ReplyCreate,
    ) {
        match self.created(parent, name) {
            Ok(made) => {
                let flags = FopenFlags::FOPEN_KEEP_CACHE;
                reply.created(&KEPT, &made, Generation(0), FileHandle(0), flags);
            }
            Err(error) => reply.error(error),
        }
    }

    fn read(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let state = self.state();
        let Some(contents) = state.disk.contents(inode.0) else {
            return reply.error(Errno::ENOENT);
        };
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(contents.len());
        let until = from.saturating_add(size as usize).min(contents.len());
        reply.data(&contents[from..until]);
    }

    fn write(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        write_flags: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.written(inode.0, offset, data, write_flags) {
            Ok(written) => reply.written(written),
            Err(error) => reply.error(error),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, inode: INodeNo, _: FileHandle, _datasync: bool, reply: ReplyEmpty) {
        done(reply, self.synced(inode.0));
    }

    fn readdir(&self, _: &Request, inode: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        if inode != INodeNo::ROOT {
            return reply.error(Errno::ENOTDIR);
        }
        let state = self.state();
        let dots = [".", ".."].map(|name| (name, INodeNo::ROOT, FileType::Directory));
        let files = state.disk.names();
        let files = files.map(|(name, inode)| (name, INodeNo(inode), FileType::RegularFile));
        let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
        for (at, (name, inode, kind)) in (1..).zip(dots.into_iter().chain(files)).skip(skipped) {
            if reply.add(inode, at, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _datasync: bool, reply: ReplyEmpty) {
        done(reply, self.synced_folder());
    }
}
