//! All rows of the area, and its probes.

use super::{building, checkbox, native, original, peeking};
use crate::error::BenchError;
use crate::method::Row;
use crate::run::RunOptions;

/// Measures everything the options ask for.
pub(crate) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    options.measure(&[
        ("native", native::rows),
        ("building", building::rows),
        ("checkbox", checkbox::rows),
        ("original", original::rows),
        ("peek", peeking::rows),
    ])
}

/// Runs the probe of that name.
pub(crate) fn probe(words: &[&str]) -> Result<(), BenchError> {
    match words {
        [what @ ("write" | "bare-write"), jobs] => native::probe(what, jobs),
        ["build", jobs] => building::probe(jobs),
        _ => Err(BenchError::Wrong {
            what: format!("there is no probe codec {words:?}"),
        }),
    }
}
