//! Figures over a session, and what is put in the place of other things.

use std::sync::{Arc, Mutex};

use super::kit::{id, ids, job};
use super::rules::{readiness, record, state_of};
use crate::change::Change;
use crate::job::{JobDefinition, JobOutcome};
use crate::overrides::{NotOverridable, OverridableField, OverrideRules};
use crate::state::{SessionState, Signal};
use crate::unit::OtherUnit;

#[test]
fn durations_add_up() {
    let mut state = state_of(&[
        &[
            ("id", "a"),
            ("plugin", "shell"),
            ("estimated_duration", "1.5"),
        ],
        &[
            ("id", "b"),
            ("plugin", "shell"),
            ("estimated_duration", "1m"),
        ],
        &[("id", "c"), ("plugin", "manual")],
        &[("id", "l"), ("plugin", "local"), ("command", "true")],
    ]);
    assert_eq!(state.estimated_duration(30.0), (Some(61.5), Some(30.0)));
    let unknown = job(&[("id", "d"), ("plugin", "shell")]);
    let asked = job(&[
        ("id", "e"),
        ("plugin", "user-interact"),
        ("command", "true"),
    ]);
    state.add_job(unknown, None).unwrap();
    state.add_job(asked, None).unwrap();
    state.update_desired_jobs(&ids(&["a", "d", "e"]));
    assert_eq!(state.estimated_duration(30.0), (None, None));
}

#[test]
fn categories_are_summed_up() {
    let mut state = state_of(&[
        &[("id", "a"), ("category_id", "x")],
        &[
            ("id", "b"),
            ("category_id", "x"),
            ("certification-status", "blocker"),
        ],
        &[("id", "c"), ("category_id", "y")],
        &[("id", "r"), ("category_id", "y"), ("plugin", "resource")],
    ]);
    record(&mut state, "a", JobOutcome::Pass);
    record(&mut state, "b", JobOutcome::Crash);
    record(&mut state, "r", JobOutcome::Fail);
    let outcomes = state.category_outcomes();
    let texts: Vec<_> = outcomes
        .iter()
        .map(|(category, outcome)| (category.as_str(), *outcome))
        .collect();
    assert_eq!(texts, [("x", JobOutcome::Fail), ("y", JobOutcome::Skip)]);
    assert_eq!(state.resource_global_outcome(), JobOutcome::Fail);
    assert_eq!(state.attachment_global_outcome(), JobOutcome::Skip);
    assert_eq!(state.test_outcome_counts().get(Some(JobOutcome::Fail)), 0);
    let blocking = state.jobs_of_status(&[JobOutcome::Crash, JobOutcome::Fail], &["blocker"]);
    let blocking: Vec<_> = blocking.map(|job| job.id().as_str()).collect();
    assert_eq!(blocking, ["b"]);
}

#[test]
fn categories_of_ran_jobs_have_their_names() {
    let mut state = state_of(&[
        &[("id", "a"), ("plugin", "shell"), ("category_id", "x")],
        &[("id", "b"), ("plugin", "shell"), ("category_id", "y")],
        &[("id", "r"), ("plugin", "resource"), ("category_id", "z")],
        &[
            ("id", "c"),
            ("plugin", "shell"),
            ("category_id", "nameless"),
        ],
    ]);
    for job in ["a", "r", "c"] {
        record(&mut state, job, JobOutcome::Pass);
    }
    for (kind, id, name) in [
        ("category", "x", "X"),
        ("category", "y", "Y"),
        ("category", "z", "Z"),
        ("exporter", "nameless", "no category"),
    ] {
        let fields = job(&[("unit", kind), ("id", id), ("_name", name)]);
        state.add_other_unit(Arc::new(OtherUnit::new(JobDefinition::clone(&fields))));
    }
    let names = state.category_names();
    assert_eq!(names.len(), 3);
    let found: Vec<&str> = state.category_map(&names).into_values().collect();
    assert_eq!(found, ["X", "Z"]);
    let found: Vec<&str> = state.test_category_map(&names).into_values().collect();
    assert_eq!(found, ["X"]);
}

#[test]
fn jobs_that_cannot_start_get_a_result() {
    let mut state = state_of(&[
        &[("id", "d")],
        &[("id", "manifest"), ("plugin", "resource")],
        &[("id", "r"), ("plugin", "resource")],
        &[("id", "after-d"), ("depends", "d")],
        &[
            ("id", "strict"),
            ("requires", "r.x == '1'"),
            ("flags", "fail-on-resource"),
        ],
        &[("id", "gated"), ("requires", "manifest.wifi == 'True'")],
        &[("id", "loose"), ("requires", "r.x == '1'")],
        &[("id", "rescue"), ("salvages", "d")],
    ]);
    let blocked = |state: &SessionState, job: &str| {
        let result = state.blocked_result(&id(job))?;
        Some((result.outcome?, result.comments?.into_string()))
    };
    for job in ["d", "after-d", "strict", "gated", "rescue", "nobody"] {
        assert_eq!(blocked(&state, job), None, "{job}");
    }
    let told =
        |what: &str, item: &str| format!("Job cannot be started because of {what}:\n- {item}");
    record(&mut state, "d", JobOutcome::Crash);
    record(&mut state, "r", JobOutcome::Fail);
    record(&mut state, "manifest", JobOutcome::Pass);
    let dependency = told("failed dependency", "d");
    let resource = told("unmet resource", "r.x == '1'");
    for (job, outcome, comment) in [
        ("after-d", JobOutcome::SkippedDependency, &dependency),
        ("strict", JobOutcome::Fail, &resource),
        ("loose", JobOutcome::SkippedResource, &resource),
        (
            "gated",
            JobOutcome::SkippedManifest,
            &told("unmet manifest", "wifi"),
        ),
    ] {
        assert_eq!(
            blocked(&state, job),
            Some((outcome, comment.clone())),
            "{job}"
        );
    }
    let (outcome, comment) = blocked(&state, "rescue").unwrap();
    assert_eq!(outcome, JobOutcome::SkippedDependency);
    assert_eq!(comment, readiness(&state, "rescue"));
    record(&mut state, "d", JobOutcome::Skip);
    assert_eq!(
        blocked(&state, "after-d"),
        Some((JobOutcome::Skip, dependency))
    );
    state.update_desired_jobs(&[]);
    assert_eq!(blocked(&state, "after-d"), None);
}

