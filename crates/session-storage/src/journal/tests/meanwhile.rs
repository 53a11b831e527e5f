//! Reading what was recovered while it is copied.

use std::sync::Arc;

use rustix::io::Errno;

use super::kit::{create, dir, disk, open, options, payloads};
use crate::durability::Durability;
use crate::fs::{CrashFs, FailFs, Failure, Repeat};
use crate::journal::Journal;

/// A session with two frames that nobody closed.
fn killed() -> CrashFs {
    let fs = disk();
    let mut journal = create(&fs, &options(), b"zero");
    for part in [b"one", b"two"] {
        journal.append(&[part], false).expect("nothing fails");
    }
    drop(journal);
    fs
}

#[test]
fn an_answer_made_meanwhile_comes_out_only_when_what_it_was_made_from_is_durable() {
    let frames = vec![vec![b"one".to_vec()], vec![b"two".to_vec()]];
    let (mut refused, mut opened) = (0, 0);
    for number in 1.. {
        let disk = killed();
        let fs = FailFs::new(Arc::new(disk.clone()));
        let there = dir(&fs);
        let before = fs.call_count();
        fs.fail_call(
            before + number,
            Failure::Errno(Errno::IO.raw_os_error()),
            Repeat::Once,
        );
        match Journal::open_while(&there, &options(), payloads) {
            Ok((_journal, recovered, answer)) => {
                opened += 1;
                assert_eq!(answer, frames);
                assert_eq!(recovered.durability, Durability::Synced);
                let image = disk.after_power_cut();
                assert_eq!(payloads(&open(&image, &options()).1), frames);
            }
            Err(_) => refused += 1,
        }
        if fs.struck() == 0 {
            break;
        }
    }
    assert!(refused > 10 && opened > 0, "{refused} {opened}");
}

#[test]
fn a_journal_opened_while_it_is_read_is_the_one_that_opening_gives() {
    let (plain, meanwhile) = (killed(), killed());
    let (journal, recovered) = open(&plain, &options());
    let (same, also, count) =
        Journal::open_while(&dir(&meanwhile), &options(), |found| found.frames.len())
            .expect("a sound session opens");
    assert_eq!(count, 2);
    assert_eq!(same.position(), journal.position());
    assert_eq!(payloads(&also), payloads(&recovered));
    assert_eq!(also.generation, recovered.generation);
}
