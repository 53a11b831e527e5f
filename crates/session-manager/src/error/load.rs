//! A session is read, and opened for writing.

use session_state::IllegalChange;
use session_storage::{FsError, LockError, OpenError, RecoverError, SessionId};
use suspend_resume::ResumeError;

use super::log::LogError;

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
