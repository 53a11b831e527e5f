//! The output of a job is kept.

use session_state::UnknownJob;
use session_storage::FsError;

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
