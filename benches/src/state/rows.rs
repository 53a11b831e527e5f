//! All rows of the area, and its probes.

use super::{memory, solving, steps};
use crate::error::BenchError;
use crate::method::Row;
use crate::run::RunOptions;

/// Measures everything the options ask for.
pub(crate) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    options.measure(&[
        ("solving", solving::rows),
        ("memory", memory::rows),
        ("results", steps::result_rows),
        ("selection", steps::selection_rows),
        ("chain", steps::chain_rows),
    ])
}

/// Runs the probe of that name.
pub(crate) fn probe(words: &[&str]) -> Result<(), BenchError> {
    match words {
        ["results", jobs, results] => steps::probe_results(jobs, results),
        ["selection", jobs, selected] => steps::probe_selection(jobs, selected),
        ["one-more", jobs] => steps::probe_one_more(jobs),
        ["chain", jobs] => steps::probe_chain(jobs),
        _ => Err(BenchError::Wrong {
            what: format!("there is no probe state {words:?}"),
        }),
    }
}
