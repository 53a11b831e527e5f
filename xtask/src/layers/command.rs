//! The command itself: read, compare, say.

use super::check::check;
use super::read::{ReadError, read};
use crate::disk;
use crate::say;

/// Why `layers` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayersError {
    /// The workspace cannot be read.
    #[error("cannot check the layers")]
    Read(#[from] ReadError),
    /// There are violations; they have been printed.
    #[error("layers breached in {count} places; the rules are in xtask/src/layers/table.rs")]
    Breached {
        /// How many.
        count: usize,
    },
}

/// Checks the layers of this workspace and prints what is wrong.
pub(crate) fn run() -> Result<(), LayersError> {
    let workspace = read(&disk::root())?;
    let violations = check(&workspace);
    for violation in &violations {
        say::complaint(&violation.to_string());
    }
    if violations.is_empty() {
        say::line(&format!(
            "layers: {} packages, no breach",
            workspace.members.len()
        ));
        return Ok(());
    }
    Err(LayersError::Breached {
        count: violations.len(),
    })
}
