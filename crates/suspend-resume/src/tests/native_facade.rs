//! Resuming a native session beside definitions, with an early callback; peeking it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use session_state::{JobDefinition, JobId, JobOutcome, JobResult, SessionState, Signal};

use crate::{
    Format, Limits, Peek, ResumeError, ResumeOptions, SuspendOptions, head_bytes, peek, resume,
    suspend,
};

fn job(id: &str, command: &str) -> Arc<JobDefinition> {
    let fields = vec![("id".into(), id.into()), ("command".into(), command.into())];
    Arc::new(JobDefinition::new(None, fields, None, None))
}

fn session() -> SessionState {
    let mut state = SessionState::with_jobs([job("a", "true"), job("b", "true")]).unwrap();
    state.set_title(Some("night run".to_owned()));
    let pass = JobResult::of(JobOutcome::Pass);
    state
        .update_job_result(&JobId::from("a"), pass, None)
        .unwrap();
    state
}

fn bytes() -> Vec<u8> {
    suspend(&session(), Format::Native, &SuspendOptions::default()).unwrap()
}

#[test]
fn no_definitions_are_needed_and_further_ones_do_no_harm() {
    let further = [job("a", "true"), job("c", "true")];
    for definitions in [&[][..], &further] {
        let state = resume(&bytes(), definitions, &ResumeOptions::default(), None).unwrap();
        assert_eq!(state, session());
    }
}

#[test]
fn a_changed_definition_is_refused_unless_told_otherwise() {
    let changed = [job("a", "false")];
    let error = resume(&bytes(), &changed, &ResumeOptions::default(), None).unwrap_err();
    let ResumeError::IncompatibleJob {
        job: id,
        stored,
        known,
    } = &error
    else {
        panic!("not refused for the job: {error:?}");
    };
    assert_eq!(id.as_str(), "a");
    assert_eq!(*stored, job("a", "true").checksum().to_string());
    assert_eq!(*known, job("a", "false").checksum().to_string());
    assert!(
        error
            .to_string()
            .starts_with("definition of job 'a' has changed")
    );
    let options = ResumeOptions {
        ignore_job_checksums: true,
        ..ResumeOptions::default()
    };
    assert_eq!(
        resume(&bytes(), &changed, &options, None).unwrap(),
        session()
    );
}

#[test]
fn the_early_callback_sees_a_fresh_state_once_and_its_observers_stay() {
    let told = Arc::new(AtomicUsize::new(0));
    let mut calls = 0;
    let mut subscription = None;
    let state = resume(
        &bytes(),
        &[job("a", "true")],
        &ResumeOptions::default(),
        Some(&mut |fresh| {
            calls += 1;
            assert_eq!(
                (fresh.job_count(), fresh.metadata().title.as_deref()),
                (1, None)
            );
            let told = Arc::clone(&told);
            let count = move |_: &SessionState, _: &Signal<'_>| {
                told.fetch_add(1, Ordering::Relaxed);
            };
            subscription = Some(fresh.subscribe(count));
            None
        }),
    );
    let mut state = state.unwrap();
    assert_eq!((calls, &state), (1, &session()));
    let before = told.load(Ordering::Relaxed);
    assert!(before > 0, "bringing the session back is told");
    let fail = JobResult::of(JobOutcome::Fail);
    state
        .update_job_result(&JobId::from("b"), fail, None)
        .unwrap();
    assert!(
        told.load(Ordering::Relaxed) > before,
        "the observer is still there"
    );
}

#[test]
fn the_early_callback_may_bring_its_own_state() {
    let told = Arc::new(AtomicUsize::new(0));
    let own = SessionState::new();
    let count = Arc::clone(&told);
    let _subscription = own.subscribe(move |_: &SessionState, _: &Signal<'_>| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let mut own = Some(own);
    let state = resume(
        &bytes(),
        &[],
        &ResumeOptions::default(),
        Some(&mut |_| own.take()),
    );
    assert_eq!(state.unwrap(), session());
    assert!(told.load(Ordering::Relaxed) > 0);
}

#[test]
fn two_definitions_of_one_id_are_refused_where_a_fresh_state_is_asked_for() {
    let twice = [job("c", "true"), job("c", "false")];
    let error = resume(
        &bytes(),
        &twice,
        &ResumeOptions::default(),
        Some(&mut |_| None),
    );
    assert!(matches!(error, Err(ResumeError::Definitions(_))));
}

#[test]
fn peek_needs_the_head_only() {
    let bytes = bytes();
    let end = usize::try_from(head_bytes(&bytes).unwrap()).unwrap();
    let Peek::Native(peeked) = peek(&bytes[..end], &Limits::default()).unwrap() else {
        panic!("taken for a Checkbox session");
    };
    assert_eq!(peeked.summary.title.as_deref(), Some("night run"));
    assert_eq!(
        (
            peeked.summary.jobs_total,
            peeked.summary.jobs_with_outcome()
        ),
        (2, 1)
    );
    assert_eq!(peeked.summary.jobs_with(JobOutcome::Pass), 1);
    assert_eq!(end as u64 + peeked.body_bytes, bytes.len() as u64);
}

#[test]
fn what_is_no_session_is_said_to_be_none() {
    for bytes in [&b""[..], b"\x89SES\r\n\x1a\n", b"#!/bin/sh\n", &[0; 64]] {
        let error = resume(bytes, &[], &ResumeOptions::default(), None).unwrap_err();
        assert!(error.is_corrupted());
        assert!(peek(bytes, &Limits::default()).unwrap_err().is_corrupted());
    }
}
