//! That an append costs the same whatever the size of the session.

use std::sync::Arc;
use std::time::Instant;

use session_storage::{Fs, RealFs};

use super::keeper::CHANGE_BYTES;
use super::ours::{journal, write_snapshot};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::flat::Flat;
use crate::method::{CountingFs, Random, Row, Syncs, Unit, measured, quantile};
use crate::run::{RunOptions, Scale};
use crate::sessions::{repository, session};

/// How many appends a probe counts the instructions of: as many as fill the room that is there.
const PROBED: usize = 400;

/// Instructions at three sizes, each after a real fold, and the slowest checkpoints when folds are among them.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    let sizes = match options.scale {
        Scale::Full => [100, 10_000, 1_000_000],
        Scale::Quick => [100, 10_000, 100_000],
        Scale::Least => [1, 2, 3],
    };
    let mut rows = Vec::new();
    if options.scale != Scale::Least {
        rows.push(instruction_row(options, sizes)?);
    }
    for jobs in sizes {
        rows.push(slowest_row(options, jobs)?);
    }
    Ok(rows)
}

fn instruction_row(options: &RunOptions, sizes: [usize; 3]) -> Result<Row, BenchError> {
    Flat {
        work: "instructions of an append, after a fold",
        flat_in: "snapshot",
        probe: ["storage", "append"],
        sizes,
        repetitions: PROBED,
    }
    .row(options)
}

/// The time of single checkpoints with a fold of that size among each thousand; told, not judged.
fn slowest_row(options: &RunOptions, jobs: usize) -> Result<Row, BenchError> {
    let count = options.scale.pick(3_000, 1_000, 10);
    let folder = disk::scratch().doing("make a scratch folder")?;
    let repository = repository(Arc::new(RealFs), folder.path())?;
    let mut journal = journal(&session(&repository, 0)?, jobs)?;
    let mut random = Random::new(8);
    let mut took = Vec::with_capacity(count);
    let mut slowest_fold: f64 = 0.0;
    for number in 0..count {
        let change = random.bytes(CHANGE_BYTES);
        let start = Instant::now();
        journal.append(&[&change], false).doing("append")?;
        if number % 1_000 == 500.min(count - 1) {
            let fold = Instant::now();
            journal
                .fold(&mut |out| write_snapshot(jobs, out))
                .doing("fold")?;
            slowest_fold = slowest_fold.max(fold.elapsed().as_nanos() as f64);
        }
        took.push(start.elapsed().as_nanos() as f64);
    }
    let work = format!("p99.9 of a checkpoint, {jobs} jobs, one fold in 1,000");
    Ok(
        Row::new(work, quantile(&mut took, 0.999), Unit::Nanoseconds)
            .beside("median", quantile(&mut took, 0.5))
            .beside("slowest fold", slowest_fold),
    )
}

/// A journal after a fold of a snapshot of that many jobs, then the appends that are measured.
pub(super) fn probe(jobs: &str, appends: &str) -> Result<(), BenchError> {
    let jobs: usize = jobs.parse().doing("read the number of jobs")?;
    let appends: usize = appends.parse().doing("read the number of appends")?;
    let folder = disk::scratch().doing("make a scratch folder")?;
    let fs: Arc<dyn Fs> = Arc::new(CountingFs::new(Syncs::CountedOnly));
    let repository = repository(fs, folder.path())?;
    let mut journal = journal(&session(&repository, 0)?, jobs)?;
    let change = Random::new(8).bytes(CHANGE_BYTES);
    journal.append(&[&change], false).doing("append")?;
    journal
        .fold(&mut |out| write_snapshot(jobs, out))
        .doing("fold")?;
    measured(|| (0..appends).try_for_each(|_| journal.append(&[&change], false).map(drop)))
        .doing("append")
}
