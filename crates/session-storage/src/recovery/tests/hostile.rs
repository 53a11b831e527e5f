//! Whatever stands in a session's directory, a reader answers, and never writes.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use camino::Utf8Path;
use proptest::prelude::*;

use crate::explore::Hook;
use crate::fs::{CrashFs, EntryKind, OpenMode};
use crate::journal::Journal;
use crate::journal::tests::kit::{PLACE, create, dir, disk, options, rules, writes};
use crate::recovery::peek::peek_directory;
use crate::recovery::{RecoverError, read_directory};

const NAMES: [&str; 12] = [
    "snapshot.1",
    "snapshot.2",
    "snapshot.3",
    "snapshot.3.tmp",
    "journal.1",
    "journal.2",
    "journal.2.1",
    "journal.3",
    "journal.3.1.tmp",
    "spare",
    "lock",
    "snapshot.18446744073709551615",
];

fn session() -> CrashFs {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"state 0");
    journal
        .append(&[b"one", &[1; 900]], true)
        .expect("nothing fails");
    journal
        .fold(&mut writes(b"state 1"))
        .expect("nothing fails");
    journal.append(&[b"two"], false).expect("nothing fails");
    journal
        .append(&[b"three", &[3; 1200]], false)
        .expect("nothing fails");
    fs
}

/// What may happen to one name.
#[derive(Clone, Debug)]
enum Mishap {
    Remove,
    Random(Vec<u8>),
    Copy(usize),
    Flip(prop::sample::Index),
    Cut(prop::sample::Index),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    prop_oneof![
        Just(Mishap::Remove),
        prop::collection::vec(any::<u8>(), 0..1500).prop_map(Mishap::Random),
        (0..NAMES.len()).prop_map(Mishap::Copy),
        any::<prop::sample::Index>().prop_map(Mishap::Flip),
        any::<prop::sample::Index>().prop_map(Mishap::Cut),
    ]
}

fn read(fs: &CrashFs, name: &str) -> Option<Vec<u8>> {
    let file = dir(fs).open_file(OsStr::new(name), OpenMode::Read).ok()?;
    let mut bytes = vec![0; usize::try_from(file.metadata().ok()?.len).ok()?];
    file.read_full_at(&mut bytes, 0).ok()?;
    Some(bytes)
}

fn put(fs: &CrashFs, name: &str, bytes: &[u8]) {
    let dir = dir(fs);
    // What stood there goes first; nothing may have.
    let _ = dir.remove_file(OsStr::new(name));
    let file = dir
        .open_file(OsStr::new(name), OpenMode::CreateNew)
        .expect("the name is free");
    file.write_all_at(bytes, 0).expect("the disk has room");
}

