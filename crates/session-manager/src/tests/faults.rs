//! Every call of a run fails in every way: the contract holds, and going on succeeds when the fault is gone.

use std::sync::Arc;

use session_storage::{FailFs, Failure, Fs, Repeat};

use super::kit::{Journey, empty_fs, options, repository};
use crate::{LoadError, SessionManager, find_session};

#[test]
fn whatever_call_fails_nothing_acknowledged_is_lost() {
    let counting = FailFs::new(Arc::new(empty_fs()));
    Journey::default()
        .run(Arc::new(counting.clone()))
        .expect("no fault yet");
    let calls = counting.call_count();
    let mut struck = 0;
    for number in (1..=calls).step_by(3) {
        for failure in Failure::ALL {
            let disk = empty_fs();
            let failing = FailFs::new(Arc::new(disk.clone()));
            failing.fail_call(number, failure, Repeat::FromThenOn);
            let mut journey = Journey::default();
            let failed = journey.run(Arc::new(failing.clone()));
            struck += u64::from(failed.is_err());
            if let Err(error) = &failed {
                assert!(!error.to_string().is_empty());
            }
            drop(failed);
            check(&disk.after_kill(), &journey, number, failure);
        }
    }
    assert!(struck > calls, "{struck} runs of {calls} calls failed");
}

fn check(disk: &session_storage::CrashFs, journey: &Journey, number: u64, failure: Failure) {
    let fs: Arc<dyn Fs> = Arc::new(disk.clone());
    let repository = repository(fs).expect("the fault is gone");
    let what = format!("call {number}, {failure:?}");
    let Ok(storage) = find_session(&repository, "session-", &options()) else {
        assert_eq!(journey.acknowledged, 0, "{what}");
        return;
    };
    let mut session = match SessionManager::load_session(storage, options(), None) {
        Ok(session) => session,
        Err(LoadError::NoCheckpoint { .. }) => {
            assert_eq!(journey.acknowledged, 0, "{what}");
            return;
        }
        Err(error) => panic!("{what}: {error:?}"),
    };
    let from = journey.acknowledged.saturating_sub(1);
    let allowed = journey.written.get(from..).unwrap_or_default();
    assert!(
        allowed.iter().any(|state| state == session.state()),
        "{what}: another state opens"
    );
    session.settle_flight().expect("settles");
    session.close().expect("goes on");
}
