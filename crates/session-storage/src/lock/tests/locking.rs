//! Taking and holding: who is kept out, who is named, and what breaks nothing.

use std::iter;
use std::sync::Arc;

use camino::Utf8Path;

use super::plant_proc;
use crate::entropy::SeededEntropy;
use crate::fs::{CrashFs, FailFs, Failure, Fs, OpenMode, Operation, RealFs};
use crate::journal::{CreateOptions, JournalOptions};
use crate::lock::{Liveness, LockError, LockPolicy, LockState, SessionLock};
use crate::repository::Repository;
use crate::session_id::SessionId;
use crate::storage::SessionStorage;
use crate::test_kit::{
    REPOSITORY, chain, holder, inject, lock, new_session, os, repository, settled, write,
};
use crate::trust::Trust;

const ID: &str = "p-2024-02-29T23.59.59.000007";

fn fresh(fs: Arc<dyn Fs>) -> SessionStorage {
    repository(fs)
        .create_session(&new_session("p-", false))
        .unwrap()
}

fn reopened(fs: Arc<dyn Fs>) -> SessionStorage {
    Repository::open(fs, Utf8Path::new(REPOSITORY))
        .unwrap()
        .session(&SessionId::parse(ID).unwrap())
        .unwrap()
}

fn journal_options(seed: u64) -> JournalOptions {
    JournalOptions::new(Arc::new(SeededEntropy::new(seed)))
}

