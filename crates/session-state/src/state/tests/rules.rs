//! The rules of the state, one by one.

use std::sync::Arc;

use super::kit::{id, ids, job, printed};
use crate::change::Change;
use crate::field::FieldValue;
use crate::job::{JobDefinition, JobOutcome, JobResult};
use crate::metadata::JobIntent;
use crate::problem::DuplicateJob;
use crate::readiness::InhibitionCause;
use crate::resource::Resource;
use crate::state::{RemoveJobError, SessionState};

pub(super) fn state_of(jobs: &[&[(&str, &str)]]) -> SessionState {
    let mut state = SessionState::with_jobs(jobs.iter().map(|fields| job(fields))).unwrap();
    let all: Vec<_> = state.jobs().map(|job| job.id().clone()).collect();
    assert_eq!(state.update_desired_jobs(&all), []);
    state
}

pub(super) fn record(state: &mut SessionState, job: &str, outcome: JobOutcome) {
    let result = JobResult::of(outcome);
    state.update_job_result(&id(job), result, None).unwrap();
}

pub(super) fn readiness(state: &SessionState, job: &str) -> String {
    state.job_state(job).unwrap().readiness_text()
}

#[test]
fn readiness_follows_the_documented_texts() {
    let mut state = state_of(&[
        &[("id", "r"), ("plugin", "resource")],
        &[("id", "d")],
        &[("id", "a"), ("requires", "r.x == '1'"), ("depends", "d")],
        &[("id", "l"), ("after", "d")],
        &[("id", "s"), ("salvages", "d")],
    ]);
    assert_eq!(readiness(&state, "d"), "job can be started");
    assert_eq!(
        readiness(&state, "a"),
        "job cannot be started: resource expression \"r.x == '1'\" could not be evaluated because the \
         resource it depends on did not run yet, required dependency 'd' did not run yet"
    );
    record(&mut state, "d", JobOutcome::Fail);
    let no = printed(JobOutcome::Fail, &["x: 2"]);
    state.update_job_result(&id("r"), no, None).unwrap();
    assert_eq!(
        readiness(&state, "a"),
        "job cannot be started: resource expression \"r.x == '1'\" evaluates to false, required \
         dependency 'd' has failed"
    );
    assert_eq!(readiness(&state, "l"), "job can be started");
    assert_eq!(readiness(&state, "s"), "job can be started");
    record(&mut state, "d", JobOutcome::Pass);
    assert_eq!(
        readiness(&state, "s"),
        "job cannot be started: required dependency 'd' did not fail"
    );
    state.update_desired_jobs(&[]);
    assert_eq!(readiness(&state, "a"), "job cannot be started: undesired");
}

#[test]
fn a_job_that_salvages_a_removed_one_can_no_longer_start() {
    let jobs = [&[("id", "d")][..], &[("id", "s"), ("salvages", "d")]];
    let pending = "job cannot be started: required dependency 'd' did not fail";
    for trim in [false, true] {
        let mut state = SessionState::with_jobs(jobs.map(job)).unwrap();
        assert_eq!(state.update_desired_jobs(&ids(&["s"])), []);
        record(&mut state, "d", JobOutcome::Fail);
        assert_eq!(readiness(&state, "s"), "job can be started");
        if trim {
            assert_eq!(state.trim_jobs(|job| job.id().as_str() == "d"), Ok(1));
        } else {
            state.remove_job(&id("d")).unwrap();
        }
        assert_eq!(readiness(&state, "s"), pending);
    }
}

