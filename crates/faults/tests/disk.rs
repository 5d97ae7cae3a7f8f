//! The disk itself: what was synced stays, what was not may go, and programs notice nothing of it until then.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::FileExt,
};

use faults::{
    disk::{Change, Disk, Image, SECTOR},
    mount::{Failure, Fault, Line, Mounted, Operation},
};

fn write(inode: u64, at: usize, bytes: &[u8]) -> Change {
    Change::Write {
        inode,
        at,
        bytes: bytes.into(),
    }
}

/// A disk on which a file of four sectors is durable.
fn disk() -> Disk {
    Disk::with(&Image::from([("a".to_owned(), vec![b'.'; 4 * SECTOR])]))
}

#[test]
fn what_was_not_synced_is_dropped_and_what_was_stays() {
    let mut disk = disk();
    for change in [
        write(2, 0, b"one"),
        Change::Sync { inode: 2 },
        write(2, 3, b"two"),
    ] {
        disk.apply(&change);
    }
    assert_eq!(&disk.image()["a"][..8], b"onetwo..");
    assert_eq!(&disk.after_power_cut(0)["a"][..8], b"one.....");
    disk.apply(&Change::Sync { inode: 2 });
    for seed in 0..50 {
        assert_eq!(disk.after_power_cut(seed), disk.image(), "{seed}");
    }
}

#[test]
fn sizes_are_contents_too() {
    let mut disk = disk();
    disk.apply(&Change::Resize { inode: 2, size: 10 });
    assert_eq!(disk.image()["a"].len(), 10);
    assert_eq!(disk.after_power_cut(0)["a"].len(), 4 * SECTOR);
    disk.apply(&Change::Sync { inode: 2 });
    disk.apply(&Change::Resize { inode: 2, size: 20 });
    disk.apply(&Change::Sync { inode: 2 });
    let mut expected = vec![b'.'; 10];
    expected.resize(20, 0);
    assert_eq!(disk.after_power_cut(0)["a"], expected);
}

#[test]
fn names_need_a_sync_of_the_folder() {
    let mut disk = disk();
    let create = Change::Create {
        inode: 3,
        name: "b".to_owned(),
    };
    for change in [create, write(3, 0, b"new"), Change::Sync { inode: 3 }] {
        disk.apply(&change);
    }
    assert!(!disk.after_power_cut(0).contains_key("b"));
    disk.apply(&Change::SyncFolder);
    assert_eq!(disk.after_power_cut(0)["b"], b"new");
    disk.apply(&Change::Rename {
        from: "b".to_owned(),
        to: "a".to_owned(),
    });
    assert_eq!(disk.image()["a"], b"new");
    let before = disk.after_power_cut(0);
    assert_eq!((before["a"].len(), &*before["b"]), (4 * SECTOR, &b"new"[..]));
    // Before or after, and nothing in between.
    for seed in 0..50 {
        let left = disk.after_power_cut(seed);
        let renamed = left["a"] == b"new";
        assert_eq!(renamed, !left.contains_key("b"), "{seed}");
    }
    disk.apply(&Change::SyncFolder);
    disk.apply(&Change::Remove { name: "a".to_owned() });
    assert!(disk.image().is_empty());
    assert_eq!(disk.after_power_cut(0)["a"], b"new");
    disk.apply(&Change::SyncFolder);
    assert!(disk.after_power_cut(0).is_empty());
}

#[test]
fn what_is_not_synced_is_torn_at_sectors() {
    let mut disk = disk();
    disk.apply(&write(2, 100, &[b'x'; 3 * SECTOR]));
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..500 {
        let left = &disk.after_power_cut(seed)["a"];
        assert_eq!(left.len(), 4 * SECTOR);
        let torn: Vec<bool> = (0..4)
            .map(|sector| {
                let of_write = (sector * SECTOR).max(100)..((sector + 1) * SECTOR).min(100 + 3 * SECTOR);
                let there = left[of_write.start] == b'x';
                let expected = if there { b'x' } else { b'.' };
                assert!(left[of_write].iter().all(|byte| *byte == expected), "{seed}");
                there
            })
            .collect();
        assert!(left[..100].iter().all(|byte| *byte == b'.'));
        seen.insert(torn);
    }
    assert_eq!(seen.len(), 16, "each sector by itself: {seen:?}");
}

