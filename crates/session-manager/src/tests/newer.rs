//! Sessions of another layout: a newer one is peeked at, that of development versions is refused, both are left as
//! they are.

use std::ffi::OsStr;
use std::sync::Arc;

use session_state::SessionState;
use session_storage::{CreateOptions, Dir, EntryKind, NewSession, OpenMode, SessionStorage};
use suspend_resume::{Format, SuspendOptions, head_bytes, suspend};
use xxhash_rust::xxh3::xxh3_128;

use super::kit::{empty_fs, job, options, repository};
use crate::{
    DormantSession, LoadError, ManagerOptions, PeekKind, ReadError, SessionManager, peek_session,
};

/// A snapshot of another layout.
fn of_layout(layout: u16) -> Vec<u8> {
    let mut state = SessionState::with_jobs([job("a", &[])]).unwrap();
    state.set_title(Some("of another time".to_owned()));
    let mut bytes = suspend(&state, Format::Native, &SuspendOptions::default()).unwrap();
    let head = usize::try_from(head_bytes(&bytes).unwrap()).unwrap();
    bytes[8..10].copy_from_slice(&layout.to_le_bytes());
    let sealed = [&bytes[..16], &bytes[32..head]].concat();
    bytes[16..32].copy_from_slice(&xxh3_128(&sealed).to_le_bytes());
    bytes
}

/// The files of a session and what they hold, save for the lock, whose text says who had it last.
pub(super) fn files(dir: &dyn Dir) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in dir.entries().unwrap() {
        let name = entry.name.to_string_lossy().into_owned();
        if entry.kind != EntryKind::File || name == "lock" {
            continue;
        }
        let file = dir.open_file(OsStr::new(&name), OpenMode::Read).unwrap();
        let length = usize::try_from(file.metadata().unwrap().len).unwrap();
        let mut bytes = vec![0; length];
        file.read_full_at(&mut bytes, 0).unwrap();
        files.push((name, bytes));
    }
    files.sort_unstable();
    files
}

/// A session whose snapshot is this.
fn session(snapshot: &[u8], options: &ManagerOptions) -> SessionStorage {
    let repository = repository(Arc::new(empty_fs())).unwrap();
    let new = NewSession {
        prefix: "",
        now_us: 1,
        legacy_mode: false,
    };
    let storage = repository.create_session(&new).unwrap();
    let lock = storage.lock(&options.holder, options.lock).unwrap();
    let made = CreateOptions::new([7; 16], options.entropy.clone());
    drop(
        lock.create_journal(&made, &mut |out| out.write_all(snapshot))
            .unwrap(),
    );
    storage
}

/// Loading is refused for the layout, with advice, and no file changes, however often it is tried.
fn is_refused_and_left_as_it_is(storage: &SessionStorage, options: &ManagerOptions) {
    let before = files(&**storage.dir());
    for _ in 0..2 {
        let refused = SessionManager::load_session(storage.clone(), options.clone(), None);
        let Err(LoadError::Read {
            source: ReadError::Decode(error),
            ..
        }) = refused
        else {
            panic!("not refused for its version");
        };
        assert!(error.is_incompatible(), "{error}");
        assert!(error.advice().is_some());
        assert!(files(&**storage.dir()) == before, "a file was written");
    }
}

#[test]
fn a_session_of_a_newer_release_is_peeked_at_and_never_written_to() {
    let options = options();
    let storage = session(&of_layout(2), &options);
    let peek = peek_session(&storage, &options).unwrap();
    assert!(peek.is_newer);
    match peek.kind {
        PeekKind::Native(summary) => {
            assert_eq!(summary.title.as_deref(), Some("of another time"));
        }
        PeekKind::Checkbox { .. } => panic!("taken for a Checkbox session"),
    }
    is_refused_and_left_as_it_is(&storage, &options);
}

/// Gives a session's journal version 2, sealed as every head is.
fn of_newer_journal(storage: &SessionStorage) {
    let name = OsStr::new("journal.1");
    let file = storage.dir().open_file(name, OpenMode::ReadWrite).unwrap();
    let mut head = [0; 512];
    file.read_full_at(&mut head, 0).unwrap();
    head[8] = 2;
    let (body, checksum) = head.split_at_mut(496);
    checksum.copy_from_slice(&xxh3_128(body).to_le_bytes());
    file.write_all_at(&head, 0).unwrap();
}

#[test]
fn a_session_whose_journal_is_of_a_newer_release_is_told_from_a_damaged_one_and_left_alone() {
    let options = options();
    let storage = session(&of_layout(1), &options);
    of_newer_journal(&storage);
    let before = files(&**storage.dir());
    let loaded = SessionManager::load_session(storage.clone(), options.clone(), None).unwrap_err();
    assert!(loaded.advice().unwrap().contains("a newer release"));
    for read in [
        DormantSession::read(&storage, &options).unwrap_err(),
        peek_session(&storage, &options).unwrap_err(),
    ] {
        assert!(read.is_of_other_release() && read.advice() == loaded.advice());
        assert!(matches!(read, ReadError::Recover(error) if error.is_newer()));
    }
    assert!(files(&**storage.dir()) == before, "a file was written");
}

#[test]
fn a_session_of_a_development_version_is_refused_and_never_written_to() {
    let options = options();
    let storage = session(&of_layout(0), &options);
    let refused = peek_session(&storage, &options).unwrap_err();
    assert!(
        matches!(&refused, ReadError::Decode(error) if error.is_incompatible()),
        "{refused}"
    );
    is_refused_and_left_as_it_is(&storage, &options);
}
