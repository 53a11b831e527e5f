//! Jobs come and go.

use std::sync::Arc;

use super::job_state::{JobState, Traits};
use super::session::{GONE, SessionState};
use super::standing::Standing;
use crate::change::Change;
use crate::graph::{Graph, Node};
use crate::id::JobId;
use crate::job::{JobDefinition, PluginKind};
use crate::problem::{DuplicateJob, UnknownJob};
use crate::requirement::Requirement;
use crate::state::observer::Signal;

/// A job that cannot be removed. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoveJobError {
    /// The session does not have it.
    #[error(transparent)]
    Unknown(#[from] UnknownJob),
    /// It is to be run; select without it first.
    #[error("cannot remove jobs that are on the run list: {}", list(jobs))]
    OnRunList {
        /// Every such job, sorted.
        jobs: Vec<JobId>,
    },
}

impl SessionState {
    /// A state of these jobs. Of two equal ones the later is dropped; siblings are not made.
    ///
    /// # Errors
    ///
    /// Two different jobs have one id.
    pub fn with_jobs(
        jobs: impl IntoIterator<Item = Arc<JobDefinition>>,
    ) -> Result<Self, DuplicateJob> {
        let jobs = jobs.into_iter();
        let mut state = Self::with_room_for(jobs.size_hint().0);
        for job in jobs {
            let node = state.intern(job.id());
            if state.known(node, &job)?.is_none() {
                state.insert(node, job, None);
            }
        }
        state.graph.shrink();
        state.states.shrink_to_fit();
        Ok(state)
    }

    /// A state without jobs, and with room for so many.
    pub(super) fn with_room_for(jobs: usize) -> Self {
        let mut state = Self::new();
        state.graph = Graph::with_capacity(jobs);
        state.states.reserve_exact(jobs);
        state.order.reserve_exact(jobs);
        state
    }

    /// Adds a job and its siblings; answers with the job the session has now, which is the one it had when
    /// that is equal. A job whose siblings cannot be read ([`JobDefinition::siblings`] tells) has none.
    ///
    /// # Errors
    ///
    /// The session, or the siblings made so far, has another job of that id.
    #[doc(alias = "add_unit")]
    pub fn add_job(
        &mut self,
        definition: Arc<JobDefinition>,
        via: Option<JobId>,
    ) -> Result<Arc<JobDefinition>, DuplicateJob> {
        let node = self.intern(definition.id());
        if let Some(job) = self.known(node, &definition)?
            && !self.may_have_siblings(node)
        {
            return Ok(job);
        }
        let mut first = None;
        let mut waiting = vec![(definition, via)];
        while let Some((definition, via)) = waiting.pop() {
            let node = self.intern(definition.id());
            let job = match self.known(node, &definition)? {
                Some(job) => job,
                None => {
                    self.bring_in(node, &definition, via.clone());
                    self.record(|_| Change::JobAdded {
                        definition: Arc::clone(&definition),
                        via: via.clone(),
                    });
                    self.apply_rules(node);
                    definition
                }
            };
            if self.may_have_siblings(node) {
                let siblings = job.siblings().unwrap_or_default();
                waiting.extend(
                    siblings
                        .into_iter()
                        .rev()
                        .map(|sibling| (Arc::new(sibling), via.clone())),
                );
            }
            first.get_or_insert(job);
        }
        first.ok_or_else(|| DuplicateJob {
            job: JobId::new(""),
        })
    }

    /// Adds jobs and their siblings, in their order, as [`add_job`](Self::add_job) does. One that stands in the list of
    /// jobs where it stands here costs no look-up.
    ///
    /// # Errors
    ///
    /// The session, or the siblings made so far, has another job of one of the ids; those before it stay.
    pub fn add_jobs(&mut self, definitions: &[Arc<JobDefinition>]) -> Result<(), DuplicateJob> {
        for (place, definition) in definitions.iter().enumerate() {
            if !self.stands_at(place, definition) {
                self.add_job(Arc::clone(definition), None)?;
            }
        }
        Ok(())
    }

