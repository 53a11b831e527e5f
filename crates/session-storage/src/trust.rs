//! Who else may change what lies in a directory, and whether that is accepted (invariant P7).

use std::fmt;
use std::path::PathBuf;

use crate::fs::{Dir, FsError, Metadata};

const OTHERS_MAY_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Whether writing where others could interfere is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Refused: the directory must belong to the user, and not be writable by everybody.
    #[default]
    OwnDirectories,
    /// Accepted: the user vouches for this location (`--trust-location`).
    AnyLocation,
}

/// What is wrong with a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustProblem {
    /// It belongs to somebody else.
    ForeignOwner {
        /// The owner's user number.
        uid: u32,
    },
    /// Everybody may make and remove entries in it.
    WritableByAll {
        /// Its mode bits.
        mode: u32,
    },
}

/// A directory whose contents others could have made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFinding {
    /// The directory.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: TrustProblem,
}

impl fmt::Display for TrustFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' ", self.path.display())?;
        match self.problem {
            TrustProblem::ForeignOwner { uid } => write!(f, "belongs to user {uid}"),
            TrustProblem::WritableByAll { mode } => {
                write!(f, "may be written by everybody (mode {mode:04o})")
            }
        }
    }
}

/// Looks at a directory that holds sessions or is one.
pub(crate) fn examine(dir: &dyn Dir, own_uid: u32) -> Result<Option<TrustFinding>, FsError> {
    let metadata = dir.own_metadata()?;
    Ok(problem(&metadata, own_uid, 0).map(|problem| finding(dir, problem)))
}

/// Looks at the parent of a repository: root may own it, and a sticky bit makes it safe to share.
pub(crate) fn examine_parent(dir: &dyn Dir, own_uid: u32) -> Result<Option<TrustFinding>, FsError> {
    let metadata = dir.own_metadata()?;
    let own_uid = if metadata.uid == 0 { 0 } else { own_uid };
    Ok(problem(&metadata, own_uid, STICKY).map(|problem| finding(dir, problem)))
}

fn problem(metadata: &Metadata, own_uid: u32, excused_by: u32) -> Option<TrustProblem> {
    let writable = metadata.mode & OTHERS_MAY_WRITE != 0 && metadata.mode & excused_by == 0;
    if metadata.uid != own_uid {
        Some(TrustProblem::ForeignOwner { uid: metadata.uid })
    } else if writable {
        Some(TrustProblem::WritableByAll {
            mode: metadata.mode,
        })
    } else {
        None
    }
}

fn finding(dir: &dyn Dir, problem: TrustProblem) -> TrustFinding {
    TrustFinding {
        path: dir.path().to_owned(),
        problem,
    }
}
