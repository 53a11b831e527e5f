//! The documented operations: create, wrap, load with an early callback, checkpoint, destroy, list and find.

use std::sync::Arc;

use camino::Utf8Path;
use session_state::{
    DeviceContext, DeviceError, JobId, JobOutcome, JobResult, Provider, SessionState, Unit,
};
use session_storage::{CrashFs, Fs, Repository};

use super::kit::{PLACE, empty_fs, job, options, repository};
use crate::{
    CreateError, DormantSession, FindError, LoadError, PeekKind, ReadError, SessionManager,
    SessionManagerBuilder, find_session, latest, peek_session,
};

fn builder(fs: &CrashFs) -> SessionManagerBuilder {
    SessionManager::builder(repository(Arc::new(fs.clone())).unwrap(), options())
}

/// The repository as the next process sees it after a kill.
fn next_process(fs: &CrashFs) -> Repository {
    let fs: Arc<dyn Fs> = Arc::new(fs.after_kill());
    Repository::open(fs, Utf8Path::new(PLACE)).unwrap()
}

fn passed(id: &str) -> SessionState {
    let mut state = SessionState::with_jobs([job(id, &[("command", "true")])]).unwrap();
    state.update_desired_jobs(&[id.into()]);
    state
        .update_job_result(&id.into(), JobResult::of(JobOutcome::Pass), None)
        .unwrap();
    state
}

#[test]
fn a_wrapped_state_comes_back_as_it_was() {
    let fs = empty_fs();
    let state = passed("a");
    let mut session = builder(&fs).create_with_state(state.clone()).unwrap();
    session.checkpoint().unwrap();
    let storage = find_session(&next_process(&fs), "latest", &options()).unwrap();
    let loaded = SessionManager::load_session(storage, options(), None).unwrap();
    assert_eq!(loaded.state(), &state);
    assert_eq!(loaded.uuid_text(), session.uuid_text());
    assert_eq!(loaded.id(), session.id());
}

#[test]
fn a_session_that_was_never_saved_says_so() {
    let fs = empty_fs();
    drop(builder(&fs).create_with_job_list([]).unwrap());
    let repository = next_process(&fs);
    let storage = find_session(&repository, "session-", &options()).unwrap();
    assert!(matches!(
        peek_session(&storage, &options()),
        Err(ReadError::NoCheckpoint)
    ));
    assert!(matches!(
        DormantSession::read(&storage, &options()),
        Err(ReadError::NoCheckpoint)
    ));
    assert!(latest(&repository, &options()).unwrap().is_none());
    let error = SessionManager::load_session(storage, options(), None).unwrap_err();
    assert!(matches!(error, LoadError::NoCheckpoint { .. }), "{error}");
}

#[test]
fn the_early_callback_sees_a_fresh_state_and_may_replace_it() {
    let fs = empty_fs();
    let state = passed("a");
    builder(&fs)
        .create_with_state(state.clone())
        .unwrap()
        .close()
        .unwrap();
    let storage = find_session(&next_process(&fs), "latest", &options()).unwrap();
    let mut calls = 0;
    let mut early = |fresh: &mut SessionState| {
        calls += 1;
        assert_eq!(fresh.job_count(), 0, "nothing is restored yet");
        Some(SessionState::new())
    };
    let loaded = SessionManager::load_session(storage, options(), Some(&mut early)).unwrap();
    assert_eq!(loaded.state(), &state);
    assert_eq!(calls, 1);
}

#[test]
fn one_process_at_a_time_writes_and_others_read() {
    let fs = empty_fs();
    let mut session = builder(&fs).create_with_state(passed("a")).unwrap();
    session.checkpoint().unwrap();
    let other: Arc<dyn Fs> = Arc::new(fs.new_process());
    let repository = Repository::open(other, Utf8Path::new(PLACE)).unwrap();
    let storage = find_session(&repository, "latest", &options()).unwrap();
    let seen = DormantSession::read(&storage, &options()).unwrap();
    assert_eq!(&seen.state, session.state());
    let error = SessionManager::load_session(storage, options(), None).unwrap_err();
    assert!(error.is_held(), "{error}");
}

