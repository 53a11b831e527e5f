//! Listing: order, strange names, strange kinds, many sessions; no bad entry spoils the list.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, FailFs, Failure, Fs, OpenMode, Operation, RealFs};
use crate::repository::{EntryProblem, Repository, RepositoryEntry};
use crate::test_kit::{new_session, os};
use crate::trust::Trust;

fn told(entry: &RepositoryEntry) -> String {
    match entry.open() {
        Ok(storage) => format!("session {}", storage.id()),
        Err(EntryProblem::NotUtf8 { .. }) => "not UTF-8".to_owned(),
        Err(EntryProblem::BadName(_)) => "bad name".to_owned(),
        Err(EntryProblem::Symlink { .. }) => "link".to_owned(),
        Err(EntryProblem::NotADirectory { .. }) => "no directory".to_owned(),
        Err(EntryProblem::Vanished { .. }) => "vanished".to_owned(),
        Err(EntryProblem::Unreadable(error)) => format!("unreadable: {}", error.source),
    }
}

/// Invariant P5.
#[test]
fn one_good_session_among_everything_that_can_go_wrong() {
    let root = tempfile::tempdir().unwrap();
    let real = Utf8Path::from_path(root.path()).unwrap().join("r");
    let simulated = Utf8Path::new("/r");
    let cases: [(Arc<dyn Fs>, &Utf8Path); 2] = [
        (Arc::new(RealFs), &real),
        (Arc::new(CrashFs::new()), simulated),
    ];
    for (fs, location) in cases {
        let repository =
            Repository::create(Arc::clone(&fs), location, Trust::OwnDirectories).unwrap();
        let good = repository
            .create_session(&new_session("good-", false))
            .unwrap();
        let dir = fs.open_dir(location).unwrap();
        let not_utf8 = OsStr::from_bytes(b"\xff\xfe.session");
        for name in [
            os("new\nline.session"),
            not_utf8,
            os("no-suffix"),
            os(".hidden.session"),
            os(".session"),
        ] {
            dir.make_dir(name).unwrap();
        }
        dir.make_symlink(os("nowhere"), os("dangling.session"))
            .unwrap();
        dir.make_symlink(os("/"), os("outside.session")).unwrap();
        dir.open_file(os("file.session"), OpenMode::CreateNew)
            .unwrap();
        dir.make_symlink(os("nowhere"), os("last-session")).unwrap();
        let mut answers: Vec<String> = repository.entries().unwrap().iter().map(told).collect();
        answers.sort();
        assert_eq!(
            answers,
            [
                "bad name".to_owned(),
                "link".to_owned(),
                "link".to_owned(),
                "no directory".to_owned(),
                "not UTF-8".to_owned(),
                format!("session {}", good.id()),
            ],
            "in {location}"
        );
    }
}

#[test]
fn a_session_that_cannot_be_opened_is_marked_and_the_others_are_not() {
    let inner = CrashFs::new();
    let fs = FailFs::new(Arc::new(inner));
    let location = Utf8Path::new("/r");
    let repository =
        Repository::create(Arc::new(fs.clone()), location, Trust::OwnDirectories).unwrap();
    for prefix in ["a-", "b-", "c-"] {
        repository
            .create_session(&new_session(prefix, false))
            .unwrap();
    }
    let entries = repository.entries().unwrap();
    fs.fail_call(
        fs.call_count() + 2,
        Failure::Errno(rustix::io::Errno::ACCESS.raw_os_error()),
        crate::Repeat::Once,
    );
    let answers: Vec<String> = entries.iter().map(told).collect();
    assert_eq!(
        answers,
        [
            "session c-2024-02-29T23.59.59.000007",
            "unreadable: Permission denied (os error 13)",
            "session a-2024-02-29T23.59.59.000007"
        ]
    );
    repository.remove(&entries[1].open().unwrap()).unwrap();
    assert_eq!(told(&entries[1]), "vanished");
}

#[test]
fn names_without_a_time_sort_by_when_they_changed() {
    let fs = CrashFs::new();
    let location = Utf8Path::new("/r");
    let repository =
        Repository::create(Arc::new(fs.clone()), location, Trust::OwnDirectories).unwrap();
    let dir = fs.open_dir(location).unwrap();
    for name in [
        "pbox-b.session",
        "pbox-a.session",
        "1970-01-01T00.00.09.000000.session",
    ] {
        dir.make_dir(os(name)).unwrap();
    }
    // The simulated clock moves a second with every operation: the changes below come at 13 and 14 seconds.
    while fs.operations() < 12 {
        dir.sync().unwrap();
    }
    for name in ["pbox-b.session", "pbox-a.session"] {
        dir.open_dir(os(name))
            .unwrap()
            .make_dir(os("io-logs"))
            .unwrap();
    }
    let names = |repository: &Repository| -> Vec<String> {
        let entries = repository.entries().unwrap();
        entries
            .iter()
            .map(|entry| entry.id().unwrap().to_string())
            .collect()
    };
    assert_eq!(
        names(&repository),
        ["pbox-a", "pbox-b", "1970-01-01T00.00.09.000000"]
    );
    let times: Vec<i64> = repository
        .entries()
        .unwrap()
        .iter()
        .map(RepositoryEntry::time_us)
        .collect();
    assert_eq!(times, [14_000_000, 13_000_000, 9_000_000]);
}

/// Invariant P5.
#[test]
fn ten_thousand_sessions_take_one_listing_and_no_open_directories() {
    let inner = CrashFs::new();
    let location = Utf8Path::new("/r");
    inner.plant_dir(location).unwrap();
    for number in 0..10_000 {
        let at = format!("/r/p-2024-02-29T23.59.59.{number:06}.session");
        inner.plant_dir(Utf8Path::new(&at)).unwrap();
    }
    let fs = FailFs::new(Arc::new(inner));
    let repository = Repository::open(Arc::new(fs.clone()), location).unwrap();
    let before = fs.call_count();
    let entries = repository.entries().unwrap();
    assert_eq!(
        fs.call_count() - before,
        1,
        "one listing, whatever the number"
    );
    assert_eq!(entries.len(), 10_000);
    let newest = entries.first().unwrap().open().unwrap();
    assert_eq!(newest.id().as_str(), "p-2024-02-29T23.59.59.009999");
    assert!(entries.is_sorted_by(|newer, older| newer.time_us() > older.time_us()));
    let calls = fs.calls();
    let opened = calls
        .iter()
        .filter(|call| call.operation == Operation::OpenDir)
        .count();
    assert_eq!(opened, 3, "the repository, its parent, one session");
}
