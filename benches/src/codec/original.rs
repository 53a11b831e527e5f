//! A resume beside PlainBox 0.38, run live from a virtual environment.

use std::sync::Arc;
use std::time::Instant;

use session_state::JobDefinition;
use suspend_resume::{Format, ResumeOptions, SuspendOptions, resume, suspend};

use super::sample::session;
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{Interval, Row, Unit};
use crate::plainbox::{ABSENT, ORIGINAL, PlainBox, write_definitions};
use crate::run::{RunOptions, Scale};

/// How often the original does it: one resume takes it twenty seconds and more.
const ORIGINAL_ROUNDS: usize = 3;

/// The newest format that release opens and that ours writes for it.
const FORMAT: Format = Format::Checkbox(5);

/// Loads definitions and a session, resumes, and prints how long only that took and how many results there are.
const SCRIPT: &str = r#"
import json, sys, time
from plainbox.impl.job import JobDefinition
from plainbox.impl.session.resume import SessionResumeHelper
with open(sys.argv[1]) as stream:
    jobs = [JobDefinition(fields) for fields in json.load(stream)]
with open(sys.argv[2], "rb") as stream:
    data = stream.read()
start = time.perf_counter()
state = SessionResumeHelper(jobs, None, None).resume(data)
took = time.perf_counter() - start
done = sum(1 for job in state.job_state_map.values() if job.result.outcome)
print(took, done)
"#;

/// Resuming 10,000 jobs with 1,500 results: quadratic there, linear here.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let (jobs, results) = match options.scale {
        Scale::Full => (10_000, 1_500),
        Scale::Quick => (1_000, 150),
        Scale::Least => (20, 5),
    };
    let work = format!("resume {jobs} jobs with {results} results");
    let bar = format!("under 1/200 of {ORIGINAL}, linear");
    let (definitions, state) = session(jobs, results)?;
    let bytes = suspend(&state, FORMAT, &SuspendOptions::default()).doing("suspend")?;
    let ours = Interval::of(&times(&bytes, &definitions, options.scale.rounds())?);
    let (half, half_state) = session(jobs / 2, results / 2)?;
    let half_bytes = suspend(&half_state, FORMAT, &SuspendOptions::default()).doing("suspend")?;
    let half = Interval::of(&times(&half_bytes, &half, options.scale.rounds())?);
    let row = Row::new(&work, ours.median, Unit::Nanoseconds).beside("half the jobs", half.median);
    let row = row.judged(
        "linear: at most 3 × half the jobs",
        ours.low <= 3.0 * half.high || options.scale == Scale::Least,
    );
    if options.scale == Scale::Least {
        return Ok(vec![row]);
    }
    let Some(plainbox) = PlainBox::find()? else {
        return Ok(vec![row, Row::not_measured(work, bar, ABSENT)]);
    };
    let theirs: Vec<f64> = (0..options.scale.pick(ORIGINAL_ROUNDS, 1, 1))
        .map(|_| original(&plainbox, &definitions, &bytes, results))
        .collect::<Result<_, _>>()?;
    let theirs = Interval::of(&theirs);
    let times = theirs.median / ours.median;
    let words = format!("under 1/200 of {ORIGINAL} (1/{times:.0})");
    Ok(vec![
        row.beside(ORIGINAL, theirs.median)
            .judged(&words, ours.low * 200.0 < theirs.high),
    ])
}

fn times(
    bytes: &[u8],
    definitions: &[Arc<JobDefinition>],
    rounds: usize,
) -> Result<Vec<f64>, BenchError> {
    (0..=rounds)
        .map(|_| {
            let start = Instant::now();
            let state =
                resume(bytes, definitions, &ResumeOptions::default(), None).doing("resume")?;
            let took = start.elapsed().as_nanos() as f64;
            std::hint::black_box(&state);
            Ok(took)
        })
        .skip(1)
        .collect()
}

/// How long the original takes for the same session, in nanoseconds.
fn original(
    plainbox: &PlainBox,
    definitions: &[Arc<JobDefinition>],
    bytes: &[u8],
    results: usize,
) -> Result<f64, BenchError> {
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let (jobs, data) = (
        scratch.path().join("jobs.json"),
        scratch.path().join("session"),
    );
    write_definitions(&jobs, definitions)?;
    disk::write(&data, bytes).doing("write a session")?;
    plainbox.time("a resume", SCRIPT, &[&jobs, &data], results)
}