#[test]
fn a_peek_counts_without_decoding() {
    let fs = empty_fs();
    let mut session = builder(&fs).create_with_state(passed("a")).unwrap();
    session.checkpoint().unwrap();
    session.state_mut().set_title(Some("later".into()));
    session.checkpoint().unwrap();
    let peek = peek_session(session.storage(), &options()).unwrap();
    let PeekKind::Native(summary) = peek.kind else {
        panic!("a native session")
    };
    assert_eq!(summary.title.as_deref(), Some("later"));
    assert_eq!(
        (summary.jobs_total, summary.jobs_with(JobOutcome::Pass)),
        (1, 1)
    );
}

#[test]
fn a_destroyed_session_is_gone() {
    let fs = empty_fs();
    let repository = repository(Arc::new(fs.clone())).unwrap();
    let mut session = builder(&fs).create_with_state(passed("a")).unwrap();
    session.checkpoint().unwrap();
    session.destroy(&repository).unwrap();
    assert!(next_process(&fs).entries().unwrap().is_empty());
    assert!(matches!(
        find_session(&repository, "latest", &options()),
        Err(FindError::Empty { .. })
    ));
}

#[test]
fn legacy_mode_keeps_one_session_and_a_link_to_it() {
    let fs = empty_fs();
    let mut first = builder(&fs)
        .legacy_mode(true)
        .create_with_state(passed("a"))
        .unwrap();
    first.checkpoint().unwrap();
    drop(first);
    let mut second = builder(&fs)
        .legacy_mode(true)
        .create_with_state(passed("b"))
        .unwrap();
    second.checkpoint().unwrap();
    let repository = next_process(&fs);
    assert_eq!(repository.entries().unwrap().len(), 1);
    let last = repository
        .last_storage()
        .unwrap()
        .expect("the link leads to it");
    let loaded = SessionManager::load_session(last, options(), None).unwrap();
    assert!(loaded.state().job_state(JobId::from("b")).is_some());
}

#[test]
fn ids_are_found_by_their_beginnings_and_near_ones_are_named() {
    let fs = empty_fs();
    let mut ids = Vec::new();
    for prefix in ["alpha-", "beta-", "beta-"] {
        let mut session = builder(&fs)
            .prefix(prefix)
            .create_with_state(passed("a"))
            .unwrap();
        session.checkpoint().unwrap();
        ids.push(session.id().to_string());
    }
    let repository = next_process(&fs);
    let find = |text: &str| find_session(&repository, text, &options());
    for id in &ids {
        assert_eq!(find(id).unwrap().id().as_str(), id);
    }
    assert_eq!(find("al").unwrap().id().as_str(), ids[0]);
    assert!(matches!(find("beta-"), Err(FindError::Ambiguous { ids, .. }) if ids.len() == 2));
    let wrong = ids[0].replace("alpha", "alhpa");
    let Err(FindError::Unknown { nearest, .. }) = find(&wrong) else {
        panic!("{wrong} does not exist")
    };
    assert_eq!(nearest.first(), ids.first());
    assert!(matches!(find(""), Err(FindError::Unknown { .. })));
}

#[test]
fn a_session_is_of_one_device() {
    let fs = empty_fs();
    let two = [DeviceContext::default(), DeviceContext::default()];
    let refused = builder(&fs).create_with_device_contexts(two).unwrap_err();
    assert!(matches!(
        refused,
        CreateError::SeveralDevices { devices: 2 }
    ));
    let listed = next_process(&fs).entries().unwrap();
    assert_eq!(listed.len(), 0, "nothing was made");

    let mut device = DeviceContext::default();
    let units = vec![Unit::Job(job("a", &[("command", "true")]))];
    let provider = Provider {
        name: "checks".into(),
        namespace: None,
        units,
    };
    device.add_provider(provider.clone()).unwrap();
    let mut session = builder(&fs).create_with_device_contexts([device]).unwrap();
    let twice = session.device_context_mut().add_provider(provider);
    assert!(matches!(twice, Err(DeviceError::ProviderTwice { .. })));
    let later = Unit::Job(job("b", &[("command", "true")]));
    session
        .device_context_mut()
        .add_unit(later.clone())
        .unwrap();
    session.checkpoint().unwrap();
    let storage = find_session(&next_process(&fs), "latest", &options()).unwrap();
    let loaded = SessionManager::load_session(storage, options(), None).unwrap();
    assert_eq!(loaded.device_context().unit(Unit::JOB, "b"), Some(later));
    let none = builder(&fs).create_with_device_contexts([]).unwrap();
    assert_eq!(none.state().job_count(), 0);
}
