//! The doors for many at once do what those for one do, and whatever results a job has comes back.

use std::sync::Arc;

use super::kit::{id, ids, job, listen, printed, taken};
use crate::job::{JobOutcome, JobResult};
use crate::overrides::Overrides;
use crate::problem::UnknownJob;
use crate::state::{JobParts, SessionParts, SessionState};

#[test]
fn jobs_added_together_are_added_one_by_one() {
    let plain = [job(&[("id", "a")]), job(&[("id", "b")])];
    let equal = job(&[("id", "b")]);
    let with_sibling = job(&[("id", "c"), ("siblings", r#"[{"id": "c-too"}]"#)]);
    let [a, b] = plain.clone();
    let lists = [
        vec![a.clone(), b.clone()],
        vec![b.clone(), a.clone()],
        vec![a.clone(), equal, with_sibling.clone()],
        vec![with_sibling.clone()],
        vec![a, with_sibling, job(&[("id", "b"), ("user", "root")])],
    ];
    for list in lists {
        for first in [&plain[..], &list[..1], &[]] {
            let started = || {
                let mut state = SessionState::with_jobs(first.iter().cloned()).unwrap();
                state.record_changes(true);
                state
            };
            let (mut together, mut single) = (started(), started());
            let (heard_together, _ear) = listen(&together);
            let (heard_single, _other_ear) = listen(&single);
            let one_by_one = list
                .iter()
                .try_for_each(|job| single.add_job(job.clone(), None).map(drop));
            assert_eq!(together.add_jobs(&list), one_by_one);
            assert_eq!(together, single);
            assert_eq!(together.pending_changes(), single.pending_changes());
            assert_eq!(taken(&heard_together), taken(&heard_single));
        }
    }
}

#[test]
fn an_entry_records_what_the_session_records() {
    let started = || {
        let jobs = [
            job(&[("id", "r"), ("plugin", "resource")]),
            job(&[("id", "a"), ("requires", "r.x == '1'")]),
        ];
        let mut state = SessionState::with_jobs(jobs).unwrap();
        state.update_desired_jobs(&ids(&["a"]));
        state.record_changes(true);
        state
    };
    let results = [
        printed(JobOutcome::Fail, &["x: 2"]),
        printed(JobOutcome::Pass, &["x: 1"]),
        JobResult::default(),
    ];
    let (mut by_entry, mut by_id) = (started(), started());
    assert!(by_entry.job_entry("nowhere").is_none());
    let mut entry = by_entry.job_entry("r").unwrap();
    for result in results {
        entry.update_result(result.clone(), None);
        by_id.update_job_result(&id("r"), result, None).unwrap();
        assert_eq!(
            entry.state().outcome(),
            by_id.job_state("r").unwrap().outcome()
        );
    }
    assert_eq!(by_entry, by_id);
    assert_eq!(by_entry.pending_changes(), by_id.pending_changes());
    let inhibitors = |state: &SessionState| state.job_state("a").unwrap().inhibitors().to_vec();
    assert_eq!(inhibitors(&by_entry), inhibitors(&by_id));
}

#[test]
fn known_jobs_are_selected_as_any_are() {
    let jobs = ["a", "b", "m"].map(|name| job(&[("id", name), ("plugin", "shell")]));
    let started = || {
        let mut state = SessionState::with_jobs(jobs.clone()).unwrap();
        state.set_mandatory_jobs(ids(&["m"]));
        state.record_changes(true);
        state
    };
    let (mut by_text, mut by_id) = (started(), started());
    for list in [&["b", "a"][..], &["b", "b"], &["b", "a", "m"], &[]] {
        let problems = by_id.update_desired_jobs(&ids(list));
        assert_eq!(by_text.update_desired_to_known(list), Ok(problems));
        assert_eq!(by_text, by_id);
        assert_eq!(by_text.pending_changes(), by_id.pending_changes());
    }
    let unknown = by_text.update_desired_to_known(&["a", "x", "y"]);
    assert_eq!(unknown, Err(UnknownJob { job: id("x") }));
    assert_eq!(by_text, by_id);
}

#[test]
fn any_results_a_job_can_have_are_restored() {
    let result = |outcome| Arc::new(JobResult::of(outcome));
    let [pass, fail] = [JobOutcome::Pass, JobOutcome::Fail].map(result);
    let currents = [Arc::default(), pass.clone(), fail.clone()];
    let histories: [&[&Arc<JobResult>]; 4] = [&[], &[&pass], &[&fail, &pass], &[&pass, &pass]];
    for current in &currents {
        for history in histories {
            let history: Vec<_> = history.iter().copied().cloned().collect();
            let parts = JobParts {
                definition: job(&[("id", "a")]),
                via: None,
                result: current.clone(),
                history: history.clone(),
                attempts_begun: 3,
                started_attempts: 1,
                attempts: 2,
                overrides: Overrides::default(),
            };
            let mut state = SessionState::restore(SessionParts {
                jobs: vec![parts],
                ..SessionParts::default()
            })
            .unwrap();
            let seen = |state: &SessionState| {
                let job = state.job_state("a").unwrap();
                (job.result().clone(), job.history().to_vec())
            };
            assert_eq!(seen(&state), (JobResult::clone(current), history.clone()));
            assert_eq!(state.outcome_counts().get(current.outcome), 1);

            // What comes next goes behind the history, unless it is what is there.
            let next = JobResult::of(JobOutcome::Fail);
            let mut expected = history.clone();
            if **current != next {
                expected.push(fail.clone());
            }
            state
                .update_job_result(&id("a"), next.clone(), None)
                .unwrap();
            assert_eq!(seen(&state), (next, expected.clone()));
            state
                .update_job_result(&id("a"), JobResult::default(), None)
                .unwrap();
            assert_eq!(seen(&state), (JobResult::default(), expected));
        }
    }
}
