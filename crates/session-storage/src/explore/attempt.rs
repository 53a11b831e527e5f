//! One try of a step, and what its failure says.

use std::error::Error;
use std::io;

use super::place::chain;

/// How one try of a step went.
pub(super) enum Attempt {
    /// It was done.
    Done,
    /// It failed; `full` when for want of space.
    Failed {
        /// The error with its causes.
        why: String,
        /// Whether the cause is a full disk.
        full: bool,
    },
    /// A promise was broken.
    Broken(String),
}

impl Attempt {
    pub(super) fn failed(error: &(dyn Error + 'static)) -> Self {
        Self::Failed {
            why: chain(error),
            full: is_full(error),
        }
    }
}

/// Whether the last cause is a full disk, quota or inode table.
fn is_full(error: &(dyn Error + 'static)) -> bool {
    let mut link = Some(error);
    while let Some(error) = link {
        if let Some(cause) = error.downcast_ref::<io::Error>() {
            return matches!(
                cause.kind(),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
            );
        }
        link = error.source();
    }
    false
}
