//! A full disk: the run pauses in time, the reason is durable, and going on needs no restart.

use std::sync::Arc;

use session_state::{JobId, JobOutcome, JobResult};
use session_storage::{CrashFs, Space};

use super::kit::{empty_fs, job, options, repository};
use crate::{
    DormantSession, Fate, FateRow, Lifecycle, LoadError, PauseReason, SessionManager, find_session,
};

/// A session that runs, with a job to do, all of it durable.
fn running(fs: &CrashFs) -> SessionManager {
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let mut session = SessionManager::builder(repository, options())
        .create_with_job_list([job("a", &[("command", "true")])])
        .unwrap();
    let desired = [JobId::from("a")];
    assert!(session.state_mut().update_desired_jobs(&desired).is_empty());
    session.enter(Lifecycle::Running).unwrap();
    session.checkpoint().unwrap();
    session
}

/// Checkpoints until the room that was put aside comes to its end, and answers what the last one said.
fn use_up(session: &mut SessionManager) -> Space {
    let mut was_full = 0;
    for step in 0..40 {
        session.state_mut().set_app_blob(Some(vec![step; 300]));
        let space = session.checkpoint().expect("what was put aside serves");
        was_full += u32::from(space != Space::Plenty);
        if space.is_running_out() {
            assert!(was_full > 1, "the disk was full before the room ran out");
            return space;
        }
    }
    panic!("the room never ran out");
}

fn load(fs: &CrashFs) -> Result<SessionManager, LoadError> {
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let storage = find_session(&repository, "latest", &options()).unwrap();
    SessionManager::load_session(storage, options(), None)
}

fn dormant(fs: &CrashFs) -> DormantSession {
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let storage = find_session(&repository, "latest", &options()).unwrap();
    DormantSession::read(&storage, &options()).expect("reading needs no room")
}

#[test]
fn a_pause_on_a_full_disk_is_durable_and_says_why() {
    let fs = empty_fs();
    let mut session = running(&fs);
    fs.set_free_space(Some(0));
    use_up(&mut session);
    session.pause(PauseReason::DiskFull);
    session.checkpoint().expect("a quarter is left for this");
    let paused = session.state().clone();

    for image in [fs.after_power_cut(), fs.after_kill()] {
        let seen = dormant(&image);
        assert_eq!(seen.state, paused);
        let flags = &seen.state.metadata().flags;
        assert_eq!(PauseReason::of(flags), Some(PauseReason::DiskFull));
        if let Err(error) = load(&image) {
            assert!(error.is_disk_full(), "{error:?}");
        }
        image.set_free_space(None);
        let mut again = load(&image).expect("there is room");
        let report = again.load_report().expect("it was loaded");
        assert_eq!(report.paused, Some(PauseReason::DiskFull));
        assert_eq!(again.lifecycle(), Lifecycle::Paused);
        assert_eq!(*again.state(), paused);
        again.enter(Lifecycle::Running).unwrap();
        assert_eq!(again.pause_reason(), None);
        again.close().expect("there is room");
        let later = load(&image).expect("there is room");
        assert_eq!(later.load_report().and_then(|report| report.paused), None);
    }
}

#[test]
fn a_paused_session_goes_on_without_a_restart_when_room_returns() {
    let fs = empty_fs();
    let mut session = running(&fs);
    fs.set_free_space(Some(0));
    use_up(&mut session);
    session.pause(PauseReason::DiskFull);
    let space = session.checkpoint().expect("a quarter is left for this");
    assert!(matches!(space, Space::DiskFull { .. }), "{space:?}");

    fs.set_free_space(None);
    session.enter(Lifecycle::Running).unwrap();
    assert_eq!(session.pause_reason(), None);
    let job = JobId::from("a");
    assert_eq!(session.begin_job(&job).unwrap(), Space::Plenty);
    let log = session.open_log(&job).unwrap();
    let result = JobResult::of(JobOutcome::Pass);
    session.finish_job(log, result).unwrap();
    session.enter(Lifecycle::Finished).unwrap();
    assert_eq!(session.checkpoint().unwrap(), Space::Plenty);
    let done = session.state().clone();
    assert_eq!(dormant(&fs.after_power_cut()).state, done);
}

#[test]
fn a_log_without_room_is_not_begun_and_its_attempt_not_counted() {
    let fs = empty_fs();
    let mut session = running(&fs);
    let job = JobId::from("a");
    session.begin_job(&job).expect("a frame fits");
    fs.set_free_space(Some(0));
    let refused = session.open_log(&job).expect_err("there is no room");
    assert!(refused.is_disk_full(), "{refused:?}");
    session.pause(PauseReason::DiskFull);
    session.checkpoint().expect("what was put aside serves");
    drop(session);
    fs.set_free_space(None);
    let mut again = load(&fs.after_kill()).expect("there is room");
    let fate = again.settle_flight().unwrap();
    let Fate::Decided { row, attempt, .. } = fate else {
        panic!("{fate:?}")
    };
    assert_eq!((row, attempt), (FateRow::NotStarted, 1));
}

#[test]
fn what_is_set_up_stays_so_and_what_is_over_cannot_pause() {
    for (lifecycle, after, why) in [
        (
            Lifecycle::SettingUp,
            Lifecycle::SettingUp,
            Some(PauseReason::DiskFull),
        ),
        (
            Lifecycle::Bootstrapping,
            Lifecycle::Bootstrapping,
            Some(PauseReason::DiskFull),
        ),
        (
            Lifecycle::Running,
            Lifecycle::Paused,
            Some(PauseReason::DiskFull),
        ),
        (Lifecycle::Aborted, Lifecycle::Aborted, None),
    ] {
        let repository = repository(Arc::new(empty_fs())).unwrap();
        let mut session = SessionManager::builder(repository, options())
            .create_with_job_list([job("a", &[("command", "true")])])
            .unwrap();
        session.enter(lifecycle).unwrap();
        session.pause(PauseReason::DiskFull);
        assert_eq!(session.lifecycle(), after);
        assert_eq!(session.pause_reason(), why);
        session.pause(PauseReason::DiskFull);
        assert_eq!(session.pause_reason(), why, "twice is once");
    }
}