#[test]
fn mandatory_jobs_can_be_left_aside() {
    let mut state = state_of(&[&[("id", "a")], &[("id", "b")]]);
    state.set_mandatory_jobs(ids(&["b"]));
    assert_eq!(state.update_desired_jobs_alone(&ids(&["a"])), []);
    assert_eq!(state.run_list().cloned().collect::<Vec<_>>(), ids(&["a"]));
    assert_eq!(
        state.mandatory_jobs().cloned().collect::<Vec<_>>(),
        ids(&["b"])
    );
}

#[test]
fn without_attempts_no_job_starts() {
    let mut state = state_of(&[&[("id", "a")]]);
    assert_eq!(state.job_state("a").unwrap().attempts(), 3);
    state.set_attempts(&id("a"), 0).unwrap();
    assert!(!state.job_state("a").unwrap().can_start());
    assert_eq!(readiness(&state, "a"), "job can be started");
    assert!(state.set_attempts(&id("zz"), 1).is_err());
}

#[test]
fn test_plans_may_override_three_fields() {
    let mut state = state_of(&[&[("id", "a"), ("auto-retry", "no")]]);
    let overrides = [("category_id", "x"), ("certification_status", "blocker")];
    state.apply_overrides(&id("a"), overrides).unwrap();
    let job = state.job_state("a").unwrap();
    assert_eq!(job.effective_category_id().as_str(), "x");
    assert_eq!(job.effective_certification_status(), "blocker");
    assert_eq!(job.effective_auto_retry(), "no");
    let refused = state.apply_overrides(&id("a"), [("command", "x")]);
    let field = "command".to_owned();
    assert_eq!(refused, Err(NotOverridable { field }));
}

/// Every job is a blocker.
#[derive(Debug)]
struct Blockers;

impl OverrideRules for Blockers {
    fn overrides_of(&self, _: &JobDefinition) -> Vec<(OverridableField, &str)> {
        vec![(OverridableField::CertificationStatus, "blocker")]
    }
}

#[test]
fn rules_hold_for_all_jobs_and_those_to_come() {
    let mut state = state_of(&[&[("id", "a")]]);
    state.record_changes(true);
    state.set_override_rules(Arc::new(Blockers));
    state.add_job(job(&[("id", "b")]), None).unwrap();
    state.set_override_rules(Arc::new(Blockers));
    let blocks = |job: &str| {
        let job = state.job_state(job).expect("it is there");
        job.effective_certification_status() == "blocker"
    };
    assert!(blocks("a") && blocks("b"));
    let put = |change: &&Change| matches!(change, Change::Overridden { .. });
    let changes = state.pending_changes().iter().filter(put).count();
    assert_eq!(changes, 2, "what is there already is no change");
}

#[test]
fn contents_can_be_taken_over() {
    let mut old = SessionState::new();
    let heard = Arc::new(Mutex::new(0));
    let count = Arc::clone(&heard);
    let _subscription = old.subscribe(move |state: &SessionState, signal: &Signal<'_>| {
        assert!(matches!(signal, Signal::JobStateMapChanged));
        *count.lock().unwrap() += state.job_count();
    });
    let new = state_of(&[&[("id", "a")], &[("id", "b")]]);
    let expected = new.clone();
    old.adopt(new);
    assert_eq!(old, expected);
    assert_eq!(*heard.lock().unwrap(), 2);
}

#[test]
fn generated_jobs_name_their_maker() {
    let mut state = SessionState::new();
    let definition = job(&[("id", "b")]);
    state.add_job(definition, Some(id("a"))).unwrap();
    assert_eq!(state.job_state("b").unwrap().via(), Some(&id("a")));
}

#[test]
fn recorded_changes_wait_until_they_are_forgotten() {
    let mut state = state_of(&[&[("id", "a")]]);
    record(&mut state, "a", JobOutcome::Fail);
    assert!(state.pending_changes().is_empty(), "nobody asked to record");
    state.record_changes(true);
    state.set_title(Some("one".to_owned()));
    state.set_flag("incomplete");
    state.record_changes(false);
    state.set_title(None);
    assert_eq!(state.pending_changes().len(), 2);
    let second = state.pending_changes()[1].clone();
    state.forget_changes(1);
    assert_eq!(state.pending_changes(), [second]);
    state.forget_changes(usize::MAX);
    assert!(state.pending_changes().is_empty());
}

#[test]
fn states_may_cross_threads() {
    fn crosses<T: Send + Sync>(_: &T) {}
    let state = SessionState::new();
    crosses(&state);
    crosses(&state.subscribe(|_: &SessionState, _: &Signal<'_>| {}));
}
