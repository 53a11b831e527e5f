//! Who wants to hear what happens to a state.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::session::SessionState;
use crate::device::Provider;
use crate::id::JobId;
use crate::job::{JobDefinition, JobResult};
use crate::template::Template;
use crate::unit::OtherUnit;

/// Something that happened. Signals come at once, in the order in which things happen:
///
/// * a job is added: `JobStateMapChanged`, `UnitAdded`, `JobAdded`, then the same for each sibling;
/// * a result is recorded: `ResultHistoryChanged` and `ResultChanged` where they did change,
///   `JobStateMapChanged`, `JobResultChanged`, and only then the readiness of other jobs;
/// * jobs are trimmed: `JobStateMapChanged` once, then for each `JobRemoved`, `UnitRemoved`;
/// * a job is removed: `UnitRemoved`, `JobRemoved`, `JobStateMapChanged`;
/// * a job is given another definition: `JobStateMapChanged`, `UnitRemoved`, `JobRemoved`, `UnitAdded`,
///   `JobAdded`;
/// * a template or a unit of another kind is added or removed: `TemplateAdded`, `TemplateRemoved`,
///   `OtherUnitAdded`, `OtherUnitRemoved`;
/// * a provider is added to the [device context](crate::DeviceContext): `ProviderAdded`, then what its units tell;
/// * a selection is made: none.
#[derive(Clone, Copy, Debug)]
pub enum Signal<'a> {
    /// Jobs came or went, or a result changed.
    #[doc(alias = "on_job_state_map_changed")]
    JobStateMapChanged,
    /// A job came in, as a unit.
    #[doc(alias = "on_unit_added")]
    UnitAdded(&'a Arc<JobDefinition>),
    /// A job went out, as a unit.
    #[doc(alias = "on_unit_removed")]
    UnitRemoved(&'a Arc<JobDefinition>),
    /// A job came in.
    #[doc(alias = "on_job_added")]
    JobAdded(&'a Arc<JobDefinition>),
    /// A job went out.
    #[doc(alias = "on_job_removed")]
    JobRemoved(&'a Arc<JobDefinition>),
    /// A template came in.
    #[doc(alias = "on_unit_added")]
    TemplateAdded(&'a Arc<Template>),
    /// A template went out.
    #[doc(alias = "on_unit_removed")]
    TemplateRemoved(&'a Arc<Template>),
    /// A unit that is neither a job nor a template came in.
    #[doc(alias = "on_unit_added")]
    OtherUnitAdded(&'a Arc<OtherUnit>),
    /// Such a unit went out.
    #[doc(alias = "on_unit_removed")]
    OtherUnitRemoved(&'a Arc<OtherUnit>),
    /// A provider was added, none of its units yet.
    #[doc(alias = "on_provider_added")]
    ProviderAdded(&'a Provider),
    /// A result joined the history of a job.
    #[doc(alias = "on_result_history_changed")]
    ResultHistoryChanged(&'a JobId),
    /// The result of a job is another than before.
    #[doc(alias = "on_result_changed")]
    ResultChanged(&'a JobId, &'a JobResult),
    /// A result was recorded, equal to the former one or not.
    #[doc(alias = "on_job_result_changed")]
    JobResultChanged(&'a JobId, &'a JobResult),
}

/// Hears signals. It is called in the middle of a change and sees the state as it is at that moment.
pub trait Observer: Send + Sync {
    /// Takes one signal.
    fn notify(&self, state: &SessionState, signal: &Signal<'_>);
}

impl<F: Fn(&SessionState, &Signal<'_>) + Send + Sync> Observer for F {
    fn notify(&self, state: &SessionState, signal: &Signal<'_>) {
        self(state, signal);
    }
}

type Entries = Vec<(u64, Arc<dyn Observer>)>;

/// The observers of one state, in the order they subscribed. A copy of a state has none.
#[derive(Default)]
pub(crate) struct Observers {
    entries: Arc<Mutex<Registry>>,
}

#[derive(Default)]
struct Registry {
    next: u64,
    entries: Entries,
}

impl Observers {
    pub(crate) fn subscribe(&self, observer: Arc<dyn Observer>) -> Subscription {
        let mut registry = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let number = registry.next;
        registry.next += 1;
        registry.entries.push((number, observer));
        Subscription {
            number,
            registry: Arc::downgrade(&self.entries),
        }
    }

    /// Whether nobody is subscribed: each subscription knows its registry.
    pub(crate) fn is_empty(&self) -> bool {
        Arc::weak_count(&self.entries) == 0
    }

    /// Those who are to hear a signal fired now; whoever joins later does not.
    pub(crate) fn now(&self) -> Entries {
        let registry = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        registry.entries.clone()
    }
}

impl Clone for Observers {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} observers", self.now().len())
    }
}

/// The right to be told. Dropping it ends the subscription.
#[must_use = "the observer is told nothing once this is dropped"]
pub struct Subscription {
    number: u64,
    registry: Weak<Mutex<Registry>>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(registry) = self.registry.upgrade() {
            let mut registry = registry.lock().unwrap_or_else(PoisonError::into_inner);
            let number = self.number;
            registry.entries.retain(|(known, _)| *known != number);
        }
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}
