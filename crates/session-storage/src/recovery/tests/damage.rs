//! Choosing a generation: stepping back where nothing is lost, and saying what is (invariants J8, J9).

use std::ffi::OsStr;
use std::sync::Arc;

use crate::fs::{CrashFs, Dir, OpenMode};
use crate::journal::Journal;
use crate::journal::OpenError;
use crate::journal::tests::kit::{create, dir, disk, look, open, options, payloads, writes};
use crate::recovery::{Damage, Fallback, Lost, RecoverError, Tail};

/// Two generations: frames 1, 2 in the first, 3, 4 in the second.
fn two_generations() -> CrashFs {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"state 0");
    journal.append(&[b"one"], false).expect("nothing fails");
    journal.append(&[b"two"], false).expect("nothing fails");
    journal
        .fold(&mut writes(b"state 2"))
        .expect("nothing fails");
    journal.append(&[b"three"], false).expect("nothing fails");
    journal.append(&[b"four"], false).expect("nothing fails");
    fs
}

fn flip(dir: &Arc<dyn Dir>, name: &str, offset: u64) {
    let file = dir
        .open_file(OsStr::new(name), OpenMode::ReadWrite)
        .expect("it stands there");
    let mut byte = [0];
    file.read_full_at(&mut byte, offset)
        .expect("it is readable");
    file.write_all_at(&[byte[0] ^ 1], offset)
        .expect("it is writable");
}

fn remove(fs: &CrashFs, name: &str) {
    dir(fs)
        .remove_file(OsStr::new(name))
        .expect("it stands there");
}

