//! Local jobs, as plainbox 0.5 and 0.38 had them: what one prints is the definitions of further jobs.

use std::sync::Arc;

use super::expansion::ExpansionFault;
use super::job_state::JobState;
use super::session::SessionState;
use crate::change::Change;
use crate::graph::Node;
use crate::id::JobId;
use crate::job::{IoLogRecord, JobDefinition, Origin};
use crate::record::{Record, parse_log_output};

impl SessionState {
    /// Makes the jobs that a local job printed, in its own namespace. What was complete before a syntax error counts.
    pub(super) fn take_printed_jobs(&mut self, node: Node, output: &[IoLogRecord]) {
        let Some(local) = self.state_of(node) else {
            return;
        };
        let (local, printed) = (Arc::clone(local.definition()), parse_log_output(output));
        for record in &printed.records {
            self.take_printed_job(&local, record);
        }
        if let Some(source) = printed.error {
            let job = local.id().clone();
            self.expansion_faults
                .push(ExpansionFault::Output { job, source });
        }
    }

    /// A job the session does not have comes in; an equal one is said to be written in the output from now on, unless
    /// the local job came from it; a different one of that id stays.
    fn take_printed_job(&mut self, local: &JobDefinition, record: &Record) {
        let via = local.id();
        let place = Origin {
            source: via.as_str().into(),
            line_start: record.line_start(),
            line_end: record.line_end(),
        };
        let fields = record.fields().iter();
        let fields = fields.map(|field| (field.name().into(), field.value().into()));
        let namespace = local.shared_namespace().cloned();
        let job = JobDefinition::new(namespace, fields.collect(), None, Some(place.clone()));
        if job.partial_id().is_none_or(|id| id.is_empty()) {
            let job = via.clone();
            self.expansion_faults
                .push(ExpansionFault::NoId { job, place });
            return;
        }
        let known = self.node_of(job.id()).ok();
        match (self.add_job(Arc::new(job), Some(via.clone())), known) {
            (Ok(job), Some(node)) if !self.comes_from(via, job.id()) => {
                self.relocate(node, via, &place);
            }
            (Ok(_), _) => {}
            (Err(clash), _) => self.expansion_faults.push(clash.into()),
        }
    }

    fn relocate(&mut self, node: Node, via: &JobId, origin: &Origin) {
        let stands = |state: &JobState| {
            state.via() == Some(via) && state.definition().origin() == Some(origin)
        };
        if !self.state_of(node).is_some_and(stands) {
            self.move_job(node, via, origin);
            self.record(|state| Change::JobMoved {
                job: state.graph.id(node).clone(),
                via: via.clone(),
                origin: origin.clone(),
            });
        }
    }

    /// The door for jobs that are written elsewhere now.
    pub(super) fn move_job(&mut self, node: Node, via: &JobId, origin: &Origin) {
        if let Some(state) = self.state_of_mut(node) {
            state.move_to(via, origin);
        }
    }

    /// Whether a job is another one, or was made by it, directly or not.
    fn comes_from(&self, job: &JobId, other: &JobId) -> bool {
        let maker = |job: &&JobId| self.job_state(*job).and_then(JobState::via);
        // A state that was read may hold jobs that made each other.
        std::iter::successors(Some(job), maker)
            .take(self.job_count() + 1)
            .any(|known| known == other)
    }
}
