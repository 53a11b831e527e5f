//! What a manager holds in memory beside its state, folding included.

use std::sync::Arc;

use peak_alloc::PeakAlloc;
use session_state::SessionState;
use suspend_resume::Format;

use super::kit::{Run, expect_results, selected};
use crate::disk;
use crate::error::{BenchError, Doing as _};
use crate::jobs::{number, result};
use crate::method::{CountingFs, Row, Syncs, Unit, allocated_by, measure_memory, peak_of};
use crate::run::{RunOptions, Scale};

/// What is changed over and over until the journal is folded.
const BLOB_BYTES: usize = 64 << 10;

/// The most that is allocated at any moment of a run with a fold, beside what the state at its end holds.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    if options.scale == Scale::Least {
        return Ok(Vec::new());
    }
    let jobs = options.scale.pick(100_000, 20_000, 0);
    let probe =
        |what: &str| measure_memory(&options.program, &["manager", what, &jobs.to_string()]);
    let (most, alone) = (probe("run")?, probe("state")?);
    let work =
        format!("memory of a manager, {jobs} jobs run, most at any moment, a fold among them");
    Ok(vec![
        Row::new(work, most, Unit::Bytes)
            .beside("the state alone", alone)
            .at_most_times("the state alone", 1.3),
    ])
}

/// Bytes of the state with all results, or the most of a manager that runs to there and folds.
pub(crate) fn memory_probe(allocator: PeakAlloc, words: &[&str]) -> Result<f64, BenchError> {
    let bytes = match words {
        ["state", jobs] => {
            let jobs = number(jobs)?;
            let (state, bytes) = allocated_by(allocator, || with_results(jobs));
            expect_results("the state", &state?, jobs)?;
            bytes
        }
        ["run", jobs] => run(allocator, number(jobs)?)?,
        _ => {
            return Err(BenchError::Wrong {
                what: format!("there is no probe {words:?}"),
            });
        }
    };
    Ok(bytes as f64)
}

fn with_results(jobs: usize) -> Result<SessionState, BenchError> {
    let (definitions, mut state) = selected(jobs)?;
    for definition in &definitions {
        state
            .update_job_result(definition.id(), result(), None)
            .doing("record a result")?;
    }
    Ok(state)
}

fn run(allocator: PeakAlloc, jobs: usize) -> Result<usize, BenchError> {
    let folder = disk::scratch().doing("make a scratch folder")?;
    let before = allocator.current_usage();
    let (definitions, state) = selected(jobs)?;
    drop(definitions);
    let fs = CountingFs::new(Syncs::CountedOnly);
    let counted = fs.counted();
    let (outcome, peak) = peak_of(allocator, before, || {
        let mut run = Run::begin(Arc::new(fs), folder.path(), Format::Native, state)?;
        run.finish()?;
        let snapshots = counted.snapshot_bytes();
        let mut byte = 0;
        while counted.snapshot_bytes() == snapshots {
            byte = u8::wrapping_add(byte, 1);
            let blob = vec![byte; BLOB_BYTES];
            run.manager.state_mut().set_app_blob(Some(blob));
            run.manager.checkpoint().doing("save")?;
        }
        expect_results("the manager", run.manager.state(), jobs)
    });
    outcome.map(|()| peak)
}
