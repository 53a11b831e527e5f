//! Single steps in large sessions: a result; and a very long chain.

use std::time::Instant;

use session_state::{JobId, SessionState};

use crate::error::{BenchError, Doing as _};
use crate::flat::{each, flat};
use crate::jobs::{Dependencies, definitions, id_of, ids, number, result, solved};
use crate::method::{Interval, Row, Unit, measured};
use crate::run::{RunOptions, Scale};

/// How many steps a probe counts the instructions of.
const PROBED: usize = 500;

/// How many results one sample is the mean of.
const SAMPLE: usize = 1_000;

/// Recording a result of a job with three dependents: its time in a large session, and that its instructions do
/// not grow with the session.
pub(super) fn result_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(1_000_000, 100_000, 50);
    let interval = time_of_results(jobs, options.scale.pick(SAMPLE, SAMPLE, 10))?;
    let work = format!("record a result, three dependents, {jobs} jobs");
    let mut time = Row::new(&work, interval.median, Unit::Nanoseconds);
    time.ratio = None;
    let words = format!(
        "under 2 µs (lower end of the interval: {:.0} ns)",
        interval.low
    );
    let mut rows = vec![time.judged(&words, interval.low < 2_000.0)];
    if options.scale != Scale::Least {
        let count = |jobs: usize| {
            let probe = ["state", "results", &jobs.to_string(), &PROBED.to_string()];
            each(options, &probe, PROBED)
        };
        rows.push(flat(
            &format!("{work}: instructions"),
            count(jobs)?,
            "1000 jobs",
            count(1_000)?,
            1.05,
        ));
    }
    Ok(rows)
}

/// Means of a sample each, over the jobs in the order they run.
fn time_of_results(jobs: usize, sample: usize) -> Result<Interval, BenchError> {
    let definitions = definitions(jobs, Dependencies::Near);
    let run_list = ids(&definitions);
    let mut state = solved(&definitions, &run_list)?;
    state.record_changes(true);
    let mut means = Vec::new();
    for batch in run_list.chunks_exact(sample).take(100) {
        let start = Instant::now();
        record(&mut state, batch)?;
        means.push(start.elapsed().as_nanos() as f64 / sample as f64);
    }
    Ok(Interval::of(&means))
}

/// Records results as a run does: the change is noted, and forgotten once it is saved.
fn record(state: &mut SessionState, jobs: &[JobId]) -> Result<(), BenchError> {
    for job in jobs {
        state
            .update_job_result(job, result(), None)
            .doing("record a result")?;
        state.forget_changes(1);
    }
    Ok(())
}

/// Results of jobs in the middle of the session.
pub(super) fn probe_results(jobs: &str, results: &str) -> Result<(), BenchError> {
    let (jobs, results) = (number(jobs)?, number(results)?);
    let definitions = definitions(jobs, Dependencies::Near);
    let run_list = ids(&definitions);
    let mut state = solved(&definitions, &run_list)?;
    state.record_changes(true);
    let middle = (jobs - results) / 2;
    let jobs = run_list.get(middle..middle + results).unwrap_or_default();
    measured(|| record(&mut state, jobs))
}

/// A chain: solved on a small stack, and linear in its length; instructions are counted for a fifth of it, because
/// counting takes fifty times as long as running.
pub(super) fn chain_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(1_000_000, 100_000, 50);
    let definitions = definitions(jobs, Dependencies::Chain);
    let solve = move || -> Result<f64, BenchError> {
        let first = [JobId::new(id_of(0))];
        let start = Instant::now();
        let state = solved(&definitions, &first)?;
        let took = start.elapsed().as_nanos() as f64;
        if state.run_list().len() == definitions.len() {
            return Ok(took);
        }
        Err(BenchError::Wrong {
            what: "a chain is not whole".to_owned(),
        })
    };
    let took = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(solve)
        .doing("start a thread")?
        .join()
        .map_err(|_| BenchError::Wrong {
            what: "solving a chain panicked".to_owned(),
        })??;
    let words = format!("on a stack of {} KiB", STACK_BYTES / 1024);
    let work = format!("a chain of {jobs} jobs, each depending on the next");
    let mut rows = vec![Row::new(&work, took, Unit::Nanoseconds).judged(&words, true)];
    if options.scale != Scale::Least {
        let count = |jobs: usize| each(options, &["state", "chain", &jobs.to_string()], jobs);
        let (part, tenth) = (jobs / 5, jobs / 50);
        rows.push(flat(
            &format!("a chain of {part} jobs: instructions a job"),
            count(part)?,
            &format!("{tenth} jobs"),
            count(tenth)?,
            1.05,
        ));
    }
    Ok(rows)
}

/// A stack no recursion over jobs would fit on.
const STACK_BYTES: usize = 128 * 1024;

/// Builds and solves a chain.
pub(super) fn probe_chain(jobs: &str) -> Result<(), BenchError> {
    let definitions = definitions(number(jobs)?, Dependencies::Chain);
    let first = [JobId::new(id_of(0))];
    measured(|| solved(&definitions, &first)).map(drop)
}
