//! What loading a session found.

use session_storage::Verdict;

use crate::fate::Flight;
use crate::log::{LeftPart, ProcessRecord};

/// What loading found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadReport {
    /// What was cut, damaged or lost.
    pub verdict: Verdict,
    /// How many frames were replayed on the snapshot.
    pub frames: usize,
}

/// What the run before left behind.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct LeftOver {
    /// Processes of jobs that were running when it ended; they may be alive.
    pub processes: Vec<ProcessRecord>,
    /// The job that was in flight.
    pub flight: Option<Flight>,
    pub(crate) parts: Vec<LeftPart>,
}
