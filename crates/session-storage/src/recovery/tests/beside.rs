//! Reading beside a writer: between any two calls of the reader, the writer does any of its work
//! (invariant J11). The hook also proves that a reader never writes, syncs or locks.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use camino::Utf8Path;

use crate::explore::Hook;
use crate::fs::{Dir, Fs, RealFs};
use crate::journal::tests::kit::{create, dir, disk, open, options, rules, writes};
use crate::journal::{CreateOptions, Journal};
use crate::recovery::peek::peek_directory;
use crate::recovery::{Recovered, Rules, read_directory};

/// What the writer does between two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Append,
    AppendMore,
    Fold,
    FoldTwice,
    FoldAndAppend,
    Reopen,
    ReopenAndFold,
    Close,
}

const WORK: [Work; 8] = [
    Work::Append,
    Work::AppendMore,
    Work::Fold,
    Work::FoldTwice,
    Work::FoldAndAppend,
    Work::Reopen,
    Work::ReopenAndFold,
    Work::Close,
];

/// A snapshot holds the number of frames folded into it; a frame holds its own.
fn frames_in(recovered: &Recovered) -> u64 {
    let mut count = u64::from_le_bytes(*recovered.snapshot.first_chunk().expect("eight bytes"));
    for frame in &recovered.frames {
        count += 1;
        let number = frame.parts[0].first_chunk().expect("eight bytes");
        assert_eq!(
            u64::from_le_bytes(*number),
            count,
            "frames run on from the snapshot"
        );
    }
    count
}

fn append(journal: &mut Journal, size: usize) {
    let number = (journal.position().seq + 1).to_le_bytes();
    let filler = vec![7; size];
    journal
        .append(&[&number, &filler], false)
        .expect("nothing fails");
}

fn fold(journal: &mut Journal) {
    let state = journal.position().seq.to_le_bytes();
    journal.fold(&mut writes(&state)).expect("nothing fails");
}

fn work(fs: &dyn Fs, journal: &mut Option<Journal>, work: Work) {
    let mut writer = journal.take().expect("the writer lives");
    match work {
        Work::Append => append(&mut writer, 10),
        Work::AppendMore => (0..4).for_each(|_| append(&mut writer, 2500)),
        Work::Fold => fold(&mut writer),
        Work::FoldTwice => (0..2).for_each(|_| fold(&mut writer)),
        Work::FoldAndAppend => {
            fold(&mut writer);
            append(&mut writer, 700);
        }
        Work::Reopen => {
            drop(writer);
            writer = open(fs, &options()).0;
        }
        Work::ReopenAndFold => {
            drop(writer);
            writer = open(fs, &options()).0;
            fold(&mut writer);
            fold(&mut writer);
        }
        Work::Close => {
            writer.close().expect("nothing fails");
            return;
        }
    }
    *journal = Some(writer);
}

/// Reads with the work done before one call; `None` when the reader made fewer calls.
fn read_around(call: u64, what: Work, read: &dyn Fn(&dyn Dir)) -> Option<()> {
    let fs = disk();
    let mut journal = create(&fs, &options(), &0u64.to_le_bytes());
    append(&mut journal, 10);
    fold(&mut journal);
    append(&mut journal, 20);
    append(&mut journal, 1800);
    let writer = Arc::new(Mutex::new(Some(journal)));
    let (machine, shared) = (fs.clone(), Arc::clone(&writer));
    let action = move || work(&machine, &mut shared.lock().expect("one thread"), what);
    let hook = Hook::before_call(call, Box::new(action));
    read(&hook.over(dir(&fs)));
    hook.has_run().then_some(())
}

fn read_checked(rules: &Rules, dir: &dyn Dir) -> Result<(), String> {
    match read_directory(dir, rules, &|| false) {
        Ok(found) => {
            let count = frames_in(&found.recovered);
            if count >= 3 && found.recovered.verdict.is_clean() {
                Ok(())
            } else {
                Err(format!("{count} frames: {}", found.recovered.verdict))
            }
        }
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn whatever_the_writer_does_meanwhile_a_reader_sees_a_good_state() {
    let mut looks = 0;
    for what in WORK {
        let mut call = 1;
        while read_around(call, what, &|dir| {
            read_checked(&rules(), dir)
                .unwrap_or_else(|why| panic!("{what:?}, call {call}: {why}"));
        })
        .is_some()
        {
            looks += 1;
            call += 1;
        }
    }
    assert!(
        looks > 50,
        "every call of the reader was interrupted: {looks}"
    );
}

#[test]
fn whatever_the_writer_does_meanwhile_a_peek_sees_the_last_frame() {
    for what in WORK {
        let mut call = 1;
        while read_around(call, what, &|dir| {
            let peek = peek_directory(dir, &rules());
            let peek = peek.unwrap_or_else(|why| panic!("{what:?}, call {call}: {why}"));
            assert!(peek.position.seq >= 3, "{what:?}, call {call}: {peek:?}");
        })
        .is_some()
        {
            call += 1;
        }
    }
}

#[test]
fn readers_in_other_threads_see_only_good_states_on_a_real_disk() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let path = Utf8Path::from_path(place.path()).expect("its name is text");
    let fs = RealFs;
    let directory = || fs.open_dir(path).expect("it stands there");
    let create = CreateOptions {
        uuid: *b"0123456789abcdef",
        journal: options(),
    };
    let mut journal = Journal::create(directory(), &create, &mut writes(&0u64.to_le_bytes()))
        .expect("nothing fails");
    let (done, acknowledged, looks) =
        (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let directory = directory();
                while !done.load(Ordering::SeqCst) {
                    let before = acknowledged.load(Ordering::SeqCst);
                    let found = read_directory(directory.as_ref(), &rules(), &|| true)
                        .expect("a session beside a writer opens");
                    assert!(
                        frames_in(&found.recovered) >= before,
                        "an acknowledged frame is missing"
                    );
                    assert!(
                        found.recovered.verdict.damage.is_empty(),
                        "{}",
                        found.recovered.verdict
                    );
                    assert_eq!(
                        found.recovered.verdict.lost, None,
                        "{}",
                        found.recovered.verdict
                    );
                    looks.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for round in 0..150 {
            append(&mut journal, round * 13 % 1700);
            acknowledged.store(journal.position().seq, Ordering::SeqCst);
            if round % 7 == 6 {
                fold(&mut journal);
            }
            if round % 31 == 30 {
                let directory = directory();
                journal = Journal::open(directory, &options()).expect("it opens").0;
            }
        }
        done.store(true, Ordering::SeqCst);
    });
    assert!(looks.load(Ordering::SeqCst) > 0, "the readers looked");
}
