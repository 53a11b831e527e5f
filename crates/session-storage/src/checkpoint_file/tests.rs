//! The single checkpoint file: replaced whole, durably, whatever crashes, fails or lies in the way.

use std::io;
use std::sync::Arc;

use camino::Utf8Path;

use super::SaveCheckpointError;
use crate::fs::{CrashFs, Fs, Operation};
use crate::lock::LockPolicy;
use crate::repository::Repository;
use crate::session_id::SessionId;
use crate::storage::SessionStorage;
use crate::test_kit::{
    REPOSITORY, chain, explore, holder, inject, is_missed, lock, new_session, os, repository,
    settled, tree, write,
};

const ID: &str = "p-2024-02-29T23.59.59.000007";

fn fresh(fs: &CrashFs) -> SessionStorage {
    repository(Arc::new(fs.clone()))
        .create_session(&new_session("p-", false))
        .unwrap()
}

fn reopened(fs: &Arc<dyn Fs>) -> SessionStorage {
    Repository::open(Arc::clone(fs), Utf8Path::new(REPOSITORY))
        .unwrap()
        .session(&SessionId::parse(ID).unwrap())
        .unwrap()
}

/// A disk with a checkpoint of several sectors, and what a crash in an earlier save left.
fn saved_once() -> CrashFs {
    settled(|fs| {
        let storage = repository(Arc::clone(fs))
            .create_session(&new_session("p-", false))
            .unwrap();
        lock(&storage).save_checkpoint(&old()).unwrap();
        write(&**storage.dir(), "session.next", b"half");
        storage.dir().sync().unwrap();
    })
}

fn old() -> Vec<u8> {
    vec![b'o'; 700]
}

fn new() -> Vec<u8> {
    vec![b'n'; 1900]
}

