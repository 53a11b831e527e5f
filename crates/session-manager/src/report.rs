//! What loading a session found.

use session_storage::Verdict;

use crate::home::Home;
use crate::log::ProcessRecord;
use crate::pause::PauseReason;
use crate::resume::{CauseOfDeath, Flight, Traces};

/// What loading found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadReport {
    /// What was cut, damaged or lost; `None` for a session in a Checkbox format, whose file is whole or is refused.
    pub verdict: Option<Verdict>,
    /// How many frames were replayed on the snapshot.
    pub frames: usize,
    /// What ended the run before.
    pub death: CauseOfDeath,
    /// Why the run before stopped, when it did so on purpose.
    pub paused: Option<PauseReason>,
    /// Where the session was last written, when that was another path or another machine: this is a copy of it, or
    /// it was moved.
    pub moved_from: Option<Home>,
}

/// What the run before left behind.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct LeftOver {
    /// Processes of jobs that were running when it ended; they may be alive.
    pub processes: Vec<ProcessRecord>,
    /// The job that was in flight.
    pub flight: Option<Flight>,
    /// Everything it left beside the state; `None` when nothing ran before.
    pub(crate) traces: Option<Traces>,
}
