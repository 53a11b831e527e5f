//! All rows of the area, and its probes.

use super::{memory, selections, solving, steps};
use crate::error::BenchError;
use crate::method::Row;
use crate::run::RunOptions;

/// Measures everything the options ask for.
pub(crate) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    options.measure(&[
        ("solving", solving::rows),
        ("memory", memory::rows),
        ("results", steps::result_rows),
        ("selection", selections::rows),
        ("chain", steps::chain_rows),
    ])
}

/// Runs the probe of that name.
pub(crate) fn probe(words: &[&str]) -> Result<(), BenchError> {
    match words {
        ["results", jobs, results] => steps::probe_results(jobs, results),
        ["selection", jobs, selected] => selections::probe_selection(jobs, selected),
        ["more", jobs] => selections::probe_more(jobs),
        ["more-pulling", jobs] => selections::probe_more_pulling(jobs),
        ["less", jobs] => selections::probe_less(jobs),
        ["chain", jobs] => steps::probe_chain(jobs),
        _ => Err(BenchError::Wrong {
            what: format!("there is no probe state {words:?}"),
        }),
    }
}