fn names(fs: &CrashFs) -> Vec<String> {
    let mut names: Vec<String> = dir(fs)
        .entries()
        .expect("it lists")
        .into_iter()
        .map(|entry| entry.name.into_string().expect("our names are text"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_bad_snapshot_is_stepped_over_when_nothing_is_lost() {
    for closed in [false, true] {
        let fs = two_generations();
        if closed {
            open(&fs, &options()).0.close().expect("nothing fails");
        }
        let newest = look(&fs).expect("it opens").recovered.generation;
        flip(&dir(&fs), &format!("snapshot.{newest}"), 3);
        let found = look(&fs).expect("it opens").recovered;
        let fallback = Fallback {
            bad: newest,
            used: 1,
        };
        assert_eq!(found.verdict.fallback, Some(fallback));
        assert_eq!(found.snapshot, b"state 0");
        assert_eq!(
            payloads(&found).concat(),
            [
                b"one".to_vec(),
                b"two".to_vec(),
                b"three".to_vec(),
                b"four".to_vec()
            ]
        );
        assert!(found.verdict.is_writable(), "{}", found.verdict);
        let (mut journal, _) = open(&fs, &options());
        assert_eq!(
            journal
                .append(&[b"five"], false)
                .expect("nothing fails")
                .seq,
            5
        );
        let again = look(&fs).expect("it opens").recovered;
        assert!(again.verdict.is_clean(), "{}", again.verdict);
        assert_eq!(again.frames.len(), 5);
        assert!(
            names(&fs).contains(&format!("snapshot.{newest}.damaged")),
            "the bad file is kept aside"
        );
    }
}

#[test]
fn a_snapshot_of_another_length_is_proven_bad_too() {
    let fs = two_generations();
    let file = dir(&fs).open_file(OsStr::new("snapshot.2"), OpenMode::ReadWrite);
    file.expect("it stands there")
        .set_len(3)
        .expect("it shrinks");
    let found = look(&fs).expect("it opens").recovered;
    assert_eq!(found.verdict.fallback, Some(Fallback { bad: 2, used: 1 }));
}

#[test]
fn without_an_exact_way_back_the_session_opens_for_reading_only() {
    let fs = two_generations();
    flip(&dir(&fs), "snapshot.2", 3);
    // Frame 2 of the first generation is damaged: the way ends at frame 1.
    flip(&dir(&fs), "journal.1", 1024 + 121);
    let found = look(&fs).expect("something opens").recovered;
    assert!(!found.verdict.is_writable());
    assert_eq!(payloads(&found).concat(), [b"one".to_vec()]);
    let lost = Lost {
        first: 2,
        last: Some(4),
    };
    assert_eq!(found.verdict.lost, Some(lost), "{}", found.verdict);
    assert!(found.verdict.damage.contains(&Damage::NoWayBack {
        generation: 1,
        reached: 1,
        needed: 2
    }));
    let before = fs.fingerprint();
    let refused = Journal::open(dir(&fs), &options());
    assert!(matches!(refused, Err(OpenError::ReadOnly { .. })));
    assert_eq!(fs.fingerprint(), before, "nothing was written");
}

#[test]
fn a_missing_journal_is_damage_not_empty() {
    let fs = two_generations();
    remove(&fs, "journal.2");
    let found = look(&fs).expect("something opens").recovered;
    assert!(
        found
            .verdict
            .damage
            .contains(&Damage::JournalMissing { generation: 2 })
    );
    assert!(!found.verdict.is_writable());
    assert_eq!(found.position.seq, 2);
    assert_eq!(
        found.verdict.lost,
        Some(Lost {
            first: 3,
            last: None
        })
    );
}

#[test]
fn a_missing_snapshot_is_damage_not_an_older_session() {
    let fs = two_generations();
    remove(&fs, "snapshot.2");
    let found = look(&fs).expect("something opens").recovered;
    assert!(
        found
            .verdict
            .damage
            .contains(&Damage::SnapshotMissing { generation: 2 })
    );
    assert!(!found.verdict.is_writable());
}

#[test]
fn a_bad_head_is_damage() {
    let fs = two_generations();
    flip(&dir(&fs), "journal.2", 100);
    let found = look(&fs).expect("something opens").recovered;
    assert!(!found.verdict.is_writable());
    assert!(matches!(
        found.verdict.damage[0],
        Damage::HeadBad {
            generation: 2,
            segment: 0,
            ..
        }
    ));
}

#[test]
fn when_no_generation_can_be_read_the_error_names_each_file() {
    let fs = disk();
    drop(create(&fs, &options(), b"state 0"));
    flip(&dir(&fs), "snapshot.1", 0);
    let error = look(&fs).expect_err("nothing is left");
    assert_eq!(
        error.to_string(),
        "the session cannot be read: snapshot.1 is not what its journal says"
    );
    assert!(matches!(look(&disk()), Err(RecoverError::NoSession)));
}

#[test]
fn damage_in_the_newest_journal_opens_for_reading_only() {
    let fs = two_generations();
    flip(&dir(&fs), "journal.2", 1024 + 121);
    let found = look(&fs).expect("it opens").recovered;
    assert_eq!(found.verdict.tail, Tail::DamagedLast { seq: 4 });
    assert_eq!(
        found.verdict.lost,
        Some(Lost {
            first: 4,
            last: Some(4)
        })
    );
    let before = fs.fingerprint();
    assert!(matches!(
        Journal::open(dir(&fs), &options()),
        Err(OpenError::ReadOnly { .. })
    ));
    assert_eq!(fs.fingerprint(), before, "nothing was written");
}

#[test]
fn a_journal_of_another_session_is_seen() {
    let fs = two_generations();
    let other = disk();
    let mut journal = create(&other, &options(), b"other");
    journal
        .fold(&mut writes(b"other again"))
        .expect("nothing fails");
    let read = |fs: &CrashFs| {
        let file = dir(fs)
            .open_file(OsStr::new("journal.2"), OpenMode::ReadWrite)
            .expect("there");
        let mut bytes = vec![0; 8192];
        let count = file.read_full_at(&mut bytes, 0).expect("readable");
        (file, bytes[..count].to_vec())
    };
    let (target, _) = read(&fs);
    target.write_all_at(&read(&other).1, 0).expect("writable");
    let found = look(&fs).expect("something opens").recovered;
    assert!(
        !found.verdict.is_writable(),
        "a snapshot of one and a journal of another do not fit"
    );
}
