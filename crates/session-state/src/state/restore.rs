//! A state taken apart, and put together again: what a codec needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::session::SessionState;
use crate::field::FieldValue;
use crate::id::JobId;
use crate::job::{JobDefinition, JobResult};
use crate::metadata::SessionMetadata;
use crate::overrides::Overrides;
use crate::problem::UnknownJob;
use crate::resource::Resource;
use crate::state::observer::Signal;
use crate::template::Template;
use crate::unit::OtherUnit;

/// One job of a session, with all that outlives the program.
#[derive(Clone, Debug)]
pub struct JobParts {
    /// The definition.
    pub definition: Arc<JobDefinition>,
    /// The job whose output made it.
    pub via: Option<JobId>,
    /// The current result; the last of the history is shared with it.
    pub result: Arc<JobResult>,
    /// All results with content, oldest first.
    pub history: Vec<Arc<JobResult>>,
    /// All attempts ever begun.
    pub attempts_begun: u32,
    /// Those begun since the last recorded result with content.
    pub started_attempts: u32,
    /// How often it may still be tried.
    pub attempts: i32,
    /// What stands in the place of fields.
    pub overrides: Overrides,
}

/// All that outlives the program.
#[derive(Clone, Debug, Default)]
pub struct SessionParts {
    /// The jobs in their order.
    pub jobs: Vec<JobParts>,
    /// What was asked for.
    pub desired: Vec<JobId>,
    /// What every selection includes; may name jobs the session does not have.
    pub mandatory: Vec<JobId>,
    /// The run list, as it was solved.
    pub run_list: Vec<JobId>,
    /// The records of resources.
    pub resources: Vec<(JobId, Vec<Resource>)>,
    /// The templates, in their order.
    pub templates: Vec<Arc<Template>>,
    /// The units that are neither jobs nor templates, in their order.
    pub units: Vec<Arc<OtherUnit>>,
    /// What is known of the machine.
    pub manifest: BTreeMap<Box<str>, FieldValue>,
    /// The metadata.
    pub metadata: SessionMetadata,
}

/// Parts that fit no session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IllegalParts {
    /// Two jobs have one id.
    #[error("job '{job}' is there twice")]
    RepeatedJob {
        /// The id.
        job: JobId,
    },
    /// A list names a job that is not there.
    #[error("cannot restore a list of jobs")]
    UnknownJob(#[from] UnknownJob),
}

impl SessionState {
    /// Takes over everything that outlives the program from another state, and keeps its own observers,
    /// which are told once that the map of job states changed. Nothing is recorded.
    pub fn adopt(&mut self, other: Self) {
        self.replace_contents(other);
        self.tell(&Signal::JobStateMapChanged);
    }

    /// Puts a state together. No solver runs, no log is read, nothing is recorded.
    ///
    /// # Errors
    ///
    /// Two jobs have one id, or the desired list or the run list names a job that is not there.
    pub fn restore(parts: SessionParts) -> Result<Self, IllegalParts> {
        let mut state = Self::with_room_for(parts.jobs.len());
        for job in parts.jobs {
            let node = state.intern(job.definition.id());
            if state.state_of(node).is_some() {
                let job = job.definition.id().clone();
                return Err(IllegalParts::RepeatedJob { job });
            }
            let outcome = job.result.outcome;
            state.insert(node, Arc::clone(&job.definition), job.via.clone());
            state.counts.remove(None);
            state.counts.add(outcome);
            if let Some(slot) = state.state_of_mut(node) {
                slot.restore(job);
            }
        }
        state.replace_mandatory(&parts.mandatory);
        for (resource, records) in parts.resources {
            let node = state.intern(&resource);
            state.resources.insert(node, records);
        }
        for template in &parts.templates {
            state.take_template(template);
        }
        for unit in &parts.units {
            state.take_unit(unit);
        }
        state.manifest = parts.manifest;
        state.metadata = parts.metadata;
        let desired = state.nodes_of(&parts.desired)?;
        let run_list = state.nodes_of(&parts.run_list)?;
        state.replace_selection(&desired, &run_list);
        Ok(state)
    }
}
