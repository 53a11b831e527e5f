//! Whatever stands in a session's directory, a reader answers, and never writes.

use std::ffi::OsStr;

use camino::Utf8Path;
use proptest::prelude::*;

use crate::explore::Hook;
use crate::fs::{CrashFs, OpenMode};
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

    /// The hook panics at any write, so this is also a proof that readers only read (J11, J14).
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

#[test]
fn what_is_no_file_is_refused_and_named() {
    for name in ["snapshot.2", "journal.2"] {
        let fs = session();
        dir(&fs)
            .remove_file(OsStr::new(name))
            .expect("it stands there");
        fs.plant_fifo(Utf8Path::new(PLACE), OsStr::new(name))
            .expect("the name is free");
        let error = read_directory(dir(&fs).as_ref(), &rules(), &|| false).expect_err("a FIFO");
        assert!(matches!(error, RecoverError::Fs(_)), "{error}");
        assert!(error.to_string().contains(name), "{error}");
    }
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
