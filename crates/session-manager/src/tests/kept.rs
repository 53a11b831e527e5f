//! When the file of running jobs is used again, when it is not, and that files of the first layout are read.

use std::ffi::OsStr;
use std::sync::Arc;

use session_state::{IoLog, IoStream, JobId, JobOutcome, JobResult};
use session_storage::{CrashFs, Dir, Fs, OpenMode, WellKnownDirs};

use super::kit::{empty_fs, job, options, process, repository};
use crate::{Fate, FateRow, FlightAction, SessionManager, find_session};

const RUNNING: &str = "running.part";

/// A session of two jobs, saved.
fn session(fs: &CrashFs) -> SessionManager {
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let mut session = SessionManager::builder(repository, options())
        .create_with_job_list(["a", "b"].map(|id| job(id, &[("command", "true")])))
        .unwrap();
    session
        .state_mut()
        .update_desired_jobs(&["a".into(), "b".into()]);
    session.checkpoint().unwrap();
    session
}

/// What the next process finds after a kill on the same boot.
fn load(fs: &CrashFs) -> SessionManager {
    let shared: Arc<dyn Fs> = Arc::new(fs.after_kill());
    let repository = repository(shared).unwrap();
    let storage = find_session(&repository, "session-", &options()).unwrap();
    SessionManager::load_session(storage, options(), None).unwrap()
}

fn logs(session: &SessionManager) -> Arc<dyn Dir> {
    WellKnownDirs::new(session.storage()).io_logs().unwrap()
}