#[test]
fn a_requirement_that_takes_too_much_work_says_so() {
    let product = "(r.x == r.y == s.x == s.y == t.x == t.y == u.x == 'never')";
    let mut state = state_of(&[
        &[("id", "r"), ("plugin", "resource")],
        &[("id", "s"), ("plugin", "resource")],
        &[("id", "t"), ("plugin", "resource")],
        &[("id", "u"), ("plugin", "resource")],
        &[("id", "a"), ("plugin", "shell"), ("requires", product)],
    ]);
    let lines: Vec<String> = (0..300)
        .flat_map(|n| [format!("x: {n}"), format!("y: {n}"), String::new()])
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for resource in ["r", "s", "t", "u"] {
        let result = printed(JobOutcome::Pass, &lines);
        state
            .update_job_result(&id(resource), result, None)
            .unwrap();
    }
    let text = readiness(&state, "a");
    assert!(
        text.contains("takes more than 10000000 steps: expected fewer records"),
        "{text}"
    );
    let result = state.blocked_result(&id("a")).expect("it cannot start");
    assert_eq!(result.outcome, Some(JobOutcome::SkippedResource));
    let words = result.comments.expect("a reason");
    assert!(
        words.contains("unmet resource") && words.contains("expected fewer records"),
        "{words}"
    );
}

#[test]
fn a_resource_that_passed_without_records_inhibits_nothing() {
    let mut state = state_of(&[
        &[("id", "r"), ("plugin", "shell")],
        &[("id", "a"), ("requires", "r.x == '1'")],
    ]);
    record(&mut state, "r", JobOutcome::Pass);
    assert!(state.job_state("a").unwrap().can_start());
}

#[test]
fn output_becomes_records() {
    let mut state = state_of(&[&[("id", "r"), ("plugin", "resource")]]);
    let records = |state: &SessionState| state.resources("r").map(<[Resource]>::to_vec);
    assert_eq!(records(&state), None);
    let two = printed(
        JobOutcome::Fail,
        &["x: 1", "", "x: 2", " continued", "y: 3"],
    );
    state.update_job_result(&id("r"), two, None).unwrap();
    assert_eq!(
        records(&state),
        Some(vec![
            Resource::new([("x", "1")]),
            Resource::new([("x", "2\ncontinued"), ("y", "3")]),
        ])
    );
    let broken = printed(JobOutcome::Pass, &["x: 1", "", "y: 1", "no field"]);
    state.update_job_result(&id("r"), broken, None).unwrap();
    assert_eq!(records(&state), Some(vec![Resource::new([("x", "1")])]));
    record(&mut state, "r", JobOutcome::Pass);
    assert_eq!(records(&state), Some(vec![Resource::default()]));
    state
        .update_job_result(&id("r"), JobResult::default(), None)
        .unwrap();
    assert_eq!(records(&state), Some(vec![Resource::default()]));
}

#[test]
fn history_keeps_unequal_results_with_content() {
    let mut state = state_of(&[&[("id", "a")]]);
    let length = |state: &SessionState| state.job_state("a").unwrap().history().len();
    record(&mut state, "a", JobOutcome::Fail);
    record(&mut state, "a", JobOutcome::Fail);
    assert_eq!(length(&state), 1);
    let hollow = JobResult::default();
    state.update_job_result(&id("a"), hollow, None).unwrap();
    assert_eq!(state.job_state("a").unwrap().outcome(), None);
    record(&mut state, "a", JobOutcome::Fail);
    assert_eq!(length(&state), 2);
}

