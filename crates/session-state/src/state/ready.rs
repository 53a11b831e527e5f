//! The readiness of jobs, kept up to date as results arrive.

use std::collections::BTreeMap;

use super::job_state::JobState;
use super::session::SessionState;
use crate::change::Change;
use crate::field::{FieldRef, FieldValue};
use crate::graph::{EdgeKind, Node};
use crate::job::JobOutcome;
use crate::readiness::{InhibitionCause, Inhibitor};
use crate::requirement::Verdict;

impl SessionState {
    /// Replaces the entries of the machine's manifest, and judges the jobs anew that require some.
    #[doc(alias = "save_manifest")]
    pub fn set_manifest(&mut self, manifest: BTreeMap<Box<str>, FieldValue>) {
        self.record(|_| Change::ManifestReplaced {
            manifest: manifest.clone(),
        });
        self.replace_manifest(manifest);
    }

    /// The door for the manifest.
    pub(super) fn replace_manifest(&mut self, manifest: BTreeMap<Box<str>, FieldValue>) {
        self.manifest = manifest;
        let nodes: Vec<Node> = self
            .run_list
            .iter()
            .copied()
            .filter(|node| {
                self.state_of(*node)
                    .is_some_and(|state| state.traits.manifest)
            })
            .collect();
        for node in nodes {
            self.judge(node);
        }
    }

    /// Judges the jobs anew that refer to this one. `records` tells that its records changed too.
    pub(super) fn judge_dependents(&mut self, node: Node) {
        if self.run_list.is_empty() {
            return;
        }
        let dependents: Vec<(EdgeKind, Node)> = self
            .graph
            .edges()
            .to(node)
            .filter(|(_, source)| {
                self.state_of(*source)
                    .is_some_and(|state| state.on_run_list)
            })
            .collect();
        for (kind, source) in dependents {
            match kind {
                EdgeKind::Resource => self.judge(source),
                EdgeKind::Depends | EdgeKind::After | EdgeKind::Salvages => {
                    self.judge_dependencies(source);
                }
                EdgeKind::Before => {}
            }
        }
    }

    /// Judges one job of the run list.
    pub(super) fn judge(&mut self, node: Node) {
        let inhibitors = self.inhibitors(node);
        if let Some(state) = self.state_of_mut(node) {
            state.set_inhibitors(Some(inhibitors.into_boxed_slice()));
        }
    }

    /// The same when only jobs changed it depends on: what the manifest and the requirement program said
    /// still holds.
    fn judge_dependencies(&mut self, node: Node) {
        let Some(state) = self.state_of(node) else {
            return;
        };
        let mut inhibitors: Vec<Inhibitor> = state
            .inhibitors()
            .iter()
            .take_while(|inhibitor| of_requirement(inhibitor.cause()))
            .cloned()
            .collect();
        self.add_dependencies(node, &mut inhibitors);
        if let Some(state) = self.state_of_mut(node) {
            state.set_inhibitors(Some(inhibitors.into_boxed_slice()));
        }
    }

    /// Everything that keeps a job of the run list from starting, from scratch.
    pub(super) fn inhibitors(&self, node: Node) -> Vec<Inhibitor> {
        let mut inhibitors = Vec::new();
        if let Some(state) = self.state_of(node) {
            self.add_manifests(state, &mut inhibitors);
            self.add_requirement(state, &mut inhibitors);
            self.add_dependencies(node, &mut inhibitors);
        }
        inhibitors
    }

    fn add_manifests(&self, state: &JobState, inhibitors: &mut Vec<Inhibitor>) {
        if !state.traits.manifest {
            return;
        }
        let definition = state.definition();
        let mut unmet: Vec<Box<str>> = Vec::new();
        let mut want = |id: &str, value: &FieldValue| {
            let id = definition.qualify(id);
            if self.manifest.get(&*id).unwrap_or(&FieldValue::Bool(false)) != value {
                unmet.push(id.into());
            }
        };
        let yes = FieldValue::Bool(true);
        match definition.value("requires_manifest") {
            Some(FieldRef::List(items)) => {
                for item in items {
                    match FieldRef::from(item) {
                        FieldRef::Text(id) => want(id, &yes),
                        FieldRef::Map(entries) => {
                            entries.iter().for_each(|(id, value)| want(id, value));
                        }
                        FieldRef::Null
                        | FieldRef::Bool(_)
                        | FieldRef::Int(_)
                        | FieldRef::BigInt(_)
                        | FieldRef::Float(_)
                        | FieldRef::List(_) => {}
                    }
                }
            }
            Some(value) => definition.each_word(value, &mut |id| want(id, &yes)),
            None => {}
        }
        if !unmet.is_empty() {
            inhibitors.push(Inhibitor::of_manifests(state.id().clone(), unmet.into()));
        }
    }

