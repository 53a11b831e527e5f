//! What writing can fail with: the step, the file, the cause; and what then holds.

use std::io;

use crate::fs::FsError;
use crate::recovery::{RecoverError, Recovered};

/// Why a new file could not take over the acknowledged frames.
///
/// Until that succeeds every call says so; nothing acknowledged is touched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewError {
    /// A step of making the new file failed.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// The acknowledged frames could not be read back.
    #[error("the acknowledged frames cannot be read back")]
    ReadBack(#[source] RecoverError),
    /// What was read back ends at another frame than the last acknowledged one.
    #[error("frame {found} is the last that can be read back, {expected} was acknowledged")]
    Missing {
        /// The last acknowledged frame.
        expected: u64,
        /// The last one found.
        found: u64,
    },
    /// The snapshot to copy is no longer what its journal says.
    #[error("the snapshot of generation {generation} is not what its journal says")]
    Snapshot {
        /// Its generation.
        generation: u64,
    },
    /// File names have run out of numbers.
    #[error("no generation or segment number is left")]
    NumbersUsedUp,
}

impl RenewError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Fs(error) if error.is_disk_full())
    }
}

/// Why a frame is not acknowledged. What opens is the last acknowledged state or this one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The payload is above the limit; nothing was written.
    #[error("a frame of {bytes} bytes in {parts} parts is above the limit of {limit} bytes")]
    TooLarge {
        /// Bytes of the payload with its table.
        bytes: u64,
        /// Number of parts.
        parts: usize,
        /// The limit in bytes.
        limit: u64,
    },
    /// The journal would grow above its limit: fold first. Nothing was written.
    #[error("the journal would grow above its limit of {limit} bytes without a fold")]
    Unfolded {
        /// The limit in bytes.
        limit: u64,
    },
    /// The disk is full and what was put aside is used up.
    #[error("no space is left for frame {seq}")]
    DiskFull {
        /// The frame's sequence number.
        seq: u64,
        /// The call that found the disk full.
        #[source]
        source: FsError,
    },
    /// A write or sync failed: what the file holds now is unknown.
    #[error("frame {seq} could not be made durable")]
    NotDurable {
        /// The frame's sequence number.
        seq: u64,
        /// The call that failed.
        #[source]
        source: FsError,
    },
    /// After an earlier failure, the new file could not be made.
    #[error("the journal cannot be renewed after an earlier failure")]
    Renew(#[source] RenewError),
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
    /// Sequence numbers have run out.
    #[error("no sequence number is left")]
    NumbersUsedUp,
}

impl AppendError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::DiskFull { .. } => true,
            Self::NotDurable { source, .. } => source.is_disk_full(),
            Self::Renew(error) => error.is_disk_full(),
            Self::TooLarge { .. } | Self::Unfolded { .. } | Self::Closed | Self::NumbersUsedUp => {
                false
            }
        }
    }
}

/// Why a fold did not happen; every acknowledged frame stands.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FoldError {
    /// A step failed.
    #[error("generation {generation} could not be made")]
    Step {
        /// The generation that was being made.
        generation: u64,
        /// The call that failed.
        #[source]
        source: FsError,
    },
    /// The caller's function failed.
    #[error("the snapshot could not be produced")]
    Producer(#[source] io::Error),
    /// The snapshot is above the limit.
    #[error("the snapshot is above the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// After an earlier failure, the new file could not be made.
    #[error("the journal cannot be renewed after an earlier failure")]
    Renew(#[source] RenewError),
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
    /// Generation numbers have run out.
    #[error("no generation number is left")]
    NumbersUsedUp,
}

impl FoldError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Step { source, .. } => source.is_disk_full(),
            Self::Renew(error) => error.is_disk_full(),
            Self::Producer(_) | Self::TooLarge { .. } | Self::Closed | Self::NumbersUsedUp => false,
        }
    }
}

/// Why a journal could not be created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The session has a native snapshot already.
    #[error("the session already holds generation {generation}")]
    Exists {
        /// The newest generation.
        generation: u64,
    },
    /// There are journals without a snapshot that are not this release's, or cannot be looked at.
    #[error("what is there already stays as it is")]
    Others(#[source] RecoverError),
    /// The directory could not be listed.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// The first generation could not be made.
    #[error("the first generation could not be made")]
    First(#[source] FoldError),
}

impl CreateError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Exists { .. } | Self::Others(_) => false,
            Self::Fs(error) => error.is_disk_full(),
            Self::First(error) => error.is_disk_full(),
        }
    }
}

/// Why a session could not be opened for writing; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The session cannot be read.
    #[error("the session cannot be opened for writing")]
    Recover(#[source] RecoverError),
    /// Something acknowledged is missing or damaged: the session opens for reading, and for writing
    /// only after a repair.
    #[error("the session opens for reading only: {}", recovered.verdict)]
    ReadOnly {
        /// What can be read, with the verdict.
        recovered: Box<Recovered>,
    },
    /// The recovered frames could not be copied into a file of our own.
    #[error("the recovered frames cannot be made durable")]
    Renew(#[source] RenewError),
}

impl OpenError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Renew(error) if error.is_disk_full())
    }
}

/// Why a clean close did not happen; every acknowledged frame stands.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CloseError {
    /// The close frame could not be appended.
    #[error("the mark of a clean close could not be written")]
    Mark(#[source] AppendError),
    /// The mark stands; giving back unused space failed.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl CloseError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Mark(error) => error.is_disk_full(),
            Self::Fs(error) => error.is_disk_full(),
        }
    }
}
