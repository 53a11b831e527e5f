//! Which jobs a version lists.

use std::collections::{BTreeMap, HashSet};

use session_state::{JobId, JobState, SessionState};

use crate::suspend::SuspendOptions;

/// The jobs that a version lists with their checksums; the others are gone after a resume.
pub(super) struct Listing<'s> {
    state: &'s SessionState,
    version: u8,
    rejected: HashSet<&'s JobId>,
    /// Jobs that are listed in any case, with their checksums.
    given: &'s BTreeMap<JobId, String>,
}

impl<'s> Listing<'s> {
    pub(super) fn new(state: &'s SessionState, version: u8, options: &'s SuspendOptions) -> Self {
        let rejected = state.metadata().rejected_jobs.iter().collect();
        Self {
            state,
            version,
            rejected,
            given: &options.checksums,
        }
    }

    pub(super) const fn version(&self) -> u8 {
        self.version
    }

    /// The checksum a job is listed with.
    pub(super) fn checksum(&self, job: &JobState) -> String {
        match self.given.get(job.id()) {
            Some(given) => given.clone(),
            None => job.definition().checksum().to_string(),
        }
    }

    /// Whether a job is listed.
    pub(super) fn lists(&self, job: &JobState) -> bool {
        let flags = &self.state.metadata().flags;
        self.version < 4
            || self.given.contains_key(job.id())
            || !job.result().is_hollow()
            || self.state.is_on_run_list(job.id())
            || (self.version >= 6 && self.rejected.contains(job.id()))
            || (self.version >= 10 && flags.contains("setting_up"))
    }
}
