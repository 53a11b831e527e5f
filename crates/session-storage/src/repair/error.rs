//! Why a repair did not happen.

use super::plan::RepairPlan;
use crate::fs::FsError;
use crate::journal::RenewError;
use crate::recovery::RecoverError;

/// Why a plan was not applied; every file stands where it stood.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// The session is another than the one the plan was made for.
    #[error("the session has changed since its repair was planned")]
    PlanIsStale {
        /// A plan for the session as it is now; `None` when it needs no repair.
        now: Option<Box<RepairPlan>>,
    },
    /// The session cannot be read, so nothing can be kept.
    #[error("the session cannot be read")]
    Unreadable(#[source] RecoverError),
    /// The directory for the files as they were could not be made.
    #[error("there is no place to put the damaged files aside")]
    NoPlaceAside(#[source] FsError),
    /// The generation that keeps what can be read could not be made durable. When the very last sync failed, it
    /// may be there all the same: then another try answers [`RepairError::PlanIsStale`] without a plan.
    #[error("what can be read could not be written anew")]
    NotMade(#[source] RenewError),
}

impl RepairError {
    /// Whether the cause is a full disk, quota or inode table.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::NoPlaceAside(error) => error.is_disk_full(),
            Self::NotMade(error) => error.is_disk_full(),
            Self::PlanIsStale { .. } | Self::Unreadable(_) => false,
        }
    }
}
