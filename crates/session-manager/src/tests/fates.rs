//! What becomes of the job in flight.

use std::sync::Arc;

use session_state::{IoStream, JobId, JobOutcome, JobResult};
use session_storage::{CrashFs, Fs};

use super::kit::{empty_fs, job, options_of_boot, process, repository};
use crate::{Fate, FateRow, FlightAction, SessionManager, find_session};

fn decided(job: &JobId, attempt: u32, row: FateRow, action: FlightAction) -> Fate {
    Fate::Decided {
        job: job.clone(),
        attempt,
        row,
        action,
    }
}

/// What the next process finds, and the disk it writes to.
fn load_on(fs: &CrashFs, boot: &str) -> (CrashFs, SessionManager) {
    let next = fs.after_kill();
    let shared: Arc<dyn Fs> = Arc::new(next.clone());
    let repository = repository(shared).unwrap();
    let storage = find_session(&repository, "session-", &options_of_boot(boot)).unwrap();
    let session = SessionManager::load_session(storage, options_of_boot(boot), None).unwrap();
    (next, session)
}

fn load(fs: &CrashFs, boot: &str) -> SessionManager {
    load_on(fs, boot).1
}

/// A session with one job, begun and killed; `started` tells whether the job's log was opened.
fn begun(started: bool) -> (CrashFs, JobId) {
    let fs = empty_fs();
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let mut session = SessionManager::builder(repository, options_of_boot("boot-1"))
        .create_with_job_list([job("a", &[("command", "true")])])
        .unwrap();
    let id = JobId::from("a");
    session
        .state_mut()
        .update_desired_jobs(std::slice::from_ref(&id));
    session.checkpoint().unwrap();
    session.begin_job(&id).unwrap();
    if started {
        let mut log = session.open_log(&id).unwrap();
        log.started(&process()).unwrap();
        log.record(IoStream::Stdout, 0.0, b"half a line").unwrap();
        drop(log);
    }
    (fs, id)
}

#[test]
fn an_announced_job_that_never_started_is_not_counted() {
    let (fs, id) = begun(false);
    let mut session = load(&fs, "boot-1");
    let fate = session.settle_flight().unwrap();
    assert_eq!(
        fate,
        decided(&id, 1, FateRow::NotStarted, FlightAction::RunNow)
    );
    session.begin_job(&id).unwrap();
    let job = session.state().job_state(&id).unwrap();
    assert_eq!((job.started_attempts(), job.attempts_begun()), (1, 1));
}

/// After a reboot the missing log proves nothing: it may have been lost with the cache.
#[test]
fn after_a_reboot_an_announced_job_counts_as_started() {
    let (fs, id) = begun(false);
    let mut session = load(&fs, "boot-2");
    let fate = session.settle_flight().unwrap();
    assert_eq!(
        fate,
        decided(&id, 1, FateRow::CutShort, FlightAction::RunAgain)
    );
}

#[test]
fn the_third_started_attempt_is_the_last() {
    let (mut fs, id) = begun(true);
    for attempt in 1..=2 {
        let (next, mut session) = load_on(&fs, "boot-1");
        assert_eq!(session.left_over().processes, [process()]);
        let fate = session.settle_flight().unwrap();
        assert_eq!(
            fate,
            decided(&id, attempt, FateRow::CutShort, FlightAction::RunAgain)
        );
        session.begin_job(&id).unwrap();
        let mut log = session.open_log(&id).unwrap();
        log.started(&process()).unwrap();
        log.record(IoStream::Stderr, 0.0, b"last words\n").unwrap();
        drop((log, session));
        fs = next;
    }
    let mut session = load(&fs, "boot-1");
    let fate = session.settle_flight().unwrap();
    let crash = FlightAction::Record(JobOutcome::Crash);
    assert_eq!(fate, decided(&id, 3, FateRow::TooOften, crash));
    let result = session.state().job_state(&id).unwrap().result().clone();
    assert_eq!(result.outcome, Some(JobOutcome::Crash));
    assert!(result.comments.unwrap().contains("started 3 times"));
    let session_state::IoLog::Memory(records) = result.io_log else {
        panic!("a short log stays with the result")
    };
    assert_eq!(&*records.first().unwrap().data, b"last words\n");
    assert_eq!(session.state().metadata().intent, None);
}

#[test]
fn stopped_on_purpose_the_attempts_are_counted_afresh() {
    let (fs, id) = begun(true);
    let mut session = load(&fs, "boot-1");
    session.settle_flight().unwrap();
    session.begin_job(&id).unwrap();
    let log = session.open_log(&id).unwrap();
    session.abandon_job(log).unwrap();
    let job = session.state().job_state(&id).unwrap();
    assert_eq!((job.started_attempts(), job.attempts_begun()), (0, 2));
    assert_eq!((job.outcome(), job.can_start()), (None, true));
    assert_eq!(session.state().metadata().intent, None);
    session
        .state_mut()
        .update_job_result(&id, JobResult::of(JobOutcome::Pass), None)
        .unwrap();
    session.close().unwrap();
}

/// Found by the model: the note of an attempt that never started goes with a result of its job, and beginning the job
/// then needs a note of its own.
#[test]
fn an_announcement_that_a_result_withdrew_is_made_anew() {
    let (fs, id) = begun(false);
    let (next, mut session) = load_on(&fs, "boot-1");
    session.settle_flight().unwrap();
    session
        .state_mut()
        .update_job_result(&id, JobResult::default(), None)
        .unwrap();
    assert_eq!(session.state().metadata().intent, None);
    session.begin_job(&id).unwrap();
    drop(session.open_log(&id).unwrap());
    drop(session);
    let mut session = load(&next, "boot-1");
    let fate = session.settle_flight().unwrap();
    assert_eq!(
        fate,
        decided(&id, 2, FateRow::CutShort, FlightAction::RunAgain)
    );
}
