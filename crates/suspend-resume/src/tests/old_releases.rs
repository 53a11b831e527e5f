//! What is told of the releases that wrote the old formats, and of logs in the native one.

use std::sync::Arc;

use session_state::{IoLog, JobDefinition, JobId, JobOutcome, JobResult, SessionState, StoredLog};

use crate::{Format, Limits, Loss, SuspendOptions, losses, resume_native, suspend};

fn with_results(results: impl IntoIterator<Item = JobResult>) -> SessionState {
    let fields = vec![("id".into(), "job".into())];
    let job = Arc::new(JobDefinition::new(None, fields, None, None));
    let mut state = SessionState::with_jobs([job]).expect("one job");
    let id = JobId::new("job");
    for result in results {
        state
            .update_job_result(&id, result, None)
            .expect("a known job");
    }
    state
}

/// The releases that are told to refuse a version, by outcome.
fn refused(state: &SessionState, version: u8) -> Vec<(JobOutcome, &'static [&'static str])> {
    let mut refused = Vec::new();
    for loss in losses(state, Format::Checkbox(version), &SuspendOptions::default()) {
        if let Loss::OldReleases {
            outcome,
            releases,
            jobs,
        } = loss
        {
            assert_eq!(jobs, [JobId::new("job")]);
            refused.push((outcome, releases));
        }
    }
    refused
}

#[test]
fn outcomes_that_old_releases_refuse_are_told_by_version() {
    use JobOutcome::{Crash, SkippedDependency, SkippedManifest, SkippedResource};
    for outcome in JobOutcome::ALL {
        let state = with_results([JobResult::of(outcome)]);
        for version in 1..=11 {
            let releases: &[&str] = match (outcome, version) {
                (Crash, 1..=3) => &["0.5"],
                (SkippedDependency | SkippedResource | SkippedManifest, 1..=3) => &["0.5", "0.38"],
                (SkippedDependency | SkippedResource | SkippedManifest, 4..=6) => &["0.38"],
                _ => &[],
            };
            let told = refused(&state, version);
            let expected = (!releases.is_empty()).then_some((outcome, releases));
            assert_eq!(told, Vec::from_iter(expected), "{outcome} in {version}");
        }
    }
}

#[test]
fn only_outcomes_that_a_version_carries_are_told() {
    let of = |outcome| JobResult::of(outcome);
    let state = with_results([of(JobOutcome::SkippedResource), of(JobOutcome::Pass)]);
    assert!(refused(&state, 3).is_empty());
    assert_eq!(
        refused(&state, 5),
        [(JobOutcome::SkippedResource, &["0.38"][..])]
    );
}

#[test]
fn natively_logs_in_the_session_are_named_as_seen_from_there() {
    let stored = |path: &str| JobResult {
        io_log: IoLog::Stored(StoredLog {
            path: path.into(),
            identity: None,
        }),
        ..JobResult::of(JobOutcome::Pass)
    };
    let names = ["/srv/a.session/io-logs/job.record.gz", "/var/log/job"];
    let state = with_results(names.map(stored));
    let named = |options: &SuspendOptions| {
        let bytes = suspend(&state, Format::Native, options).expect("it is written");
        let read = resume_native(&bytes, &Limits::default()).expect("it is read");
        let job = read.jobs().next().expect("one job").clone();
        let logs = job.history().iter().map(|past| match &past.io_log {
            IoLog::Stored(log) => log.path.to_string(),
            IoLog::Memory(_) => String::new(),
        });
        logs.collect::<Vec<_>>()
    };
    assert_eq!(named(&SuspendOptions::default()), names);
    let options = SuspendOptions {
        session_dir: Some("/srv/a.session".to_owned()),
        ..SuspendOptions::default()
    };
    assert_eq!(named(&options), ["io-logs/job.record.gz", "/var/log/job"]);
}
