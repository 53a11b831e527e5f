//! Sizes at which recursion, and walks of the whole session, would show.

use std::sync::Arc;

use super::kit::{id, job, printed};
use crate::job::{JobDefinition, JobOutcome};
use crate::problem::Problem;
use crate::state::SessionState;

const LENGTH: usize = 200_000;

fn chain(closed: bool) -> Vec<Arc<JobDefinition>> {
    (0..LENGTH)
        .map(|number| {
            let (name, next) = (format!("j{number}"), (number + 1) % LENGTH);
            let next = format!("j{next}");
            let last = number + 1 == LENGTH;
            let depends = if last && !closed { "" } else { &next };
            job(&[("id", &name), ("plugin", "shell"), ("depends", depends)])
        })
        .collect()
}

#[test]
fn a_long_chain_is_ordered_and_run() {
    let mut state = SessionState::with_jobs(chain(false)).unwrap();
    assert_eq!(state.update_desired_jobs(&[id("j0")]), []);
    let run_list: Vec<_> = state.run_list().cloned().collect();
    assert_eq!(run_list.len(), LENGTH);
    assert_eq!(run_list[0], id("j199999"));
    assert_eq!(run_list[LENGTH - 1], id("j0"));
    for job in &run_list {
        assert!(state.job_state(job).unwrap().can_start());
        let result = printed(JobOutcome::Pass, &[]);
        state.update_job_result(job, result, None).unwrap();
    }
    assert_eq!(state.todo_count(), 0);
    assert_eq!(state.outcome_counts().get(Some(JobOutcome::Pass)), LENGTH);
}

#[test]
fn a_long_circle_is_told_once_per_job() {
    let mut state = SessionState::with_jobs(chain(true)).unwrap();
    let asked: Vec<_> = state.jobs().map(|job| job.id().clone()).collect();
    let problems = state.update_desired_jobs(&asked);
    assert_eq!(problems.len(), LENGTH);
    let Problem::Cycle { job, trail } = &problems[0] else {
        panic!("not a cycle: {}", problems[0]);
    };
    assert_eq!(*job, id("j0"));
    assert_eq!(trail.len(), LENGTH + 1);
    assert_eq!(state.run_list().len(), 0);
}

#[test]
fn one_missing_job_at_the_end_of_a_chain_takes_all_along() {
    let mut jobs = chain(false);
    jobs.pop();
    let mut state = SessionState::with_jobs(jobs).unwrap();
    let problems = state.update_desired_jobs(&[id("j0")]);
    assert_eq!(problems.len(), LENGTH - 1);
    assert_eq!(*problems[0].affected_job(), id("j199998"));
    assert_eq!(*problems[LENGTH - 2].affected_job(), id("j0"));
}

#[test]
fn many_illegal_requirements_are_told_in_one_go() {
    let count = 20_000;
    let jobs = (0..count).map(|number| {
        let name = format!("j{number}");
        let legal = if number % 10 == 0 { "" } else { "1 == 1" };
        job(&[("id", &name), ("requires", legal)])
    });
    let mut state = SessionState::with_jobs(jobs).unwrap();
    let asked: Vec<_> = state.jobs().map(|job| job.id().clone()).collect();
    let problems = state.update_desired_jobs(&asked);
    assert_eq!(problems.len(), count * 9 / 10);
    let illegal = |problem: &Problem| matches!(problem, Problem::IllegalRequirement { .. });
    assert!(problems.iter().all(illegal));
    assert_eq!(state.run_list().len(), count / 10);
}
