//! What is selected, and what becomes of jobs that cannot be had.

use std::sync::Arc;

use camino::Utf8PathBuf;
use job_units::{ReadOptions, parse_units};
use session_state::{JobOutcome, SessionState};

use crate::command::run::{begin, title};
use crate::error::Failure;
use crate::output::Talk;
use crate::selection::Selection;

fn state(text: &str) -> SessionState {
    let units = parse_units(text, "test.pxu", &ReadOptions::default()).expect("good units");
    SessionState::with_jobs(units.jobs.iter().map(Arc::clone)).expect("different ids")
}

const CYCLE: &str = "\
id: a
plugin: shell
command: true
depends: b

id: b
plugin: shell
command: true
depends: a
";

#[test]
fn a_cycle_fails_its_job_with_its_path_and_the_rest_runs() {
    let mut state = state(&format!("{CYCLE}\nid: c\nplugin: shell\ncommand: true\n"));
    let left_out =
        begin(&Selection::Everything, &mut state, &mut Talk::standard()).expect("c can run");
    let run_list: Vec<&str> = state.run_list().map(session_state::JobId::as_str).collect();
    assert_eq!(run_list, ["c"]);
    assert_eq!(left_out.len(), 2);
    let failed: Vec<_> = state
        .jobs()
        .filter(|job| job.outcome() == Some(JobOutcome::Fail))
        .collect();
    assert!(
        !failed.is_empty(),
        "a problem counts as a failure of its job"
    );
    let words = failed[0].result().comments.as_deref().unwrap_or_default();
    assert!(
        words.contains("cycle") && words.contains("a -> b"),
        "{words}"
    );
    assert!(
        state
            .job_state("c")
            .is_some_and(|job| job.outcome().is_none())
    );
}

#[test]
fn an_unknown_dependency_is_named() {
    let text = "id: a\nplugin: shell\ncommand: true\ndepends: nowhere\n\nid: b\nplugin: shell\ncommand: true\n";
    let mut state = state(text);
    begin(&Selection::Everything, &mut state, &mut Talk::standard()).expect("b can run");
    let job = state.job_state("a").expect("it is there");
    assert_eq!(job.outcome(), Some(JobOutcome::Fail));
    let words = job.result().comments.as_deref().unwrap_or_default();
    assert!(
        words.contains("'a'") && words.contains("'nowhere'"),
        "{words}"
    );
}

#[test]
fn nothing_that_can_run_is_an_error() {
    let result = begin(
        &Selection::Everything,
        &mut state(CYCLE),
        &mut Talk::standard(),
    );
    assert!(matches!(result, Err(Failure::NothingToRun)));
}

#[test]
fn the_title_names_the_first_files() {
    let files: Vec<Utf8PathBuf> = ["x/a.pxu", "b.pxu", "c.pxu", "d.pxu"]
        .map(Utf8PathBuf::from)
        .to_vec();
    assert_eq!(title(&files[..1]), "a.pxu");
    assert_eq!(title(&files), "a.pxu, b.pxu, c.pxu, ...");
}