/// Invariant L1.
#[test]
fn one_writer_at_a_time_and_the_other_is_told_who() {
    let fs = CrashFs::new();
    plant_proc(&fs, 1234);
    let storage = fresh(Arc::new(fs.clone()));
    let held = lock(&storage);
    assert!(held.record_problem().is_none());
    let other = reopened(Arc::new(fs.new_process()));
    let error = other.lock(&holder(), LockPolicy::FailNow).unwrap_err();
    assert!(error.is_held());
    assert_eq!(
        chain(&error),
        "session 'p-2024-02-29T23.59.59.000007' is in use by process 4711 on host (session run), \
         which is running"
    );
    let LockError::Held {
        holder: Some(named),
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(*named, holder());
    drop(held);
    assert_eq!(other.lock_state(&holder()).unwrap(), LockState::Free);
    drop(lock(&other));
}

#[test]
fn the_same_process_does_not_get_it_twice() {
    let root = tempfile::tempdir().unwrap();
    let location = Utf8Path::from_path(root.path()).unwrap().join("r");
    let repository =
        Repository::create(Arc::new(RealFs), &location, Trust::OwnDirectories).unwrap();
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let held = lock(&storage);
    let refused = storage.lock_with_pauses(&holder(), iter::empty(), iter::empty());
    assert!(refused.unwrap_err().is_held());
    drop(held);
    drop(lock(&storage));
}

#[test]
fn a_killed_writer_lets_go_at_once_and_its_record_is_only_text() {
    let fs = CrashFs::new();
    plant_proc(&fs, 9999);
    let writer = fs.new_process();
    let storage = fresh(Arc::new(writer.clone()));
    let held = lock(&storage);
    writer.kill();
    drop(held);
    let other = reopened(Arc::new(fs.new_process()));
    // The number is in use again, by a process that began later.
    let LockState::Recorded {
        holder: named,
        alive,
    } = other.lock_state(&holder()).unwrap()
    else {
        panic!("the record of a killed holder stays");
    };
    assert_eq!((*named, alive), (holder(), Liveness::Gone));
    drop(lock(&other));
}

/// What each kind of work under a lock leaves of the record of a dead holder. Invariant L5.
#[test]
fn a_dead_holder_is_named_until_somebody_has_written() {
    type Work = fn(SessionLock);
    let options = |seed| CreateOptions::new([7; 16], Arc::new(SeededEntropy::new(seed)));
    let cases: [(Work, bool); 7] = [
        (drop, true),
        (
            |lock| drop(lock.open_journal(&journal_options(2)).unwrap()),
            true,
        ),
        (
            |lock| {
                let (journal, _) = lock.open_journal(&journal_options(2)).unwrap();
                drop(journal.into_lock());
            },
            true,
        ),
        (
            |lock| {
                let (mut journal, _) = lock.open_journal(&journal_options(2)).unwrap();
                journal.append(&[b"mine"], false).unwrap();
            },
            false,
        ),
        (
            |lock| {
                let (mut journal, _) = lock.open_journal(&journal_options(2)).unwrap();
                journal.fold(&mut |out| out.write_all(b"mine")).unwrap();
            },
            false,
        ),
        (
            |lock| {
                let (journal, _) = lock.open_journal(&journal_options(2)).unwrap();
                journal.close().unwrap();
            },
            false,
        ),
        (|lock| lock.save_checkpoint(b"mine").unwrap(), false),
    ];
    for (number, (work, stays)) in cases.into_iter().enumerate() {
        let fs = CrashFs::new();
        plant_proc(&fs, 9999);
        let dead = fs.new_process();
        let storage = fresh(Arc::new(dead.clone()));
        let journal = lock(&storage).create_journal(&options(1), &mut |out| out.write_all(b"s"));
        let journal = journal.unwrap();
        dead.kill();
        drop(journal);
        let storage = reopened(Arc::new(fs.new_process()));
        let left = storage.lock_state(&holder()).unwrap();
        assert!(matches!(
            left,
            LockState::Recorded {
                alive: Liveness::Gone,
                ..
            }
        ));
        let mut other = holder();
        other.pid = 4712;
        let held = storage.lock(&other, LockPolicy::FailNow).unwrap();
        assert_eq!(
            held.found(),
            &left,
            "{number}: told before it is written over"
        );
        work(held);
        let now = storage.lock_state(&holder()).unwrap();
        assert_eq!(now, if stays { left } else { LockState::Free }, "{number}");
    }
}

#[test]
fn whose_lock_could_be_taken_is_gone_whatever_is_seen_of_it() {
    let fs = CrashFs::new();
    plant_proc(&fs, 1234);
    let dying = fs.new_process();
    let held = lock(&fresh(Arc::new(dying.clone())));
    dying.kill();
    drop(held);
    let storage = reopened(Arc::new(fs.new_process()));
    let LockState::Recorded { alive, .. } = storage.lock_state(&holder()).unwrap() else {
        panic!("the record is gone");
    };
    assert_eq!(alive, Liveness::Alive, "it is still to be seen");
    let held = lock(&storage);
    assert!(matches!(
        held.found(),
        LockState::Recorded {
            alive: Liveness::Gone,
            ..
        }
    ));
}

#[test]
fn waiting_ends_with_the_lock_or_with_the_holders_name() {
    let storage = fresh(Arc::new(CrashFs::new()));
    let mut held = Some(lock(&storage));
    let mut waits = 0;
    let pauses = iter::from_fn(|| {
        waits += 1;
        if waits == 3 {
            held = None;
        }
        Some(())
    });
    let second = storage
        .lock_with_pauses(&holder(), pauses, iter::empty())
        .unwrap();
    assert_eq!(waits, 3);
    let error = storage
        .lock_with_pauses(&holder(), iter::repeat_n((), 5), iter::empty())
        .unwrap_err();
    assert!(error.is_held());
    drop(second);
}

#[test]
fn a_copy_of_a_killed_holder_is_waited_for_and_a_living_one_is_not() {
    let fs = CrashFs::new();
    let storage = fresh(Arc::new(fs.clone()));
    // A copy made to start a process, which has not become it yet, holds what the killed one held.
    let mut copy = Some(lock(&storage));
    plant_proc(&fs, 9999);
    let gone = iter::from_fn(|| {
        copy = None;
        Some(())
    });
    let held = storage
        .lock_with_pauses(&holder(), iter::empty(), gone)
        .unwrap();
    let error = storage
        .lock_with_pauses(&holder(), iter::empty(), iter::repeat_n((), 3))
        .unwrap_err();
    let LockError::Held { alive, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(alive, Liveness::Gone, "waiting ends all the same");
    drop(held);

    let fs = CrashFs::new();
    plant_proc(&fs, 1234);
    let storage = fresh(Arc::new(fs.clone()));
    let held = lock(&storage);
    let never = iter::from_fn(|| panic!("a living holder is not waited for"));
    let error = storage
        .lock_with_pauses(&holder(), iter::empty(), never)
        .unwrap_err();
    assert!(error.is_held());
    drop(held);
}

/// Invariant L2.
#[test]
fn a_directory_renamed_while_waiting_is_not_locked() {
    let fs = CrashFs::new();
    let storage = fresh(Arc::new(fs.clone()));
    let repository = fs.open_dir(Utf8Path::new(REPOSITORY)).unwrap();
    let mut held = Some(lock(&storage));
    let name = format!("{ID}.session");
    let pauses = iter::from_fn(|| {
        repository.rename(os(&name), os(".trash-x")).unwrap();
        repository.make_dir(os(&name)).unwrap();
        held = None;
        Some(())
    });
    let error = storage
        .lock_with_pauses(&holder(), pauses, iter::empty())
        .unwrap_err();
    assert!(matches!(error, LockError::Moved { .. }), "{error}");
}

/// Invariant L2.
#[test]
fn a_lock_file_replaced_meanwhile_is_not_enough() {
    let fs = CrashFs::new();
    let storage = fresh(Arc::new(fs.clone()));
    let held = lock(&storage);
    // Somebody unlinks the lock file to "break" the lock: the directory is held all the same.
    storage.dir().remove_file(os("lock")).unwrap();
    let other = reopened(Arc::new(fs.new_process()));
    assert!(
        other
            .lock(&holder(), LockPolicy::FailNow)
            .unwrap_err()
            .is_held()
    );
    drop(held);
    drop(lock(&other));
}

#[test]
fn asking_breaks_and_writes_nothing() {
    let fs = CrashFs::new();
    plant_proc(&fs, 1234);
    let storage = fresh(Arc::new(fs.clone()));
    let held = lock(&storage);
    let before = (fs.operations(), fs.fingerprint());
    let other = reopened(Arc::new(fs.new_process()));
    assert!(matches!(
        other.lock_state(&holder()).unwrap(),
        LockState::Recorded { .. }
    ));
    assert_eq!((fs.operations(), fs.fingerprint()), before);
    assert!(
        other
            .lock(&holder(), LockPolicy::FailNow)
            .unwrap_err()
            .is_held()
    );
    drop(held);
}

/// Invariant L4.
#[test]
fn a_record_that_cannot_be_written_does_not_fail_the_lock() {
    let fs = CrashFs::new();
    let storage = fresh(Arc::new(fs.clone()));
    fs.set_free_space(Some(0));
    let held = lock(&storage);
    assert!(held.record_problem().unwrap().is_disk_full());
    let error = storage.lock(&holder(), LockPolicy::FailNow).unwrap_err();
    assert_eq!(
        chain(&error),
        "session 'p-2024-02-29T23.59.59.000007' is in use"
    );
}

/// Invariant L4.
#[test]
fn a_file_system_without_locks_is_a_typed_error() {
    let fs = FailFs::new(Arc::new(CrashFs::new()));
    let storage = fresh(Arc::new(fs.clone()));
    let number = rustix::io::Errno::OPNOTSUPP.raw_os_error();
    fs.fail_operation(Operation::Lock, Failure::Errno(number));
    let error = storage.lock(&holder(), LockPolicy::FailNow).unwrap_err();
    assert!(
        matches!(error, LockError::Unsupported { .. }),
        "{}",
        chain(&error)
    );
}

#[test]
fn what_stands_under_the_name_is_refused_when_it_is_no_plain_file() {
    type Prepare = fn(&CrashFs, &SessionStorage);
    let cases: [(Prepare, &str); 4] = [
        (
            |_, storage| {
                storage
                    .dir()
                    .make_symlink(os("/outside"), os("lock"))
                    .unwrap();
            },
            "(os error 40)",
        ),
        (
            |_, storage| storage.dir().make_dir(os("lock")).unwrap(),
            "(os error 21)",
        ),
        (
            |fs, storage| fs.plant_fifo(storage.location(), os("lock")).unwrap(),
            "not a regular file",
        ),
        (
            |fs, storage| {
                write(&**storage.dir(), "twin", b"precious");
                fs.plant_hard_link(storage.location(), os("twin"), os("lock"))
                    .unwrap();
            },
            "the file has more than one name (hard link)",
        ),
    ];
    for (prepare, cause) in cases {
        let fs = CrashFs::new();
        let storage = fresh(Arc::new(fs.clone()));
        prepare(&fs, &storage);
        let error = storage.lock(&holder(), LockPolicy::FailNow).unwrap_err();
        assert!(matches!(error, LockError::Failed { .. }));
        assert!(chain(&error).ends_with(cause), "{}", chain(&error));
    }
}

#[test]
fn every_fault_is_told_and_passes() {
    let start = settled(|fs| {
        let storage = fresh(Arc::clone(fs));
        storage
            .dir()
            .open_file(os("lock"), OpenMode::CreateNew)
            .unwrap();
    });
    #[derive(Debug, thiserror::Error)]
    enum WorkError {
        #[error("cannot open")]
        Open(#[from] crate::RepositoryError),
        #[error("cannot lock")]
        Lock(#[from] LockError),
    }
    let work = |fs: Arc<dyn Fs>| -> Result<(), WorkError> {
        let storage = Repository::open(fs, Utf8Path::new(REPOSITORY))?
            .session(&SessionId::parse(ID).unwrap())?;
        drop(storage.lock(&holder(), LockPolicy::FailNow)?);
        Ok(())
    };
    let faults = inject(&start, work, |fs, _| {
        // Nothing is left held.
        drop(lock(&reopened(Arc::clone(fs))));
    });
    assert!(faults > 200, "{faults}");
}

#[test]
fn the_policy_waits_as_long_as_it_says() {
    assert_eq!(LockPolicy::FailNow.pauses().count(), 0);
    let short = std::time::Duration::from_millis(1);
    assert_eq!(LockPolicy::WaitUpTo(short).pauses().count(), 1);
}
