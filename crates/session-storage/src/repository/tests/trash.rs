//! The trash: what is put there comes back as it was, or goes for good; nothing is overwritten.

use std::sync::Arc;

use crate::fs::{CrashFs, FailFs, Failure, Operation};
use crate::lock::{LockError, LockPolicy};
use crate::repository::{Repository, RepositoryError};
use crate::storage::SessionStorage;
use crate::test_kit::{holder, lock, new_session, os, repository, tree};

fn furnished(repository: &Repository, prefix: &str) -> SessionStorage {
    let storage = repository
        .create_session(&new_session(prefix, false))
        .unwrap();
    lock(&storage).save_checkpoint(b"all it held").unwrap();
    storage
}

#[test]
fn a_removed_session_is_read_in_the_trash_and_comes_back_as_it_was() {
    let fs = CrashFs::new();
    let repository = repository(Arc::new(fs.clone()));
    let storage = furnished(&repository, "p-");
    let before = tree(&fs, repository.location().as_str());
    let removed = repository.discard(&storage, 1_000_000).unwrap();
    assert!(repository.entries().unwrap().is_empty());
    assert_eq!(
        (removed.id(), removed.removed_us()),
        (storage.id(), 1_000_000)
    );

    let listed = repository.removed().unwrap();
    let lying = listed[0].open().unwrap();
    assert_eq!(lying.load_checkpoint().unwrap().unwrap(), b"all it held");
    let error = lying.lock(&holder(), LockPolicy::FailNow).unwrap_err();
    assert!(matches!(error, LockError::Moved { .. }), "{error}");

    let back = repository.restore(&listed[0]).unwrap();
    assert_eq!(back.id(), storage.id());
    assert_eq!(tree(&fs, repository.location().as_str()), before);
    assert!(repository.removed().unwrap().is_empty());
    lock(&back).save_checkpoint(b"and on").unwrap();
    let error = repository.restore(&listed[0]).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NoSuchSession { .. }),
        "it is in the trash no more: {error}"
    );
}

#[test]
fn a_session_of_the_same_id_is_not_overwritten() {
    let repository = repository(Arc::new(CrashFs::new()));
    let first = furnished(&repository, "p-");
    let name = format!("{}.session", first.id());
    let removed = repository.discard(&first, 5).unwrap();
    let dir = repository.fs().open_dir(repository.location()).unwrap();
    dir.make_dir(os(&name)).unwrap();
    let error = repository.restore(&removed).unwrap_err();
    assert!(matches!(error, RepositoryError::IdTaken { .. }), "{error}");
    // Both go to the trash at the same moment, and both are kept.
    let second = repository.session(first.id()).unwrap();
    let second = repository.discard(&second, 5).unwrap();
    assert_eq!(second.removed_us(), 6);
    assert_eq!(repository.removed().unwrap().len(), 2);
    repository.purge(&second).unwrap();
    repository.restore(&removed).unwrap();
    let error = repository.purge(&removed).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NoSuchSession { .. }),
        "{error}"
    );
}

#[test]
fn a_held_session_is_not_put_into_the_trash() {
    let repository = repository(Arc::new(CrashFs::new()));
    let storage = furnished(&repository, "p-");
    let held = lock(&storage);
    let error = repository.discard(&storage, 5).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NotRemovable { .. }),
        "{error}"
    );
    drop(held);
    repository.discard(&storage, 5).unwrap();
    let error = repository.discard(&storage, 5).unwrap_err();
    assert!(
        matches!(error, RepositoryError::NoSuchSession { .. }),
        "{error}"
    );
}

#[test]
fn a_failure_leaves_the_session_in_one_of_both_places() {
    let fs = FailFs::new(Arc::new(CrashFs::new()));
    let repository = repository(Arc::new(fs.clone()));
    let storage = furnished(&repository, "p-");
    let io_error = Failure::Errno(rustix::io::Errno::IO.raw_os_error());
    for operation in [Operation::Rename, Operation::SyncDir] {
        fs.fail_operation(operation, io_error);
        let error = repository.discard(&storage, 5).unwrap_err();
        fs.heal();
        assert!(matches!(error, RepositoryError::Failed { .. }), "{error}");
    }
    let removed = repository.removed().unwrap();
    fs.fail_operation(Operation::SyncDir, io_error);
    let error = repository.restore(&removed[0]).unwrap_err();
    fs.heal();
    assert!(matches!(error, RepositoryError::Failed { .. }), "{error}");
    assert_eq!(repository.entries().unwrap().len(), 1);
}

#[test]
fn other_names_are_none_of_the_trash() {
    let repository = repository(Arc::new(CrashFs::new()));
    let dir = repository.fs().open_dir(repository.location()).unwrap();
    for name in [
        ".removed-",
        ".removed-1-a",
        ".removed-0000000000000000001a",
        ".removed-+000000000000000001-a",
        ".removed-0000000000000000001-..",
        "0000000000000000001-a",
    ] {
        dir.make_dir(os(name)).unwrap();
    }
    assert!(repository.removed().unwrap().is_empty());
    dir.make_dir(os(".removed-0000000000000000001-a")).unwrap();
    assert_eq!(repository.removed().unwrap().len(), 1);
}
