//! Sessions kept in a Checkbox format: made, saved, loaded, planned, resumed; the version stays until asked for.

use std::sync::Arc;

use camino::Utf8Path;
use session_state::{IoStream, JobDefinition, JobId, JobOutcome, JobResult};
use session_storage::{CrashFs, FailFs, Failure, Fs, Operation, Repository, SessionStorage};
use suspend_resume::{Format, Peek, peek};

use super::kit::{PLACE, empty_fs, job, options, repository};
use crate::{
    ApplyError, CauseOfDeath, CheckpointError, DormantSession, DriftPolicy, FateRow, JobAction,
    KnownUnits, Lifecycle, LoadError, PeekKind, Refusal, ResumeEnvironment, ResumePolicy,
    SessionManager, SessionMark, peek_session, plan_resume,
};

fn definitions(command: &str) -> Vec<Arc<JobDefinition>> {
    vec![
        job("facts", &[("plugin", "resource"), ("command", "list")]),
        job(
            "a",
            &[
                ("plugin", "shell"),
                ("command", "true"),
                ("requires", "facts.name == 'a'"),
            ],
        ),
        job(
            "b",
            &[("plugin", "shell"), ("command", command), ("depends", "a")],
        ),
    ]
}

fn known(command: &str) -> KnownUnits {
    KnownUnits::new(definitions(command), Vec::new())
}

/// A session of this version whose last job is in flight; the first one wrote much.
fn flying(fs: Arc<dyn Fs>, version: u8) -> SessionManager {
    let mut session = SessionManager::builder(repository(fs).unwrap(), options())
        .format(Format::Checkbox(version))
        .create_with_job_list(definitions("true"))
        .unwrap();
    let ids = ["facts", "a", "b"].map(JobId::from);
    assert!(session.state_mut().update_desired_jobs(&ids).is_empty());
    session.enter(Lifecycle::Running).unwrap();
    session.checkpoint().unwrap();
    for id in &ids {
        session.begin_job(id).unwrap();
        let mut log = session.open_log(id).unwrap();
        log.record(IoStream::Stdout, 0.0, b"name: a\n").unwrap();
        log.record(IoStream::Stderr, 0.0, &[b'x'; 100]).unwrap();
        if id.as_str() != "b" {
            session
                .finish_job(log, JobResult::of(JobOutcome::Pass))
                .unwrap();
        }
    }
    session
}

fn storage(fs: &CrashFs) -> SessionStorage {
    let fs: Arc<dyn Fs> = Arc::new(fs.clone());
    let repository = Repository::open(fs, Utf8Path::new(PLACE)).unwrap();
    let entries = repository.entries().unwrap();
    entries.first().unwrap().open().unwrap()
}

fn version(fs: &CrashFs) -> u8 {
    let bytes = storage(fs)
        .load_checkpoint()
        .unwrap()
        .expect("it was saved");
    match peek(&bytes, &options().limits).unwrap() {
        Peek::Checkbox(seen) => seen.version,
        other @ (Peek::Native(_) | _) => panic!("{other:?}"),
    }
}

#[test]
fn a_new_session_has_the_blob_that_the_writers_of_its_version_gave_it() {
    for number in 1..=11 {
        let fs = empty_fs();
        flying(Arc::new(fs.clone()), number);
        let bytes = storage(&fs).load_checkpoint().unwrap();
        let seen = match peek(&bytes.expect("it was saved"), &options().limits).unwrap() {
            Peek::Checkbox(seen) => seen,
            other @ (Peek::Native(_) | _) => panic!("{other:?}"),
        };
        // Version 1 has none to say, and is read as an empty one.
        let is_empty = number == 1 || number >= 7;
        let expected = is_empty.then(Vec::new);
        assert_eq!(seen.metadata.app_blob, expected, "version {number}");
    }
}

#[test]
fn a_session_is_made_saved_and_loaded_in_any_version() {
    for number in 1..=11 {
        let fs = empty_fs();
        let session = flying(Arc::new(fs.clone()), number);
        assert_eq!(session.kept_as(), Format::Checkbox(number));
        let next = fs.after_power_cut();
        assert_eq!(version(&next), number);
        let loaded =
            SessionManager::load_session_with(storage(&next), options(), &known("true"), None)
                .unwrap();
        assert_eq!(loaded.kept_as(), Format::Checkbox(number));
        for id in ["facts", "a", "b"] {
            let outcome =
                |session: &SessionManager| session.state().job_state(id).unwrap().outcome();
            assert_eq!(
                outcome(&loaded),
                outcome(&session),
                "{id} in version {number}"
            );
        }
        assert!(
            loaded
                .state()
                .job_state("b")
                .unwrap()
                .inhibitors()
                .is_empty()
        );
        assert_eq!(loaded.uuid_text(), session.uuid_text());
    }
}

#[test]
fn the_version_stays_until_another_is_asked_for() {
    let fs = empty_fs();
    flying(Arc::new(fs.clone()), 4).close().unwrap();
    let load = || {
        SessionManager::load_session_with(storage(&fs), options(), &known("true"), None).unwrap()
    };
    let mut session = load();
    session.state_mut().set_title(Some("later".into()));
    session.close().unwrap();
    assert_eq!(version(&fs), 4);
    let mut session = load();
    assert!(session.set_checkbox_version(11).unwrap());
    session.set_checkbox_version(12).unwrap_err();
    session.close().unwrap();
    assert_eq!(version(&fs), 11);
    let mut native = SessionManager::builder(repository(Arc::new(empty_fs())).unwrap(), options())
        .create_with_job_list([])
        .unwrap();
    assert!(!native.set_checkbox_version(11).unwrap());
}

