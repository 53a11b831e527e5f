//! The table of decisions.

use std::sync::Arc;

use job_units::{ReadOptions, parse_units};
use session_state::{JobOutcome, JobResult, PluginKind, SessionState};

use crate::decision::{Decision, decide, is_failure};

fn selected(text: &str) -> SessionState {
    let units = parse_units(text, "test.pxu", &ReadOptions::default()).expect("good units");
    let mut state =
        SessionState::with_jobs(units.jobs.iter().map(Arc::clone)).expect("different ids");
    let all: Vec<_> = state.jobs().map(|job| job.id().clone()).collect();
    assert_eq!(state.update_desired_jobs(&all), []);
    state
}

fn decision(state: &SessionState, job: &str, is_root: bool) -> Decision {
    let job = state.job_state(job).expect("it is there");
    decide(state, job, is_root, false)
}

fn recorded(decision: Decision) -> (Option<JobOutcome>, String) {
    match decision {
        Decision::Record(result) => (
            result.outcome,
            result.comments.as_deref().unwrap_or_default().to_owned(),
        ),
        Decision::Run(script) => panic!("it would run {script:?}"),
        Decision::Attend { kind, .. } => panic!("it would be attended: {kind}"),
    }
}

#[test]
fn a_shell_job_runs_by_its_return_code() {
    let state = selected("id: a\nplugin: shell\ncommand: echo hi\n");
    let Decision::Run(script) = decision(&state, "a", false) else {
        panic!("it can run");
    };
    assert_eq!(script.text, "echo hi");
}

#[test]
fn what_needs_a_person_is_skipped_with_a_reason() {
    for plugin in [
        "manual",
        "user-interact",
        "user-verify",
        "user-interact-verify",
    ] {
        let state = selected(&format!(
            "id: a\nplugin: {plugin}\ncommand: true\n_description: look\n"
        ));
        let (outcome, words) = recorded(decision(&state, "a", false));
        assert_eq!(outcome, Some(JobOutcome::Skip), "{plugin}");
        assert!(
            words.contains("needs a person") && words.contains(plugin),
            "{words}"
        );
    }
}

#[test]
fn another_user_is_not_supported_and_root_is_where_we_are_root() {
    let state = selected("id: a\nplugin: shell\ncommand: true\nuser: root\n");
    let (outcome, words) = recorded(decision(&state, "a", false));
    assert_eq!(outcome, Some(JobOutcome::NotSupported));
    assert!(words.contains("root"), "{words}");
    assert!(matches!(decision(&state, "a", true), Decision::Run { .. }));
}

#[test]
fn a_job_whose_dependency_failed_gets_its_result_without_running() {
    let text =
        "id: a\nplugin: shell\ncommand: true\n\nid: b\nplugin: shell\ncommand: true\ndepends: a\n";
    let mut state = selected(text);
    let (outcome, words) = recorded(decision(&state, "b", false));
    assert_eq!(outcome, Some(JobOutcome::NotSupported), "a has yet to run");
    assert!(words.contains('a'), "{words}");
    state
        .update_job_result(&"a".into(), JobResult::of(JobOutcome::Fail), None)
        .expect("it is there");
    let (outcome, _) = recorded(decision(&state, "b", false));
    assert_eq!(outcome, Some(JobOutcome::SkippedDependency));
}

#[test]
fn only_fail_and_crash_are_failures() {
    let failures: Vec<JobOutcome> = JobOutcome::ALL
        .into_iter()
        .filter(|outcome| is_failure(*outcome))
        .collect();
    assert_eq!(failures, [JobOutcome::Fail, JobOutcome::Crash]);
}

#[test]
fn where_a_person_is_there_the_job_is_attended() {
    for (fields, has_script) in [
        ("plugin: manual\n_description: look", false),
        ("plugin: manual\ncommand: true", true),
        ("plugin: user-interact\ncommand: true", true),
        ("plugin: user-verify\ncommand: true", true),
        ("plugin: user-interact-verify\ncommand: true", true),
    ] {
        let state = selected(&format!("id: a\n{fields}\n"));
        let job = state.job_state("a").expect("it is there");
        let Decision::Attend { kind, script } = decide(&state, job, false, true) else {
            panic!("{fields}: it is attended");
        };
        assert!(fields.contains(kind.as_str()) && kind != PluginKind::Shell);
        assert_eq!(script.is_some(), has_script, "{fields}");
    }
}
