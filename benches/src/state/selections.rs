//! Selections in large sessions: what they cost is what they pull in, also when they grow and shrink.

use session_state::{JobId, SessionState};

use crate::error::BenchError;
use crate::flat::{each, flat};
use crate::jobs::{Dependencies, definitions, id_of, ids, number, solved};
use crate::method::{Row, measured};
use crate::run::{RunOptions, Scale};

/// How many jobs come in with one that is asked for, where it brings others along.
const PULLED: usize = 100;

/// How many jobs are added or taken away one by one where each comes alone: the mean of so many calls says more
/// than one of them, in which the allocator may be tidying up. As many again come before, not counted.
const SINGLE: usize = 200;

/// Selections in a session of 100,000 jobs, beside the same in one of 1,000.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(100_000, 20_000, 2 * SINGLE + 100);
    if options.scale == Scale::Least {
        let jobs = jobs.to_string();
        probe_selection(&jobs, "10")?;
        probe_more(&jobs)?;
        probe_more_pulling(&jobs)?;
        probe_less(&jobs)?;
        return Ok(Vec::new());
    }
    let selection = |jobs: usize, pulled: usize| {
        let words = ["state", "selection", &jobs.to_string(), &pulled.to_string()];
        each(options, &words, 1)
    };
    let hundred = selection(jobs, PULLED)?;
    let mut rows = vec![
        flat(
            &format!("select one job that pulls in {PULLED}, of {jobs}: instructions"),
            hundred,
            "the same of 1000",
            selection(1_000, PULLED)?,
            1.05,
        ),
        flat(
            &format!("select one job that pulls in 1000, of {jobs}: instructions"),
            selection(jobs, 10 * PULLED)?,
            "ten times 100",
            hundred.map(|count| count * 10.0),
            1.25,
        ),
    ];
    for (words, probe, count) in [
        ("one more job", "more", SINGLE),
        ("one more job that pulls in 100", "more-pulling", 1),
        ("one job less, the last one", "less", SINGLE),
    ] {
        let of = |jobs: usize| each(options, &["state", probe, &jobs.to_string()], count);
        rows.push(flat(
            &format!("{words}, in a selection of {jobs}: instructions"),
            of(jobs)?,
            "in one of 1000",
            of(1_000)?,
            1.05,
        ));
    }
    Ok(rows)
}

/// Selects the job that pulls in so many, itself included, after a selection of one more job.
pub(super) fn probe_selection(jobs: &str, pulled: &str) -> Result<(), BenchError> {
    let (jobs, pulled) = (number(jobs)?, number(pulled)?);
    let definitions = definitions(jobs, Dependencies::Chain);
    let first = jobs.saturating_sub(pulled);
    let before = JobId::new(id_of(first.saturating_sub(1)));
    let now = JobId::new(id_of(first));
    let mut state = solved(&definitions, &[before])?;
    let problems = measured(|| state.update_desired_jobs(std::slice::from_ref(&now)));
    check(&state, problems.is_empty(), pulled.min(jobs))
}

/// Selects jobs beside all the others, one after the other. What they need is selected.
pub(super) fn probe_more(jobs: &str) -> Result<(), BenchError> {
    let jobs = number(jobs)?;
    let (mut state, more) = all_but_some(jobs)?;
    let whole = measured(|| add_each(&mut state, &more));
    check(&state, whole, jobs)
}

/// Takes them away again, the last one first.
pub(super) fn probe_less(jobs: &str) -> Result<(), BenchError> {
    let jobs = number(jobs)?;
    let (mut state, more) = all_but_some(jobs)?;
    let added = add_each(&mut state, &more);
    let removed = measured(|| {
        more.iter().rev().all(|job| {
            let problems = state.remove_desired_jobs(std::slice::from_ref(job));
            state.forget_changes(1);
            problems.is_empty()
        })
    });
    check(&state, added && removed, jobs.saturating_sub(more.len()))
}

/// Selects one job that pulls in a hundred, itself included, beside all the others.
pub(super) fn probe_more_pulling(jobs: &str) -> Result<(), BenchError> {
    let jobs = number(jobs)?;
    let definitions = definitions(jobs, Dependencies::Chain);
    let mut state = solved(&definitions, &[JobId::new(id_of(PULLED))])?;
    state.record_changes(true);
    let first = JobId::new(id_of(0));
    let problems = measured(|| state.add_desired_jobs(std::slice::from_ref(&first)));
    check(&state, problems.is_empty(), jobs)
}

/// A session in which all jobs are selected but so many, and these; changes are recorded, as they are in a run.
fn all_but_some(jobs: usize) -> Result<(SessionState, Vec<JobId>), BenchError> {
    let definitions = definitions(jobs, Dependencies::Near);
    let mut others = ids(&definitions);
    let mut first = others.split_off(jobs.saturating_sub(2 * SINGLE));
    let more = first.split_off(first.len().min(SINGLE));
    let mut state = solved(&definitions, &others)?;
    state.record_changes(true);
    if add_each(&mut state, &first) {
        return Ok((state, more));
    }
    Err(BenchError::Wrong {
        what: "a job cannot be added to a selection".to_owned(),
    })
}

/// Adds jobs one by one, and forgets each change as if it were saved. Whether there was no problem.
fn add_each(state: &mut SessionState, jobs: &[JobId]) -> bool {
    jobs.iter().all(|job| {
        let problems = state.add_desired_jobs(std::slice::from_ref(job));
        state.forget_changes(1);
        problems.is_empty()
    })
}

fn check(state: &SessionState, is_whole: bool, expected: usize) -> Result<(), BenchError> {
    let found = state.run_list().len();
    if is_whole && found == expected {
        return Ok(());
    }
    Err(BenchError::Wrong {
        what: format!("a selection of {found} jobs instead of {expected}"),
    })
}
