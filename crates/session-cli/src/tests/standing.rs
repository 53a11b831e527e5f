//! The words for where a session stands.

use session_manager::ReadError;
use session_storage::RecoverError;

use crate::standing::Standing;

#[test]
fn at_rest_the_flag_and_the_first_job_decide() {
    assert_eq!(Standing::at_rest(true, false), Standing::New);
    assert_eq!(Standing::at_rest(true, true), Standing::Interrupted);
    assert_eq!(Standing::at_rest(false, true), Standing::Finished);
    assert_eq!(Standing::at_rest(false, false), Standing::Finished);
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
}
