//! Selections that grow and shrink: what comes of it is what selecting all of it anew gives.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::kit::{id, ids, job, printed};
use crate::change::Change;
use crate::id::JobId;
use crate::job::{JobDefinition, JobOutcome, SUSPENDS};
use crate::problem::Problem;
use crate::state::{IllegalChange, JobState, SessionState};

fn run_list(state: &SessionState) -> Vec<JobId> {
    state.run_list().cloned().collect()
}

fn desired(state: &SessionState) -> Vec<JobId> {
    state.desired_jobs().cloned().collect()
}

/// What selecting exactly these anew makes of a state.
fn anew(state: &SessionState, wanted: &[JobId]) -> (SessionState, Vec<Problem>) {
    let mut other = state.clone();
    other.update_desired_jobs_alone(&[]);
    let problems = other.update_desired_jobs_alone(wanted);
    (other, problems)
}

fn same(state: &SessionState, anew: &SessionState) {
    assert_eq!(desired(state), desired(anew));
    assert_eq!(run_list(state), run_list(anew));
    assert_eq!(state, anew);
    assert_eq!(state.todo_count(), anew.todo_count());
    let texts = |state: &SessionState| -> Vec<String> {
        state.jobs().map(JobState::readiness_text).collect()
    };
    assert_eq!(texts(state), texts(anew));
}

fn changes(state: &mut SessionState) -> Vec<Change> {
    let changes = state.pending_changes().to_vec();
    state.forget_changes(changes.len());
    changes
}

/// How many jobs there are to select; the first two are those that suspend the machine.
const JOBS: usize = 12;

fn numbered(number: usize) -> JobId {
    match SUSPENDS.get(number) {
        Some((_, suspend, _)) => id(suspend),
        None => id(&format!("j{number}")),
    }
}

/// A job that needs only jobs of lower numbers, so that nearly every selection can be had; few ask for a place.
fn definition(number: usize) -> impl Strategy<Value = Arc<JobDefinition>> {
    let lower = move |most: usize| vec(0..number.max(1), 0..=most);
    let rarely = |odds: u32| proptest::option::weighted(1.0 / f64::from(odds), 0..JOBS);
    let needs = (lower(2), lower(1), rarely(60));
    let places = (rarely(10), rarely(8), rarely(12), 0..8usize);
    (needs, places).prop_map(
        move |((depends, after, missing), (before, salvages, group, flag))| {
            let list = |numbers: &[usize]| {
                let lower = numbers.iter().filter(|target| **target < number);
                let ids: Vec<String> = lower.map(|target| numbered(*target).to_string()).collect();
                ids.join(" ")
            };
            let mut depends = list(&depends);
            if missing.is_some() {
                depends.push_str(" nothing");
            }
            let text = |number: Option<usize>| {
                number.map_or_else(String::new, |number| numbered(number).to_string())
            };
            let (id, after) = (numbered(number).to_string(), list(&after));
            let (before, salvages) = (text(before), text(salvages));
            let mut fields = vec![("id", &*id), ("depends", &*depends), ("after", &*after)];
            fields.extend([("before", &*before), ("salvages", &*salvages)]);
            if let Some(group) = group {
                fields.push(("group", if group % 2 == 0 { "even" } else { "odd" }));
            }
            if let Some((flag, ..)) = SUSPENDS.get(flag) {
                fields.push(("flags", *flag));
            }
            job(&fields)
        },
    )
}

fn jobs() -> impl Strategy<Value = Vec<Arc<JobDefinition>>> {
    (0..JOBS).map(definition).collect::<Vec<_>>()
}

