//! How many jobs ended how.

use crate::job::JobOutcome;

/// The number of jobs per outcome, kept up to date so that asking costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    none: usize,
    counts: [usize; JobOutcome::ALL.len()],
}

impl OutcomeCounts {
    /// How many jobs ended that way; `None` asks for those that did not run.
    pub fn get(&self, outcome: Option<JobOutcome>) -> usize {
        outcome.map_or(self.none, |outcome| self.counts[outcome as usize])
    }

    /// Every outcome that occurs, with its number.
    pub fn iter(&self) -> impl Iterator<Item = (JobOutcome, usize)> {
        JobOutcome::ALL
            .into_iter()
            .map(|outcome| (outcome, self.get(Some(outcome))))
            .filter(|(_, count)| *count > 0)
    }

    /// All jobs together.
    pub fn total(&self) -> usize {
        self.none + self.counts.iter().sum::<usize>()
    }

    pub(super) fn add(&mut self, outcome: Option<JobOutcome>) {
        *self.slot(outcome) += 1;
    }

    pub(super) fn remove(&mut self, outcome: Option<JobOutcome>) {
        let slot = self.slot(outcome);
        *slot = slot.saturating_sub(1);
    }

    fn slot(&mut self, outcome: Option<JobOutcome>) -> &mut usize {
        match outcome {
            None => &mut self.none,
            Some(outcome) => &mut self.counts[outcome as usize],
        }
    }
}
