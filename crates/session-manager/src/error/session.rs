//! A session is made, found, destroyed.

use camino::Utf8PathBuf;
use session_state::DuplicateJob;
use session_storage::{EntryProblem, LockError, RepositoryError, SessionId};
use suspend_resume::SuspendError;

use super::load::ReadError;

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