#[test]
fn a_checkpoint_without_changes_writes_nothing() {
    let fs = FailFs::new(Arc::new(empty_fs()));
    let mut session = flying(Arc::new(fs.clone()), 11);
    session.checkpoint().unwrap();
    let before = fs.calls().len();
    session.checkpoint().unwrap();
    let written = fs.calls()[before..]
        .iter()
        .any(|call| call.operation == Operation::Write);
    assert!(!written);
}

#[test]
fn a_checkpoint_that_fails_keeps_the_one_before_and_the_changes() {
    let disk = empty_fs();
    let fs = FailFs::new(Arc::new(disk.clone()));
    let mut session = flying(Arc::new(fs.clone()), 11);
    session.state_mut().set_title(Some("later".into()));
    fs.fail_operation(Operation::SyncFile, Failure::Errno(28));
    let error = session.checkpoint().unwrap_err();
    assert!(matches!(error, CheckpointError::File { .. }), "{error}");
    let title = |disk: &CrashFs| match peek_session(&storage(disk), &options()).unwrap().kind {
        PeekKind::Checkbox { metadata, .. } => metadata.title,
        PeekKind::Native(_) => panic!("kept in a file"),
    };
    assert_eq!(title(&disk.after_kill()), None);
    fs.heal();
    session.checkpoint().unwrap();
    assert_eq!(title(&disk.after_power_cut()).as_deref(), Some("later"));
}

#[test]
fn what_checkbox_would_have_made_of_the_job_in_flight_becomes_of_it() {
    let fs = empty_fs();
    let session = flying(Arc::new(fs.clone()), 11);
    let next = fs.after_kill();
    drop(session);
    // Who asks sees itself, so it would see the one who died.
    let asking = format!("/proc/{}", options().holder.pid);
    next.plant_dir(Utf8Path::new(&asking)).unwrap();
    let place = storage(&next);
    let environment = ResumeEnvironment::of(&options(), ResumePolicy::default());
    let dormant = DormantSession::read_with(&place, &options(), &known("true")).unwrap();
    let plan = plan_resume(&dormant, None, &environment);
    assert_eq!(plan.death, CauseOfDeath::Killed);
    assert_eq!(plan.fate().unwrap().1, FateRow::CheckboxShell);
    assert!(matches!(plan.mark, SessionMark::File { .. }));
    let resumed = plan.apply(&place, &options(), &mut |_| Ok(())).unwrap();
    let b = resumed.manager.state().job_state("b").unwrap();
    assert_eq!(b.outcome(), Some(JobOutcome::Crash));
    drop(resumed);
    let stale = plan.apply(&place, &options(), &mut |_| Ok(())).unwrap_err();
    assert!(matches!(stale, ApplyError::PlanIsStale { .. }), "{stale}");
}

#[test]
fn a_changed_definition_is_refused_by_default_and_kept_when_asked() {
    let fs = empty_fs();
    flying(Arc::new(fs.clone()), 11).close().unwrap();
    let place = storage(&fs);
    let strict = SessionManager::load_session_with(place.clone(), options(), &known("date"), None);
    assert!(matches!(strict, Err(LoadError::Read { .. })));
    for (drift, action, refused) in [
        (None, JobAction::Refuse, true),
        (Some(DriftPolicy::Keep), JobAction::Keep, false),
        (Some(DriftPolicy::Rerun), JobAction::RunAgain, false),
    ] {
        let policy = ResumePolicy {
            drift,
            ..ResumePolicy::default()
        };
        let environment = ResumeEnvironment::of(&options(), policy);
        let mut known = known("true");
        known.jobs[1] = job(
            "a",
            &[
                ("plugin", "shell"),
                ("command", "date"),
                ("requires", "facts.name == 'a'"),
            ],
        );
        let dormant = DormantSession::read_with(&place, &options(), &known).unwrap();
        let plan = plan_resume(&dormant, None, &environment);
        let changed = plan
            .jobs
            .iter()
            .find(|job| job.job.as_str() == "a")
            .unwrap();
        assert_eq!(changed.action, action);
        assert_eq!(changed.differences[0].field, "(checksum)");
        let jobs = vec![JobId::from("a")];
        let expected: Vec<Refusal> = refused
            .then_some(Refusal::Drift { jobs })
            .into_iter()
            .collect();
        assert_eq!(plan.refusals, expected);
    }
}

#[test]
fn a_job_that_was_stopped_on_purpose_is_not_in_flight() {
    let fs = empty_fs();
    let mut session = flying(Arc::new(fs.clone()), 11);
    session.state_mut().set_title(None);
    let id = JobId::from("b");
    session.begin_job(&id).unwrap();
    let log = session.open_log(&id).unwrap();
    session.abandon_job(log).unwrap();
    session.close().unwrap();
    let dormant = DormantSession::read_with(&storage(&fs), &options(), &known("true")).unwrap();
    let environment = ResumeEnvironment::of(&options(), ResumePolicy::default());
    let plan = plan_resume(&dormant, None, &environment);
    assert_eq!((plan.flight, plan.death), (None, CauseOfDeath::CleanClose));
}

#[test]
fn a_session_needs_every_definition() {
    let fs = empty_fs();
    flying(Arc::new(fs.clone()), 11).close().unwrap();
    let error = SessionManager::load_session(storage(&fs), options(), None).unwrap_err();
    assert!(
        matches!(error, LoadError::Read { .. }) && error.is_damaged(),
        "{error}"
    );
}