#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error("cannot lock")]
    Lock(#[from] crate::LockError),
    #[error("cannot open")]
    Open(#[from] crate::RepositoryError),
    #[error("cannot save")]
    Save(#[from] SaveCheckpointError),
}

fn save_new(fs: Arc<dyn Fs>) -> Result<(), WorkError> {
    let storage =
        Repository::open(fs, Utf8Path::new(REPOSITORY))?.session(&SessionId::parse(ID).unwrap())?;
    let lock = storage.lock(&holder(), LockPolicy::FailNow)?;
    lock.save_checkpoint(&new())?;
    Ok(())
}

#[test]
fn saved_loaded_replaced() {
    let storage = fresh(&CrashFs::new());
    assert_eq!(
        storage.load_checkpoint().unwrap(),
        None,
        "never saved is an answer of its own"
    );
    let lock = lock(&storage);
    for text in [&b"one"[..], b"two", b""] {
        lock.save_checkpoint(text).unwrap();
        assert_eq!(storage.load_checkpoint().unwrap().unwrap(), text);
    }
    let mode = storage.dir().metadata(os("session")).unwrap().unwrap().mode;
    assert_eq!(mode, 0o600);
}

fn check_saved(fs: &Arc<dyn Fs>, acknowledged: bool) {
    let text = reopened(fs).load_checkpoint().unwrap().unwrap();
    if acknowledged {
        assert!(text == new(), "an acknowledged save is there");
    } else {
        assert!(text == old() || text == new(), "{} bytes", text.len());
    }
    save_new(Arc::clone(fs)).unwrap();
    assert!(reopened(fs).load_checkpoint().unwrap().unwrap() == new());
}

/// Invariant C1.
#[test]
fn every_crash_leaves_the_old_or_the_new() {
    let figures = explore(&saved_once(), save_new, check_saved);
    assert!(figures.crash_points >= 8, "{figures:?}");
    assert!(figures.distinct >= 30, "{figures:?}");
}

/// The exploration is worth something: leave out either sync of a save, and it fails.
#[test]
fn no_sync_can_be_left_out_unnoticed() {
    let session = Utf8Path::new(REPOSITORY).join(format!("{ID}.session"));
    for (operation, path) in [
        (Operation::SyncFile, session.join("session.next")),
        (Operation::SyncDir, session),
    ] {
        let missed = is_missed(operation, &path, |forgetful| {
            explore(&saved_once(), |fs| save_new(forgetful(fs)), check_saved);
        });
        assert!(missed, "saving without: {operation} {path}");
    }
}

#[test]
fn every_fault_leaves_the_old_or_the_new_and_is_told() {
    let faults = inject(&saved_once(), save_new, |fs, done| {
        let text = reopened(fs).load_checkpoint().unwrap().unwrap();
        if done {
            assert!(text == new());
        } else {
            assert!(text == old() || text == new(), "{} bytes", text.len());
        }
    });
    assert!(faults > 250, "{faults}");
}

#[test]
fn a_full_disk_keeps_the_old_and_names_the_cause() {
    let fs = saved_once();
    let shared: Arc<dyn Fs> = Arc::new(fs.clone());
    let storage = reopened(&shared);
    let lock = lock(&storage);
    storage.dir().remove_file(os("session.next")).unwrap();
    for left in [0, 4096] {
        fs.set_free_space(Some(left));
        let error = lock.save_checkpoint(&[b'n'; 5000]).unwrap_err();
        assert_eq!(error.source.operation, Operation::Write);
        assert!(error.source.is_disk_full(), "{}", chain(&error));
        assert!(storage.load_checkpoint().unwrap().unwrap() == old());
        let names: Vec<_> = tree(&*shared, storage.location().as_str())
            .into_keys()
            .collect();
        assert!(
            !names
                .iter()
                .any(|name| name.file_name() == Some("session.next"))
        );
    }
    fs.set_free_space(None);
    lock.save_checkpoint(&new()).unwrap();
}

#[test]
fn what_stands_in_the_way_is_never_followed_nor_lost() {
    let fs = settled(|_| ());
    let outside = tree(&fs, "/outside");
    let storage = fresh(&fs);
    let lock = lock(&storage);
    let dir = storage.dir();

    // A link under the name of the checkpoint: not read through, replaced by a save, its target untouched.
    dir.make_symlink(os("/outside/precious/file"), os("session"))
        .unwrap();
    let error = storage.load_checkpoint().unwrap_err();
    assert!(chain(&error).contains("cannot open '"), "{}", chain(&error));
    dir.make_symlink(os("/outside/precious/file"), os("session.next"))
        .unwrap();
    lock.save_checkpoint(b"mine").unwrap();
    assert_eq!(storage.load_checkpoint().unwrap().unwrap(), b"mine");
    assert_eq!(tree(&fs, "/outside"), outside);

    // A hard link: reading is harmless, the save replaces the name and not the text behind it.
    write(&**dir, "other", b"other");
    dir.remove_file(os("session")).unwrap();
    fs.plant_hard_link(storage.location(), os("other"), os("session"))
        .unwrap();
    lock.save_checkpoint(b"mine").unwrap();
    assert_eq!(
        tree(&fs, storage.location().as_str())[&storage.location().join("other")],
        "file other"
    );

    // A FIFO blocks nobody.
    dir.remove_file(os("session")).unwrap();
    fs.plant_fifo(storage.location(), os("session")).unwrap();
    let error = storage.load_checkpoint().unwrap_err();
    assert!(
        chain(&error).ends_with("not a regular file"),
        "{}",
        chain(&error)
    );

    // A directory cannot be replaced: the error says so, and no temporary file stays.
    dir.remove_file(os("session")).unwrap();
    dir.make_dir(os("session")).unwrap();
    let error = lock.save_checkpoint(b"lost?").unwrap_err();
    assert_eq!(error.source.operation, Operation::Rename);
    assert_eq!(error.source.kind(), io::ErrorKind::IsADirectory);
    assert_eq!(dir.metadata(os("session.next")).unwrap(), None);
    dir.make_dir(os("session.next")).unwrap();
    let error = lock.save_checkpoint(b"lost?").unwrap_err();
    assert_eq!(error.source.operation, Operation::RemoveFile);
}

#[test]
fn an_absurd_length_is_refused_before_it_is_read() {
    let storage = fresh(&CrashFs::new());
    let dir = storage.dir();
    let file = dir
        .open_file(os("session"), crate::OpenMode::CreateNew)
        .unwrap();
    file.set_len(1 << 40).unwrap();
    let error = storage.load_checkpoint().unwrap_err();
    assert_eq!(
        chain(&error),
        "the checkpoint of session 'p-2024-02-29T23.59.59.000007' is 1099511627776 bytes long, \
         more than the 1073741824 allowed"
    );
}
