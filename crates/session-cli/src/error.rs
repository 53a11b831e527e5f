//! Why a command could not be done.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use camino::Utf8PathBuf;
use job_runner::{HostError, SinkError};
use job_units::UnitError;
use job_units::plan::PlanError;
use session_manager::{
    AbortError, ApplyError, CheckpointError, CreateError, FindError, LoadError, LogError,
    ReadError, Refusal, WrongTransition,
};
use session_state::{DuplicateJob, UnknownJob};
use session_storage::{
    FsError, LocationError, LockError, RecoverError, RepairError, RepositoryError,
};
use suspend_resume::{Format, Obstacle, ResumeError, SuspendError};

use crate::wording::count;

/// What a command could not do, to which session, and why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("cannot tell the current directory")]
    CurrentDirectory(#[source] io::Error),
    #[error("the current directory is not Unicode: '{}'", .0.display())]
    NotUnicode(PathBuf),
    #[error(transparent)]
    Location(#[from] LocationError),
    #[error("cannot find out about this machine")]
    Host(#[source] io::Error),
    #[error("cannot watch for signals")]
    Signals(#[source] io::Error),
    #[error("cannot use the unit files: {} found", count(errors.len(), "mistake"))]
    Units { errors: Vec<UnitError> },
    #[error("cannot use the unit files")]
    Duplicate(#[from] DuplicateJob),
    #[error("cannot use the test plan")]
    Plan {
        source: PlanError,
        known: Vec<String>,
    },
    #[error("the test plan of the session cannot be read")]
    Blob(#[source] serde_json::Error),
    #[error("none of the jobs can be run")]
    NothingToRun,
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    #[error(transparent)]
    Create(#[from] CreateError),
    #[error(transparent)]
    Find(#[from] FindError),
    #[error(transparent)]
    Load(OfSession<LoadError>),
    #[error("cannot read session '{}'", .0.id)]
    Read(#[source] OfSession<ReadError>),
    #[error("session '{id}' is kept in a format of Checkbox ({format}), which has no journal")]
    NoJournal { id: String, format: String },
    #[error("session '{}' cannot be proven", .0.id)]
    Recover(#[source] OfSession<RecoverError>),
    #[error("session '{}' is not repaired", .0.id)]
    Repair(#[source] OfSession<RepairError>),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(
        "session '{id}' is kept in a format of Checkbox ({format}), which holds no definitions"
    )]
    NeedsDefinitions { id: String, format: String },
    #[error("there is no session at '{path}'")]
    NoFile { path: Utf8PathBuf },
    #[error("'{path}' is longer than any checkpoint")]
    TooLong { path: Utf8PathBuf },
    #[error("cannot read the session")]
    File(#[source] FsError),
    #[error("cannot decode session '{}'", .0.id)]
    Decode(#[source] OfSession<ResumeError>),
    #[error("session '{id}' cannot be written as {format}")]
    Encode {
        id: String,
        format: Format,
        source: SuspendError,
    },
    #[error("session '{id}' would be lost as {format}: {obstacle}")]
    Unresumable {
        id: String,
        format: Format,
        obstacle: Obstacle,
    },
    #[error("'{path}' is there already")]
    Exists { path: Utf8PathBuf },
    #[error("'{path}' was written by a newer release or a development version")]
    Newer { path: Utf8PathBuf },
    #[error("cannot write the session")]
    Write { source: FsError },
    #[error(transparent)]
    Checkpoint(OfSession<CheckpointError>),
    #[error("session '{}' cannot go on", .0.id)]
    Log(#[source] OfSession<LogError>),
    #[error("session '{id}' cannot go on")]
    Sink {
        id: String,
        #[source]
        source: SinkError,
    },
    #[error("session '{id}' has lost a job of its own run list")]
    UnknownJob { id: String, source: UnknownJob },
    #[error("cannot look for processes that the run before of session '{id}' left")]
    Processes { id: String, source: HostError },
    #[error("processes that the run before of session '{id}' left cannot be ended: {pids}")]
    Survivors { id: String, pids: String },
    #[error("processes that the run before of session '{id}' left are still running: {pids}")]
    Orphans { id: String, pids: String },
    #[error("session '{id}' is not gone on with: {}", refusals_text(refusals))]
    Refused { id: String, refusals: Vec<Refusal> },
    #[error("session '{id}' keeps changing")]
    Unsteady { id: String },
    #[error(transparent)]
    Apply(OfSession<ApplyError>),
    #[error(transparent)]
    Lifecycle(OfSession<WrongTransition>),
    #[error(transparent)]
    Abort(OfSession<AbortError>),
    #[error("cannot ask the process that runs session '{id}' to stop")]
    Ask { id: String, source: io::Error },
    #[error("session '{id}' is kept as {kept_as} and stays so")]
    OtherFormat { id: String, kept_as: String },
    #[error("the clock is behind {}, so nothing is known to be old", moment(*newest_us))]
    ClockBehind { newest_us: i64 },
    #[error("{} could not be {verb}", count(*number, "session"))]
    NotAll {
        verb: Verb,
        number: usize,
        first: Box<Failure>,
    },
}

/// What is done to several sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Removed,
    Restored,
    Purged,
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Removed => "removed",
            Self::Restored => "restored",
            Self::Purged => "purged",
        })
    }
}

fn moment(at_us: i64) -> String {
    crate::wording::moment(i128::from(at_us) * 1000).unwrap_or_else(|| "what happened".to_owned())
}

/// An error, and the session it is about. Reads as the error.
#[derive(Debug)]
pub(crate) struct OfSession<E> {
    pub(crate) id: String,
    pub(crate) error: Box<E>,
}

impl<E> OfSession<E> {
    pub(crate) fn new(id: &str, error: E) -> Self {
        Self {
            id: id.to_owned(),
            error: Box::new(error),
        }
    }
}

impl<E: Error> fmt::Display for OfSession<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<E: Error> Error for OfSession<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

fn refusals_text(refusals: &[Refusal]) -> String {
    let texts: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
