//! What an exploration did, and what it found.

use std::fmt;

use super::replay::Replay;

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
    /// Crash points at which every image was made, of so many.
    pub exhausted: u64,
    /// Crash points.
    pub points: u64,
    /// Whether every crash point at which no sync had failed was gone through, and every image made where at most ten
    /// effects were unsynced (three, with a budget below 250).
    pub plain_complete: bool,
    /// Whether every crash point, every failing sync and every image within the exhaustive bound was
    /// made; else the budget ended it.
    pub complete: bool,
}

impl Figures {
    /// Adds the figures of another exploration.
    pub fn add(&mut self, more: &Self) {
        self.runs += more.runs;
        self.images += more.images;
        self.distinct += more.distinct;
        self.nested += more.nested;
        self.damages += more.damages;
        self.failed_syncs += more.failed_syncs;
        self.exhausted += more.exhausted;
        self.points += more.points;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} runs, {} images ({} distinct), {} after a second crash, {} damages, {} failed syncs, \
             {} of {} crash points exhausted, {}",
            self.workload,
            self.runs,
            self.images,
            self.distinct,
            self.nested,
            self.damages,
            self.failed_syncs,
            self.exhausted,
            self.points,
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
#[error("{replay}: {broken}")]
pub struct Finding {
    /// What to go through again, by [`replay`](super::replay()).
    pub replay: Replay,
    /// What was broken.
    pub broken: String,
}
