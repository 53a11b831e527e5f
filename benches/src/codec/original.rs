//! A resume beside PlainBox 0.38, run live from a virtual environment.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::{Map, Value};
use session_state::JobDefinition;
use suspend_resume::{Format, ResumeOptions, SuspendOptions, resume, suspend};

use super::sample::session;
use crate::error::{BenchError, Doing as _};
use crate::method::{Interval, Row, Unit};
use crate::run::{RunOptions, Scale};
use crate::{disk, say};

const ORIGINAL: &str = "PlainBox 0.38";

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
    let Some(python) = environment()? else {
        say::progress(&format!("  SKIPPED: {ORIGINAL} cannot be installed here"));
        return Ok(vec![
            row,
            Row::not_measured(work, bar, "the package index does not answer"),
        ]);
    };
    let theirs = original(&python, &definitions, &bytes, results)?;
    let ratio = ours.low / theirs;
    let words = format!("under 1/200 of {ORIGINAL} (1/{:.0})", theirs / ours.median);
    Ok(vec![
        row.beside(ORIGINAL, theirs)
            .judged(&words, ratio < 1.0 / 200.0),
    ])
}

fn times(
    bytes: &[u8],
    definitions: &[std::sync::Arc<JobDefinition>],
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

/// The interpreter of an environment that has the original; made once and kept. `None` when it cannot be had.
fn environment() -> Result<Option<PathBuf>, BenchError> {
    let folder = disk::home()
        .doing("make the folder for results")?
        .join("plainbox-0.38");
    let python = folder.join("bin/python");
    let works = |python: &Path| {
        let output = Command::new(python)
            .args(["-c", "import plainbox"])
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    if works(&python) {
        return Ok(Some(python));
    }
    say::progress("  installing PlainBox 0.38.0 into a virtual environment ...");
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        output.is_ok_and(|output| output.status.success())
    };
    let place = folder.display().to_string();
    let made = run(Path::new("python3"), &["-m", "venv", &place])
        && run(
            &python,
            &["-m", "pip", "install", "--quiet", "plainbox==0.38.0"],
        );
    Ok((made && works(&python)).then_some(python))
}

/// How long the original takes for the same session, in nanoseconds.
fn original(
    python: &Path,
    definitions: &[std::sync::Arc<JobDefinition>],
    bytes: &[u8],
    results: usize,
) -> Result<f64, BenchError> {
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let (jobs, data) = (
        scratch.path().join("jobs.json"),
        scratch.path().join("session"),
    );
    let list: Vec<Value> = definitions
        .iter()
        .map(|definition| fields(definition))
        .collect();
    disk::write(&jobs, Value::from(list).to_string().as_bytes()).doing("write definitions")?;
    disk::write(&data, bytes).doing("write a session")?;
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .args([&jobs, &data])
        .output()
        .doing("start the original")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words = said.split_whitespace();
    let took = words.next().and_then(|word| word.parse::<f64>().ok());
    let done = words.next().and_then(|word| word.parse::<usize>().ok());
    match took {
        Some(seconds) if done == Some(results) => Ok(seconds * 1e9),
        Some(_) | None => Err(BenchError::Tool {
            line: "python -c (a resume with PlainBox 0.38)".to_owned(),
            said: format!(
                "ended with {} and {said:?}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            ),
        }),
    }
}

fn fields(definition: &JobDefinition) -> Value {
    let fields = definition.fields().map(|(name, value)| {
        (
            name.to_owned(),
            Value::from(value.as_text().unwrap_or_default()),
        )
    });
    Value::Object(fields.collect::<Map<_, _>>())
}