    /// Whether that place of the list of jobs is that of this very definition, of which no siblings are made.
    fn stands_at(&self, place: usize, definition: &Arc<JobDefinition>) -> bool {
        let number = self.order.get(place).copied().unwrap_or(GONE);
        self.state_of(Node::from_number(number))
            .is_some_and(|state| {
                Arc::ptr_eq(state.definition(), definition) && !state.traits.siblings
            })
    }

    /// Removes a job, its results and its records.
    ///
    /// # Errors
    ///
    /// The session does not have it, or it is on the run list.
    #[doc(alias = "remove_unit")]
    pub fn remove_job(&mut self, job: &JobId) -> Result<(), RemoveJobError> {
        let node = self.node_of(job)?;
        if self.state_of(node).is_some_and(|state| state.on_run_list) {
            return Err(RemoveJobError::OnRunList {
                jobs: vec![job.clone()],
            });
        }
        self.take_out(node);
        self.record(|_| Change::JobRemoved { job: job.clone() });
        Ok(())
    }

    /// Gives a job another definition. Its results, its attempts and its place stay; what keeps it from starting
    /// is judged anew, and the run list is as it was until the next selection. Siblings are not made.
    ///
    /// # Errors
    ///
    /// The session does not have a job of that id.
    pub fn replace_job(&mut self, definition: Arc<JobDefinition>) -> Result<(), UnknownJob> {
        let node = self.node_of(definition.id())?;
        self.swap_definition(node, &definition);
        self.record(|_| Change::JobReplaced { definition });
        Ok(())
    }

    /// Removes every job that `unwanted` says so of; answers how many.
    ///
    /// # Errors
    ///
    /// One of them is on the run list; then none is removed.
    #[doc(alias = "trim_job_list")]
    pub fn trim_jobs(
        &mut self,
        unwanted: impl Fn(&JobDefinition) -> bool,
    ) -> Result<usize, RemoveJobError> {
        let nodes: Vec<Node> = self
            .order
            .iter()
            .filter(|number| **number != GONE)
            .map(|number| Node::from_number(*number))
            .filter(|node| {
                self.state_of(*node)
                    .is_some_and(|state| unwanted(state.definition()))
            })
            .collect();
        let mut busy: Vec<JobId> = nodes
            .iter()
            .filter_map(|node| self.state_of(*node))
            .filter(|state| state.on_run_list)
            .map(|state| state.id().clone())
            .collect();
        if !busy.is_empty() {
            busy.sort();
            return Err(RemoveJobError::OnRunList { jobs: busy });
        }
        let removed: Vec<Arc<JobDefinition>> = nodes
            .iter()
            .filter_map(|node| self.forget_job(*node))
            .collect();
        if !removed.is_empty() {
            self.tell(&Signal::JobStateMapChanged);
        }
        for definition in &removed {
            self.record(|_| Change::JobRemoved {
                job: definition.id().clone(),
            });
            self.tell(&Signal::JobRemoved(definition));
            self.tell(&Signal::UnitRemoved(definition));
        }
        Ok(removed.len())
    }

    fn may_have_siblings(&self, node: Node) -> bool {
        self.state_of(node)
            .is_some_and(|state| state.traits.siblings)
    }

    /// The job of that id if it is equal to this one.
    fn known(
        &self,
        node: Node,
        definition: &Arc<JobDefinition>,
    ) -> Result<Option<Arc<JobDefinition>>, DuplicateJob> {
        let Some(state) = self.state_of(node) else {
            return Ok(None);
        };
        let known = state.definition();
        if Arc::ptr_eq(known, definition) || known.is_same_unit(definition) {
            Ok(Some(Arc::clone(known)))
        } else {
            Err(DuplicateJob {
                job: definition.id().clone(),
            })
        }
    }

    pub(super) fn node_of(&self, job: &JobId) -> Result<Node, UnknownJob> {
        self.defined_node(job.as_str())
            .ok_or_else(|| UnknownJob { job: job.clone() })
    }

    /// The node of a job that is in.
    pub(super) fn defined_node(&self, job: &str) -> Option<Node> {
        let node = self.graph.find(job)?;
        self.graph.is_defined(node).then_some(node)
    }

