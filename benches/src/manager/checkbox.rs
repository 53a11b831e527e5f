//! A session kept in Checkbox's format 11, one result changed.

use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use session_manager::{KnownUnits, SessionManager};
use session_state::{JobDefinition, JobResult};
use session_storage::RealFs;
use suspend_resume::Format;

use super::kit::{Run, expect_results, options as manager_options};
use super::original::{ITS_FORMAT, load_by};
use crate::codec::session;
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::jobs::result;
use crate::method::{Contender, Row, Unit, time_rounds};
use crate::plainbox::{ABSENT, ORIGINAL, PlainBox};
use crate::run::{RunOptions, Scale};

const FORMAT: u8 = 11;

const WHOLE: &str = "the whole session";

/// Reads the file as Checkbox does, through Python's own gzip and JSON; prints how many jobs have results, and the
/// comments of the job that is named.
const READ: &str = r#"
import gzip, json, sys
with open(sys.argv[1], "rb") as stream:
    document = json.loads(gzip.decompress(stream.read()).decode("UTF-8"))
results = document["session"]["results"]
last = results[sys.argv[2]][-1]
print(document["version"], sum(1 for history in results.values() if history[-1]["outcome"]), last["comments"])
"#;

/// A checkpoint after one change beside one that writes everything; then what others read of the file.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let jobs = options.scale.pick(10_000, 10_000, 20);
    let (definitions, state) = session(jobs, jobs)?;
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let format = Format::Checkbox(FORMAT);
    let run = Run::begin(Arc::new(RealFs), scratch.path(), format, state)?;
    let changing = Mutex::new(Changing { run, number: 0 });
    let locked = || changing.lock().unwrap_or_else(PoisonError::into_inner);
    let mut contenders = [
        Contender::new("ours", || locked().save()).prepared(|| locked().change(&definitions)),
        Contender::new(WHOLE, || locked().save()).prepared(|| {
            let mut changing = locked();
            changing.forget_blocks()?;
            changing.change(&definitions)
        }),
    ];
    let rounds = time_rounds(options.scale.rounds(), &mut contenders)?;
    drop(contenders);
    let work = format!("checkpoint in Checkbox's format {FORMAT}, one result of {jobs} changed");
    let row = Row::new(work, rounds.median_ns("ours", 1), Unit::Nanoseconds)
        .beside(WHOLE, rounds.median_ns(WHOLE, 1))
        .ratio_at_most(rounds.ratio("ours", WHOLE), WHOLE, 0.1);

    let mut changing = changing
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    changing.change(&definitions)?;
    changing.save()?;
    let (changed, comments) = changing.last(&definitions)?;
    let storage = changing.run.manager.storage().clone();
    drop(changing);
    let file = storage.location().join("session");
    let python = python_reads(file.as_std_path(), changed, jobs, &comments);
    let row = row.judged("read by Python's gzip and json", python?);
    let row = row.judged("read by us", {
        let known = KnownUnits::new(definitions.clone(), Vec::new());
        let read = SessionManager::load_session_with(storage, manager_options()?, &known, None)
            .doing("load the session")?;
        expect_results("the session", read.state(), jobs)?;
        let job = read.state().job_state(changed);
        job.and_then(|job| job.result().comments.as_deref()) == Some(comments.as_str())
    });
    Ok(vec![row, read_by_the_original(options)?])
}

/// A session that is changed result by result.
struct Changing {
    run: Run,
    number: usize,
}

impl Changing {
    /// Records another result for the next job.
    fn change(&mut self, definitions: &[Arc<JobDefinition>]) -> Result<(), BenchError> {
        self.number += 1;
        let (job, comments) = self.last(definitions)?;
        let again = JobResult {
            comments: Some(comments.into()),
            ..result()
        };
        let state = self.run.manager.state_mut();
        state
            .update_job_result(&job.into(), again, None)
            .doing("record a result")?;
        Ok(())
    }

    /// The job that was changed last, and what its result says.
    fn last<'d>(
        &self,
        definitions: &'d [Arc<JobDefinition>],
    ) -> Result<(&'d str, String), BenchError> {
        // Far from the one before, so that it lies in another block.
        let place = self.number.wrapping_mul(7_919) % definitions.len();
        let job = definitions.get(place).ok_or("there are no jobs");
        let job = job.doing("change a result")?.id().as_str();
        Ok((job, format!("again-{}", self.number)))
    }

    /// What was packed before is packed anew by the next checkpoint.
    fn forget_blocks(&mut self) -> Result<(), BenchError> {
        for version in [FORMAT - 1, FORMAT] {
            self.run
                .manager
                .set_checkbox_version(version)
                .doing("change the format")?;
        }
        Ok(())
    }

    fn save(&mut self) -> Result<(), BenchError> {
        self.run.manager.checkpoint().doing("save")?;
        Ok(())
    }
}

/// Whether any Python reads all members of the file as one document.
fn python_reads(
    file: &std::path::Path,
    job: &str,
    jobs: usize,
    comments: &str,
) -> Result<bool, BenchError> {
    let output = Command::new("python3")
        .args(["-c", READ])
        .arg(file)
        .arg(job)
        .output()
        .doing("start python3")?;
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.trim() == format!("{FORMAT} {jobs} {comments}"))
}

/// The original knows no format beyond 6, which is written through the same blocks.
fn read_by_the_original(options: &RunOptions) -> Result<Row, BenchError> {
    let jobs = options.scale.pick(1_000, 300, 20);
    let (definitions, state) = session(jobs, jobs)?;
    let scratch = disk::scratch().doing("make a scratch folder")?;
    let run = Run::begin(Arc::new(RealFs), scratch.path(), ITS_FORMAT, state)?;
    let mut changing = Changing { run, number: 0 };
    changing.change(&definitions)?;
    let start = std::time::Instant::now();
    changing.save()?;
    let took = start.elapsed().as_nanos() as f64;
    let work = format!("the same in format 6, one result of {jobs} changed, 1 round");
    let row = Row::new(&work, took, Unit::Nanoseconds);
    if options.scale == Scale::Least {
        return Ok(row);
    }
    let bar = format!("read by {ORIGINAL}");
    let Some(plainbox) = PlainBox::find()? else {
        return Ok(Row::not_measured(work, bar, ABSENT));
    };
    let place = changing.run.manager.storage().location().to_owned();
    let read = load_by(&plainbox, &definitions, &place)?;
    Ok(row
        .beside(format!("{ORIGINAL} loading it"), read)
        .judged(&bar, true))
}
