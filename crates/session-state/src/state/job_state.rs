//! What a session knows of one job.

use std::borrow::Cow;
use std::sync::Arc;

use super::past::Past;
use crate::id::{CategoryId, JobId};
use crate::job::{JobDefinition, JobOutcome, JobResult, Origin};
use crate::overrides::{OverridableField, Overrides};
use crate::readiness::{Inhibitor, UNDESIRED};
use crate::requirement::Requirement;
use crate::state::restore::JobParts;

/// A job within a session: its definition, how it went, what keeps it from starting.
#[derive(Clone, Debug)]
pub struct JobState {
    definition: Arc<JobDefinition>,
    past: Past,
    inhibitors: Option<Box<[Inhibitor]>>,
    requirement: Option<Arc<Requirement>>,
    rare: Option<Box<Rare>>,
    attempts: i32,
    begun: u32,
    begun_before_result: u32,
    pub(super) place: u32,
    pub(super) on_run_list: bool,
    /// How often it stands on the desired list; 255 stands for more too.
    pub(super) asked: u8,
    pub(super) traits: Traits,
}

/// What most jobs of a large session do without.
#[derive(Clone, Debug, Default)]
struct Rare {
    via: Option<JobId>,
    overrides: Option<Overrides>,
}

/// What is asked of a definition so often that it is read once, when the job comes in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traits {
    pub(super) resource: bool,
    pub(super) local: bool,
    pub(super) attachment: bool,
    pub(super) siblings: bool,
    pub(super) manifest: bool,
    pub(super) goes_down: bool,
}

impl JobState {
    /// How often a job may still be tried, until somebody says otherwise.
    pub const ATTEMPTS: i32 = 3;

    pub(super) fn new(
        definition: Arc<JobDefinition>,
        via: Option<JobId>,
        requirement: Option<Arc<Requirement>>,
        traits: Traits,
        place: u32,
    ) -> Self {
        Self {
            definition,
            past: Past::None,
            inhibitors: None,
            requirement,
            rare: via.map(|via| {
                Box::new(Rare {
                    via: Some(via),
                    overrides: None,
                })
            }),
            attempts: Self::ATTEMPTS,
            begun: 0,
            begun_before_result: 0,
            place,
            on_run_list: false,
            asked: 0,
            traits,
        }
    }

    /// Whether it may take the machine down as it runs: it has the flag `noreturn` or `autorestart`.
    pub fn may_take_machine_down(&self) -> bool {
        self.traits.goes_down
    }

    /// The definition.
    pub fn definition(&self) -> &Arc<JobDefinition> {
        &self.definition
    }

    /// The id.
    pub fn id(&self) -> &JobId {
        self.definition.id()
    }

    /// The job whose output made this one.
    pub fn via(&self) -> Option<&JobId> {
        self.rare.as_ref()?.via.as_ref()
    }

    /// The current result; hollow when the job did not run, or is to be run again.
    pub fn result(&self) -> &JobResult {
        self.past.result()
    }

    /// The outcome of the current result.
    pub fn outcome(&self) -> Option<JobOutcome> {
        self.result().outcome
    }

    /// All results that were not hollow, oldest first; a result equal to the one before it is not repeated.
    pub fn history(&self) -> &[Arc<JobResult>] {
        self.past.history()
    }

    /// What keeps the job from starting, in the order of the rules.
    #[doc(alias = "readiness_inhibitor_list")]
    pub fn inhibitors(&self) -> &[Inhibitor] {
        self.inhibitors.as_deref().unwrap_or(UNDESIRED)
    }

    /// Whether nothing keeps it from starting and an attempt is left.
    pub fn can_start(&self) -> bool {
        self.inhibitors().is_empty() && self.attempts > 0
    }

    /// Whether the job can start, in words; attempts do not enter.
    #[doc(alias = "get_readiness_description")]
    pub fn readiness_text(&self) -> String {
        if self.inhibitors().is_empty() {
            return "job can be started".to_owned();
        }
        let reasons: Vec<String> = self.inhibitors().iter().map(Inhibitor::to_string).collect();
        format!("job cannot be started: {}", reasons.join(", "))
    }

    /// Whether it is to be run.
    pub fn is_on_run_list(&self) -> bool {
        self.on_run_list
    }

    /// How often it may still be tried; three times unless somebody says otherwise.
    pub fn attempts(&self) -> i32 {
        self.attempts
    }

    /// Attempts begun since a result was last recorded; a hollow one counts: the job is to be run afresh.
    pub fn started_attempts(&self) -> u32 {
        self.begun - self.begun_before_result
    }

