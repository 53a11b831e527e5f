//! Removing: held sessions, swapped directories, deep trees, links that lead outside.

use std::sync::Arc;

use camino::Utf8Path;

use crate::fs::{CrashFs, Dir, FailFs, Failure, Fs, Operation, RealFs};
use crate::lock::LockError;
use crate::repository::{Repository, RepositoryError};
use crate::test_kit::{lock, new_session, os, repository, settled, tree, write};
use crate::trust::Trust;
use crate::well_known::WellKnownDirs;

fn is_empty(repository: &Repository) -> bool {
    tree(&**repository.fs(), repository.location().as_str()).is_empty()
}

#[test]
fn a_held_session_stays_until_it_is_let_go() {
    let repository = repository(Arc::new(CrashFs::new()));
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let held = lock(&storage);
    let error = repository.remove(&storage).unwrap_err();
    let RepositoryError::NotRemovable { source, .. } = &error else {
        panic!("{error}");
    };
    assert!(source.is_held());
    assert!(repository.session(storage.id()).is_ok());
    let report = repository.remove_locked(held).unwrap();
    assert_eq!((report.cleared, report.left), (1, 0));
    assert!(is_empty(&repository));
    let error = repository.remove(&storage).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NoSuchSession { .. }),
        "{error}"
    );
}

#[test]
fn the_directory_removed_is_the_one_that_was_opened() {
    let repository = repository(Arc::new(CrashFs::new()));
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let name = format!("{}.session", storage.id());
    let dir = repository.fs().open_dir(repository.location()).unwrap();
    dir.rename(os(&name), os("moved.session")).unwrap();
    dir.make_dir(os(&name)).unwrap();
    let error = repository.remove(&storage).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NoSuchSession { .. }),
        "{error}"
    );
    assert_eq!(
        repository.entries().unwrap().len(),
        2,
        "neither was touched"
    );
}

/// Invariant P3.
#[test]
fn links_are_removed_and_what_they_lead_to_is_not() {
    let start = settled(|_| ());
    let before = tree(&start, "/outside");
    let repository = repository(Arc::new(start.clone()));
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    for (name, target) in [
        ("a", "/outside"),
        ("b", "/outside/precious/file"),
        ("c", "nowhere"),
    ] {
        storage.dir().make_symlink(os(target), os(name)).unwrap();
    }
    let share = WellKnownDirs::new(&storage).session_share().unwrap();
    share.make_symlink(os("/outside"), os("deep")).unwrap();
    start.plant_fifo(storage.location(), os("fifo")).unwrap();
    repository.remove(&storage).unwrap();
    assert!(is_empty(&repository));
    assert_eq!(tree(&start, "/outside"), before);
}

#[test]
fn a_tree_of_any_depth_is_cleared_away() {
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
        let storage = repository
            .create_session(&new_session("p-", false))
            .unwrap();
        let mut dir: Arc<dyn Dir> = Arc::clone(storage.dir());
        for depth in 0..400 {
            dir.make_dir(os("sub")).unwrap();
            dir.make_dir(os(".deep-1")).unwrap();
            write(&*dir, &format!("file {depth}"), b"x");
            dir = dir.open_dir(os("sub")).unwrap();
        }
        let report = repository.remove(&storage).unwrap();
        assert_eq!(
            (report.cleared, report.left),
            (1, 0),
            "{:?}",
            report.problems
        );
        assert!(fs.open_dir(location).unwrap().entries().unwrap().is_empty());
    }
}

#[test]
fn what_cannot_be_cleared_is_told_and_tried_again() {
    let fs = FailFs::new(Arc::new(CrashFs::new()));
    let repository = repository(Arc::new(fs.clone()));
    for round in 1..=2 {
        let storage = repository
            .create_session(&new_session("p-", false))
            .unwrap();
        lock(&storage).save_checkpoint(b"x").unwrap();
        fs.fail_operation(
            Operation::RemoveFile,
            Failure::Errno(rustix::io::Errno::ACCESS.raw_os_error()),
        );
        let report = repository.remove(&storage).unwrap();
        fs.heal();
        assert_eq!((report.cleared, report.left), (0, 1));
        assert_eq!(report.problems.len(), 2, "the checkpoint and the lock file");
        assert!(
            repository.entries().unwrap().is_empty(),
            "the session is gone all the same"
        );
        let trash = tree(&fs, repository.location().as_str());
        let tops = trash
            .keys()
            .filter(|path| path.parent() == Some(repository.location()));
        assert_eq!(tops.count(), round);
    }
    let report = repository.purge_leftovers().unwrap();
    assert_eq!((report.cleared, report.left), (2, 0));
    assert!(is_empty(&repository));
}

#[test]
fn a_file_system_without_locks_says_so() {
    let fs = FailFs::new(Arc::new(CrashFs::new()));
    let repository = repository(Arc::new(fs.clone()));
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    fs.fail_operation(
        Operation::Lock,
        Failure::Errno(rustix::io::Errno::OPNOTSUPP.raw_os_error()),
    );
    let error = repository.remove(&storage).unwrap_err();
    let RepositoryError::NotRemovable { source, .. } = &error else {
        panic!("{error}");
    };
    assert!(matches!(source, LockError::Unsupported { .. }), "{source}");
    assert!(repository.session(storage.id()).is_ok());
}
