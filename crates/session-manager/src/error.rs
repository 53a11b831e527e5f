//! What can fail, one enum per verb; the causes are those of the layers below.

use camino::Utf8PathBuf;
use session_state::{DuplicateJob, IllegalChange, UnknownJob};
use session_storage::{
    AppendError, CloseError, CreateError as CreateJournalError, EntryProblem, FsError, LockError,
    OpenError, RecoverError, RepositoryError, SaveCheckpointError, SessionId,
};
use suspend_resume::{Obstacle, ResumeError, SuspendError};

/// A session could not be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// Two different definitions have one id.
    #[error("cannot make a session of these jobs")]
    Jobs(#[from] DuplicateJob),
    /// The directory could not be made.
    #[error("cannot create a session")]
    Repository(#[from] RepositoryError),
    /// There is no such Checkbox format.
    #[error("cannot keep the session in that format")]
    Format(#[from] SuspendError),
    /// The new directory could not be locked.
    #[error("cannot take the new session")]
    Lock(#[from] LockError),
    /// More than one device was given.
    #[error("a session cannot be of {devices} devices: make one session of each")]
    SeveralDevices {
        /// How many.
        devices: usize,
    },
}

/// A session could not be loaded. Nothing of it was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The lock could not be had.
    #[error("cannot take session '{id}'")]
    Lock {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: LockError,
    },
    /// The session was created and never saved.
    #[error("session '{id}' has no checkpoint yet")]
    NoCheckpoint {
        /// Which session.
        id: SessionId,
    },
    /// The journal could not be opened for writing.
    #[error("cannot open session '{id}'")]
    Open {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: OpenError,
    },
    /// The session directory could not be looked at.
    #[error("cannot look into session '{id}'")]
    Directory {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: FsError,
    },
    /// What was read is not a state.
    #[error("cannot read session '{id}'")]
    Read {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// Left-over logs could not be read.
    #[error("cannot read the left-over logs of session '{id}'")]
    Logs {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: LogError,
    },
}

impl LoadError {
    /// Whether another process holds the session.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Lock { source, .. } if source.is_held())
    }

    /// Whether the session itself is at fault: damaged, or of a format this release does not know.
    pub fn is_damaged(&self) -> bool {
        match self {
            Self::Open { source, .. } => {
                matches!(source, OpenError::ReadOnly { .. })
                    || matches!(source, OpenError::Recover(error) if is_damage(error))
            }
            Self::Read { source, .. } => source.is_damaged(),
            Self::NoCheckpoint { .. } => true,
            Self::Lock { .. } | Self::Directory { .. } | Self::Logs { .. } => false,
        }
    }

    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Open { source, .. } if source.is_disk_full())
    }

    /// What a person can do about a session that another release wrote.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Open {
                source: OpenError::Recover(error),
                ..
            } => error.advice(),
            Self::Read { source, .. } => source.advice(),
            Self::Open { .. }
            | Self::NoCheckpoint { .. }
            | Self::Lock { .. }
            | Self::Directory { .. }
            | Self::Logs { .. } => None,
        }
    }
}

