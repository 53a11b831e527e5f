//! How a job ended.

use std::time::Duration;

use crate::orphans::{Orphan, Survivor};

/// What ended the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// It exited by itself, with this code.
    Exited(i32),
    /// A signal of this number ended it, which was not ours.
    Signalled(i32),
    /// Its time was over and it was ended.
    TimedOut,
    /// It was cancelled.
    Cancelled,
}

/// The end of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobEnd {
    /// What ended it.
    pub cause: EndCause,
    /// The exit code of its first process, negative for the number of a signal. `None` when it was
    /// never started or could not be ended.
    pub return_code: Option<i64>,
    /// From its start to the end of its first process, by the monotonic clock.
    pub duration: Duration,
    /// Processes that were left over and were ended.
    pub leftovers_ended: Vec<Orphan>,
    /// Processes that could not be ended.
    pub survivors: Vec<Survivor>,
}
