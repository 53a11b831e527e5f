//! What can go wrong with a repository as a whole.

use std::fmt;

use camino::Utf8PathBuf;

use crate::fs::FsError;
use crate::lock::LockError;
use crate::session_id::{InvalidSessionId, SessionId};
use crate::trust::TrustFinding;

/// What was being done to a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepositoryStep {
    /// Making the repository.
    MakeRepository,
    /// Opening the repository.
    OpenRepository,
    /// Listing its sessions.
    List,
    /// Creating a session in it.
    CreateSession,
    /// Opening a session in it.
    OpenSession,
    /// Switching the `last-session` link, or reading it.
    LastSession,
    /// Removing a session from it.
    RemoveSession,
    /// Bringing a removed session back.
    RestoreSession,
    /// Clearing away what is left of removed sessions.
    Purge,
}

impl fmt::Display for RepositoryStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MakeRepository => "make the session repository",
            Self::OpenRepository => "open the session repository",
            Self::List => "list the sessions in",
            Self::CreateSession => "create a session in",
            Self::OpenSession => "open a session in",
            Self::LastSession => "follow or switch the last-session link in",
            Self::RemoveSession => "remove a session from",
            Self::RestoreSession => "bring a session back in",
            Self::Purge => "clear away removed sessions in",
        })
    }
}

/// Why something could not be done to a repository.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// A repository is only ever named by its whole path.
    #[error("the repository location '{location}' is not an absolute path")]
    RelativeLocation {
        /// The location as given.
        location: Utf8PathBuf,
    },
    /// Others could interfere, and the location is not trusted.
    #[error("writing is refused where others could interfere: {finding}")]
    Untrusted {
        /// What is wrong.
        finding: TrustFinding,
    },
    /// There is no repository to write in.
    #[error("there is no session repository at '{location}'")]
    Missing {
        /// The location.
        location: Utf8PathBuf,
    },
    /// There is no session of this name.
    #[error("there is no session '{id}' in '{location}'")]
    NoSuchSession {
        /// The repository.
        location: Utf8PathBuf,
        /// The session asked for.
        id: SessionId,
    },
    /// A session cannot be brought back while another has its id.
    #[error("there is another session '{id}' in '{location}' by now")]
    IdTaken {
        /// The repository.
        location: Utf8PathBuf,
        /// The id of both.
        id: SessionId,
    },
    /// No id can be made of this prefix and time.
    #[error("cannot name a new session")]
    Name(#[from] InvalidSessionId),
    /// Somebody holds the session, or holding it failed.
    #[error("cannot remove session '{id}'")]
    NotRemovable {
        /// The session.
        id: SessionId,
        /// Why it could not be held.
        #[source]
        source: LockError,
    },
    /// A call failed.
    #[error("cannot {step} '{location}'")]
    Failed {
        /// What was being done.
        step: RepositoryStep,
        /// The repository.
        location: Utf8PathBuf,
        /// The call that failed.
        #[source]
        source: FsError,
    },
}

impl RepositoryError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Failed { source, .. } => source.is_disk_full(),
            Self::NotRemovable { source, .. } => source.is_disk_full(),
            Self::RelativeLocation { .. }
            | Self::Untrusted { .. }
            | Self::Missing { .. }
            | Self::NoSuchSession { .. }
            | Self::IdTaken { .. }
            | Self::Name(_) => false,
        }
    }
}
