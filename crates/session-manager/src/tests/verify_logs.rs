//! Logs that are not what they were are found, each in its own words, and nothing is changed by looking.

use std::ffi::OsStr;
use std::sync::Arc;

use session_state::{IoLog, IoStream, JobId, JobOutcome, JobResult, StoredLog};
use session_storage::{CrashFs, Dir, OpenMode, WellKnownDirs};

use super::kit::{empty_fs, job, options, process, repository};
use crate::{LogFault, SessionManager, VerifiedLogs, verify_logs};

const JOBS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A session of jobs with long output, each in a file of its own.
fn session(fs: &CrashFs) -> SessionManager {
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let mut session = SessionManager::builder(repository, options())
        .create_with_job_list(JOBS.map(|id| job(id, &[("command", "true")])))
        .unwrap();
    for id in JOBS.map(JobId::from) {
        session.begin_job(&id).unwrap();
        let mut log = session.open_log(&id).unwrap();
        log.started(&process()).unwrap();
        for step in 0..40_u8 {
            let line = [step.wrapping_mul(37); 3000];
            log.record(IoStream::Stdout, 0.5, &line).unwrap();
        }
        let result = JobResult::of(JobOutcome::Pass);
        session.finish_job(log, result).unwrap();
    }
    session.checkpoint().unwrap();
    session
}

fn logs(session: &SessionManager) -> Arc<dyn Dir> {
    WellKnownDirs::new(session.storage()).io_logs().unwrap()
}

fn name(session: &SessionManager, id: &str) -> String {
    match &session.state().job_state(id).unwrap().result().io_log {
        IoLog::Stored(log) => log.path.strip_prefix("io-logs/").unwrap().to_owned(),
        IoLog::Memory(_) => panic!("the output is long"),
    }
}

fn verify(session: &SessionManager) -> VerifiedLogs {
    verify_logs(session.storage(), session.state())
}

fn faults(verified: &VerifiedLogs) -> Vec<(&str, &str)> {
    let problems = verified.problems.iter();
    problems
        .map(|problem| (problem.job.as_str(), problem.fault.as_str()))
        .collect()
}

#[test]
fn sound_logs_are_proven_by_length_and_hash() {
    let session = session(&empty_fs());
    let verified = verify(&session);
    assert_eq!((verified.proven, verified.unproven), (5, 0));
    assert!(verified.proven_bytes > 500, "{verified:?}");
    assert!(verified.problems.is_empty(), "{verified:?}");
}

#[test]
fn a_log_that_is_missing_cut_longer_or_other_is_named() {
    let fs = empty_fs();
    let session = session(&fs);
    let dir = logs(&session);
    let named = |id: &str| name(&session, id);
    dir.remove_file(OsStr::new(&named("a"))).unwrap();
    let open = |id: &str| dir.open_file(OsStr::new(&named(id)), OpenMode::ReadWrite);
    let cut = open("b").unwrap();
    let length = cut.metadata().unwrap().len;
    cut.set_len(length - 1).unwrap();
    open("c").unwrap().write_all_at(b"x", length).unwrap();
    let mut byte = [0];
    let changed = open("d").unwrap();
    changed.read_full_at(&mut byte, length - 1).unwrap();
    changed.write_all_at(&[byte[0] ^ 1], length - 1).unwrap();
    let before = fs.operations();
    let verified = verify(&session);
    assert_eq!(fs.operations(), before, "verifying changes nothing");
    assert_eq!(
        faults(&verified),
        [
            ("a", "missing"),
            ("b", "too-short"),
            ("c", "too-long"),
            ("d", "differs")
        ]
    );
    assert_eq!(verified.proven, 1);
    let told = |at: usize| verified.problems[at].fault.to_string();
    assert!(
        told(1).contains(&format!("{} bytes instead of {length}", length - 1)),
        "{}",
        told(1)
    );
    assert!(verified.problems[0].path.starts_with("io-logs/a"));
}

#[test]
fn links_and_names_that_lead_out_are_not_followed_and_unhashed_logs_only_counted() {
    let mut session = session(&empty_fs());
    let dir = logs(&session);
    let first = name(&session, "a");
    dir.remove_file(OsStr::new(&first)).unwrap();
    dir.make_symlink(OsStr::new(&name(&session, "b")), OsStr::new(&first))
        .unwrap();
    let stored = |path: &str, identity| JobResult {
        io_log: IoLog::Stored(StoredLog {
            path: path.into(),
            identity,
        }),
        ..JobResult::of(JobOutcome::Fail)
    };
    for (id, path, identity) in [
        ("c", "../outside.record.gz", Some((1, [1; 16]))),
        ("d", "/etc/passwd", Some((1, [1; 16]))),
        ("e", "/elsewhere/log.gz", None),
    ] {
        let state = session.state_mut();
        state
            .update_job_result(&id.into(), stored(path, identity), None)
            .unwrap();
    }
    let verified = verify(&session);
    let unreadable = verified
        .problems
        .iter()
        .filter(|problem| matches!(problem.fault, LogFault::Unreadable(_)));
    assert_eq!(unreadable.count(), 3, "{verified:?}");
    assert_eq!(verified.problems.len(), 3, "{verified:?}");
    assert_eq!(verified.unproven, 1);
    assert_eq!(
        verified.proven, 4,
        "earlier results keep their logs, and these are proven too"
    );
}