#[test]
fn attempts_are_counted() {
    let mut state = state_of(&[&[("id", "a")], &[("id", "b")]]);
    let attempts = |state: &SessionState| {
        let job = state.job_state("a").unwrap();
        (job.started_attempts(), job.next_log_attempt())
    };
    assert_eq!(attempts(&state), (0, 1));
    let intent = state.start_job(&id("a"), Some("boot"), 7.5).unwrap();
    let expected = JobIntent {
        job: id("a"),
        attempt: 1,
        boot: Some("boot".into()),
    };
    assert_eq!(intent, expected);
    let metadata = state.metadata();
    assert_eq!(metadata.running_job_name.as_deref(), Some("a"));
    assert_eq!(metadata.last_job_start_time, Some(7.5));
    assert_eq!(metadata.intent, Some(expected));
    assert!(metadata.remaining_todo_jobs);
    assert_eq!(state.start_job(&id("a"), None, 8.0).unwrap().attempt, 2);
    assert_eq!(attempts(&state), (2, 3));
    record(&mut state, "a", JobOutcome::Fail);
    assert_eq!(attempts(&state), (0, 3));
    assert_eq!(state.metadata().intent, None);
    assert!(state.metadata().remaining_todo_jobs);
    state.start_job(&id("b"), None, 9.0).unwrap();
    record(&mut state, "b", JobOutcome::Pass);
    assert!(!state.metadata().remaining_todo_jobs);
    let hollow = JobResult::default();
    state.update_job_result(&id("a"), hollow, None).unwrap();
    assert_eq!(state.start_job(&id("a"), None, 9.0).unwrap().attempt, 3);
    assert_eq!(attempts(&state), (1, 4));
}

#[test]
fn equal_jobs_are_one_and_different_ones_clash() {
    let one = job(&[("id", "a"), ("command", "true")]);
    let turned = job(&[("command", "true"), ("id", "a")]);
    let other = job(&[("id", "a"), ("command", "false")]);
    let clash = DuplicateJob { job: id("a") };
    let both = [Arc::clone(&one), Arc::clone(&turned)];
    let mut state = SessionState::with_jobs(both).unwrap();
    assert_eq!(state.job_count(), 1);
    let kept = state.add_job(turned, None).unwrap();
    assert!(Arc::ptr_eq(&kept, &one));
    assert_eq!(state.add_job(Arc::clone(&other), None), Err(clash.clone()));
    let clashing = SessionState::with_jobs([one, other]);
    assert_eq!(clashing.err(), Some(clash));
}

#[test]
fn jobs_to_run_cannot_be_removed() {
    let mut state = state_of(&[&[("id", "b")], &[("id", "a")], &[("id", "c")]]);
    state.update_desired_jobs(&ids(&["b", "a"]));
    let before = state.clone();
    let refused = |jobs: &[&str]| RemoveJobError::OnRunList { jobs: ids(jobs) };
    let all = state.trim_jobs(|_| true);
    assert_eq!(all, Err(refused(&["a", "b"])));
    assert_eq!(
        all.unwrap_err().to_string(),
        "cannot remove jobs that are on the run list: a, b"
    );
    assert_eq!(state.remove_job(&id("a")), Err(refused(&["a"])));
    assert_eq!(state, before);
    assert_eq!(state.trim_jobs(|job| job.id().as_str() == "c"), Ok(1));
    assert!(matches!(
        state.remove_job(&id("c")),
        Err(RemoveJobError::Unknown(_))
    ));
    assert_eq!(state.job_count(), 2);
}

#[test]
fn mandatory_jobs_join_the_next_selection() {
    let mut state = state_of(&[&[("id", "a")], &[("id", "b")]]);
    state.record_changes(true);
    state.set_mandatory_jobs(ids(&["b"]));
    state.update_desired_jobs(&ids(&["a", "b"]));
    let desired: Vec<_> = state.desired_jobs().cloned().collect();
    assert_eq!(desired, ids(&["b", "a", "b"]));
    let run_list = ids(&["b", "a"]);
    assert_eq!(
        state.pending_changes(),
        [
            Change::MandatoryJobs { jobs: ids(&["b"]) },
            Change::Selection { desired, run_list },
        ]
    );
}

