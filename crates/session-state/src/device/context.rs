//! The device of a session.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::DeviceError;
use super::provider::Provider;
use super::shared::Shared;
use crate::id::JobId;
use crate::job::JobDefinition;
use crate::overrides::OverrideRules;
use crate::problem::Problem;
use crate::state::{JobState, SessionState, Signal};
use crate::unit::Unit;

/// What the chosen test plans say, of any job.
pub trait PlanRules: OverrideRules {
    /// The jobs that every selection is to include, of those that are known.
    fn mandatory_jobs(&self, known: &[Arc<JobDefinition>]) -> Vec<JobId>;
}

/// The machine under test: the state of its session, and what is known for it.
///
/// A session has one device, so it has one of these. The state is the truth about units: jobs that templates or
/// local jobs make are found here the moment they come in. Providers, shared values and rules belong to the program
/// and do not outlive it. Whoever wants to hear what happens subscribes to the [state](SessionState::subscribe).
#[derive(Debug, Default)]
#[doc(alias = "SessionDeviceContext")]
pub struct DeviceContext {
    state: SessionState,
    providers: Vec<Arc<Provider>>,
    shared: Shared,
}

impl DeviceContext {
    /// A context around a state. Each namespace of its jobs counts as a provider, with units that the state has.
    /// Walks all jobs.
    pub fn new(state: SessionState) -> Self {
        let mut known: HashSet<&str> = HashSet::new();
        let mut last: Option<&Arc<str>> = None;
        let mut providers = Vec::new();
        for job in state.jobs() {
            let Some(namespace) = job.definition().shared_namespace() else {
                continue;
            };
            // Most neighbours share the text itself.
            if last.is_some_and(|last| Arc::ptr_eq(last, namespace)) {
                continue;
            }
            last = Some(namespace);
            if known.insert(namespace) {
                providers.push(Arc::new(Provider {
                    name: Arc::clone(namespace),
                    namespace: Some(Arc::clone(namespace)),
                    units: Vec::new(),
                }));
            }
        }
        Self {
            providers,
            state,
            shared: Shared::default(),
        }
    }

    /// The state.
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// The state, to be changed.
    pub fn state_mut(&mut self) -> &mut SessionState {
        &mut self.state
    }

    /// The state alone.
    pub fn into_state(self) -> SessionState {
        self.state
    }

    /// The providers, in the order they came in.
    #[doc(alias = "provider_list")]
    pub fn providers(&self) -> &[Arc<Provider>] {
        &self.providers
    }

    /// Adds a provider, then its units.
    ///
    /// # Errors
    ///
    /// A provider of that name is there: nothing is changed. A unit cannot be added: the provider and the units
    /// before that one are there.
    pub fn add_provider(&mut self, provider: Provider) -> Result<(), DeviceError> {
        let known = |known: &Arc<Provider>| known.name == provider.name;
        if self.providers.iter().any(known) {
            let name = provider.name;
            return Err(DeviceError::ProviderTwice { name });
        }
        let provider = Arc::new(provider);
        self.providers.push(Arc::clone(&provider));
        self.state.tell(&Signal::ProviderAdded(&provider));
        for unit in &provider.units {
            self.add_unit(unit.clone())?;
        }
        Ok(())
    }

