//! What sequences did, and what they found.

use std::fmt;

/// A promise that did not hold.
#[derive(Debug)]
pub struct Broken(pub(super) String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a number of sequences did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Sequences played.
    pub sequences: u64,
    /// Operations that were done.
    pub operations: u64,
    /// Operations that failed, by a call that was made to fail or by a crash.
    pub failures: u64,
    /// Checkpoints that were acknowledged.
    pub checkpoints: u64,
    /// Times the session was opened again, and held against the model.
    pub openings: u64,
    /// How many of these were after a crash in the middle of an operation of the file system.
    pub crashes: u64,
}

impl Figures {
    /// Adds those of another sequence.
    pub fn add(&mut self, other: &Self) {
        self.sequences += other.sequences;
        self.operations += other.operations;
        self.failures += other.failures;
        self.checkpoints += other.checkpoints;
        self.openings += other.openings;
        self.crashes += other.crashes;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sequences,
            operations,
            failures,
            checkpoints,
            openings,
            crashes,
        } = self;
        write!(
            f,
            "{sequences} sequences of {operations} operations, {failures} of them failed, {checkpoints} checkpoints \
             acknowledged, {openings} openings held against the model, {crashes} after a crash"
        )
    }
}

pub(super) fn broken(error: impl fmt::Display) -> Broken {
    Broken(error.to_string())
}
