//! A full disk: the spare serves, folding waits, and everything goes on when space is back.

use std::sync::Arc;

use rustix::io::Errno;

use super::kit::{create, dir, disk, look, open, options, payloads, rules, writes};
use crate::fs::{FailFs, Failure, OpenMode, Operation};
use crate::journal::Space;
use crate::recovery::peek_directory;

/// Invariant J12.
#[test]
fn the_spare_serves_when_the_disk_is_full_and_space_back_ends_it() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[&[1; 900]], false).expect("there is room");
    fs.set_free_space(Some(0));
    let mut lefts = Vec::new();
    let mut running_out = Vec::new();
    let error = loop {
        match journal.append(&[&[2; 300]], false) {
            Ok(done) => match done.disk {
                Space::Plenty => assert!(lefts.is_empty(), "a full disk does not heal itself"),
                Space::DiskFull { frames_left, .. } => {
                    lefts.push(frames_left);
                    running_out.push(done.disk.is_running_out());
                }
            },
            Err(error) => break error,
        }
    };
    assert!(error.is_disk_full(), "{error}");
    assert!(lefts.len() >= 7, "the spare held frames: {lefts:?}");
    assert_eq!(lefts.last(), Some(&0));
    assert!(
        lefts.windows(2).all(|pair| pair[0] == pair[1] + 1),
        "{lefts:?}"
    );
    let first = running_out.iter().position(|running_out| *running_out);
    assert_eq!(
        first,
        Some(lefts.len() - 2),
        "one frame of seven is less than a quarter, two are more: {lefts:?}"
    );
    assert!(running_out[lefts.len() - 2..].iter().all(|out| *out));
    assert!(!journal.should_fold(), "folding waits");
    let refused = journal
        .fold(&mut writes(&[3; 9000]))
        .expect_err("there is no room");
    assert!(refused.is_disk_full(), "{refused}");
    let seq = journal.position().seq;
    assert_eq!(look(&fs).expect("it opens").recovered.position.seq, seq);

    fs.set_free_space(None);
    let done = journal.append(&[&[4; 300]], false).expect("space is back");
    assert_eq!((done.seq, done.disk), (seq + 1, Space::Plenty));
    assert!(journal.should_fold(), "2,100 bytes since the start");
    journal.fold(&mut writes(b"folded")).expect("space is back");
    drop(journal);
    let (_, recovered) = open(&fs, &options());
    assert_eq!(recovered.position.seq, seq + 1);
    assert!(payloads(&recovered).is_empty());
}

#[test]
fn a_session_opens_on_a_full_disk_by_its_spare() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[b"one"], false).expect("there is room");
    drop(journal);
    fs.set_free_space(Some(0));
    let (mut journal, recovered) = open(&fs, &options());
    assert_eq!(recovered.frames.len(), 1);
    // What the journal before took is free again, and is put aside at once.
    assert_eq!(journal.space(), Space::Plenty);
    journal.append(&[b"two"], false).expect("there is room");
    drop(journal);
    fs.set_free_inodes(Some(0));
    let (mut journal, recovered) = open(&fs, &options());
    assert_eq!(recovered.frames.len(), 2);
    journal
        .append(&[b"three"], false)
        .expect("the spare needs no inode");
    fs.set_free_inodes(None);
    fs.set_free_space(None);
    assert_eq!(journal.refill(), Space::Plenty);
}

#[test]
fn inodes_that_run_out_are_a_full_disk() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    fs.set_free_inodes(Some(0));
    journal
        .append(&[b"one"], false)
        .expect("no inode is needed");
    let refused = journal
        .fold(&mut writes(b"one"))
        .expect_err("a file is needed");
    assert!(refused.is_disk_full(), "{refused}");
    journal
        .append(&[b"two"], false)
        .expect("no inode is needed");
    fs.set_free_inodes(None);
    journal.fold(&mut writes(b"two")).expect("inodes are back");
}

#[test]
fn a_step_that_does_not_fit_is_given_back() {
    let fs = disk();
    let mut options = options();
    options.step_bytes = 16384;
    options.spare_bytes = 16384;
    let mut journal = create(&fs, &options, b"zero");
    fs.set_free_space(Some(8192));
    while journal.space() == Space::Plenty {
        journal
            .append(&[&[1; 900]], false)
            .expect("what was put aside serves");
    }
    let other = dir(&fs)
        .open_file("other".as_ref(), OpenMode::CreateNew)
        .expect("an inode is left");
    other
        .write_all_at(&[1; 8192], 0)
        .expect("as much room is left as there was before");
}

#[test]
fn a_peek_finds_the_summary_in_the_segment_before() {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    journal
        .append(&[b"the summary", &[1; 2900]], true)
        .expect("there is room");
    fs.set_free_space(Some(0));
    let peek = || peek_directory(dir(&fs).as_ref(), &rules()).expect("it opens");
    for _ in 0..5 {
        journal
            .append(&[&[2; 300]], false)
            .expect("the spare has room");
        assert_eq!(peek().summary.as_deref(), Some(b"the summary".as_slice()));
        assert_eq!(peek().position, journal.position());
    }
    assert!(
        dir(&fs)
            .entries()
            .expect("it lists")
            .iter()
            .any(|entry| entry.name == "journal.1.1"),
        "the spare became a segment"
    );
}

#[test]
fn a_used_up_quota_is_a_full_disk_and_ends_without_a_restart() {
    let machine = disk();
    let fs = FailFs::new(Arc::new(machine.clone()));
    let mut journal = create(&fs, &options(), b"zero");
    journal.append(&[b"one"], false).expect("there is room");
    fs.fail_operation(
        Operation::Create,
        Failure::Errno(Errno::DQUOT.raw_os_error()),
    );
    let refused = journal
        .fold(&mut writes(b"one"))
        .expect_err("a file is needed");
    assert!(refused.is_disk_full(), "{refused}");
    let done = journal
        .append(&[b"two"], false)
        .expect("what was put aside serves");
    assert_eq!(
        done.disk,
        Space::Plenty,
        "the spare stands: nothing was used of it"
    );
    fs.heal();
    assert_eq!(journal.refill(), Space::Plenty);
    journal
        .fold(&mut writes(b"two"))
        .expect("there is room again");
    drop(journal);
    let (_, recovered) = open(&machine, &options());
    assert_eq!(recovered.position.seq, 2);
}