fn befall(fs: &CrashFs, name: &str, mishap: &Mishap) {
    let old = read(fs, name).unwrap_or_default();
    match mishap {
        Mishap::Remove => {
            let _ = dir(fs).remove_file(OsStr::new(name));
        }
        Mishap::Random(bytes) => put(fs, name, bytes),
        Mishap::Copy(from) => {
            if let Some(bytes) = read(fs, NAMES[*from]) {
                put(fs, name, &bytes);
            }
        }
        Mishap::Flip(place) if !old.is_empty() => {
            let mut bytes = old;
            let at = place.index(bytes.len());
            bytes[at] ^= 0x10;
            put(fs, name, &bytes);
        }
        Mishap::Cut(place) if !old.is_empty() => put(fs, name, &old[..place.index(old.len())]),
        Mishap::Flip(_) | Mishap::Cut(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// The hook panics at any write, so this is also a proof that readers only read (invariants J11 and J14).
    #[test]
    fn any_mishap_to_any_file_is_answered(
        mishaps in prop::collection::vec((0..NAMES.len(), mishap()), 1..5),
    ) {
        let fs = session();
        for (name, mishap) in &mishaps {
            befall(&fs, NAMES[*name], mishap);
        }
        let before = fs.fingerprint();
        let hook = Hook::before_call(u64::MAX, Box::new(|| {}));
        let watched = hook.over(dir(&fs));
        let found = read_directory(&watched, &rules(), &|| false);
        if let Ok(found) = &found {
            let frames = &found.recovered.frames;
            prop_assert!(frames.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
        }
        // A peek answers something, or says why not.
        let _ = peek_directory(&watched, &rules());
        prop_assert_eq!(fs.fingerprint(), before);
        let writable = found.is_ok_and(|found| found.recovered.verdict.is_writable());
        let opened = Journal::open(dir(&fs), &options());
        if !writable {
            prop_assert!(opened.is_err(), "what cannot be read is not written to");
            prop_assert_eq!(fs.fingerprint(), before, "nothing was overwritten");
        }
    }
}

/// Something that is no plain file, under a name of the session.
#[derive(Clone, Copy, Debug)]
enum Trap {
    Fifo,
    Directory,
    Link,
    DanglingLink,
}

impl Trap {
    fn set(self, fs: &CrashFs, name: &str) {
        let (place, name) = (Utf8Path::new(PLACE), OsStr::new(name));
        let there = dir(fs);
        there.remove_file(name).expect("it stands there");
        match self {
            Self::Fifo => fs.plant_fifo(place, name).expect("the name is free"),
            Self::Directory => there.make_dir(name).expect("the name is free"),
            Self::Link => there
                .make_symlink(OsStr::new("elsewhere"), name)
                .expect("the name is free"),
            Self::DanglingLink => there
                .make_symlink(OsStr::new("/nowhere/at/all"), name)
                .expect("the name is free"),
        }
    }
}

const TRAPS: [Trap; 4] = [Trap::Fifo, Trap::Directory, Trap::Link, Trap::DanglingLink];

#[test]
fn what_is_no_file_is_refused_and_named() {
    for name in ["snapshot.2", "journal.2"] {
        for trap in TRAPS {
            let fs = session();
            put(&fs, "elsewhere", &read(&fs, name).expect("it stands there"));
            trap.set(&fs, name);
            let before = fs.fingerprint();
            let error = read_directory(dir(&fs).as_ref(), &rules(), &|| false);
            let error = error.expect_err("nothing is read through it");
            assert!(matches!(error, RecoverError::Fs(_)), "{trap:?}: {error}");
            assert!(error.to_string().contains(name), "{trap:?}: {error}");
            assert!(Journal::open(dir(&fs), &options()).is_err(), "{trap:?}");
            assert_eq!(fs.fingerprint(), before, "{trap:?}: nothing was changed");
        }
    }
}

#[test]
fn traps_at_the_names_of_what_is_made_are_neither_followed_nor_in_the_way() {
    for name in ["spare", "spare.tmp", "snapshot.9.tmp", "journal.9.1.tmp"] {
        for trap in TRAPS {
            let fs = session();
            put(&fs, "elsewhere", b"not ours to write");
            if read(&fs, name).is_none() {
                put(&fs, name, b"");
            }
            trap.set(&fs, name);
            let (mut journal, _) = Journal::open(dir(&fs), &options())
                .unwrap_or_else(|error| panic!("{trap:?} at {name}: {error}"));
            journal.append(&[b"four"], false).expect("it goes on");
            journal.fold(&mut writes(b"state 4")).expect("it goes on");
            drop(journal);
            let text = read(&fs, "elsewhere");
            assert_eq!(text.as_deref(), Some(b"not ours to write".as_slice()));
        }
    }
}

#[test]
fn a_file_with_a_second_name_is_read_and_its_other_name_keeps_its_bytes() {
    let fs = session();
    let place = Utf8Path::new(PLACE);
    for name in ["snapshot.2", "journal.2"] {
        let other = format!("other-{name}");
        fs.plant_hard_link(place, OsStr::new(name), OsStr::new(&other))
            .expect("it stands there");
    }
    let before = [read(&fs, "other-snapshot.2"), read(&fs, "other-journal.2")];
    let (mut journal, _) = Journal::open(dir(&fs), &options()).expect("it is read");
    journal.append(&[b"four"], false).expect("it goes on");
    journal.fold(&mut writes(b"state 4")).expect("it goes on");
    journal.close().expect("it goes on");
    let after = [read(&fs, "other-snapshot.2"), read(&fs, "other-journal.2")];
    assert_eq!(after, before);
}

#[test]
fn ten_thousand_strangers_of_any_name_are_left_alone() {
    let fs = session();
    let there = dir(&fs);
    for number in 0..10_000_u32 {
        let mut name = format!("snapshot\n{number}.tmp").into_bytes();
        name.push(if number % 2 == 0 { 0xFF } else { b'x' });
        there
            .make_dir(OsStr::from_bytes(&name))
            .expect("the name is free");
    }
    let (mut journal, recovered) = Journal::open(dir(&fs), &options()).expect("it opens");
    assert_eq!(recovered.position.seq, 3);
    journal.fold(&mut writes(b"state 3")).expect("it folds");
    journal.close().expect("it closes");
    let entries = there.entries().expect("it lists");
    let strangers = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Dir)
        .count();
    assert_eq!(strangers, 10_000);
}

#[test]
fn a_session_that_was_copied_while_it_was_written_is_seen() {
    let fs = session();
    let old = read(&fs, "journal.2").expect("it stands there");
    let (mut journal, _) = Journal::open(dir(&fs), &options()).expect("it opens");
    journal.append(&[b"four"], false).expect("nothing fails");
    journal
        .fold(&mut writes(b"state 4"))
        .expect("nothing fails");
    let newest = journal.position().generation;
    drop(journal);
    // The copy took the new snapshot and an old journal under the new name.
    put(&fs, &format!("journal.{newest}"), &old);
    let found = read_directory(dir(&fs).as_ref(), &rules(), &|| false).expect("something opens");
    assert!(!found.recovered.verdict.is_writable());
    assert!(found.recovered.verdict.lost.is_some());
}