#[test]
fn later_writes_do_not_need_the_earlier_ones() {
    let mut disk = disk();
    disk.apply(&write(2, 0, &[b'x'; SECTOR]));
    disk.apply(&write(2, SECTOR, &[b'y'; SECTOR]));
    let kinds: std::collections::BTreeSet<(u8, u8)> = (0..1_000)
        .map(|seed| {
            let left = &disk.after_power_cut(seed)["a"];
            (left[0], left[SECTOR])
        })
        .collect();
    let all = [(b'.', b'.'), (b'.', b'y'), (b'x', b'.'), (b'x', b'y')];
    assert_eq!(kinds, all.into());
}

#[test]
fn a_sync_that_failed_is_not_made_up_for() {
    let mut disk = disk();
    for change in [
        write(2, 0, b"lost"),
        Change::SyncFailed { inode: 2 },
        write(2, 8, b"kept"),
        Change::Sync { inode: 2 },
    ] {
        disk.apply(&change);
    }
    assert_eq!(&disk.image()["a"][..12], b"lost....kept");
    assert_eq!(&disk.after_power_cut(0)["a"][..12], b"........kept");
}

/// A disk under a folder.
fn mounted(image: &Image) -> (tempfile::TempDir, Mounted) {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Mounted::new(folder.path(), image)
        .expect("a disk of our own: is there /dev/fuse, and fusermount3 for who is not root?");
    (folder, disk)
}

#[test]
fn programs_notice_nothing() {
    let (folder, disk) = mounted(&Image::from([("a".to_owned(), b"first".to_vec())]));
    let (a, b, c) = (
        folder.path().join("a"),
        folder.path().join("b"),
        folder.path().join("c"),
    );
    assert_eq!(fs::read(&a).unwrap(), b"first");
    let mut file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&b)
        .unwrap();
    file.write_all(&[b'x'; 10_000]).unwrap();
    file.set_len(9_000).unwrap();
    file.write_all_at(b"yy", 8_999).unwrap();
    file.seek(SeekFrom::Start(8_990)).unwrap();
    let mut rest = String::new();
    file.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "xxxxxxxxxyy");
    fs::rename(&b, &c).unwrap();
    assert_eq!(fs::read(&b).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(fs::metadata(&c).unwrap().len(), 9_001);
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a", "c"]);
    fs::remove_file(&a).unwrap();
    assert_eq!(
        disk.after_power_cut(0),
        Image::from([("a".to_owned(), b"first".to_vec())])
    );
    file.sync_all().unwrap();
    File::open(folder.path()).unwrap().sync_all().unwrap();
    assert_eq!(disk.after_power_cut(0), disk.image());
    drop(file);
    disk.note(7);
    let record = disk.end().unwrap();
    assert_eq!(record.last(), Some(&Line::Note(7)));
    // The record replayed is the disk.
    let mut again = Disk::with(&Image::from([("a".to_owned(), b"first".to_vec())]));
    for line in &record {
        if let Line::Change(change) = line {
            again.apply(change);
        }
    }
    assert_eq!(again.image()["c"].len(), 9_001);
    assert!(
        fs::read_dir(folder.path()).unwrap().next().is_none(),
        "it is taken away"
    );
}

#[test]
fn operations_fail_when_they_are_told_to() {
    let (folder, disk) = mounted(&Image::new());
    let path = folder.path().join("a");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"one").unwrap();
    file.sync_all().unwrap();
    File::open(folder.path()).unwrap().sync_all().unwrap();
    let arm = |first, count, failure| {
        disk.arm(Fault {
            first,
            count,
            failure,
        })
    };
    arm(2, 1, Failure::Full);
    file.write_all(b"two").unwrap();
    assert_eq!(file.write_all(b"no").unwrap_err().kind(), ErrorKind::StorageFull);
    file.write_all(b"six").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"onetwosix");
    arm(1, 1, Failure::Broken);
    assert_eq!(file.sync_data().unwrap_err().raw_os_error(), Some(5));
    assert_eq!(disk.failed(), [(Operation::Sync, "a".to_owned())]);
    file.sync_data().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"onetwosix");
    assert_eq!(disk.after_power_cut(0)["a"], b"one");
    arm(1, 2, Failure::Broken);
    assert!(OpenOptions::new().read(true).open(&path).is_err());
    assert!(File::create(folder.path().join("b")).is_err());
    assert_eq!(disk.operations(), 2);
    OpenOptions::new().read(true).open(&path).unwrap();
}
