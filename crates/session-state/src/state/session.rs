//! The state itself: what it holds and how it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counts::OutcomeCounts;
use super::expansion::ExpansionFault;
use super::job_state::JobState;
use super::standing::Standing;
use crate::change::Change;
use crate::field::FieldValue;
use crate::graph::{Graph, Marks, Node};
use crate::id::JobId;
use crate::metadata::SessionMetadata;
use crate::overrides::OverrideRules;
use crate::resource::Resource;
use crate::state::observer::{Observer, Observers, Signal, Subscription};
use crate::template::{Engines, Template, TemplateSet};
use crate::unit::UnitSet;

/// Stands in the job list where a job was removed.
pub(super) const GONE: u32 = u32::MAX;

/// The state of one session.
///
/// It lives in memory only and knows no file, no clock and no format. Recording a result costs what the
/// jobs cost that depend on it; making a selection what it pulls in, adding to one what that pulls in beyond it;
/// no operation walks all jobs unless it changes all of them.
///
/// Two states are equal when all that outlives the program is equal: jobs and how they went, lists,
/// resources, templates and other units, the manifest, metadata. A copy has no observers and no recorded changes.
#[derive(Debug, Default)]
pub struct SessionState {
    pub(super) graph: Graph,
    pub(super) states: Vec<Option<JobState>>,
    pub(super) order: Vec<u32>,
    pub(super) gone: usize,
    pub(super) desired: Vec<Node>,
    pub(super) mandatory: Vec<Node>,
    pub(super) run_list: Vec<Node>,
    pub(super) standing: Standing,
    pub(super) resources: BTreeMap<Node, Vec<Resource>>,
    pub(super) manifest: BTreeMap<Box<str>, FieldValue>,
    pub(super) templates: TemplateSet,
    pub(super) units: UnitSet,
    pub(super) engines: Engines,
    pub(super) override_rules: Option<Arc<dyn OverrideRules>>,
    pub(super) expansion_faults: Vec<ExpansionFault>,
    pub(super) metadata: SessionMetadata,
    pub(super) counts: OutcomeCounts,
    /// Jobs of the run list without an outcome.
    pub(super) todo: usize,
    pub(super) marks: Marks,
    changes: Vec<Change>,
    recording: bool,
    observers: Observers,
}

impl SessionState {
    /// A state without jobs. It records no changes until [`record_changes`](Self::record_changes) says so.
    pub fn new() -> Self {
        Self::default()
    }

    /// The jobs, in the order they came in.
    #[doc(alias = "job_list")]
    pub fn jobs(&self) -> impl Iterator<Item = &JobState> + Clone {
        self.order
            .iter()
            .filter(|number| **number != GONE)
            .filter_map(|number| self.state_of(Node::from_number(*number)))
    }

    /// The job of that id.
    #[doc(alias = "job_state_map")]
    pub fn job_state(&self, job: impl AsRef<str>) -> Option<&JobState> {
        self.state_of(self.graph.find(job.as_ref())?)
    }

    /// How many jobs there are.
    pub fn job_count(&self) -> usize {
        self.order.len() - self.gone
    }

    /// What was asked for, mandatory jobs first, less what could not be had.
    #[doc(alias = "desired_job_list")]
    pub fn desired_jobs(&self) -> impl ExactSizeIterator<Item = &JobId> + Clone {
        self.ids(&self.desired)
    }

    /// What every selection includes.
    #[doc(alias = "mandatory_job_list")]
    pub fn mandatory_jobs(&self) -> impl ExactSizeIterator<Item = &JobId> + Clone {
        self.ids(&self.mandatory)
    }

    /// The jobs to run, each after those it needs.
    pub fn run_list(&self) -> impl ExactSizeIterator<Item = &JobId> + Clone {
        self.ids(&self.run_list)
    }

    /// The states of the jobs to run, in the order to run them.
    pub fn run_list_states(&self) -> impl Iterator<Item = &JobState> + Clone {
        self.run_list.iter().filter_map(|node| self.state_of(*node))
    }

    /// Whether a job is on the run list.
    pub fn is_on_run_list(&self, job: impl AsRef<str>) -> bool {
        self.job_state(job).is_some_and(|state| state.on_run_list)
    }

    /// How many jobs of the run list have no outcome yet.
    pub fn todo_count(&self) -> usize {
        self.todo
    }

    /// The records a resource job printed; `None` when there are none yet.
    pub fn resources(&self, resource: impl AsRef<str>) -> Option<&[Resource]> {
        let node = self.graph.find(resource.as_ref())?;
        self.resources.get(&node).map(Vec::as_slice)
    }

    /// All resources: the id of the job and its records.
    pub fn resource_map(&self) -> impl ExactSizeIterator<Item = (&JobId, &[Resource])> {
        self.resources
            .iter()
            .map(|(node, records)| (self.graph.id(*node), records.as_slice()))
    }

    /// The templates, in the order they came in.
    pub fn templates(&self) -> &[Arc<Template>] {
        self.templates.all()
    }

