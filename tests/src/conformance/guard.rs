//! A panic over one entry is a failure of that entry and does not stop the run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::bad::Unanswered;

/// The answer, or that there was a panic.
pub(super) fn guarded<T>(answer: impl FnOnce() -> Result<T, Unanswered>) -> Result<T, Unanswered> {
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or(Err(Unanswered::Panicked))
}
