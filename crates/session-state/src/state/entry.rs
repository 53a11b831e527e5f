//! A job of a session, looked up once for all that is done with it.

use super::job_state::JobState;
use super::session::SessionState;
use crate::graph::Node;
use crate::job::{IoLogRecord, JobResult};

/// A job of a session and the right to change how it went, as [`SessionState::job_entry`] gives it: for whoever
/// records several results of one job, or looks at a job before recording one.
#[derive(Debug)]
pub struct JobEntry<'s> {
    session: &'s mut SessionState,
    node: Node,
}

impl SessionState {
    /// The job of that id, to look at it and to record results of it.
    pub fn job_entry(&mut self, job: impl AsRef<str>) -> Option<JobEntry<'_>> {
        let node = self.defined_node(job.as_ref())?;
        Some(JobEntry {
            session: self,
            node,
        })
    }
}

impl JobEntry<'_> {
    /// What the session knows of the job.
    pub fn state(&self) -> &JobState {
        let state = self.session.state_of(self.node);
        state.expect("no job goes while its session is borrowed")
    }

    /// Records a result of the job, as [`SessionState::update_job_result`] does.
    pub fn update_result(&mut self, result: JobResult, output: Option<&[IoLogRecord]>) {
        self.session.record_result(self.node, result, output);
    }
}
