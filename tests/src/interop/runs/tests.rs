//! The plan is what both sides take it for.

use std::collections::BTreeSet;

use session_state::{JobOutcome, JobResult, SessionState};

use super::plan;

#[test]
fn both_sides_get_the_same_30_jobs() {
    let definitions = plan::definitions();
    let units = plan::units();
    let units = units.as_array().expect("a list");
    assert_eq!((definitions.len(), units.len()), (30, 30));
    for (definition, unit) in definitions.iter().zip(units) {
        assert_eq!(unit["id"], definition.id().as_str());
        assert_eq!(unit["command"].as_str(), definition.command().as_deref());
    }
}

/// A job that nothing depends on may fail; then every job can start in every order, and both programs run all.
#[test]
fn every_job_of_the_plan_can_start() {
    let definitions = plan::definitions();
    let mut state = SessionState::with_jobs(definitions.iter().cloned()).expect("no id twice");
    let jobs: Vec<_> = definitions.iter().map(|job| job.id().clone()).collect();
    assert!(state.update_desired_jobs(&jobs).is_empty());
    let needed: BTreeSet<_> = definitions.iter().flat_map(|job| job.depends()).collect();
    let run_list: Vec<_> = state.run_list().cloned().collect();
    for job in run_list {
        let fails = definitions.iter().any(|known| {
            known.id() == &job
                && known
                    .command()
                    .is_some_and(|command| !command.contains("exit 0") && command.contains("exit"))
        });
        assert!(
            !(fails && needed.contains(&job)),
            "{job} fails and is needed"
        );
        let outcome = if fails {
            JobOutcome::Fail
        } else {
            JobOutcome::Pass
        };
        state
            .update_job_result(&job, JobResult::of(outcome), None)
            .expect("it is there");
    }
}