    fn add_requirement(&self, state: &JobState, inhibitors: &mut Vec<Inhibitor>) {
        let Some(requirement) = state.requirement() else {
            return;
        };
        match requirement.judge(&|id| self.resources(id)) {
            Verdict::Met => {}
            Verdict::Missing(expression) => {
                for resource in expression.resources() {
                    let outcome = self.job_state(resource).and_then(JobState::outcome);
                    if outcome != Some(JobOutcome::Pass) {
                        inhibitors.push(Inhibitor::of_expression(
                            InhibitionCause::PendingResource,
                            resource.clone(),
                            expression.text(),
                        ));
                    }
                }
            }
            Verdict::False(expression) => {
                for resource in expression.resources() {
                    inhibitors.push(Inhibitor::of_expression(
                        InhibitionCause::FailedResource,
                        resource.clone(),
                        expression.text(),
                    ));
                }
            }
            Verdict::Undecided(expression, fault) => {
                for resource in expression.resources() {
                    inhibitors.push(Inhibitor::of_undecided(
                        resource.clone(),
                        expression.text(),
                        &fault.to_string(),
                    ));
                }
            }
        }
    }

    /// Kind by kind, and by id within a kind.
    fn add_dependencies(&self, node: Node, inhibitors: &mut Vec<Inhibitor>) {
        // Most jobs keep what they are given here for long, so no room is asked for that would be given back.
        inhibitors.reserve_exact(self.unmet(node).count());
        let mut first = inhibitors.len();
        let mut last_kind = None;
        for (kind, cause, target) in self.unmet(node) {
            if last_kind.replace(kind) != Some(kind) {
                sort_by_job(inhibitors, first);
                first = inhibitors.len();
            }
            inhibitors.push(Inhibitor::of_job(cause, self.graph.id(target).clone()));
        }
        sort_by_job(inhibitors, first);
    }

    /// The references of a job that keep it from starting, by kind.
    fn unmet(&self, node: Node) -> impl Iterator<Item = (EdgeKind, InhibitionCause, Node)> {
        self.graph.edges().of(node).filter_map(|(kind, target)| {
            let outcome = self.state_of(target).and_then(JobState::outcome);
            Some((kind, inhibition(kind, outcome)?, target))
        })
    }
}

/// Sorts what was added from there on.
fn sort_by_job(inhibitors: &mut [Inhibitor], first: usize) {
    if let Some(added) = inhibitors.get_mut(first..) {
        added.sort_by(|one, other| one.related_job().cmp(&other.related_job()));
    }
}

/// What a reference of that kind to a job of that outcome means.
fn inhibition(kind: EdgeKind, outcome: Option<JobOutcome>) -> Option<InhibitionCause> {
    match (kind, outcome) {
        (EdgeKind::Depends | EdgeKind::After, None) => Some(InhibitionCause::PendingDep),
        (EdgeKind::Depends, Some(JobOutcome::Pass)) | (EdgeKind::After, Some(_)) => None,
        (EdgeKind::Depends, Some(_)) => Some(InhibitionCause::FailedDep),
        (EdgeKind::Salvages, Some(JobOutcome::Fail)) => None,
        (EdgeKind::Salvages, _) => Some(InhibitionCause::NotFailedDep),
        (EdgeKind::Resource | EdgeKind::Before, _) => None,
    }
}

fn of_requirement(cause: InhibitionCause) -> bool {
    match cause {
        InhibitionCause::PendingResource
        | InhibitionCause::FailedResource
        | InhibitionCause::RequiredManifest => true,
        InhibitionCause::Undesired
        | InhibitionCause::PendingDep
        | InhibitionCause::FailedDep
        | InhibitionCause::NotFailedDep => false,
    }
}
