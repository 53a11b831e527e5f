//! Journals of another release (invariant J18): told from damage, refused as a whole, and left as they are.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use crate::frame::ContentHash;
use crate::fs::{CrashFs, Dir, OpenMode};
use crate::journal::tests::kit::{create, dir, disk, look, options, rules, writes};
use crate::journal::{CreateError, CreateOptions, Journal, OpenError};
use crate::recovery::peek::peek_directory;
use crate::recovery::{RecoverError, read_directory};
use crate::repair::{RepairError, RepairPlan, repair_directory};

const SECTOR: usize = 512;
const CHECKSUM_AT: usize = 496;

/// Two generations with frames in both.
fn two_generations() -> CrashFs {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"state 0");
    journal.append(&[b"one"], false).unwrap();
    journal.fold(&mut writes(b"state 1")).unwrap();
    journal.append(&[b"two"], false).unwrap();
    fs
}

fn head(dir: &dyn Dir, name: &str) -> Vec<u8> {
    let file = dir.open_file(OsStr::new(name), OpenMode::Read).unwrap();
    let mut head = vec![0; SECTOR];
    file.read_full_at(&mut head, 0).unwrap();
    head
}

fn write_head(dir: &dyn Dir, name: &str, head: &[u8]) {
    let file = dir
        .open_file(OsStr::new(name), OpenMode::ReadWrite)
        .unwrap();
    file.write_all_at(head, 0).unwrap();
}

/// Gives a journal's head another version, and what else a release of it may put there, sealed as every head is.
fn release(dir: &dyn Dir, name: &str, version: u32) {
    let mut head = head(dir, name);
    head[8..12].copy_from_slice(&version.to_le_bytes());
    head[12..CHECKSUM_AT].reverse();
    let checksum = ContentHash::of(&head[..CHECKSUM_AT]).0;
    head[CHECKSUM_AT..].copy_from_slice(&checksum.to_le_bytes());
    write_head(dir, name, &head);
}

fn files(dir: &dyn Dir) -> BTreeMap<String, Vec<u8>> {
    let entries = dir.entries().unwrap().into_iter();
    entries
        .map(|entry| {
            let file = dir.open_file(&entry.name, OpenMode::Read).unwrap();
            let mut bytes = vec![0; usize::try_from(file.metadata().unwrap().len).unwrap()];
            file.read_full_at(&mut bytes, 0).unwrap();
            (entry.name.into_string().unwrap(), bytes)
        })
        .collect()
}

fn assert_other(error: &RecoverError, file: &str, version: u32) {
    let RecoverError::OtherVersion {
        file: named,
        found,
        supported,
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((named.as_str(), *found, *supported), (file, version, 1));
    assert!(error.is_of_other_release() && error.advice().is_some());
}

/// Everything that reads or writes a session refuses it by that file and version, and changes nothing. `plan` is one
/// that was made before.
fn is_left_alone(fs: &CrashFs, plan: &RepairPlan, file: &str, version: u32) {
    let dir = dir(fs);
    let before = files(dir.as_ref());
    assert_other(&look(fs).unwrap_err(), file, version);
    let looked = read_directory(dir.as_ref(), &rules(), &|| true);
    assert_other(&looked.unwrap_err(), file, version);
    let peeked = peek_directory(dir.as_ref(), &rules());
    assert_other(&peeked.unwrap_err(), file, version);
    let Err(OpenError::Recover(error)) = Journal::open(dir.clone(), &options()) else {
        panic!("opened for writing");
    };
    assert_other(&error, file, version);
    let Err(RepairError::Unreadable(error)) = repair_directory(&dir, plan, &options()) else {
        panic!("repaired");
    };
    assert_other(&error, file, version);
    let new = CreateOptions {
        uuid: [1; 16],
        journal: options(),
    };
    let made = Journal::create(dir.clone(), &new, &mut writes(b"new"));
    match made {
        Err(CreateError::Exists { .. }) => {}
        Err(CreateError::Others(error)) => assert_other(&error, file, version),
        other => panic!("{other:?}"),
    }
    assert!(files(dir.as_ref()) == before, "something was written");
}

/// A repair plan for the session as it is when its last frame is damaged.
fn plan() -> RepairPlan {
    let fs = two_generations();
    let file = dir(&fs).open_file(OsStr::new("journal.2"), OpenMode::ReadWrite);
    file.unwrap().write_all_at(&[0xff], 600).unwrap();
    RepairPlan::of(&look(&fs).unwrap()).unwrap()
}

/// Invariant J18.
#[test]
fn a_journal_of_another_release_is_refused_and_left_alone() {
    for version in [2, 7, u32::MAX, 0] {
        let fs = two_generations();
        release(dir(&fs).as_ref(), "journal.2", version);
        is_left_alone(&fs, &plan(), "journal.2", version);
    }
}

/// What is found first decides nothing: no way back leads past a journal of another release.
#[test]
fn no_generation_is_fallen_back_to_through_one_of_another_release() {
    let damages: [fn(&dyn Dir); 3] = [
        |dir| dir.remove_file(OsStr::new("journal.2")).unwrap(),
        |dir| write_head(dir, "journal.2", &[1; SECTOR]),
        |dir| {
            let snapshot = dir.open_file(OsStr::new("snapshot.2"), OpenMode::ReadWrite);
            snapshot.unwrap().write_all_at(b"?", 0).unwrap();
        },
    ];
    for damage in damages {
        let fs = two_generations();
        let dir = dir(&fs);
        release(dir.as_ref(), "journal.1", 2);
        damage(dir.as_ref());
        let before = files(dir.as_ref());
        assert_other(&look(&fs).unwrap_err(), "journal.1", 2);
        assert!(Journal::open(dir.clone(), &options()).is_err());
        assert!(repair_directory(&dir, &plan(), &options()).is_err());
        assert!(files(dir.as_ref()) == before);
    }
}

/// A newer release that died before the first snapshot of its own got its name, and one that went on in a segment.
#[test]
fn what_a_newer_release_left_half_made_is_not_cleared_away() {
    for name in ["journal.3", "journal.3.1", "journal.2.1"] {
        let fs = two_generations();
        let dir = dir(&fs);
        let made = dir
            .open_file(OsStr::new(name), OpenMode::CreateNew)
            .unwrap();
        made.write_all_at(&head(dir.as_ref(), "journal.2"), 0)
            .unwrap();
        release(dir.as_ref(), name, 2);
        is_left_alone(&fs, &plan(), name, 2);
    }
    let fs = two_generations();
    let dir = dir(&fs);
    for name in ["snapshot.1", "snapshot.2", "journal.1"] {
        dir.remove_file(OsStr::new(name)).unwrap();
    }
    release(dir.as_ref(), "journal.2", 2);
    is_left_alone(&fs, &plan(), "journal.2", 2);
}

#[test]
fn a_head_of_another_version_without_its_checksum_is_damage() {
    let fs = two_generations();
    let dir = dir(&fs);
    release(dir.as_ref(), "journal.2", 2);
    let sealed = head(dir.as_ref(), "journal.2");
    for bit in 0..SECTOR * 8 {
        let mut head = sealed.clone();
        head[bit / 8] ^= 1 << (bit % 8);
        write_head(dir.as_ref(), "journal.2", &head);
        let found = look(&fs).unwrap().recovered;
        assert!(!found.verdict.is_writable(), "bit {bit}");
        assert_eq!(found.snapshot, b"state 0", "bit {bit}");
    }
}