fn names(session: &SessionManager) -> Vec<String> {
    let entries = logs(session).entries().unwrap();
    let mut names: Vec<String> = entries
        .into_iter()
        .map(|entry| entry.name.into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

fn row(fate: &Fate) -> FateRow {
    match fate {
        Fate::Decided { row, .. } => *row,
        other => panic!("{other:?}"),
    }
}

fn pass() -> JobResult {
    JobResult::of(JobOutcome::Pass)
}

#[test]
fn an_attempt_begun_while_the_file_is_needed_has_one_of_its_own() {
    let fs = empty_fs();
    let mut session = session(&fs);
    let (a, b) = (JobId::from("a"), JobId::from("b"));
    session.begin_job(&a).unwrap();
    let log = session.open_log(&a).unwrap();
    session.finish_job(log, pass()).unwrap();
    // Its result is not durable: the log is what says that it was started.
    let log = session.open_log(&b).unwrap();
    assert_eq!(names(&session), ["b.log.part", RUNNING]);
    let mut again = load(&fs);
    assert_eq!(row(&again.settle_flight().unwrap()), FateRow::CutShort);
    assert_eq!(names(&again), ["a.log", "b.log"]);

    session.finish_job(log, pass()).unwrap();
    session.checkpoint().unwrap();
    assert_eq!(names(&session), [RUNNING]);
    session.begin_job(&a).unwrap();
    let log = session.open_log(&a).unwrap();
    assert_eq!(names(&session), [RUNNING]);
    session.abandon_job(log).unwrap();
    assert_eq!(names(&session), ["a.2.log"]);
}

/// The file still names the job before: that one ended, and the next was not started.
#[test]
fn a_run_that_is_killed_between_two_jobs_leaves_no_process_and_no_log() {
    let fs = empty_fs();
    let mut session = session(&fs);
    session.begin_job(&"a".into()).unwrap();
    let mut log = session.open_log(&"a".into()).unwrap();
    log.started(&process()).unwrap();
    session.finish_job(log, pass()).unwrap();
    session.begin_job(&"b".into()).unwrap();
    let mut again = load(&fs);
    assert_eq!(again.left_over().processes, []);
    assert_eq!(row(&again.settle_flight().unwrap()), FateRow::NotStarted);
    assert_eq!(names(&again), [""; 0]);
    again.begin_job(&"b".into()).unwrap();
    let b = again.state().job_state("b").unwrap();
    assert_eq!((b.started_attempts(), b.attempts_begun()), (1, 1));
}

#[test]
fn a_log_that_was_given_up_without_a_word_is_not_written_over() {
    let fs = empty_fs();
    let mut session = session(&fs);
    let (a, b) = (JobId::from("a"), JobId::from("b"));
    session.begin_job(&a).unwrap();
    let mut log = session.open_log(&a).unwrap();
    log.started(&process()).unwrap();
    drop(log);
    session.begin_job(&b).unwrap();
    drop(session.open_log(&b).unwrap());
    let mut again = load(&fs);
    assert_eq!(again.left_over().processes, [process()]);
    again.settle_flight().unwrap();
    assert_eq!(names(&again), ["a.log", "b.log"]);
}

#[test]
fn a_file_that_grew_large_is_not_kept() {
    let fs = empty_fs();
    let mut session = session(&fs);
    session.begin_job(&"a".into()).unwrap();
    let mut log = session.open_log(&"a".into()).unwrap();
    log.record(IoStream::Stdout, 0.0, &vec![b'x'; 80 << 10])
        .unwrap();
    session.finish_job(log, pass()).unwrap();
    session.checkpoint().unwrap();
    assert_eq!(names(&session), ["a.record.gz", "a.stderr", "a.stdout"]);
}

/// What a killed run of the first layout left: a file for each attempt, its lines without checks.
#[test]
fn logs_of_the_first_layout_are_read() {
    let fs = empty_fs();
    let mut session = session(&fs);
    session.begin_job(&"a".into()).unwrap();
    let head = "{\"part\":1,\"session\":\"s\",\"job\":\"a\",\"attempt\":1}";
    let process_line = serde_json::to_string(&process()).unwrap();
    let text = format!("{head}\n{process_line}\n[0.5,\"stdout\",\"bGFzdAo=\"]\n[0.5,\"std");
    let file = logs(&session).open_file(OsStr::new("a.log.part"), OpenMode::CreateNew);
    file.unwrap().write_all_at(text.as_bytes(), 0).unwrap();
    drop(session);
    let mut options = options();
    options.attempts_max = 1;
    let shared: Arc<dyn Fs> = Arc::new(fs.after_kill());
    let storage = find_session(&repository(shared).unwrap(), "session-", &options).unwrap();
    let mut again = SessionManager::load_session(storage, options, None).unwrap();
    assert_eq!(again.left_over().processes, [process()]);
    let fate = again.settle_flight().unwrap();
    let crash = FlightAction::Record(JobOutcome::Crash);
    assert!(
        matches!(&fate, Fate::Decided { row: FateRow::TooOften, action, .. } if *action == crash),
        "{fate:?}"
    );
    assert_eq!(names(&again), ["a.log"]);
    let result = again.state().job_state("a").unwrap().result();
    let IoLog::Memory(records) = &result.io_log else {
        panic!("a short log stays with the result")
    };
    assert_eq!(&*records[0].data, b"last\n");
}

/// The shared directory is looked at under its name: one that a job put in its place counts.
#[test]
fn a_result_in_a_shared_directory_that_was_made_anew_is_taken_away() {
    let fs = empty_fs();
    let mut session = session(&fs);
    session.begin_job(&"a".into()).unwrap();
    let dir = Arc::clone(session.storage().dir());
    let name = OsStr::new("session-share");
    dir.rename(name, OsStr::new("moved")).unwrap();
    dir.make_dir(name).unwrap();
    let share = WellKnownDirs::new(session.storage())
        .session_share()
        .unwrap();
    let result = OsStr::new("__result");
    let file = share.open_file(result, OpenMode::CreateNew).unwrap();
    file.write_all_at(b"{\"outcome\": \"pass\"}", 0).unwrap();
    session.begin_job(&"b".into()).unwrap();
    assert_eq!(share.metadata(result).unwrap(), None);
}

/// Without the directory no result can lie in it: the next job begins, and what a link leads to is left alone.
#[test]
fn a_shared_directory_that_a_job_took_away_does_not_hold_up_the_next_one() {
    let fs = empty_fs();
    let mut session = session(&fs);
    let dir = Arc::clone(session.storage().dir());
    let name = OsStr::new("session-share");
    dir.rename(name, OsStr::new("moved")).unwrap();
    session.begin_job(&"a".into()).unwrap();
    let outside = dir.open_dir(OsStr::new("moved")).unwrap();
    let result = OsStr::new("__result");
    outside.open_file(result, OpenMode::CreateNew).unwrap();
    dir.make_symlink(OsStr::new("moved"), name).unwrap();
    session.begin_job(&"b".into()).unwrap();
    assert!(outside.metadata(result).unwrap().is_some());
}