    /// All attempts ever begun.
    pub fn attempts_begun(&self) -> u32 {
        self.begun
    }

    /// The number of the next attempt: one more than all ever begun.
    pub fn next_log_attempt(&self) -> u32 {
        self.begun.saturating_add(1)
    }

    /// What a test plan put in the place of fields.
    pub fn overrides(&self) -> Option<&Overrides> {
        self.rare.as_ref()?.overrides.as_ref()
    }

    /// The category, as a test plan may have replaced it.
    pub fn effective_category_id(&self) -> CategoryId {
        self.overrides()
            .and_then(|overrides| overrides.category_id.clone())
            .unwrap_or_else(|| self.definition.category_id())
    }

    /// The certification status, as a test plan may have replaced it.
    pub fn effective_certification_status(&self) -> Cow<'_, str> {
        self.overrides()
            .and_then(|overrides| overrides.certification_status.as_deref())
            .map_or_else(|| self.definition.certification_status(), Cow::Borrowed)
    }

    /// The retry policy, as a test plan may have replaced it.
    pub fn effective_auto_retry(&self) -> Cow<'_, str> {
        self.overrides()
            .and_then(|overrides| overrides.auto_retry.as_deref())
            .map_or_else(|| self.definition.auto_retry(), Cow::Borrowed)
    }

    pub(super) fn requirement(&self) -> Option<&Arc<Requirement>> {
        self.requirement.as_ref()
    }

    /// Replaces the result. An equal one changes nothing.
    pub(super) fn set_result(&mut self, result: &Arc<JobResult>) -> ResultChange {
        let hollow = result.is_hollow();
        self.begun_before_result = self.begun;
        if *self.result() == **result {
            return ResultChange::default();
        }
        if hollow {
            self.past.clear_current();
        } else {
            self.past.push(result);
        }
        ResultChange {
            history: !hollow,
            result: true,
        }
    }

    /// Takes another definition of the same id; answers the one before.
    pub(super) fn redefine(
        &mut self,
        definition: Arc<JobDefinition>,
        requirement: Option<Arc<Requirement>>,
        traits: Traits,
    ) -> Arc<JobDefinition> {
        self.requirement = requirement;
        self.traits = traits;
        std::mem::replace(&mut self.definition, definition)
    }

    /// Takes another place where the definition was written, and the job whose output that place is in.
    pub(super) fn move_to(&mut self, via: &JobId, origin: &Origin) {
        let definition = JobDefinition::clone(&self.definition).with_origin(origin.clone());
        self.definition = Arc::new(definition);
        self.rare.get_or_insert_default().via = Some(via.clone());
    }

    /// Whether what keeps it from starting is known: of every job of the run list, and of no other.
    pub(super) fn is_judged(&self) -> bool {
        self.inhibitors.is_some()
    }

    pub(super) fn set_inhibitors(&mut self, inhibitors: Option<Box<[Inhibitor]>>) {
        self.inhibitors = inhibitors;
    }

    pub(super) fn set_attempts(&mut self, attempts: i32) {
        self.attempts = attempts;
    }

    /// Notes that an attempt of that number is begun.
    pub(super) fn begin(&mut self, attempt: u32) {
        self.begun = self.begun.max(attempt);
    }

    /// Takes over all that outlives the program, beside the definition.
    pub(super) fn restore(&mut self, parts: JobParts) {
        self.past = Past::of(parts.result, parts.history);
        self.begun = parts.attempts_begun;
        self.begun_before_result = parts.attempts_begun.saturating_sub(parts.started_attempts);
        self.attempts = parts.attempts;
        if parts.overrides != Overrides::default() {
            self.rare.get_or_insert_default().overrides = Some(parts.overrides);
        }
    }

    pub(super) fn set_override(&mut self, field: OverridableField, value: &str) {
        let rare = self.rare.get_or_insert_default();
        rare.overrides.get_or_insert_default().set(field, value);
    }

    /// Whether what outlives the program is the same.
    pub(super) fn same_durably(&self, other: &Self) -> bool {
        self.definition == other.definition
            && self.via() == other.via()
            && self.result() == other.result()
            && self.history() == other.history()
            && self.begun == other.begun
            && self.begun_before_result == other.begun_before_result
            && self.attempts == other.attempts
            && self.overrides() == other.overrides()
    }
}

/// What replacing a result changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ResultChange {
    pub(super) history: bool,
    pub(super) result: bool,
}
