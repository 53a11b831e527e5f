//! Which jobs a version lists.

use std::collections::HashSet;

use session_state::{JobId, JobState, SessionState};

/// The jobs that a version lists with their checksums; the others are gone after a resume.
pub(super) struct Listing<'s> {
    state: &'s SessionState,
    version: u8,
    rejected: HashSet<&'s JobId>,
}

impl<'s> Listing<'s> {
    pub(super) fn new(state: &'s SessionState, version: u8) -> Self {
        let rejected = state.metadata().rejected_jobs.iter().collect();
        Self {
            state,
            version,
            rejected,
        }
    }

    pub(super) const fn version(&self) -> u8 {
        self.version
    }

    /// Whether a job is listed.
    pub(super) fn lists(&self, job: &JobState) -> bool {
        let flags = &self.state.metadata().flags;
        self.version < 4
            || !job.result().is_hollow()
            || self.state.is_on_run_list(job.id())
            || (self.version >= 6 && self.rejected.contains(job.id()))
            || (self.version >= 10 && flags.contains("setting_up"))
    }
}
