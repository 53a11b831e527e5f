//! What a session holds in memory.

use std::sync::Arc;

use peak_alloc::PeakAlloc;
use session_state::{JobDefinition, SessionState};

use crate::error::{BenchError, Doing as _};
use crate::jobs::{Dependencies, definitions, ids, number, result, solved};
use crate::method::{Row, Unit, allocated_by, measure_memory};
use crate::run::{RunOptions, Scale};

/// What a job may take beyond the texts of its fields.
const BYTES_A_JOB_MAX: f64 = 600.0;

/// Allocator bytes of definitions, graph, run list and one result each, less the field texts.
pub(super) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    if options.scale == Scale::Least {
        return Ok(Vec::new());
    }
    let jobs = options.scale.pick(1_000_000, 100_000, 0);
    let probe = |what: &str| measure_memory(&options.program, &["state", what, &jobs.to_string()]);
    let beyond = probe("beyond-texts")?;
    let texts = probe("texts")?;
    let work = format!("memory a job beyond its field texts, {jobs} jobs with a result each");
    Ok(vec![
        Row::new(work, beyond, Unit::Bytes)
            .beside("the texts", texts)
            .at_most(BYTES_A_JOB_MAX),
    ])
}

/// Bytes a job, of the texts of the fields or of everything else.
pub(crate) fn memory_probe(allocator: PeakAlloc, words: &[&str]) -> Result<f64, BenchError> {
    let (what, jobs) = match words {
        [what @ ("texts" | "beyond-texts"), jobs] => (*what, number(jobs)?),
        _ => {
            return Err(BenchError::Wrong {
                what: format!("there is no probe {words:?}"),
            });
        }
    };
    let (made, held) = allocated_by(allocator, || with_results(jobs));
    let (definitions, state) = made?;
    let texts: usize = definitions
        .iter()
        .map(|definition| text_bytes(definition))
        .sum();
    let beyond = held.saturating_sub(texts);
    drop(state);
    let bytes = if what == "texts" { texts } else { beyond };
    Ok(bytes as f64 / jobs as f64)
}

/// The list of definitions is kept beside the state, as it would be by a program that read them from files.
fn with_results(jobs: usize) -> Result<(Vec<Arc<JobDefinition>>, SessionState), BenchError> {
    let definitions = definitions(jobs, Dependencies::Near);
    let mut state = {
        let selected = ids(&definitions);
        solved(&definitions, &selected)?
    };
    for definition in &definitions {
        state
            .update_job_result(definition.id(), result(), None)
            .doing("record a result")?;
    }
    Ok((definitions, state))
}

fn text_bytes(definition: &JobDefinition) -> usize {
    definition
        .fields()
        .filter_map(|(_, value)| value.as_text().map(str::len))
        .sum()
}
