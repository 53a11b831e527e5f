//! The job in flight: what a session was doing when it was last saved.

use session_state::JobId;

use super::fates::FlightFacts;
use super::result_file::ResultFile;

/// The job that was in flight when the session was last saved, and everything its fate depends on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Flight {
    /// Which job.
    pub job: JobId,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// What the table of fates looks at.
    pub facts: FlightFacts,
    /// The result it left for the time after its own end.
    pub result_file: ResultFile,
}
