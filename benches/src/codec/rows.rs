//! All rows of the area.

use super::{checkbox, native, original, peeking};
use crate::error::BenchError;
use crate::method::Row;
use crate::run::RunOptions;

/// Measures everything the options ask for.
pub(crate) fn rows(options: &RunOptions) -> Result<Vec<Row>, BenchError> {
    options.measure(&[
        ("native", native::rows),
        ("checkbox", checkbox::rows),
        ("original", original::rows),
        ("peek", peeking::rows),
    ])
}
