//! From what was read to a state.

use std::cell::RefCell;

use session_state::{JobParts, SessionParts, SessionState};

use super::sample::session;
use crate::error::{BenchError, Doing as _};
use crate::flat::{each, flat};
use crate::jobs::number;
use crate::method::{Contender, Row, Unit, measured, time_rounds};
use crate::run::{RunOptions, Scale};

/// What a job may take, in a session of any size.
const NS_A_JOB_MAX: f64 = 1_500.0;

/// The time of a job in a session and in one of ten times the jobs, each below the bar. Whether it is linear is told by
/// the instructions: a state that no longer fits into the caches of the processor waits for memory besides.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let few = options.scale.pick(10_000, 10_000, 20);
    let many = few * 10;
    let (states, next) = (
        (session(few, few)?.1, session(many, many)?.1),
        (RefCell::default(), RefCell::default()),
    );
    let rounds = time_rounds(
        options.scale.pick(30, 5, 1),
        &mut [
            contender("few", &states.0, &next.0),
            contender("many", &states.1, &next.1),
        ],
    )?;
    let of_many = format!("of {many}");
    let time_of_many = rounds.median_ns("many", many);
    let time = Row::new(
        format!("what was read to a state, a job of {few}"),
        rounds.median_ns("few", few),
        Unit::Nanoseconds,
    )
    .beside(&of_many, time_of_many)
    .at_most(NS_A_JOB_MAX)
    .judged(&format!("also {of_many}"), time_of_many <= NS_A_JOB_MAX);
    if options.scale == Scale::Least {
        return Ok(vec![time]);
    }
    let count = |jobs: usize| each(options, &["codec", "build", &jobs.to_string()], jobs);
    let linear = flat(
        &format!("what was read to a state, a job {of_many}: instructions"),
        count(many)?,
        &format!("of {few}"),
        count(few)?,
        1.05,
    );
    Ok(vec![time, linear])
}

/// Builds a session of so many jobs.
pub(super) fn probe(jobs: &str) -> Result<(), BenchError> {
    let jobs = number(jobs)?;
    let (_, state) = session(jobs, jobs)?;
    let parts = parts(&state);
    measured(|| build(parts))
}

/// Builds a state again and again, from parts that are made before.
fn contender<'w>(
    name: &str,
    state: &'w SessionState,
    next: &'w RefCell<SessionParts>,
) -> Contender<'w> {
    Contender::new(name, || build(next.take())).prepared(|| {
        next.replace(parts(state));
        Ok(())
    })
}

fn build(parts: SessionParts) -> Result<(), BenchError> {
    let state = SessionState::restore(parts).doing("restore")?;
    std::hint::black_box(&state);
    Ok(())
}

/// The parts a state is made of.
fn parts(state: &SessionState) -> SessionParts {
    SessionParts {
        jobs: state
            .jobs()
            .map(|job| JobParts {
                definition: job.definition().clone(),
                via: job.via().cloned(),
                result: job.history().last().cloned().unwrap_or_default(),
                history: job.history().to_vec(),
                attempts: job.attempts(),
                attempts_begun: job.attempts_begun(),
                started_attempts: job.started_attempts(),
                overrides: job.overrides().cloned().unwrap_or_default(),
            })
            .collect(),
        desired: state.desired_jobs().cloned().collect(),
        mandatory: state.mandatory_jobs().cloned().collect(),
        run_list: state.run_list().cloned().collect(),
        metadata: state.metadata().clone(),
        ..SessionParts::default()
    }
}
