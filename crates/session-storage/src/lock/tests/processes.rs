//! Real processes: this test program starts itself again as the other writer.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use camino::Utf8Path;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::fs::RealFs;
use crate::lock::{Holder, Liveness, LockError, LockPolicy, LockState};
use crate::repository::Repository;
use crate::storage::SessionStorage;
use crate::test_kit::{new_session, os};
use crate::trust::Trust;

/// Tells the second process which repository it is about; its session is the newest.
const PLACE: &str = "SESSION_STORAGE_LOCK_TEST";

fn me() -> Holder {
    Holder::of_process(&RealFs, std::process::id(), "a test", 0)
}

fn newest(location: &Utf8Path) -> SessionStorage {
    let repository = Repository::open(Arc::new(RealFs), location).unwrap();
    let entries = repository.entries().unwrap();
    entries.first().unwrap().open().unwrap()
}

/// The other writer: takes the lock, says so, and holds it until it is killed.
fn hold_until_killed(location: &Utf8Path) {
    let held = newest(location).lock(&me(), LockPolicy::FailNow).unwrap();
    held.storage().dir().make_dir(os("held")).unwrap();
    writeln!(std::io::stdout(), "\nheld").unwrap();
    let mut nothing = String::new();
    std::io::stdin().read_line(&mut nothing).unwrap();
    drop(held);
}

fn start_other(location: &Utf8Path) -> Child {
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("lock::tests::processes::a_killed_writers_lock_is_free_at_once")
        .env(PLACE, location)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(other.stdout.take().unwrap());
    let held = said.lines().any(|line| line.unwrap() == "held");
    assert!(held, "the other writer did not get the lock");
    other
}

#[test]
fn a_killed_writers_lock_is_free_at_once() {
    if let Ok(location) = std::env::var(PLACE) {
        return hold_until_killed(Utf8Path::new(&location));
    }
    let root = tempfile::tempdir().unwrap();
    let location = Utf8Path::from_path(root.path()).unwrap().join("r");
    let repository =
        Repository::create(Arc::new(RealFs), &location, Trust::OwnDirectories).unwrap();
    let storage = repository
        .create_session(&new_session("p-", false))
        .unwrap();
    let mut other = start_other(&location);

    let error = storage.lock(&me(), LockPolicy::FailNow).unwrap_err();
    let LockError::Held { holder, alive, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(holder.unwrap().pid, other.id());
    assert_eq!(alive, Liveness::Alive);
    assert!(
        repository.remove(&storage).is_err(),
        "a held session is not removed"
    );

    other.kill().unwrap();
    // It has ended, and nobody noticed yet: its number and its start are still there to be seen.
    let pid = Pid::from_child(&other);
    waitid(
        WaitId::Pid(pid),
        WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
    )
    .unwrap();
    is_gone(&storage, other.id());
    other.wait().unwrap();
    is_gone(&storage, other.id());

    let held = storage.lock(&me(), LockPolicy::FailNow).unwrap();
    assert!(matches!(
        held.found(),
        LockState::Recorded {
            alive: Liveness::Gone,
            ..
        }
    ));
    drop(held);
    is_gone(&storage, other.id());
}

/// The record of a killed writer stays until the next one has written.
fn is_gone(storage: &SessionStorage, pid: u32) {
    let LockState::Recorded { holder, alive } = storage.lock_state(&me()).unwrap() else {
        panic!("the record is gone");
    };
    assert_eq!((holder.pid, alive), (pid, Liveness::Gone));
}