/// What was read from a session is not a state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing was ever saved.
    #[error("there is no checkpoint yet")]
    NoCheckpoint,
    /// The files cannot be read.
    #[error("cannot recover the journal")]
    Recover(#[from] RecoverError),
    /// The single file of a Checkbox format cannot be read.
    #[error("cannot read the checkpoint file")]
    Checkpoint(#[from] session_storage::LoadCheckpointError),
    /// What the run before left beside its state cannot be read.
    #[error("cannot read what the run before left")]
    Traces(#[from] LogError),
    /// The lock file cannot be read.
    #[error("cannot tell who holds the session")]
    Lock(#[from] LockError),
    /// The snapshot or the single file cannot be decoded.
    #[error("cannot decode the checkpoint")]
    Decode(#[source] ResumeError),
    /// A frame cannot be decoded.
    #[error("cannot decode frame {seq} of the journal")]
    Frame {
        /// The frame.
        seq: u64,
        /// Why.
        #[source]
        source: ResumeError,
    },
    /// A frame does not fit the state before it.
    #[error("frame {seq} of the journal does not fit the state before it")]
    Replay {
        /// The frame.
        seq: u64,
        /// Why.
        #[source]
        source: IllegalChange,
    },
}

impl ReadError {
    /// Whether the bytes are at fault, not the file system.
    pub fn is_damaged(&self) -> bool {
        match self {
            Self::Recover(error) => is_damage(error),
            Self::Checkpoint(_) | Self::Traces(_) | Self::Lock(_) => false,
            Self::NoCheckpoint | Self::Decode(_) | Self::Frame { .. } | Self::Replay { .. } => true,
        }
    }

    /// Whether the session was written by another release, as far as its journal, its snapshot or its one file tells:
    /// it is not damaged, and nothing here may write to it.
    pub fn is_of_other_release(&self) -> bool {
        match self {
            Self::Recover(error) => error.is_of_other_release(),
            Self::Decode(error) | Self::Frame { source: error, .. } => error.is_incompatible(),
            Self::NoCheckpoint
            | Self::Checkpoint(_)
            | Self::Traces(_)
            | Self::Lock(_)
            | Self::Replay { .. } => false,
        }
    }

    /// What a person can do about a session that another release wrote.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Recover(error) => error.advice(),
            Self::Decode(error) | Self::Frame { source: error, .. } if error.is_incompatible() => {
                error.advice()
            }
            Self::NoCheckpoint
            | Self::Checkpoint(_)
            | Self::Traces(_)
            | Self::Lock(_)
            | Self::Decode(_)
            | Self::Frame { .. }
            | Self::Replay { .. } => None,
        }
    }
}

fn is_damage(error: &RecoverError) -> bool {
    !matches!(error, RecoverError::Fs(_))
}

/// A checkpoint could not be made durable. The changes count as unsaved: the next checkpoint carries them again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The session lost its place on the disk by an earlier failure; it has to be loaded anew.
    #[error("session '{id}' is no longer open for writing")]
    NotOpen {
        /// Which session.
        id: SessionId,
    },
    /// The state cannot be encoded.
    #[error("cannot encode the changes of session '{id}'")]
    Encode {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: SuspendError,
    },
    /// The first snapshot could not be written.
    #[error("cannot write the first checkpoint of session '{id}'")]
    First {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: CreateJournalError,
    },
    /// The first snapshot was written by a call that failed later, and cannot be taken over.
    #[error("cannot take over the first checkpoint of session '{id}'")]
    TakeOver {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The frame could not be appended.
    #[error("cannot save session '{id}'")]
    Append {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: AppendError,
    },
    /// The one file of a Checkbox format could not be replaced.
    #[error("cannot save session '{id}'")]
    File {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: SaveCheckpointError,
    },
    /// The state holds something that the Checkbox format writes and then refuses to read, so it was not written.
    #[error("the format of session '{id}' cannot hold its state: {obstacle}")]
    Obstacle {
        /// Which session.
        id: SessionId,
        /// What it is.
        obstacle: Obstacle,
    },
    /// The mark of a clean close could not be written; everything acknowledged stands.
    #[error("cannot close session '{id}'")]
    Close {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: CloseError,
    },
    /// What an earlier job left in the shared directory cannot be taken away, or the respawn command not be put there.
    #[error("cannot prepare the shared directory of session '{id}'")]
    Share {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: FsError,
    },
    /// The file system could not be synced before a job that may take the machine down; the frame itself is durable.
    #[error("cannot sync the file system of session '{id}'")]
    Barrier {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: FsError,
    },
    /// The job to begin is not in the session.
    #[error("cannot begin a job in session '{id}'")]
    Job {
        /// Which session.
        id: SessionId,
        /// Why.
        #[source]
        source: UnknownJob,
    },
}

impl CheckpointError {
    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Append { source, .. } => source.is_disk_full(),
            Self::First { source, .. } => source.is_disk_full(),
            Self::File { source, .. } => source.is_disk_full(),
            Self::Close { source, .. } => source.is_disk_full(),
            Self::Share { source, .. } | Self::Barrier { source, .. } => source.is_disk_full(),
            Self::NotOpen { .. }
            | Self::Obstacle { .. }
            | Self::Encode { .. }
            | Self::TakeOver { .. }
            | Self::Job { .. } => false,
        }
    }
}

/// A session could not be destroyed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DestroyError {
    /// The session is no longer open for writing.
    #[error("session '{id}' is no longer open for writing")]
    NotOpen {
        /// Which session.
        id: SessionId,
    },
    /// The directory could not be put aside.
    #[error("cannot remove the session")]
    Repository(#[from] RepositoryError),
}

/// A log could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The file system said no.
    #[error("cannot keep the output of job '{job}'")]
    Fs {
        /// Whose log.
        job: Box<str>,
        /// Why.
        #[source]
        source: FsError,
    },
    /// The log cannot be packed.
    #[error("cannot pack the output of job '{job}'")]
    Pack {
        /// Whose log.
        job: Box<str>,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The directory of logs cannot be read.
    #[error("cannot look through the logs")]
    Directory(#[source] FsError),
    /// The job is not in the session.
    #[error("there is nobody to keep a log for")]
    Job(#[from] UnknownJob),
}

impl LogError {
    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Fs { source, .. } | Self::Directory(source) => source.is_disk_full(),
            Self::Pack { source, .. } => matches!(
                source.kind(),
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
            ),
            Self::Job(_) => false,
        }
    }
}

/// No session, or more than one, goes by that name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// There is none.
    #[error("there is no session '{text}' in '{location}'")]
    Unknown {
        /// What was asked for.
        text: String,
        /// Where.
        location: Utf8PathBuf,
        /// The ids most like it, best first.
        nearest: Vec<String>,
    },
    /// The repository is empty.
    #[error("there is no session in '{location}'")]
    Empty {
        /// Where.
        location: Utf8PathBuf,
    },
    /// The trash is empty.
    #[error("there is no removed session in '{location}'")]
    NothingRemoved {
        /// Where.
        location: Utf8PathBuf,
    },
    /// Several ids begin so.
    #[error("'{text}' is the beginning of {} ids", ids.len())]
    Ambiguous {
        /// What was asked for.
        text: String,
        /// The ids.
        ids: Vec<String>,
    },
    /// The repository cannot be listed.
    #[error("cannot look for sessions")]
    Repository(#[from] RepositoryError),
    /// The latest session may be one that cannot be read.
    #[error("cannot tell which session is the latest: '{id}' cannot be read")]
    Unreadable {
        /// Which one.
        id: SessionId,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// The entry is there, but is no session.
    #[error("'{text}' cannot be opened")]
    Entry {
        /// What was asked for.
        text: String,
        /// Why.
        #[source]
        source: EntryProblem,
    },
}
