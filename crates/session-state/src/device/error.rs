//! What cannot be done with the device of a session.

use std::sync::Arc;

use crate::problem::DuplicateJob;
use crate::state::RemoveJobError;

/// Why a provider or a unit cannot come or go.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// A provider of that name is there.
    #[error("attempting to add the same provider twice: {name}")]
    ProviderTwice {
        /// The name.
        name: Arc<str>,
    },
    /// The same unit is there.
    #[error("attempting to add the same unit twice: {id}")]
    UnitTwice {
        /// Its id.
        id: Box<str>,
    },
    /// The unit is not there.
    #[error("attempting to remove unit not in this context: {id}")]
    UnknownUnit {
        /// Its id.
        id: Box<str>,
    },
    /// The session has a different job of that id.
    #[error(transparent)]
    Duplicate(#[from] DuplicateJob),
    /// The job cannot be removed.
    #[error(transparent)]
    Remove(#[from] RemoveJobError),
}
