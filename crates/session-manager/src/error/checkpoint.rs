//! A state is made durable.

use session_state::UnknownJob;
use session_storage::{
    AppendError, CloseError, CreateError as CreateJournalError, FsError, SaveCheckpointError,
    SessionId,
};
use suspend_resume::{Obstacle, SuspendError};

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
