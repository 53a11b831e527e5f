//! Changes, made again on a copy of the state they were made on.

use std::ops::Range;

use super::session::SessionState;
use super::standing::Standing;
use crate::change::Change;
use crate::graph::{Mark, Node};
use crate::id::JobId;
use crate::problem::UnknownJob;

/// A change that cannot have happened to this state. The state is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IllegalChange {
    /// It speaks of a job the state does not have.
    #[error("cannot apply a change")]
    UnknownJob(#[from] UnknownJob),
    /// It adds a job the state has.
    #[error("cannot add job '{job}' a second time")]
    KnownJob {
        /// The job.
        job: JobId,
    },
    /// It puts a job on the run list that is there.
    #[error("cannot put job '{job}' on the run list a second time")]
    TwiceOnRunList {
        /// The job.
        job: JobId,
    },
    /// It takes jobs from the run list that do not stand there as it says.
    #[error("cannot take from the run list what came with job '{job}'")]
    NotOnRunList {
        /// The job.
        job: JobId,
    },
    /// It removes a job that is to be run.
    #[error("cannot remove job '{job}' from the run list")]
    OnRunList {
        /// The job.
        job: JobId,
    },
}

impl SessionState {
    /// Makes a change that was recorded on a state equal to this one. Observers are told; nothing is
    /// recorded, no solver runs, no log is read.
    ///
    /// # Errors
    ///
    /// The change cannot have happened to a state equal to this one.
    pub fn apply(&mut self, change: &Change) -> Result<(), IllegalChange> {
        match change {
            Change::JobAdded { definition, via } => {
                let node = self.intern(definition.id());
                if self.state_of(node).is_some() {
                    let job = definition.id().clone();
                    return Err(IllegalChange::KnownJob { job });
                }
                self.bring_in(node, definition, via.clone());
            }
            Change::JobRemoved { job } => {
                let node = self.node_of(job)?;
                if self.is_on_run_list(job) {
                    return Err(IllegalChange::OnRunList { job: job.clone() });
                }
                self.take_out(node);
            }
            Change::JobReplaced { definition } => {
                let node = self.node_of(definition.id())?;
                self.swap_definition(node, definition);
            }
            Change::JobMoved { job, via, origin } => {
                let node = self.node_of(job)?;
                self.move_job(node, via, origin);
            }
            Change::MandatoryJobs { jobs } => self.replace_mandatory(jobs),
            Change::Selection { desired, run_list } => {
                let run_list = self.nodes_of(run_list)?;
                let desired = self.nodes_of(desired)?;
                self.replace_selection(&desired, &run_list);
                self.standing = Standing::Unknown;
            }
            Change::SelectionExtended { desired, run_list } => {
                let (desired, run_list) = (self.nodes_of(desired)?, self.nodes_of(run_list)?);
                self.check_new_on_run_list(&run_list)?;
                self.extend_selection(&desired, &run_list);
                self.standing = Standing::Unknown;
            }
            Change::SelectionReduced { job, run_list } => {
                let node = self.node_of(job)?;
                let run_list = self.nodes_of(run_list)?;
                let places = self.place_of(node).zip(self.places_of(&run_list));
                let (place, leaving) =
                    places.ok_or_else(|| IllegalChange::NotOnRunList { job: job.clone() })?;
                self.reduce_selection(place, leaving);
                self.standing = Standing::Unknown;
            }
            Change::JobStarted { intent, at } => {
                let node = self.node_of(&intent.job)?;
                self.begin(node, intent, *at);
            }
            Change::ResultRecorded { job, result } => {
                let node = self.node_of(job)?;
                self.set_result(node, result);
                self.judge_dependents(node);
            }
            Change::ResourcesReplaced { resource, records } => {
                self.replace_resources(resource, records.clone());
            }
            Change::TemplateAdded { template } => self.take_template(template),
            Change::TemplatesRemoved { template } => {
                self.drop_templates(template);
            }
            Change::UnitAdded { unit } => self.take_unit(unit),
            Change::UnitsRemoved { kind, id } => {
                self.drop_units(kind, id);
            }
            Change::Overridden { job, field, value } => {
                let node = self.node_of(job)?;
                self.override_field(node, *field, value);
            }
            Change::AttemptsSet { job, attempts } => {
                let node = self.node_of(job)?;
                self.replace_attempts(node, *attempts);
            }
            Change::ManifestReplaced { manifest } => self.replace_manifest(manifest.clone()),
            Change::Metadata(change) => self.replace_metadata(change),
        }
        Ok(())
    }

    /// Refuses jobs that are on the run list, or among each other twice.
    fn check_new_on_run_list(&mut self, run_list: &[Node]) -> Result<(), IllegalChange> {
        self.marks.wipe(self.graph.len());
        for node in run_list {
            let is_there = self.state_of(*node).is_some_and(|state| state.on_run_list);
            if is_there || self.marks.get(*node) != Mark::White {
                let job = self.graph.id(*node).clone();
                return Err(IllegalChange::TwiceOnRunList { job });
            }
            self.marks.set(*node, Mark::Black);
        }
        Ok(())
    }

    /// Where these jobs stand on the run list, one behind the other.
    fn places_of(&self, jobs: &[Node]) -> Option<Range<usize>> {
        let first = jobs.first()?;
        let start = self.run_list.iter().rposition(|node| node == first)?;
        let places = start..start + jobs.len();
        (self.run_list.get(places.clone()) == Some(jobs)).then_some(places)
    }

    pub(super) fn nodes_of(&self, jobs: &[JobId]) -> Result<Vec<Node>, UnknownJob> {
        jobs.iter().map(|job| self.node_of(job)).collect()
    }
}
