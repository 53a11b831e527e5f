//! Any state through each of Checkbox's formats: what is not told as lost comes back, and what no resume
//! takes is told before.

use std::io;
use std::sync::Arc;

use proptest::prelude::*;
use session_state::{IoLog, JobDefinition, JobId, JobResult, JobState, SessionState, StoredLog};

use crate::native::tests::generator::{operations, run};
use crate::{
    Format, LogFiles, Loss, ResumeError, ResumeOptions, SuspendError, SuspendOptions, losses,
    resume, suspend,
};

const DIR: &str = "/srv/a.session";

/// Every file is there, and is an empty log.
struct Everything;

impl LogFiles for Everything {
    fn exists(&self, _: &str) -> bool {
        true
    }

    fn read(&self, _: &str) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

fn definitions(state: &SessionState) -> Vec<Arc<JobDefinition>> {
    state
        .jobs()
        .map(|job| Arc::clone(job.definition()))
        .collect()
}

fn again(state: &SessionState, bytes: &[u8]) -> Result<SessionState, ResumeError> {
    let options = ResumeOptions {
        location: Some(DIR.to_owned()),
        files: Some(&Everything),
        ..ResumeOptions::default()
    };
    resume(bytes, &definitions(state), &options, None)
}

/// A resume with unit files only: they hold no job that another one made.
fn again_with_units(state: &SessionState, bytes: &[u8]) -> Result<SessionState, ResumeError> {
    let made = |job: &&JobState| job.via().is_none();
    let units: Vec<_> = state
        .jobs()
        .filter(made)
        .map(|job| Arc::clone(job.definition()))
        .collect();
    let options = ResumeOptions {
        location: Some(DIR.to_owned()),
        files: Some(&Everything),
        templates: state.templates(),
        ..ResumeOptions::default()
    };
    resume(bytes, &units, &options, None)
}

/// Which jobs a resume does not know, by its error.
fn unknown(error: &ResumeError) -> Vec<String> {
    let ResumeError::Corrupted(cause) = error else {
        panic!("{error:?}");
    };
    let cause = cause.to_string();
    let names = cause
        .strip_prefix("Unknown jobs remaining: ")
        .and_then(|rest| rest.strip_suffix(" (at $.session.jobs)"))
        .unwrap_or_else(|| panic!("{cause}"));
    let mut names: Vec<String> = names.split(", ").map(str::to_owned).collect();
    names.sort();
    names
}

/// A result without what is told as lost, and without the names of logs, which have tests of their own.
fn kept(result: &JobResult, escapes: bool) -> String {
    let mut result = result.clone();
    if let IoLog::Stored(log) = &mut result.io_log {
        *log = StoredLog {
            path: "".into(),
            identity: None,
        };
    }
    if escapes {
        result.comments = None;
    }
    format!("{result:?}")
}

/// What a job is to show of its results.
fn standing(job: &JobState, lost: &[Loss]) -> String {
    let told = |kinds: &[&str]| {
        lost.iter()
            .any(|loss| kinds.contains(&loss.kind()) && loss.jobs().contains(job.id()))
    };
    let escapes = told(&["comment-escapes"]);
    if told(&["to-run-again", "history"]) {
        return String::new();
    }
    let history: Vec<String> = job
        .history()
        .iter()
        .map(|past| kept(past, escapes))
        .collect();
    format!("{history:?} {}", kept(job.result(), escapes))
}

/// Whether recording the results of rejected jobs twice, as Checkbox does, changes this one.
fn is_doubled(state: &SessionState, job: &JobState) -> bool {
    state.metadata().rejected_jobs.contains(job.id()) && job.history().len() > 1
}

fn compare(before: &SessionState, after: &SessionState, version: u8, lost: &[Loss]) {
    let told = |loss: &Loss| lost.contains(loss);
    let ids =
        |state: &SessionState| -> Vec<JobId> { state.jobs().map(|job| job.id().clone()).collect() };
    let gone = lost.iter().find(|loss| loss.kind() == "jobs");
    let gone = gone.map_or(&[][..], Loss::jobs);
    let mut expected = ids(before);
    expected.retain(|job| !gone.contains(job));
    assert_eq!(ids(after), expected);
    if !told(&Loss::RunList) {
        assert!(after.run_list().eq(before.run_list()));
    }
    for job in after.jobs() {
        let known = before.job_state(job.id()).expect("compared above");
        let told = |kind: &str| {
            lost.iter()
                .any(|loss| loss.kind() == kind && loss.jobs().contains(job.id()))
        };
        if !told("remaining-attempts") {
            assert_eq!(job.attempts(), known.attempts(), "{}", job.id());
        }
        if !told("overrides") {
            assert_eq!(job.overrides(), known.overrides(), "{}", job.id());
        }
        if version < 6 || !is_doubled(before, known) {
            assert_eq!(standing(job, lost), standing(known, lost), "{}", job.id());
        }
    }
    let resources =
        |loss: &Loss, id: &JobId| matches!(loss, Loss::Resources(ids) if ids.contains(id));
    for (id, records) in before.resource_map() {
        let in_file = before.job_state(id).is_some_and(|job| {
            let mut all = job.history().iter();
            all.any(|past| matches!(past.io_log, IoLog::Stored(_)))
        });
        if !in_file && !lost.iter().any(|loss| resources(loss, id)) {
            assert_eq!(after.resources(id), Some(records), "{id}");
        }
    }
    let told_kind = |kind: &str| lost.iter().any(|loss| loss.kind() == kind);
    assert!(told_kind("templates") || before.templates().is_empty());
    assert!(told_kind("manifest") || before.manifest().is_empty());
    let (held, found) = (before.metadata(), after.metadata());
    assert_eq!(
        (&found.title, &found.flags, &found.running_job_name),
        (&held.title, &held.flags, &held.running_job_name)
    );
    if version >= 6 {
        assert!(after.mandatory_jobs().eq(before.mandatory_jobs()));
        assert_eq!(found.rejected_jobs, held.rejected_jobs);
    }
    if !told(&Loss::AppBlob) {
        let bytes = |blob: &Option<Vec<u8>>| blob.clone().unwrap_or_default();
        assert_eq!(bytes(&found.app_blob), bytes(&held.app_blob));
    }
    if !told(&Loss::AppId) {
        assert_eq!(found.app_id, held.app_id);
    }
    if !told(&Loss::CustomJoblist) {
        assert_eq!(found.custom_joblist, held.custom_joblist);
    }
    if !told(&Loss::LastJobStartTime) {
        let bits = |time: Option<f64>| time.map(|time| (time.is_nan(), time.to_bits()));
        let (found, held) = (found.last_job_start_time, held.last_job_start_time);
        if !held.is_some_and(f64::is_nan) {
            assert_eq!(bits(found), bits(held));
        }
    }
    if !told(&Loss::RemainingTodoJobs) {
        assert_eq!(found.remaining_todo_jobs, held.remaining_todo_jobs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_not_told_as_lost_comes_back(operations in operations(), version in 1..=11_u8) {
        let (state, _) = run(&operations);
        let options = SuspendOptions {
            session_dir: Some(DIR.to_owned()),
            ..SuspendOptions::default()
        };
        let bytes = match suspend(&state, Format::Checkbox(version), &options) {
            Err(SuspendError::LogWithoutName) => return Ok(()),
            written => written?,
        };
        let lost = losses(&state, Format::Checkbox(version), &options);
        match again(&state, &bytes) {
            Err(error) => prop_assert!(
                lost.iter().any(|loss| matches!(loss, Loss::Everything(_))),
                "{error:?} after {lost:?}"
            ),
            Ok(after) => {
                prop_assert!(
                    !lost.iter().any(|loss| matches!(loss, Loss::Everything(_))),
                    "{lost:?}"
                );
                compare(&state, &after, version, &lost);
                let in_files = state.jobs().any(|job| {
                    job.history().iter().any(|past| matches!(past.io_log, IoLog::Stored(_)))
                });
                let unprinted = lost.iter().find(|loss| loss.kind() == "unprinted-jobs");
                let mut told: Vec<String> = unprinted
                    .map_or(&[][..], Loss::jobs)
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                told.sort();
                match again_with_units(&state, &bytes) {
                    Ok(_) => prop_assert!(told.is_empty(), "{told:?}"),
                    Err(_) if in_files => {}
                    Err(ResumeError::IncompatibleJob { job, .. }) => {
                        prop_assert!(told.contains(&job.to_string()), "{told:?} without {job}");
                    }
                    Err(error) if version < 4 => prop_assert_eq!(unknown(&error), told),
                    Err(error) => prop_assert!(!told.is_empty(), "{error:?}"),
                }
            }
        }
    }

    #[test]
    fn nothing_is_lost_natively(operations in operations()) {
        let (state, _) = run(&operations);
        prop_assert_eq!(losses(&state, Format::Native, &SuspendOptions::default()), []);
    }
}

#[test]
fn a_mandatory_job_that_was_never_selected_is_to_be_run_after_a_resume() {
    let job = super::oddities::job();
    let mut state = SessionState::with_jobs([job]).unwrap();
    state.set_mandatory_jobs(vec!["a".into()]);
    let options = SuspendOptions::default();
    let told = losses(&state, Format::Checkbox(6), &options);
    assert_eq!(told, [Loss::Definitions { jobs: 1 }, Loss::RunList]);
    let bytes = suspend(&state, Format::Checkbox(6), &options).unwrap();
    let after = again(&state, &bytes).unwrap();
    assert!(after.is_on_run_list("a"));
}
