//! PlainBox 0.38 beside it: recording each result and saving the session, and loading what we saved.

use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use session_state::JobDefinition;
use session_storage::RealFs;
use suspend_resume::Format;

use super::kit::{Run, selected};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::method::{Contender, Row, Unit, time_rounds};
use crate::plainbox::{ABSENT, ORIGINAL, PlainBox, write_definitions};
use crate::run::{RunOptions, Scale};

/// Makes a session of the definitions and records and saves so many results; prints how long that took, how many
/// results there are.
const RUN: &str = r#"
import json, sys, time
from plainbox.impl.job import JobDefinition
from plainbox.impl.result import MemoryJobResult
from plainbox.impl.session import SessionManager, SessionStorageRepository
with open(sys.argv[1]) as stream:
    jobs = [JobDefinition(fields) for fields in json.load(stream)]
manager = SessionManager.create_with_unit_list(jobs, SessionStorageRepository(sys.argv[2]))
manager.state.update_desired_job_list(jobs)
manager.checkpoint()
run_list = list(manager.state.run_list)[:int(sys.argv[3])]
start = time.perf_counter()
for job in run_list:
    result = MemoryJobResult({"outcome": "pass", "return_code": 0, "execution_duration": 1.25})
    manager.state.update_job_result(job, result)
    manager.checkpoint()
took = time.perf_counter() - start
print(took, sum(1 for job in manager.state.job_state_map.values() if job.result.outcome))
"#;

/// The newest format that it opens.
pub(super) const ITS_FORMAT: Format = Format::Checkbox(6);

/// Loads a session; prints how long that took, how many results there are.
const LOAD: &str = r#"
import json, sys, time
from plainbox.impl.job import JobDefinition
from plainbox.impl.session import SessionManager, SessionStorage
with open(sys.argv[1]) as stream:
    jobs = [JobDefinition(fields) for fields in json.load(stream)]
start = time.perf_counter()
manager = SessionManager.load_session(jobs, SessionStorage(sys.argv[2]))
took = time.perf_counter() - start
print(took, sum(1 for job in manager.state.job_state_map.values() if job.result.outcome))
"#;

/// Runs of two sizes. The original takes minutes for the larger one, so only its first jobs are timed there, each
/// of which costs it about the same.
pub(super) fn run_rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let sizes: &[(usize, usize)] = match options.scale {
        Scale::Full => &[(300, 300), (1_000, 100)],
        Scale::Quick => &[(100, 100)],
        Scale::Least => &[(4, 4)],
    };
    let plainbox = match options.scale {
        Scale::Full | Scale::Quick => PlainBox::find()?,
        Scale::Least => None,
    };
    let mut rows = Vec::new();
    for (jobs, timed) in sizes {
        let work = format!("time of a job, a run of {jobs} jobs, first {timed}");
        let (definitions, ours) = ours(*jobs, *timed, options.scale)?;
        let row = Row::new(&work, ours, Unit::Nanoseconds);
        rows.push(match &plainbox {
            Some(plainbox) => {
                let theirs = theirs(plainbox, &definitions, *timed)?;
                row.beside(format!("{ORIGINAL} (1 round)"), theirs)
                    .at_most_times(&format!("{ORIGINAL} (1 round)"), 1.0)
            }
            None if options.scale == Scale::Least => row,
            None => Row::not_measured(work, format!("beside {ORIGINAL}"), ABSENT),
        });
    }
    Ok(rows)
}

/// Definitions, and the time of one of our jobs.
fn ours(
    jobs: usize,
    timed: usize,
    scale: Scale,
) -> Result<(Vec<Arc<JobDefinition>>, f64), BenchError> {
    let (definitions, state) = selected(jobs)?;
    let home = disk::scratch().doing("make a scratch folder")?;
    let mut runs = Vec::new();
    let rounds = scale.pick(5, 3, 1);
    for _ in 0..=rounds {
        let folder = tempfile::tempdir_in(home.path()).doing("make a scratch folder")?;
        let run = Run::begin(
            Arc::new(RealFs),
            folder.path(),
            Format::Native,
            state.clone(),
        )?;
        runs.push((folder, run));
    }
    let mut runs = runs.into_iter();
    let mut contenders = [Contender::new("ours", || {
        let next = runs.next().ok_or("there is one for each round");
        let (folder, mut run) = next.doing("run a session")?;
        run.go(timed)?;
        run.manager.checkpoint().doing("save the last result")?;
        drop((run, folder));
        Ok(())
    })];
    let rounds = time_rounds(rounds, &mut contenders)?;
    Ok((definitions, rounds.median_ns("ours", timed)))
}

fn theirs(
    plainbox: &PlainBox,
    definitions: &[Arc<JobDefinition>],
    timed: usize,
) -> Result<f64, BenchError> {
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let (jobs, repository) = (
        scratch.path().join("jobs.json"),
        scratch.path().join("sessions"),
    );
    disk::create_folder(&repository).doing("make a scratch folder")?;
    write_definitions(&jobs, definitions)?;
    let count = timed.to_string();
    let arguments = [&jobs, &repository, Path::new(&count)];
    Ok(plainbox.time("a run", RUN, &arguments, timed)? / timed as f64)
}

/// How long it takes, in nanoseconds, to load the session in that directory, in which every job has a result.
pub(super) fn load_by(
    plainbox: &PlainBox,
    definitions: &[Arc<JobDefinition>],
    session: &Utf8Path,
) -> Result<f64, BenchError> {
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let jobs = scratch.path().join("jobs.json");
    write_definitions(&jobs, definitions)?;
    let arguments = [&jobs, session.as_std_path()];
    plainbox.time("a load", LOAD, &arguments, definitions.len())
}