    /// All units: jobs, then templates, then the others, each in the order they came in.
    #[doc(alias = "unit_list")]
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        let jobs = self.state.jobs().map(JobState::definition);
        let jobs = jobs.map(|job| Unit::Job(Arc::clone(job)));
        let templates = self.state.templates().iter().cloned().map(Unit::Template);
        let others = self.state.other_units().iter().cloned().map(Unit::Other);
        jobs.chain(templates).chain(others)
    }

    /// The unit of a kind and a full id ([`Provider::qualify`] makes one of a partial id); of several the one that
    /// came last. Setup jobs are jobs.
    #[doc(alias = "get_unit")]
    pub fn unit(&self, kind: &str, id: &str) -> Option<Unit> {
        match kind {
            Unit::JOB => {
                let job = self.state.job_state(id)?;
                Some(Unit::Job(Arc::clone(job.definition())))
            }
            Unit::TEMPLATE => {
                let known = self.state.templates().iter();
                let template = known.rev().find(|template| template.id() == id)?;
                Some(Unit::Template(Arc::clone(template)))
            }
            _ => self.state.other_unit(kind, id).cloned().map(Unit::Other),
        }
    }

    /// Adds a unit: a job with its siblings. A job that a template or a local job made may be added again.
    ///
    /// # Errors
    ///
    /// The same unit is there, or a different job of that id.
    pub fn add_unit(&mut self, unit: Unit) -> Result<(), DeviceError> {
        if self.was_given(&unit) {
            return Err(DeviceError::UnitTwice { id: id_of(&unit) });
        }
        match unit {
            Unit::Job(job) => drop(self.state.add_job(job, None)?),
            Unit::Template(template) => self.state.add_template(template),
            Unit::Other(unit) => self.state.add_other_unit(unit),
        }
        Ok(())
    }

    /// Removes a unit, of templates and other units with those of the same kind and id.
    ///
    /// # Errors
    ///
    /// It is not there, or is a job that is to be run; nothing is changed.
    pub fn remove_unit(&mut self, unit: &Unit) -> Result<(), DeviceError> {
        if !self.knows(unit) {
            return Err(DeviceError::UnknownUnit { id: id_of(unit) });
        }
        match unit {
            Unit::Job(job) => self.state.remove_job(job.id())?,
            Unit::Template(template) => {
                self.state.remove_templates(template.id());
            }
            Unit::Other(unit) => {
                let id = unit.id().unwrap_or_default();
                self.state.remove_other_units(unit.kind(), id);
            }
        }
        Ok(())
    }

    /// The value that is kept under a name, computed when it is asked for first. Values of two types under one name
    /// are two values.
    #[doc(alias = "compute_shared")]
    pub fn shared<T: Send + Sync + 'static>(
        &mut self,
        name: &str,
        compute: impl FnOnce(&SessionState) -> T,
    ) -> Arc<T> {
        let state = &self.state;
        self.shared.get_or_compute(name, || compute(state))
    }

    /// Forgets what is kept under a name, so that it is computed anew; answers whether there was anything.
    #[doc(alias = "invalidate_shared")]
    pub fn forget_shared(&mut self, name: &str) -> bool {
        self.shared.forget(name)
    }

    /// Takes the rules of the chosen test plans: what they put in the place of fields, of all jobs and of those to
    /// come; and the jobs they make mandatory, with which the desired jobs are selected anew. What former plans put
    /// in the place of fields stays. Without plans no rules are applied from now on, and the selection stays.
    ///
    /// Answers what cannot be had of the selection.
    #[doc(alias = "set_test_plan_list")]
    pub fn set_test_plans(&mut self, plans: Option<Arc<dyn PlanRules>>) -> Vec<Problem> {
        let Some(plans) = plans else {
            self.state.drop_override_rules();
            return Vec::new();
        };
        let known: Vec<Arc<JobDefinition>> = self
            .state
            .jobs()
            .map(|job| Arc::clone(job.definition()))
            .collect();
        let mandatory = plans.mandatory_jobs(&known);
        self.state.set_override_rules(plans);
        let desired: Vec<JobId> = {
            let mandatory: HashSet<&JobId> = mandatory.iter().collect();
            let others = self.state.desired_jobs();
            others
                .filter(|job| !mandatory.contains(job))
                .cloned()
                .collect()
        };
        self.state.set_mandatory_jobs(mandatory);
        self.state.update_desired_jobs(&desired)
    }

    /// Whether somebody gave the unit to the state; one that came out of the output of a job was not given.
    fn was_given(&self, unit: &Unit) -> bool {
        let was_made = match unit {
            Unit::Job(job) => {
                let known = self.state.job_state(job.id());
                known.is_some_and(|known| known.via().is_some())
            }
            Unit::Template(_) | Unit::Other(_) => false,
        };
        self.knows(unit) && !was_made
    }

    /// Whether the same unit is there.
    fn knows(&self, unit: &Unit) -> bool {
        match unit {
            Unit::Job(job) => {
                let known = self.state.job_state(job.id());
                known.is_some_and(|known| known.definition().is_same_unit(job))
            }
            Unit::Template(template) => self.state.has_template(template),
            Unit::Other(unit) => self.state.has_other_unit(unit),
        }
    }
}

fn id_of(unit: &Unit) -> Box<str> {
    unit.id().unwrap_or_default().into()
}