#[test]
fn manifests_gate_setup_jobs() {
    let wanted = FieldValue::List(vec![
        "has_wifi".into(),
        FieldValue::Map(vec![("ports".into(), FieldValue::Int(2))]),
    ]);
    let fields = vec![
        ("unit".into(), "setup job".into()),
        ("id".into(), "a".into()),
        ("requires_manifest".into(), wanted),
    ];
    let definition = JobDefinition::new(Some("ns".into()), fields, None, None);
    let mut state = SessionState::with_jobs([Arc::new(definition)]).unwrap();
    state.update_desired_jobs(&ids(&["ns::a"]));
    let inhibitor = &state.job_state("ns::a").unwrap().inhibitors()[0];
    assert_eq!(inhibitor.cause(), InhibitionCause::RequiredManifest);
    assert_eq!(
        inhibitor.to_string(),
        "manifests: ['ns::has_wifi', 'ns::ports'] unmet"
    );
    let answers = [
        ("ns::has_wifi".into(), FieldValue::Bool(true)),
        ("ns::ports".into(), FieldValue::Int(2)),
    ];
    state.set_manifest(answers.into());
    assert!(state.job_state("ns::a").unwrap().can_start());
}

#[test]
fn a_job_comes_before_the_suspend_of_its_copies() {
    let suspend = "com.canonical.certification::suspend/suspend_advanced_auto";
    let asked = ids(&[suspend, "after-suspend-a", "a"]);
    let jobs = [
        job(&[("id", suspend)]),
        job(&[("id", "a"), ("flags", "also-after-suspend")]),
    ];
    let mut state = SessionState::new();
    for job in &jobs {
        state.add_job(Arc::clone(job), None).unwrap();
    }
    assert_eq!(state.update_desired_jobs(&asked), []);
    let run_list: Vec<_> = state.run_list().cloned().collect();
    assert_eq!(run_list, ids(&["a", suspend, "after-suspend-a"]));
    let mut without_copies = SessionState::with_jobs(jobs).unwrap();
    without_copies.update_desired_jobs(&ids(&[suspend, "a"]));
    let run_list: Vec<_> = without_copies.run_list().cloned().collect();
    assert_eq!(run_list, ids(&[suspend, "a"]));
}

#[test]
fn the_job_list_keeps_its_order_when_most_jobs_go() {
    let name = |number: usize| format!("j{number}");
    let numbered = |number: usize| job(&[("id", &name(number))]);
    let mut state = SessionState::with_jobs((0..300).map(numbered)).unwrap();
    let kept = |number: usize| number % 7 == 3;
    for number in (0..300).filter(|number| !kept(*number)) {
        state.remove_job(&id(&name(number))).unwrap();
    }
    state.add_job(numbered(0), None).unwrap();
    let listed: Vec<_> = state.jobs().map(|job| job.id().to_string()).collect();
    let expected: Vec<_> = (0..300)
        .filter(|number| kept(*number))
        .chain([0])
        .map(name)
        .collect();
    assert_eq!(listed, expected);
    assert_eq!(state.job_count(), expected.len());
    state.remove_job(&id("j3")).unwrap();
    assert!(state.job_state("j3").is_none());
    assert_eq!(
        state.jobs().next().map(|job| job.id().clone()),
        Some(id("j10"))
    );
}

#[test]
fn a_replaced_job_keeps_its_results_and_is_judged_by_its_new_definition() {
    let mut state =
        SessionState::with_jobs([job(&[("id", "a")]), job(&[("id", "b"), ("depends", "a")])])
            .unwrap();
    state.update_desired_jobs(&ids(&["a", "b"]));
    let result = JobResult::of(JobOutcome::Pass);
    state
        .update_job_result(&id("b"), result.clone(), None)
        .unwrap();
    assert_eq!(state.job_state("b").unwrap().inhibitors().len(), 1);
    state
        .replace_job(job(&[("id", "b"), ("command", "true")]))
        .unwrap();
    let b = state.job_state("b").unwrap();
    assert_eq!(
        (b.result(), b.history().len(), b.inhibitors().len()),
        (&result, 1, 0)
    );
    assert_eq!(b.definition().command().as_deref(), Some("true"));
    let order: Vec<&str> = state.jobs().map(|job| job.id().as_str()).collect();
    assert_eq!(order, ["a", "b"]);
    state.replace_job(job(&[("id", "c")])).unwrap_err();
}
