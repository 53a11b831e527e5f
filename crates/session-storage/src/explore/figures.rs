//! What an exploration did, and what it found.

use std::fmt;

/// How much was explored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The workload's name.
    pub workload: String,
    /// Runs of the workload, each with its own crash point or failure.
    pub runs: u64,
    /// Disk images made.
    pub images: u64,
    /// Of those, distinct ones that were checked.
    pub distinct: u64,
    /// Images after a second crash, during recovery.
    pub nested: u64,
    /// Damages of the medium.
    pub damages: u64,
    /// Syncs that were let fail.
    pub failed_syncs: u64,
    /// Whether every crash point, every failing sync and every image within the exhaustive bound was
    /// made; else the budget ended it.
    pub complete: bool,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} runs, {} images ({} distinct), {} after a second crash, {} damages, {} failed syncs, {}",
            self.workload,
            self.runs,
            self.images,
            self.distinct,
            self.nested,
            self.damages,
            self.failed_syncs,
            if self.complete {
                "complete"
            } else {
                "ended by the budget"
            }
        )
    }
}

/// A broken promise, with what is needed to see it again.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{workload}, {schedule}: {broken}")]
pub struct Finding {
    /// The workload's name.
    pub workload: String,
    /// The failing sync or call, the crash point, the image.
    pub schedule: String,
    /// What was broken.
    pub broken: String,
}
