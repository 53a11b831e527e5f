//! What becomes of the job that was in flight when the run before ended.

use session_state::JobId;

/// The job in flight when the session was last saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Which job.
    pub job: JobId,
    /// Which attempt, counted from 1.
    pub attempt: u32,
    /// Whether the attempt was really started: its log is there, or the machine was started anew since, which
    /// may have taken the log.
    pub started: bool,
}

/// What was decided for the job in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing was in flight.
    Nothing,
    /// The attempt was announced and never started: it is run now, and counts once.
    StartNow {
        /// Which job.
        job: JobId,
        /// Which attempt.
        attempt: u32,
    },
    /// The attempt was cut short: the job runs again.
    StartAgain {
        /// Which job.
        job: JobId,
        /// Which attempt was cut short.
        attempt: u32,
    },
    /// The job was started as often as is allowed, and cut short each time: it counts as crashed.
    Crashed {
        /// Which job.
        job: JobId,
        /// How often it was started.
        attempts: u32,
    },
}

/// The rule: only started attempts count, and `attempts_max` of them are enough.
pub(crate) fn fate_of(flight: &Flight, started_attempts: u32, attempts_max: u32) -> Fate {
    let job = flight.job.clone();
    if !flight.started {
        Fate::StartNow {
            job,
            attempt: flight.attempt,
        }
    } else if started_attempts >= attempts_max {
        Fate::Crashed {
            job,
            attempts: started_attempts,
        }
    } else {
        Fate::StartAgain {
            job,
            attempt: flight.attempt,
        }
    }
}