    /// The door for jobs that come in.
    pub(super) fn bring_in(
        &mut self,
        node: Node,
        definition: &Arc<JobDefinition>,
        via: Option<JobId>,
    ) {
        self.insert(node, Arc::clone(definition), via);
        self.tell(&Signal::JobStateMapChanged);
        self.tell(&Signal::UnitAdded(definition));
        self.tell(&Signal::JobAdded(definition));
    }

    /// The door for jobs that go out.
    pub(super) fn take_out(&mut self, node: Node) {
        if let Some(definition) = self.forget_job(node) {
            self.tell(&Signal::UnitRemoved(&definition));
            self.tell(&Signal::JobRemoved(&definition));
            self.tell(&Signal::JobStateMapChanged);
        }
    }

    /// The door for definitions that take the place of others.
    pub(super) fn swap_definition(&mut self, node: Node, definition: &Arc<JobDefinition>) {
        let requirement = Requirement::of(definition);
        let resources = requirement
            .as_ref()
            .map_or_else(Vec::new, |known| known.resources());
        self.graph.undefine(node);
        self.graph.define(node, definition, &resources);
        self.cover();
        self.standing = Standing::Unknown;
        let traits = traits(definition);
        let Some(state) = self.state_of_mut(node) else {
            return;
        };
        let old = state.redefine(Arc::clone(definition), requirement, traits);
        if state.on_run_list {
            self.judge(node);
        }
        self.tell(&Signal::JobStateMapChanged);
        self.tell(&Signal::UnitRemoved(&old));
        self.tell(&Signal::JobRemoved(&old));
        self.tell(&Signal::UnitAdded(definition));
        self.tell(&Signal::JobAdded(definition));
    }

    pub(super) fn insert(
        &mut self,
        node: Node,
        definition: Arc<JobDefinition>,
        via: Option<JobId>,
    ) {
        let requirement = Requirement::of(&definition);
        let resources = requirement
            .as_ref()
            .map_or_else(Vec::new, |known| known.resources());
        self.graph.define(node, &definition, &resources);
        self.cover();
        let traits = traits(&definition);
        let place = u32::try_from(self.order.len()).unwrap_or(GONE);
        self.order.push(node.number());
        self.counts.add(None);
        self.states[node.index()] =
            Some(JobState::new(definition, via, requirement, traits, place));
        self.note_passage(node);
    }

    /// Forgets a job with its results and records, and judges the jobs anew that refer to it: one that would
    /// salvage it may be on the run list without it.
    fn forget_job(&mut self, node: Node) -> Option<Arc<JobDefinition>> {
        let state = self.states.get_mut(node.index())?.take()?;
        self.note_passage(node);
        self.counts.remove(state.outcome());
        self.graph.undefine(node);
        self.resources.remove(&node);
        if let Some(slot) = self.order.get_mut(state.place as usize) {
            *slot = GONE;
            self.gone += 1;
        }
        if self.gone > 64 && self.gone * 2 > self.order.len() {
            self.close_gaps();
        }
        self.judge_dependents(node);
        Some(Arc::clone(state.definition()))
    }

    /// Leaves the places of removed jobs out of the job list.
    fn close_gaps(&mut self) {
        self.order.retain(|number| *number != GONE);
        self.gone = 0;
        for (place, number) in self.order.iter().enumerate() {
            if let Some(Some(state)) = self.states.get_mut(*number as usize) {
                state.place = u32::try_from(place).unwrap_or(GONE);
            }
        }
    }
}

/// Reads what is asked for often.
fn traits(definition: &JobDefinition) -> Traits {
    let plugin = definition.plugin();
    Traits {
        resource: plugin == Some(PluginKind::Resource),
        local: plugin == Some(PluginKind::Local),
        attachment: plugin == Some(PluginKind::Attachment),
        siblings: definition.may_have_siblings(),
        manifest: definition.is_setup_job() && definition.value("requires_manifest").is_some(),
        goes_down: definition.has_any_flag(&["noreturn", "autorestart"]),
    }
}

fn list(jobs: &[JobId]) -> String {
    let names: Vec<&str> = jobs.iter().map(JobId::as_str).collect();
    names.join(", ")
}
