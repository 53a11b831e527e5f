//! Sessions given up: results stay, the request survives whoever made it, nothing is gone on with.

use std::sync::Arc;

use camino::Utf8Path;
use session_state::JobOutcome;
use session_storage::{CrashFs, Fs, Repository};

use super::kit::{PLACE, empty_fs, in_flight, job, options};
use crate::{
    AbortError, DormantSession, Lifecycle, Refusal, ResumeEnvironment, ResumePolicy,
    SessionManager, abort_requested, find_session, plan_resume, request_abort,
};

/// A session with a done job and one that runs.
fn running(fs: &CrashFs) -> SessionManager {
    let jobs = ["a", "b", "c"].map(|id| job(id, &[("command", "true")]));
    in_flight(fs, options(), jobs.into())
}

fn open(fs: &CrashFs) -> session_storage::SessionStorage {
    let fs: Arc<dyn Fs> = Arc::new(fs.clone());
    let repository = Repository::open(fs, Utf8Path::new(PLACE)).unwrap();
    find_session(&repository, "session-", &options()).unwrap()
}

#[test]
fn an_aborted_session_keeps_its_results_and_has_nothing_in_flight() {
    let fs = empty_fs();
    drop(running(&fs));
    let next = fs.after_kill();
    let mut session = SessionManager::load_session(open(&next), options(), None).unwrap();
    session.abort().unwrap();
    assert_eq!(session.lifecycle(), Lifecycle::Aborted);
    session.close().unwrap();
    let dormant = DormantSession::read(&open(&next.after_power_cut()), &options()).unwrap();
    assert_eq!(Lifecycle::of_state(&dormant.state), Lifecycle::Aborted);
    assert_eq!(
        dormant.state.job_state("a").unwrap().outcome(),
        Some(JobOutcome::Pass)
    );
    assert_eq!(dormant.state.metadata().intent, None);
    let mut again = SessionManager::load_session(open(&next), options(), None).unwrap();
    assert!(matches!(again.abort(), Err(AbortError::Lifecycle(_))));
}

#[test]
fn a_request_needs_no_lock_and_is_followed_by_who_holds_it() {
    let fs = empty_fs();
    let mut session = running(&fs);
    let beside = fs.new_process();
    assert!(!abort_requested(session.storage()).unwrap());
    request_abort(&open(&beside)).unwrap();
    request_abort(&open(&beside)).unwrap();
    assert!(abort_requested(session.storage()).unwrap());
    session.abort().unwrap();
    assert!(!abort_requested(session.storage()).unwrap());
}

/// Whoever is killed on the way: the request stands, and the session is not gone on with.
#[test]
fn a_request_survives_and_keeps_the_session_from_being_gone_on_with() {
    let fs = empty_fs();
    let session = running(&fs);
    request_abort(&open(&fs.new_process())).unwrap();
    drop(session);
    for next in [fs.after_kill(), fs.after_power_cut()] {
        let storage = open(&next);
        let environment = ResumeEnvironment::of(&options(), ResumePolicy::default());
        let plan = plan_resume(
            &DormantSession::read(&storage, &options()).unwrap(),
            None,
            &environment,
        );
        assert_eq!(plan.refusals, [Refusal::AbortRequested]);
        let mut session = SessionManager::load_session(storage, options(), None).unwrap();
        session.abort().unwrap();
    }
}
