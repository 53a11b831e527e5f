//! What the run before left on the disk beside the state of the session.

use std::sync::Arc;

use session_state::{JobId, JobState, SessionState};
use session_storage::{Dir, FsError, LockState, SessionStorage, WellKnownDirs};
use suspend_resume::Format;

use super::death::{CauseOfDeath, DeathFacts};
use super::fates::{FlightFacts, FlightRules};
use super::flight::Flight;
use super::policy::ResumeEnvironment;
use super::result_file::{ResultFile, read_result_file};
use crate::abort::is_requested;
use crate::error::LogError;
use crate::faults::Faults;
use crate::home::{Home, read_home};
use crate::log::{LeftPart, ProcessRecord, left_parts, was_started};

/// What the run before left on the disk beside the state of the session.
#[derive(Debug)]
pub(crate) struct Traces {
    /// What the lock file said before we touched it.
    pub(crate) lock: LockState,
    /// Where the session lay.
    pub(crate) home: Option<Home>,
    /// Whether the session was closed.
    pub(crate) closed: bool,
    /// Processes of jobs that were running, and have no result; they may be alive.
    pub(crate) processes: Vec<ProcessRecord>,
    /// Logs without an end.
    pub(crate) parts: Vec<LeftPart>,
    /// Whether the attempt in flight has a log.
    pub(crate) flight_has_log: bool,
    /// The result that a job left.
    pub(crate) result_file: ResultFile,
    /// Whether somebody asked that the session be given up.
    pub(crate) abort_requested: bool,
}

impl Traces {
    /// Looks at what is there, and changes nothing.
    pub(crate) fn read(
        storage: &SessionStorage,
        lock: LockState,
        closed: bool,
        state: &SessionState,
        faults: Faults,
    ) -> Result<Self, LogError> {
        let dirs = WellKnownDirs::new(storage);
        let logs = found(dirs.io_logs())?;
        let share = found(dirs.session_share())?;
        let parts = match &logs {
            Some(logs) => left_parts(&**logs, faults)?,
            None => Vec::new(),
        };
        let flight_has_log = match (&logs, &state.metadata().intent) {
            (Some(logs), Some(intent)) => {
                let (job, attempt) = (&intent.job, intent.attempt);
                parts.iter().any(|part| part.is_of(job, attempt))
                    || was_started(&**logs, job, attempt)?
            }
            (None, _) | (_, None) => false,
        };
        Ok(Self {
            lock,
            home: read_home(storage).map_err(LogError::Directory)?,
            closed,
            processes: parts
                .iter()
                .filter(|part| !part.has_result(state))
                .filter_map(|part| part.process.clone())
                .collect(),
            parts,
            flight_has_log,
            result_file: match &share {
                Some(share) => read_result_file(&**share).map_err(LogError::Directory)?,
                None => ResultFile::Absent,
            },
            abort_requested: is_requested(&**storage.dir()).map_err(LogError::Directory)?,
        })
    }

    /// What ended the run before.
    pub(crate) fn death(
        &self,
        state: &SessionState,
        environment: &ResumeEnvironment,
    ) -> CauseOfDeath {
        let intent = state.metadata().intent.as_ref();
        let in_flight = job_in_flight(state).and_then(|(job, _)| state.job_state(&job));
        let asks_for_reboot = in_flight.is_some_and(JobState::may_take_machine_down);
        CauseOfDeath::judge(&DeathFacts {
            closed: self.closed,
            lock: &self.lock,
            other_machine: match (&self.home, &environment.machine) {
                (Some(home), Some(here)) => {
                    home.machine.as_ref().is_some_and(|there| there != here)
                }
                (None, _) | (_, None) => false,
            },
            boot_of_flight: intent.and_then(|intent| intent.boot.as_deref()),
            boot_now: environment.boot.as_deref(),
            asks_for_reboot,
        })
    }

    /// Where the session lay, when that is not where it is now.
    pub(crate) fn moved_from(&self, here: &Home) -> Option<Home> {
        let moved =
            |home: &&Home| home.location != here.location || home.is_on_another_machine(here);
        self.home.as_ref().filter(moved).cloned()
    }

    /// The job in flight, with everything its fate depends on.
    pub(crate) fn flight(
        &self,
        state: &SessionState,
        environment: &ResumeEnvironment,
        kept_as: Format,
    ) -> Option<Flight> {
        let policy = environment.policy.flight;
        let rules = policy.unwrap_or(FlightRules::default_of(kept_as));
        let (job, attempt) = job_in_flight(state)?;
        let known = state.job_state(&job);
        let definition = known.map(JobState::definition);
        let flag = |flag| definition.is_some_and(|job| job.has_flag(flag));
        // A log that is not there proves that nothing ran only while the machine stayed up, and only for a run
        // that notes the boot.
        let boot = state
            .metadata()
            .intent
            .as_ref()
            .and_then(|intent| intent.boot.as_deref());
        let same_boot = boot.is_some() && boot == environment.boot.as_deref();
        Some(Flight {
            facts: FlightFacts {
                kind: definition.and_then(|job| job.plugin()),
                noreturn: flag("noreturn"),
                autorestart: flag("autorestart"),
                left_outcome: FlightFacts::left_outcome_of(&self.result_file),
                started: !same_boot || self.flight_has_log,
                attempts: known.map_or(0, JobState::started_attempts),
                attempts_max: environment.attempts_max,
                death: self.death(state, environment),
                rules,
            },
            job,
            attempt,
            result_file: self.result_file.clone(),
        })
    }
}

/// Which job is in flight, and which attempt: the note of the state; where there is none, as in a session that
/// Checkbox wrote, the job begun last, when something was left to do and it has no outcome.
pub(crate) fn job_in_flight(state: &SessionState) -> Option<(JobId, u32)> {
    let metadata = state.metadata();
    if let Some(intent) = &metadata.intent {
        return Some((intent.job.clone(), intent.attempt));
    }
    let job = state.job_state(metadata.running_job_name.as_ref()?)?;
    let is_of_checkbox = job.attempts_begun() == 0;
    (is_of_checkbox && job.outcome().is_none() && state.todo_count() > 0)
        .then(|| (job.id().clone(), 1))
}

/// A directory that may be missing, as in sessions that another program made.
fn found(dir: Result<Arc<dyn Dir>, FsError>) -> Result<Option<Arc<dyn Dir>>, LogError> {
    match dir {
        Ok(dir) => Ok(Some(dir)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(LogError::Directory(error)),
    }
}
