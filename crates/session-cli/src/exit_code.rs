//! The exit codes of the program, and which error gives which.

use std::process::ExitCode;

use session_manager::{AbortError, ApplyError, FindError, Refusal};
use session_storage::{LockError, RecoverError, RepairError, RepositoryError};
use suspend_resume::ResumeError;

use crate::error::Failure;

/// How the program ended, for whoever started it. Documented in `docs/exit-codes.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and no job failed.
    Done = 0,
    /// A job failed or crashed.
    JobFailed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// There is no such session, or the id fits several.
    NoSession = 3,
    /// The unit files cannot be used.
    Units = 4,
    /// The storage cannot be read or written.
    Storage = 5,
    /// Another process holds the session.
    Held = 6,
    /// The session is damaged, or of a format that cannot be used.
    Damaged = 7,
    /// The session is not gone on with as things stand.
    Refused = 8,
    /// Stopped by SIGHUP; the session can be resumed.
    Hangup = 129,
    /// Stopped by SIGINT; the session can be resumed.
    Interrupt = 130,
    /// Stopped by SIGTERM; the session can be resumed.
    Terminate = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// The code of a run whose jobs all have an outcome.
    pub(crate) fn of_failures(failed: usize) -> Self {
        if failed == 0 {
            Self::Done
        } else {
            Self::JobFailed
        }
    }

    /// The code that belongs to an error.
    pub(crate) fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Units { .. }
            | Failure::Duplicate(_)
            | Failure::Plan { .. }
            | Failure::NothingToRun => Self::Units,
            Failure::ClockBehind { .. } | Failure::OtherFormat { .. } => Self::Refused,
            Failure::Blob(_) => Self::Damaged,
            Failure::Find(error) => of_find(error),
            Failure::Repository(error) => of_repository(error),
            Failure::Load(error) if error.error.is_held() => Self::Held,
            Failure::Load(error) if error.error.is_damaged() => Self::Damaged,
            Failure::Read(error) if error.error.is_damaged() => Self::Damaged,
            Failure::NoFile { .. } => Self::NoSession,
            Failure::Decode(error) => of_decode(&error.error),
            Failure::TooLong { .. } | Failure::Encode { .. } => Self::Damaged,
            Failure::Recover(error) => of_recover(&error.error),
            Failure::Repair(error) => of_repair(&error.error),
            Failure::NoJournal { .. } => Self::Refused,
            Failure::NeedsDefinitions { .. } => Self::Usage,
            Failure::Unresumable { .. } | Failure::Exists { .. } | Failure::Newer { .. } => {
                Self::Refused
            }
            Failure::Lock(error) if error.is_held() => Self::Held,
            Failure::Survivors { .. } | Failure::Orphans { .. } | Failure::Unsteady { .. } => {
                Self::Held
            }
            Failure::Refused { refusals, .. } => of_refusals(refusals),
            Failure::Apply(error) => of_apply(&error.error),
            Failure::Lifecycle(_) => Self::Refused,
            Failure::Abort(error) => match *error.error {
                AbortError::Lifecycle(_) => Self::Refused,
                AbortError::Request { .. } | AbortError::Log(_) | AbortError::Checkpoint(_) | _ => {
                    Self::Storage
                }
            },
            Failure::NotAll { first, .. } => Self::of(first),
            Failure::Location(_)
            | Failure::CurrentDirectory(_)
            | Failure::File(_)
            | Failure::Write { .. }
            | Failure::NotUnicode(_)
            | Failure::Host(_)
            | Failure::Signals(_)
            | Failure::Create(_)
            | Failure::Load(_)
            | Failure::Read(_)
            | Failure::Lock(_)
            | Failure::Checkpoint(_)
            | Failure::Log(_)
            | Failure::Sink { .. }
            | Failure::UnknownJob { .. }
            | Failure::Ask { .. }
            | Failure::Processes { .. } => Self::Storage,
        }
    }
}

fn of_decode(error: &ResumeError) -> Exit {
    match error {
        ResumeError::Definitions(_) => Exit::Units,
        ResumeError::IncompatibleJob { .. } => Exit::Refused,
        ResumeError::Corrupted(_)
        | ResumeError::IncompatibleSession { .. }
        | ResumeError::BrokenReference { .. }
        | _ => Exit::Damaged,
    }
}

fn of_refusals(refusals: &[Refusal]) -> Exit {
    let code = |refusal: &Refusal| match refusal {
        Refusal::StillRunning => Exit::Held,
        Refusal::Damaged { .. } => Exit::Damaged,
        Refusal::AbortRequested | Refusal::Closed(_) | Refusal::Drift { .. } | _ => Exit::Refused,
    };
    refusals.first().map_or(Exit::Refused, code)
}

fn of_apply(error: &ApplyError) -> Exit {
    match error {
        ApplyError::PlanIsStale { .. } => Exit::Held,
        ApplyError::Refused { plan } => of_refusals(&plan.refusals),
        ApplyError::Lifecycle(_) => Exit::Refused,
        ApplyError::Load(error) if error.is_held() => Exit::Held,
        ApplyError::Load(error) if error.is_damaged() => Exit::Damaged,
        ApplyError::Read(error) if error.is_damaged() => Exit::Damaged,
        ApplyError::Load(_)
        | ApplyError::Read(_)
        | ApplyError::Orphans(_)
        | ApplyError::Log(_)
        | ApplyError::Checkpoint(_)
        | _ => Exit::Storage,
    }
}

fn of_recover(error: &RecoverError) -> Exit {
    match error {
        RecoverError::NoSession
        | RecoverError::Damaged { .. }
        | RecoverError::OtherVersion { .. }
        | RecoverError::TooLarge { .. } => Exit::Damaged,
        RecoverError::Fs(_) | _ => Exit::Storage,
    }
}

fn of_repair(error: &RepairError) -> Exit {
    match error {
        RepairError::Unreadable(error) => of_recover(error),
        RepairError::PlanIsStale { .. } => Exit::Held,
        RepairError::NoPlaceAside(_) | RepairError::NotMade(_) | _ => Exit::Storage,
    }
}

fn of_find(error: &FindError) -> Exit {
    match error {
        FindError::Unknown { .. }
        | FindError::Empty { .. }
        | FindError::NothingRemoved { .. }
        | FindError::Ambiguous { .. } => Exit::NoSession,
        FindError::Repository(error) => of_repository(error),
        FindError::Entry { .. } => Exit::Damaged,
        FindError::Unreadable { source, .. } if source.is_damaged() => Exit::Damaged,
        FindError::Unreadable { .. } | _ => Exit::Storage,
    }
}

fn of_repository(error: &RepositoryError) -> Exit {
    match error {
        RepositoryError::NoSuchSession { .. } => Exit::NoSession,
        RepositoryError::IdTaken { .. } => Exit::Refused,
        RepositoryError::NotRemovable {
            source: LockError::Held { .. },
            ..
        } => Exit::Held,
        RepositoryError::RelativeLocation { .. }
        | RepositoryError::Untrusted { .. }
        | RepositoryError::Missing { .. }
        | RepositoryError::Name(_)
        | RepositoryError::NotRemovable { .. }
        | RepositoryError::Failed { .. }
        | _ => Exit::Storage,
    }
}
