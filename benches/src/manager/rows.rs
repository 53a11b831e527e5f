//! All rows of the area, and its probes.

use super::{checkbox, loading, memory, original, running};
use crate::error::BenchError;
use crate::method::Row;
use crate::run::RunOptions;

/// Measures everything the options ask for.
pub(crate) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    options.measure(&[
        ("device", running::device_rows),
        ("time", running::time_rows),
        ("flat", running::flat_rows),
        ("beside", original::run_rows),
        ("loading", loading::rows),
        ("checkbox", checkbox::rows),
        ("memory", memory::rows),
    ])
}

/// Runs the probe of that name.
pub(crate) fn probe(words: &[&str]) -> Result<(), BenchError> {
    match words {
        ["run", jobs, run] => running::probe(jobs, run),
        [what @ ("load" | "read"), jobs] => loading::probe(what, jobs),
        _ => Err(BenchError::Wrong {
            what: format!("there is no probe manager {words:?}"),
        }),
    }
}
