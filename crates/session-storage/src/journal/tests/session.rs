//! The public way: repository, session, lock, journal, on a real disk.

use std::sync::Arc;

use camino::Utf8Path;

use super::kit::{UUID, options, payloads, writes};
use crate::durability::Durability;
use crate::fs::{Fs, RealFs};
use crate::journal::{CreateError, CreateOptions, OpenError};
use crate::lock::{Holder, LockPolicy};
use crate::recovery::{RecoverError, Tail};
use crate::repository::{NewSession, Repository};
use crate::storage::SessionStorage;
use crate::trust::Trust;

fn holder(fs: &dyn Fs) -> Holder {
    Holder::of_process(fs, std::process::id(), "test", 0)
}

fn session(place: &tempfile::TempDir) -> SessionStorage {
    let path = Utf8Path::from_path(place.path()).expect("its name is text");
    let fs: Arc<dyn Fs> = Arc::new(RealFs);
    let repository =
        Repository::create(fs, &path.join("repository"), Trust::AnyLocation).expect("it is made");
    let new = NewSession {
        prefix: "test-",
        now_us: 1_700_000_000_000_000,
        legacy_mode: false,
    };
    repository.create_session(&new).expect("it is made")
}

fn create_options() -> CreateOptions {
    let mut create = CreateOptions::new(UUID, options().entropy);
    create.journal = options();
    create
}

#[test]
fn a_session_is_created_written_peeked_closed_and_opened_again() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let storage = session(&place);
    let me = holder(storage.fs().as_ref());
    assert!(!storage.has_native().expect("it lists"));
    assert!(matches!(storage.recover(), Err(RecoverError::NoSession)));
    let lock = storage.lock(&me, LockPolicy::FailNow).expect("it is free");
    let mut journal = lock
        .create_journal(&create_options(), &mut writes(b"zero"))
        .expect("nothing fails");
    assert!(storage.has_native().expect("it lists"));
    journal
        .append(&[b"summary", b"one"], true)
        .expect("nothing fails");
    journal.append(&[b"two"], false).expect("nothing fails");
    let peek = storage.peek().expect("it opens");
    assert_eq!(peek.summary.as_deref(), Some(b"summary".as_slice()));
    assert_eq!(
        (peek.position, peek.snapshot_length),
        (journal.position(), 4)
    );
    let held = storage.lock(&me, LockPolicy::FailNow);
    assert!(held.expect_err("the journal holds it").is_held());
    journal
        .fold(&mut writes(b"two folded"))
        .expect("nothing fails");
    assert_eq!(
        storage.peek().expect("it opens").snapshot_start,
        b"two folded"
    );
    journal.append(&[b"three"], false).expect("nothing fails");
    let beside = storage
        .recover_beside(&me, options().limits)
        .expect("it opens");
    assert_eq!(payloads(&beside), vec![vec![b"three".to_vec()]]);
    journal.close().expect("nothing fails");
    let closed = storage.recover().expect("it opens");
    assert_eq!(closed.verdict.tail, Tail::Closed);
    let lock = storage
        .lock(&me, LockPolicy::FailNow)
        .expect("it is free again");
    let (mut journal, recovered) = lock.open_journal(&options()).expect("it opens");
    assert_eq!(recovered.frames, closed.frames);
    assert_eq!(closed.durability, Durability::Buffered, "only read");
    assert_eq!(recovered.durability, Durability::Synced, "copied first");
    assert_eq!(recovered.position, journal.position());
    assert_eq!(
        journal
            .append(&[b"four"], false)
            .expect("nothing fails")
            .seq,
        4
    );
    assert_eq!(journal.uuid(), UUID);
    assert!(journal.into_lock().is_some());
}

#[test]
fn a_refused_call_gives_the_lock_back_with_the_reason() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let storage = session(&place);
    let me = holder(storage.fs().as_ref());
    let lock = storage.lock(&me, LockPolicy::FailNow).expect("it is free");
    let refused = lock
        .open_journal(&options())
        .expect_err("nothing was saved");
    assert!(matches!(
        refused.error,
        OpenError::Recover(RecoverError::NoSession)
    ));
    let mut failing = |_: &mut dyn std::io::Write| Err(std::io::Error::other("no"));
    let refused = refused
        .lock
        .create_journal(&create_options(), &mut failing)
        .expect_err("the snapshot cannot be produced");
    assert!(matches!(refused.error, CreateError::First(_)));
    let journal = refused
        .lock
        .create_journal(&create_options(), &mut writes(b"zero"))
        .expect("nothing fails");
    let lock = journal.into_lock().expect("it was locked");
    let refused = lock
        .create_journal(&create_options(), &mut writes(b"zero"))
        .expect_err("it is there already");
    assert!(matches!(refused.error, CreateError::Exists { .. }));
    assert_eq!(
        refused.to_string(),
        "the session already holds generation 2"
    );
}
