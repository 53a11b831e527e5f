//! The solver against its own rules, and against the slow way to find problems.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::solve;
use crate::id::JobId;
use crate::job::JobDefinition;
use crate::problem::Problem;
use crate::state::SessionState;
use crate::state::tests::kit::{NAMES, id, job, name, random_jobs};

type Jobs = HashMap<JobId, Arc<JobDefinition>>;

/// The jobs a job pulls in and follows.
fn needs(job: &JobDefinition) -> Vec<JobId> {
    let requires = job.requires().unwrap_or_default();
    let resources = requires
        .lines()
        .filter_map(|line| line.split_once('.'))
        .map(|(resource, _)| id(resource));
    let mut needs: Vec<JobId> = resources.collect();
    needs.extend(job.depends());
    needs.extend(job.after());
    needs
}

fn closure(jobs: &Jobs, asked: &[JobId]) -> HashSet<JobId> {
    let mut pulled = HashSet::new();
    let mut left = asked.to_vec();
    while let Some(job) = left.pop() {
        if pulled.insert(job.clone()) {
            left.extend(needs(&jobs[&job]));
        }
    }
    pulled
}

/// Each job once, exactly those pulled in, each after what it needs, groups together.
fn check_order(jobs: &Jobs, asked: &[JobId], order: &[JobId]) {
    let places: HashMap<&JobId, usize> = order.iter().zip(0..).collect();
    assert_eq!(places.len(), order.len(), "a job stands twice");
    let set: HashSet<JobId> = order.iter().cloned().collect();
    assert_eq!(set, closure(jobs, asked));
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, id) in order.iter().enumerate() {
        let job = &jobs[id];
        for need in needs(job) {
            assert!(places[&need] < place, "{id} stands before {need}");
        }
        for later in job.before().iter().filter_map(|later| places.get(later)) {
            assert!(place < *later, "{id} stands too late");
        }
        if let Some(group) = job.group() {
            groups.entry(group.into_owned()).or_default().push(place);
        }
    }
    for members in groups.values() {
        assert!(members.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    }
}

/// Whether one member of a circle needs the next; a group needs what its members need.
fn follows(jobs: &Jobs, from: &JobId, to: &JobId) -> bool {
    let members = |id: &JobId| -> Vec<JobId> {
        match id.as_str().strip_prefix("_group_job_") {
            None => vec![id.clone()],
            Some(group) => jobs
                .values()
                .filter(|job| job.group().as_deref() == Some(group))
                .map(|job| job.id().clone())
                .collect(),
        }
    };
    let targets = members(to);
    members(from).iter().any(|from| {
        needs(&jobs[from]).iter().any(|need| targets.contains(need))
            || targets.iter().any(|to| jobs[to].before().contains(from))
    })
}

fn check_problem(jobs: &Jobs, problem: &Problem) {
    match problem {
        Problem::Unknown { job } => assert!(!jobs.contains_key(job)),
        Problem::Missing { job, missing, .. } => {
            assert!(needs(&jobs[job]).contains(missing));
            assert!(!jobs.contains_key(missing));
        }
        Problem::Cycle { job, trail } => {
            assert!(trail.len() > 1 && trail.first() == trail.last());
            let first = trail[0].as_str();
            let entered = first == job.as_str() || first.starts_with("_group_job_");
            assert!(entered && jobs.contains_key(job));
            for pair in trail.windows(2) {
                assert!(follows(jobs, &pair[0], &pair[1]), "{problem}");
            }
        }
        Problem::Duplicate(_)
        | Problem::IllegalRequirement { .. }
        | Problem::UnknownSalvage { .. } => panic!("no such problem here: {problem}"),
    }
}

/// Problems the documented way: solve, leave out the job of the first problem, solve again.
fn one_by_one(jobs: &[Arc<JobDefinition>], asked: &[JobId]) -> (Vec<Problem>, Vec<JobId>) {
    let (mut jobs, mut asked) = (jobs.to_vec(), asked.to_vec());
    let mut problems = Vec::new();
    loop {
        match solve(&jobs, Some(&asked)) {
            Ok(order) => return (problems, order),
            Err(problem) => {
                let affected = problem.affected_job();
                jobs.retain(|job| job.id() != affected);
                if let Some(at) = asked.iter().position(|id| id == affected) {
                    asked.remove(at);
                }
                problems.push(problem);
            }
        }
    }
}

/// Random jobs whose `salvages` name nothing: these are no matter of the solver.
fn graph() -> impl Strategy<Value = Vec<Arc<JobDefinition>>> {
    (random_jobs(false), random_jobs(true), any::<bool>()).prop_map(|(wild, tame, pick)| {
        let jobs = if pick { wild } else { tame };
        let strip = |definition: Arc<JobDefinition>| {
            let fields = definition
                .fields()
                .filter(|(name, _)| *name != "salvages")
                .map(|(name, value)| (name.into(), value.to_value()))
                .collect();
            Arc::new(JobDefinition::new(None, fields, None, None))
        };
        jobs.into_iter().map(strip).collect()
    })
}

fn asked() -> impl Strategy<Value = Vec<JobId>> {
    vec(0..NAMES + 1, 0..NAMES).prop_map(|numbers| {
        let names = numbers.iter().map(|number| id(&name(*number)));
        names.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_order_is_valid_or_the_problem_is_real(jobs in graph(), asked in asked()) {
        let known: Jobs = jobs.iter().map(|job| (job.id().clone(), Arc::clone(job))).collect();
        match solve(&jobs, Some(&asked)) {
            Ok(order) => check_order(&known, &asked, &order),
            Err(problem) => check_problem(&known, &problem),
        }
    }

    #[test]
    fn problems_are_those_of_solving_one_by_one(jobs in graph(), asked in asked()) {
        let (problems, run_list) = one_by_one(&jobs, &asked);
        let mut state = SessionState::with_jobs(jobs).unwrap();
        prop_assert_eq!(state.update_desired_jobs(&asked), problems);
        let selected: Vec<JobId> = state.run_list().cloned().collect();
        prop_assert_eq!(selected, run_list);
    }
}

#[test]
fn kinds_are_followed_in_order() {
    let jobs = [
        job(&[
            ("id", "top"),
            ("after", "c"),
            ("depends", "b a"),
            ("requires", "r.x == '1'"),
        ]),
        job(&[("id", "a")]),
        job(&[("id", "b")]),
        job(&[("id", "c")]),
        job(&[("id", "r")]),
    ];
    let order = solve(&jobs, Some(&[id("top")])).unwrap();
    let texts: Vec<&str> = order.iter().map(JobId::as_str).collect();
    assert_eq!(texts, ["r", "b", "a", "c", "top"]);
}

#[test]
fn a_repeated_request_for_a_broken_job_is_a_problem_of_its_own() {
    let mut state = SessionState::with_jobs([job(&[("id", "a"), ("depends", "zz")])]).unwrap();
    let problems = state.update_desired_jobs(&[id("a"), id("a")]);
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "missing dependency: 'zz' (depends)",
            "unknown job referenced: 'a'"
        ]
    );
}
