//! The command itself: read, check, say.

use super::check::check;
use super::rust::lengths;
use super::tree::Tree;
use crate::disk::{self, DiskError};
use crate::flags::TidyFlags;
use crate::say;

/// How many of the longest files are named.
const LONGEST_MAX: usize = 20;

/// Why `tidy` did not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TidyError {
    /// A file of the project cannot be read.
    #[error("cannot look through the project")]
    Read(#[from] DiskError),
    /// There are findings; they have been printed.
    #[error("untidy in {count} places; the rules are in xtask/src/tidy/")]
    Untidy {
        /// How many.
        count: usize,
    },
}

/// Looks through this project and prints what is not tidy.
pub(crate) fn run(flags: &TidyFlags) -> Result<(), TidyError> {
    let tree = Tree::read(&disk::root())?;
    if flags.lengths {
        for (lines, path) in lengths(&tree).into_iter().take(LONGEST_MAX) {
            say::line(&format!("{lines:>5}  {path}"));
        }
    }
    let findings = check(&tree);
    for finding in &findings {
        say::complaint(&finding.to_string());
    }
    if findings.is_empty() {
        let sources = tree.ending(".rs").count();
        say::line(&format!(
            "tidy: {} text files, {sources} of them sources, nothing found",
            tree.texts.len()
        ));
        return Ok(());
    }
    Err(TidyError::Untidy {
        count: findings.len(),
    })
}
