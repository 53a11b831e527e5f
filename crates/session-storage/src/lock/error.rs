//! Why the right to write was not given.

use std::io;
use std::path::PathBuf;

use super::holder::{Holder, Liveness};
use crate::fs::{FsError, Operation};
use crate::session_id::SessionId;
use crate::trust::TrustFinding;

/// Why a session could not be locked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Somebody else has it.
    #[error("session '{id}' is in use{}", by(holder.as_deref(), *alive))]
    Held {
        /// Which session.
        id: SessionId,
        /// Who, as far as the record in the lock file tells.
        holder: Option<Box<Holder>>,
        /// Whether that one lives.
        alive: Liveness,
    },
    /// Others could interfere, and the location is not trusted.
    #[error("writing is refused where others could interfere: {finding}")]
    Untrusted {
        /// What is wrong.
        finding: TrustFinding,
    },
    /// The directory was renamed or removed since it was opened.
    #[error("session '{id}' was removed or renamed meanwhile")]
    Moved {
        /// Which session.
        id: SessionId,
    },
    /// The lock file was replaced again and again while it was being locked.
    #[error("the lock file '{}' is being replaced all the time", path.display())]
    Unstable {
        /// The lock file.
        path: PathBuf,
    },
    /// The file system has no locks.
    #[error("the file system of '{}' has no locks", path.display())]
    Unsupported {
        /// What was to be locked.
        path: PathBuf,
        /// The answer of the kernel.
        #[source]
        source: FsError,
    },
    /// A call failed.
    #[error("cannot lock session '{id}'")]
    Failed {
        /// Which session.
        id: SessionId,
        /// The call that failed.
        #[source]
        source: FsError,
    },
}

impl LockError {
    /// The error for a call that failed on the way to the lock of a session.
    pub(crate) fn from_call(id: &SessionId, source: FsError) -> Self {
        if source.operation == Operation::Lock && source.kind() == io::ErrorKind::Unsupported {
            return Self::Unsupported {
                path: source.path.clone(),
                source,
            };
        }
        Self::Failed {
            id: id.clone(),
            source,
        }
    }

    /// Whether the cause is a full disk, quota or inode table: the lock file could not be made.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Failed { source, .. } => source.is_disk_full(),
            Self::Held { .. }
            | Self::Untrusted { .. }
            | Self::Moved { .. }
            | Self::Unstable { .. }
            | Self::Unsupported { .. } => false,
        }
    }

    /// Whether somebody else holds the lock, so that trying again later may help.
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Held { .. })
    }
}

fn by(holder: Option<&Holder>, alive: Liveness) -> String {
    match holder {
        Some(holder) => format!(" by {holder}, {alive}"),
        None => String::new(),
    }
}
