//! How planned failures strike.

use std::ffi::OsStr;
use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, FailFs, Failure, Fs, FsError, OpenMode, Operation, Repeat};

fn work(fs: &FailFs) -> Result<(), FsError> {
    let dir = fs.open_dir(Utf8Path::new("/"))?;
    let file = match dir.open_file(OsStr::new("a"), OpenMode::CreateNew) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            dir.open_file(OsStr::new("a"), OpenMode::ReadWrite)?
        }
        other => other?,
    };
    file.write_all_at(b"0123456789", 0)?;
    file.sync_data()?;
    dir.sync()
}

fn disk() -> (CrashFs, FailFs) {
    let inner = CrashFs::new();
    let fs = FailFs::new(Arc::new(inner.clone()));
    (inner, fs)
}

#[test]
fn every_call_is_counted_and_named() {
    let (_, fs) = disk();
    work(&fs).unwrap();
    let calls: Vec<(Operation, String)> = fs
        .calls()
        .into_iter()
        .map(|call| (call.operation, call.path.display().to_string()))
        .collect();
    let at = |operation, path: &str| (operation, path.to_owned());
    assert_eq!(
        calls,
        [
            at(Operation::OpenDir, "/"),
            at(Operation::Create, "/a"),
            at(Operation::Write, "/a"),
            at(Operation::SyncFile, "/a"),
            at(Operation::SyncDir, "/"),
        ]
    );
}

#[test]
fn every_call_fails_with_every_error_once_or_from_then_on() {
    for call in 1..=5 {
        for failure in Failure::ALL {
            for repeat in [Repeat::Once, Repeat::FromThenOn] {
                let (inner, fs) = disk();
                fs.fail_call(call, failure, repeat);
                let result = work(&fs);
                let interrupted = Failure::Errno(rustix::io::Errno::INTR.raw_os_error());
                match (failure, call, repeat) {
                    // Loops go on after a short write, and after one interrupted write.
                    (Failure::ShortWrite | Failure::SkippedSync, _, _) => result.unwrap(),
                    (_, 3, Repeat::Once) if failure == interrupted => result.unwrap(),
                    (Failure::Errno(number) | Failure::DoneYetErrno(number), _, _) => {
                        let error = result.unwrap_err();
                        assert_eq!(error.source.raw_os_error(), Some(number));
                        // A write interrupted again and again is given up in the end.
                        let attempts = if failure == interrupted && call == 3 {
                            65
                        } else {
                            1
                        };
                        assert_eq!(fs.struck(), attempts);
                        fs.heal();
                        work(&fs).unwrap();
                    }
                }
                let root = inner
                    .after_power_cut()
                    .open_dir(Utf8Path::new("/"))
                    .unwrap();
                let file = root.open_file(OsStr::new("a"), OpenMode::Read).unwrap();
                let mut text = [0; 10];
                assert_eq!(file.read_full_at(&mut text, 0).unwrap(), 10);
                assert_eq!(&text, b"0123456789");
            }
        }
    }
}

#[test]
fn a_short_write_of_sectors_takes_whole_ones_and_any_other_takes_half() {
    for (length, offset, taken) in [
        (10, 0, 5),
        (700, 512, 350),
        (512, 100, 256),
        (512, 512, 512),
        (1024, 0, 512),
        (1536, 512, 1024),
    ] {
        let (_, fs) = disk();
        let dir = fs.open_dir(Utf8Path::new("/")).unwrap();
        let file = dir.open_file(OsStr::new("a"), OpenMode::CreateNew).unwrap();
        fs.fail_operation(Operation::Write, Failure::ShortWrite);
        let found = file.write_at(&vec![1; length], offset).unwrap();
        assert_eq!(found, taken, "{length} bytes at {offset}");
    }
}

#[test]
fn a_call_may_be_done_and_yet_answered_with_an_error() {
    let (inner, fs) = disk();
    let dir = fs.open_dir(Utf8Path::new("/")).unwrap();
    fs.fail_operation(
        Operation::MakeDir,
        Failure::DoneYetErrno(rustix::io::Errno::IO.raw_os_error()),
    );
    dir.make_dir(OsStr::new("sub")).unwrap_err();
    let root = inner.open_dir(Utf8Path::new("/")).unwrap();
    assert_eq!(root.entries().unwrap().len(), 1);
}

#[test]
fn a_sync_may_be_skipped_unnoticed() {
    let (inner, fs) = disk();
    fs.fail_operation_on(
        Operation::SyncDir,
        std::path::Path::new("/"),
        Failure::SkippedSync,
    );
    work(&fs).unwrap();
    assert_eq!(fs.struck(), 1);
    let left = inner.after_power_cut();
    let root = left.open_dir(Utf8Path::new("/")).unwrap();
    assert!(
        root.entries().unwrap().is_empty(),
        "the entry was never durable"
    );
}