/// One step: jobs come in, go, are replaced, run, are selected, deselected.
#[derive(Clone, Debug)]
enum Step {
    Add(Arc<JobDefinition>),
    AddCopies(usize),
    Remove(usize),
    RemoveCopies(usize),
    Replace(Arc<JobDefinition>),
    Record(usize, JobOutcome),
    Mandatory(Vec<usize>),
    Select(Vec<usize>),
    More(Vec<usize>),
    Less(Vec<usize>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = || 0..JOBS;
    let definition = || number().prop_flat_map(definition);
    let outcome = proptest::sample::select(&JobOutcome::ALL[..]);
    let step = prop_oneof![
        2 => definition().prop_map(Step::Add),
        2 => number().prop_map(Step::AddCopies),
        2 => number().prop_map(Step::Remove),
        1 => number().prop_map(Step::RemoveCopies),
        1 => definition().prop_map(Step::Replace),
        2 => (number(), outcome).prop_map(|(number, outcome)| Step::Record(number, outcome)),
        1 => vec(number(), 0..2).prop_map(Step::Mandatory),
        1 => vec(number(), 0..JOBS).prop_map(Step::Select),
        12 => vec(number(), 0..3).prop_map(Step::More),
        8 => vec(number(), 0..2).prop_map(Step::Less),
    ];
    vec(step, 1..25)
}

fn copies(state: &SessionState, number: usize) -> Vec<JobDefinition> {
    let job = state.job_state(numbered(number));
    job.map_or_else(Vec::new, |job| job.definition().siblings().unwrap())
}

/// Takes a step; one that adds to a selection or takes from it is compared with selecting all of it anew.
fn take(state: &mut SessionState, step: &Step) {
    let named =
        |numbers: &[usize]| -> Vec<JobId> { numbers.iter().copied().map(numbered).collect() };
    match step {
        Step::Add(job) => drop(state.add_job(Arc::clone(job), None)),
        Step::AddCopies(number) => {
            for copy in copies(state, *number) {
                drop(state.add_job(Arc::new(copy), None));
            }
        }
        Step::Remove(number) => drop(state.remove_job(&numbered(*number))),
        Step::RemoveCopies(number) => {
            for copy in copies(state, *number) {
                drop(state.remove_job(copy.id()));
            }
        }
        Step::Replace(job) => drop(state.replace_job(Arc::clone(job))),
        Step::Record(number, outcome) => {
            let result = printed(*outcome, &["x: 1"]);
            drop(state.update_job_result(&numbered(*number), result, None));
        }
        Step::Mandatory(numbers) => state.set_mandatory_jobs(named(numbers)),
        Step::Select(numbers) => drop(state.update_desired_jobs(&named(numbers))),
        Step::More(numbers) => {
            let more = named(numbers);
            let (expected, problems) = anew(state, &[desired(state), more.clone()].concat());
            assert_eq!(state.add_desired_jobs(&more), problems);
            same(state, &expected);
        }
        Step::Less(numbers) => {
            let less = named(numbers);
            let stays = |job: &JobId| {
                !less.contains(job) || state.mandatory_jobs().any(|known| known == job)
            };
            let (known, mut wanted) = (desired(state), desired(state));
            wanted.retain(stays);
            if wanted == known {
                assert_eq!(state.remove_desired_jobs(&less), []);
                assert_eq!(desired(state), known);
            } else {
                let (expected, problems) = anew(state, &wanted);
                assert_eq!(state.remove_desired_jobs(&less), problems);
                same(state, &expected);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn adding_and_removing_give_what_selecting_anew_gives(jobs in jobs(), steps in steps()) {
        let mut state = SessionState::with_jobs(jobs).unwrap();
        let mut copy = state.clone();
        state.record_changes(true);
        for step in &steps {
            take(&mut state, step);
            for change in changes(&mut state) {
                copy.apply(&change).unwrap();
            }
            same(&copy, &state);
        }
    }
}

/// Jobs of these ids and what they depend on, of which some are selected; changes are recorded from then on.
fn selected(jobs: &[(&str, &str)], wanted: &[&str]) -> SessionState {
    let jobs = jobs
        .iter()
        .map(|(id, depends)| job(&[("id", id), ("depends", depends)]));
    let mut state = SessionState::with_jobs(jobs).unwrap();
    assert_eq!(state.update_desired_jobs(&ids(wanted)), []);
    state.record_changes(true);
    state
}

fn extended(desired: &[&str], run_list: &[&str]) -> Change {
    Change::SelectionExtended {
        desired: ids(desired),
        run_list: ids(run_list),
    }
}

fn reduced(job: &str, run_list: &[&str]) -> Change {
    Change::SelectionReduced {
        job: id(job),
        run_list: ids(run_list),
    }
}

fn whole(state: &SessionState) -> Change {
    Change::Selection {
        desired: desired(state),
        run_list: run_list(state),
    }
}

#[test]
fn a_selection_that_grows_is_recorded_by_what_came_in() {
    let jobs = [("a", ""), ("b", "a c"), ("c", ""), ("d", "b"), ("e", "")];
    let mut state = selected(&jobs, &["a"]);
    assert_eq!(state.add_desired_jobs(&ids(&["d", "a"])), []);
    assert_eq!(run_list(&state), ids(&["a", "c", "b", "d"]));
    assert_eq!(
        changes(&mut state),
        [extended(&["d", "a"], &["c", "b", "d"])]
    );
    assert_eq!(state.update_desired_jobs(&ids(&["a", "d", "a", "e"])), []);
    assert_eq!(changes(&mut state), [extended(&["e"], &["e"])]);
    let unknown = Problem::Unknown { job: id("z") };
    assert_eq!(state.add_desired_jobs(&ids(&["z"])), [unknown]);
    assert_eq!(changes(&mut state), [extended(&[], &[])]);
}

#[test]
fn a_restored_session_tells_what_came_in_though_it_solves_all_of_it_once() {
    let jobs = [("a", ""), ("b", "a"), ("c", "")];
    let mut state = selected(&jobs, &["a"]);
    state.apply(&extended(&["c"], &["c"])).unwrap();
    assert_eq!(state.add_desired_jobs(&ids(&["b"])), []);
    assert_eq!(changes(&mut state), [extended(&["b"], &["b"])]);
}

#[test]
fn a_job_that_asks_for_a_place_among_those_selected_has_all_of_it_solved_anew() {
    let suspend = SUSPENDS[0].1;
    let jobs = [
        job(&[("id", "a"), ("group", "g")]),
        job(&[("id", "b")]),
        job(&[("id", suspend)]),
        job(&[("id", "first"), ("before", "b")]),
        job(&[("id", "member"), ("group", "g")]),
        job(&[("id", "copied"), ("flags", "also-after-suspend")]),
        job(&[("id", "later"), ("after", "b"), ("before", "far")]),
        job(&[("id", "alone"), ("group", "h")]),
    ];
    let mut state = SessionState::new();
    for job in jobs {
        state.add_job(job, None).unwrap();
    }
    state.update_desired_jobs(&ids(&["a", "b", suspend]));
    state.record_changes(true);
    state.add_desired_jobs(&ids(&["later", "alone"]));
    let more = ["later", "alone"];
    assert_eq!(changes(&mut state), [extended(&more, &more)]);
    for moved in ["first", "member", "copied"] {
        let mut state = state.clone();
        state.record_changes(true);
        assert_eq!(state.add_desired_jobs(&ids(&[moved])), []);
        let all = whole(&state);
        assert_eq!(changes(&mut state), [all], "{moved}");
    }
}

#[test]
fn a_job_that_is_taken_away_takes_along_what_came_in_for_it_alone() {
    let jobs = [("a", ""), ("b", "a c"), ("c", ""), ("d", ""), ("e", "d a")];
    let mut state = selected(&jobs, &["a", "b", "e"]);
    assert_eq!(run_list(&state), ids(&["a", "c", "b", "d", "e"]));
    assert_eq!(state.remove_desired_jobs(&ids(&["b", "no"])), []);
    assert_eq!(changes(&mut state), [reduced("b", &["c", "b"])]);
    assert_eq!(state.remove_desired_jobs(&ids(&["a"])), []);
    assert_eq!(
        run_list(&state),
        ids(&["d", "a", "e"]),
        "it is needed still"
    );
    let all = whole(&state);
    assert_eq!(changes(&mut state), [all]);
    assert_eq!(state.remove_desired_jobs(&ids(&["e"])), []);
    assert_eq!(changes(&mut state), [reduced("e", &["d", "a", "e"])]);
    assert_eq!(state.todo_count(), 0);
}

#[test]
fn what_stays_may_move_when_the_job_it_came_in_for_goes() {
    let mut state = selected(&[("q", ""), ("r", "q"), ("s", "")], &["r", "s", "q"]);
    assert_eq!(run_list(&state), ids(&["q", "r", "s"]));
    assert_eq!(state.remove_desired_jobs(&ids(&["r"])), []);
    assert_eq!(run_list(&state), ids(&["s", "q"]));
}

#[test]
fn mandatory_jobs_are_not_taken_away() {
    let mut state = selected(&[("a", ""), ("b", "")], &[]);
    state.set_mandatory_jobs(ids(&["a"]));
    state.update_desired_jobs(&ids(&["b"]));
    changes(&mut state);
    assert_eq!(state.remove_desired_jobs(&ids(&["a", "b"])), []);
    assert_eq!(run_list(&state), ids(&["a"]));
    assert_eq!(changes(&mut state), [reduced("b", &["b"])]);
}

#[test]
fn changes_of_another_run_list_are_refused() {
    let mut state = selected(&[("a", ""), ("b", ""), ("c", "")], &["a", "b"]);
    let before = state.clone();
    let twice = |job: &str| Err(IllegalChange::TwiceOnRunList { job: id(job) });
    let missed = |job: &str| Err(IllegalChange::NotOnRunList { job: id(job) });
    assert_eq!(state.apply(&extended(&["a"], &["c", "a"])), twice("a"));
    assert_eq!(state.apply(&extended(&["c"], &["c", "c"])), twice("c"));
    assert_eq!(state.apply(&reduced("b", &["a", "c"])), missed("b"));
    assert_eq!(state.apply(&reduced("b", &["b", "a"])), missed("b"));
    assert_eq!(state.apply(&reduced("a", &[])), missed("a"));
    assert_eq!(state, before);
}
