//! The words for where a session stands.

use session_manager::ReadError;
use session_storage::RecoverError;

use crate::standing::Standing;

#[test]
fn at_rest_the_flags_and_the_first_job_decide() {
    let at_rest = |flags: &[&str], begun| {
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Standing::at_rest(&flags, begun)
    };
    assert_eq!(at_rest(&["incomplete"], false), Standing::New);
    assert_eq!(at_rest(&["incomplete"], true), Standing::Interrupted);
    assert_eq!(at_rest(&["incomplete", "paused"], true), Standing::Paused);
    assert_eq!(at_rest(&[], true), Standing::Finished);
    assert_eq!(at_rest(&[], false), Standing::New);
    assert_eq!(at_rest(&["aborted"], true), Standing::Aborted);
}

#[test]
fn only_a_running_one_has_a_process() {
    assert_eq!(Standing::Running { pid: 7 }.pid(), Some(7));
    assert_eq!(Standing::Unreadable.pid(), None);
    assert_eq!(Standing::Unreadable.as_str(), "unreadable");
}

#[test]
fn never_saved_is_not_unreadable() {
    let standing = |error| Standing::without_peek(&error);
    assert_eq!(standing(ReadError::NoCheckpoint), Standing::Unsaved);
    let damaged = RecoverError::Damaged { damage: Vec::new() };
    assert_eq!(standing(ReadError::Recover(damaged)), Standing::Unreadable);
    let version = |found| RecoverError::OtherVersion {
        file: "journal.1".to_owned(),
        found,
        supported: 1,
    };
    assert_eq!(standing(ReadError::Recover(version(2))), Standing::Newer);
    assert_eq!(
        standing(ReadError::Recover(version(0))),
        Standing::Unreadable
    );
}
