//! How calls fail, and the plan of which ones do.

use std::path::PathBuf;

use rustix::io::Errno;

use super::super::error::Operation;
use super::disk::SECTOR;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing is done, the kernel answers with this error number.
    Errno(i32),
    /// It is done, and the kernel answers with this error number all the same.
    DoneYetErrno(i32),
    /// A sync does nothing and answers that it did: what a forgotten sync comes to; other calls are untouched.
    SkippedSync,
    /// A write takes only half of its bytes, and says so; other calls are untouched. One of whole sectors takes whole
    /// sectors, as kernels do (assumption A7), and one of a single sector takes it.
    ShortWrite,
}

impl Failure {
    /// Every failure that the fault tests go through: EIO, ENOSPC, EDQUOT, EINTR, EMFILE, EACCES, EROFS,
    /// and the short write.
    pub const ALL: [Self; 8] = [
        Self::Errno(Errno::IO.raw_os_error()),
        Self::Errno(Errno::NOSPC.raw_os_error()),
        Self::Errno(Errno::DQUOT.raw_os_error()),
        Self::Errno(Errno::INTR.raw_os_error()),
        Self::Errno(Errno::MFILE.raw_os_error()),
        Self::Errno(Errno::ACCESS.raw_os_error()),
        Self::Errno(Errno::ROFS.raw_os_error()),
        Self::ShortWrite,
    ];
}

impl Failure {
    /// Whether a call of this kind can fail this way.
    fn concerns(self, operation: Operation) -> bool {
        match self {
            Self::Errno(_) | Self::DoneYetErrno(_) => true,
            Self::ShortWrite => operation == Operation::Write,
            Self::SkippedSync => matches!(
                operation,
                Operation::SyncFile | Operation::SyncDir | Operation::SyncFilesystem
            ),
        }
    }
}

/// How many bytes a short write takes of so many at an offset.
pub(super) fn taken_by_a_short_write(length: usize, offset: u64) -> usize {
    let half = length.div_ceil(2);
    let sector = SECTOR as usize;
    if offset.is_multiple_of(SECTOR) && length.is_multiple_of(sector) {
        half.next_multiple_of(sector)
    } else {
        half
    }
}

/// How often a planned failure strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Only the one call.
    Once,
    /// That call and every later one, until [`FailFs::heal`](crate::FailFs::heal).
    FromThenOn,
}

/// One call that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What was asked for.
    pub operation: Operation,
    /// On which path.
    pub path: PathBuf,
}

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) calls: Vec<Call>,
    pub(super) at: Option<(u64, Failure, Repeat)>,
    pub(super) operation: Option<(Operation, Option<PathBuf>, Failure)>,
    pub(super) struck: u64,
}

impl Plan {
    /// Counts a call and says how it is to fail, if it is.
    pub(super) fn call(&mut self, operation: Operation, path: PathBuf) -> Option<Failure> {
        let by_operation = self
            .operation
            .as_ref()
            .filter(|(which, on, _)| {
                *which == operation && on.as_ref().is_none_or(|on| *on == path)
            })
            .map(|(_, _, failure)| *failure);
        self.calls.push(Call { operation, path });
        let number = self.calls.len() as u64;
        let by_number = self.at.and_then(|(at, failure, repeat)| {
            let strikes = match repeat {
                Repeat::Once => number == at,
                Repeat::FromThenOn => number >= at,
            };
            strikes.then_some(failure)
        });
        let failure = by_number.or(by_operation)?;
        self.struck += u64::from(failure.concerns(operation));
        Some(failure)
    }
}