    /// What is known of the machine, by id of the manifest entry.
    pub fn manifest(&self) -> &BTreeMap<Box<str>, FieldValue> {
        &self.manifest
    }

    /// What the session says about itself.
    pub fn metadata(&self) -> &SessionMetadata {
        &self.metadata
    }

    /// How many jobs ended how.
    #[doc(alias = "get_outcome_stats")]
    pub fn outcome_counts(&self) -> OutcomeCounts {
        self.counts
    }

    /// Begins or ends recording changes. What was recorded stays until it is forgotten.
    pub fn record_changes(&mut self, recording: bool) {
        self.recording = recording;
    }

    /// The changes made since they were last forgotten, oldest first.
    pub fn pending_changes(&self) -> &[Change] {
        &self.changes
    }

    /// Drops the oldest `count` recorded changes, to be called when they are durable.
    pub fn forget_changes(&mut self, count: usize) {
        self.changes.drain(..count.min(self.changes.len()));
    }

    /// Has an observer told what happens, until the answer is dropped. Observers are told in the order in
    /// which they subscribed; one that subscribes during a signal does not hear that signal.
    pub fn subscribe(&self, observer: impl Observer + 'static) -> Subscription {
        self.observers.subscribe(Arc::new(observer))
    }

    /// Takes over the contents of another state; observers and recording stay as they are, recorded changes
    /// are of the past and go. Engines, rules for overrides and the manifest stay unless the other has some;
    /// templates and units of other kinds come together.
    pub(super) fn replace_contents(&mut self, other: Self) {
        let old = std::mem::replace(self, other);
        self.observers = old.observers;
        self.recording = old.recording;
        self.changes.clear();
        if self.manifest.is_empty() {
            self.manifest = old.manifest;
        }
        if self.engines.is_empty() {
            self.engines = old.engines;
        }
        if self.override_rules.is_none() {
            self.override_rules = old.override_rules;
        }
        for template in old.templates.all() {
            self.take_template(template);
        }
        for unit in old.units.all() {
            self.take_unit(unit);
        }
    }

    pub(super) fn state_of(&self, node: Node) -> Option<&JobState> {
        self.states.get(node.index())?.as_ref()
    }

    pub(super) fn state_of_mut(&mut self, node: Node) -> Option<&mut JobState> {
        self.states.get_mut(node.index())?.as_mut()
    }

    /// The node of an id, known or not.
    pub(super) fn intern(&mut self, id: &JobId) -> Node {
        let node = self.graph.intern(id);
        self.cover();
        node
    }

    /// Makes room for the state of every node.
    pub(super) fn cover(&mut self) {
        if self.states.len() < self.graph.len() {
            self.states.resize_with(self.graph.len(), || None);
        }
    }

    pub(super) fn record(&mut self, change: impl FnOnce(&Self) -> Change) {
        if self.recording {
            let change = change(self);
            self.changes.push(change);
        }
    }

    pub(crate) fn tell(&self, signal: &Signal<'_>) {
        if self.observers.is_empty() {
            return;
        }
        for (_, observer) in self.observers.now() {
            observer.notify(self, signal);
        }
    }

    pub(super) fn ids<'a>(
        &'a self,
        nodes: &'a [Node],
    ) -> impl ExactSizeIterator<Item = &'a JobId> + Clone {
        nodes.iter().map(|node| self.graph.id(*node))
    }
}

impl Clone for SessionState {
    fn clone(&self) -> Self {
        Self {
            graph: self.graph.clone(),
            states: self.states.clone(),
            order: self.order.clone(),
            gone: self.gone,
            desired: self.desired.clone(),
            mandatory: self.mandatory.clone(),
            run_list: self.run_list.clone(),
            standing: self.standing.clone(),
            resources: self.resources.clone(),
            manifest: self.manifest.clone(),
            templates: self.templates.clone(),
            units: self.units.clone(),
            engines: self.engines.clone(),
            override_rules: self.override_rules.clone(),
            expansion_faults: self.expansion_faults.clone(),
            metadata: self.metadata.clone(),
            counts: self.counts,
            todo: self.todo,
            marks: self.marks.clone(),
            changes: Vec::new(),
            recording: false,
            observers: Observers::default(),
        }
    }
}

impl PartialEq for SessionState {
    fn eq(&self, other: &Self) -> bool {
        self.metadata == other.metadata
            && self.job_count() == other.job_count()
            && self
                .jobs()
                .zip(other.jobs())
                .all(|(mine, others)| mine.same_durably(others))
            && self.desired_jobs().eq(other.desired_jobs())
            && self.mandatory_jobs().eq(other.mandatory_jobs())
            && self.run_list().eq(other.run_list())
            && self.templates() == other.templates()
            && self.other_units() == other.other_units()
            && self.manifest == other.manifest
            && self.resources.len() == other.resources.len()
            && self
                .resource_map()
                .all(|(id, records)| other.resources(id) == Some(records))
    }
}
