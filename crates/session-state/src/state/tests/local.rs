//! Local jobs, held against what plainbox 0.5.4 does with the same output.

use std::sync::Arc;

use super::kit::{id, ids, job, printed};
use crate::change::Change;
use crate::field::FieldValue;
use crate::id::JobId;
use crate::job::{IoLog, IoLogRecord, IoStream, JobDefinition, JobOutcome, JobResult, Origin};
use crate::state::{ExpansionFault, SessionState};

const TWO: &[&str] = &[
    "id: a",
    "plugin: shell",
    "command: true",
    "",
    "name: b",
    "plugin: manual",
];

fn local() -> Arc<JobDefinition> {
    job(&[("id", "loc"), ("plugin", "local"), ("command", "x")])
}

/// A local job beside others that printed these lines.
fn after(others: &[&[(&str, &str)]], lines: &[&str]) -> SessionState {
    let jobs = [local()]
        .into_iter()
        .chain(others.iter().map(|fields| job(fields)));
    let mut state = SessionState::with_jobs(jobs).unwrap();
    state.record_changes(true);
    print(&mut state, lines);
    state
}

fn print(state: &mut SessionState, lines: &[&str]) {
    let result = printed(JobOutcome::Pass, lines);
    state.update_job_result(&id("loc"), result, None).unwrap();
}

fn listed(state: &SessionState) -> Vec<JobId> {
    state.jobs().map(|job| job.id().clone()).collect()
}

/// What made a job, and the lines of the output in which it stands.
fn place(state: &SessionState, job: &str) -> Option<(String, u32, u32)> {
    let job = state.job_state(job)?;
    let origin: &Origin = job.definition().origin()?;
    assert_eq!(*origin.source, *job.via()?.as_str());
    Some((
        origin.source.to_string(),
        origin.line_start,
        origin.line_end,
    ))
}

#[test]
fn what_a_local_job_prints_becomes_jobs() {
    let state = after(&[], TWO);
    assert_eq!(listed(&state), ids(&["loc", "a", "b"]));
    assert_eq!(place(&state, "a"), Some(("loc".to_owned(), 1, 3)));
    assert_eq!(place(&state, "b"), Some(("loc".to_owned(), 5, 6)));
    let a = state.job_state("a").unwrap().definition();
    assert_eq!(a.command().as_deref(), Some("true"));
    assert!(state.expansion_faults().is_empty());
}

#[test]
fn any_outcome_will_do_and_standard_error_does_not_count() {
    for outcome in [Some(JobOutcome::Fail), Some(JobOutcome::Crash), None] {
        let mut state = SessionState::with_jobs([local()]).unwrap();
        let mut result = JobResult {
            outcome,
            ..printed(JobOutcome::Pass, TWO)
        };
        if let IoLog::Memory(log) = &mut result.io_log {
            let warning = IoLogRecord {
                delay: 0.0,
                stream: IoStream::Stderr,
                data: b"id: c\n".as_slice().into(),
            };
            log.insert(1, warning);
        }
        state.update_job_result(&id("loc"), result, None).unwrap();
        assert_eq!(listed(&state), ids(&["loc", "a", "b"]), "{outcome:?}");
    }
}

#[test]
fn the_jobs_are_in_the_namespace_of_the_local_job() {
    let fields = [("id", "loc"), ("plugin", "local")];
    let fields = fields.map(|(name, text)| (Arc::from(name), FieldValue::from(text)));
    let local = JobDefinition::new(Some("ns".into()), fields.to_vec(), None, None);
    let mut state = SessionState::with_jobs([Arc::new(local)]).unwrap();
    let result = printed(JobOutcome::Pass, TWO);
    state
        .update_job_result(&id("ns::loc"), result, None)
        .unwrap();
    assert_eq!(listed(&state), ids(&["ns::loc", "ns::a", "ns::b"]));
}

#[test]
fn an_equal_job_is_written_in_the_output_from_now_on() {
    let equal: &[(&str, &str)] = &[("id", "a"), ("plugin", "shell"), ("command", "true")];
    let mut state = after(&[equal], &TWO[..3]);
    assert_eq!(place(&state, "a"), Some(("loc".to_owned(), 1, 3)));
    let moved = |state: &SessionState| {
        let changes = state.pending_changes().iter();
        changes
            .filter(|change| matches!(change, Change::JobMoved { .. }))
            .count()
    };
    assert_eq!(moved(&state), 1);
    print(&mut state, &TWO[..3]);
    assert_eq!(moved(&state), 1, "it is there already");
    let comment = ["# moved", TWO[0], TWO[1], TWO[2]];
    print(&mut state, &comment);
    assert_eq!(place(&state, "a"), Some(("loc".to_owned(), 2, 4)));
    assert_eq!(moved(&state), 2);
}

#[test]
fn a_different_job_of_that_id_stays() {
    let state = after(&[&[("id", "a"), ("command", "false")]], TWO);
    assert_eq!(listed(&state), ids(&["loc", "a", "b"]));
    assert_eq!(place(&state, "a"), None);
    assert!(matches!(
        state.expansion_faults(),
        [ExpansionFault::Duplicate(clash)] if clash.job == id("a")
    ));
}

#[test]
fn faults_are_told_and_the_rest_is_made() {
    let lines = ["plugin: shell", "", "id: a", "", "oops", "id: c"];
    let mut state = after(&[], &lines);
    assert_eq!(listed(&state), ids(&["loc", "a"]));
    let faults: Vec<String> = state
        .expansion_faults()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        faults,
        [
            "the job in lines 1 to 1 of what local job 'loc' printed has no id",
            "cannot read line 5 of what local job 'loc' printed"
        ]
    );
    print(&mut state, &lines[2..3]);
    assert!(state.expansion_faults().is_empty());
}

#[test]
fn a_job_is_not_made_by_what_it_made() {
    let own = ["id: loc", "plugin: local", "command: x"];
    let mut state = after(&[], &own);
    assert_eq!(state.job_state("loc").unwrap().via(), None);
    print(&mut state, &["id: next", "plugin: local"]);
    let result = printed(JobOutcome::Pass, &own);
    state.update_job_result(&id("next"), result, None).unwrap();
    assert_eq!(listed(&state), ids(&["loc", "next"]));
    assert_eq!(state.job_state("loc").unwrap().via(), None);
}
