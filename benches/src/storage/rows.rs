//! All rows of the area, and its probes.

use super::{checkpoints, flat, handed, listing, opening};
use crate::error::BenchError;
use crate::method::Row;
use crate::run::RunOptions;

/// Measures everything the options ask for.
pub(crate) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    options.measure(&[
        ("device", checkpoints::device_rows),
        ("handed", handed::rows),
        ("time", checkpoints::time_rows),
        ("flat", flat::rows),
        ("opening", opening::rows),
        ("listing", listing::rows),
    ])
}

/// Runs the probe of that name.
pub(crate) fn probe(words: &[&str]) -> Result<(), BenchError> {
    match words {
        ["append", snapshot_jobs, appends] => flat::probe(snapshot_jobs, appends),
        ["list", how, repository] => listing::probe(how, repository),
        _ => Err(BenchError::Wrong {
            what: format!("there is no probe storage {words:?}"),
        }),
    }
}
