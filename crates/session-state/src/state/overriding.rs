//! Values in the place of fields, as test plans put them there.

use std::sync::Arc;

use super::job_state::JobState;
use super::session::SessionState;
use crate::change::Change;
use crate::graph::Node;
use crate::id::JobId;
use crate::overrides::{NotOverridable, OverridableField, OverrideRules};

impl SessionState {
    /// Applies rules to all jobs, and to each that is added from now on. What former rules put in the place
    /// of a field stays until other rules put something else there. The rules belong to the program; what they
    /// put is durable.
    #[doc(alias = "set_test_plan_list")]
    pub fn set_override_rules(&mut self, rules: Arc<dyn OverrideRules>) {
        self.override_rules = Some(rules);
        let nodes: Vec<Node> = self
            .jobs()
            .filter_map(|job| self.graph.find(job.id().as_str()))
            .collect();
        for node in nodes {
            self.apply_rules(node);
        }
    }

    /// Applies no rules from now on; what was put in the place of fields stays.
    pub fn drop_override_rules(&mut self) {
        self.override_rules = None;
    }

    /// Applies the rules to one job.
    pub(super) fn apply_rules(&mut self, node: Node) {
        let (Some(rules), Some(state)) = (self.override_rules.clone(), self.state_of(node)) else {
            return;
        };
        let definition = Arc::clone(state.definition());
        for (field, value) in rules.overrides_of(&definition) {
            let known = self.state_of(node).and_then(JobState::overrides);
            if known.and_then(|known| known.get(field)) != Some(value) {
                self.put_in_place(node, definition.id(), field, value);
            }
        }
    }

    /// Puts values in the place of fields, as a test plan may; of one field the last.
    ///
    /// # Errors
    ///
    /// A field is not one of `category_id`, `certification_status`, `auto_retry`; then nothing is changed.
    /// An unknown job has nothing to override and is no error.
    pub fn apply_overrides<'a>(
        &mut self,
        job: &JobId,
        overrides: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), NotOverridable> {
        let overrides: Vec<(OverridableField, &str)> = overrides
            .into_iter()
            .map(|(field, value)| Ok((field.parse()?, value)))
            .collect::<Result<_, NotOverridable>>()?;
        let Ok(node) = self.node_of(job) else {
            return Ok(());
        };
        for (field, value) in overrides {
            self.put_in_place(node, job, field, value);
        }
        Ok(())
    }

    fn put_in_place(&mut self, node: Node, job: &JobId, field: OverridableField, value: &str) {
        self.override_field(node, field, value);
        self.record(|_| Change::Overridden {
            job: job.clone(),
            field,
            value: value.into(),
        });
    }

    /// The door for overrides.
    pub(super) fn override_field(&mut self, node: Node, field: OverridableField, value: &str) {
        if let Some(state) = self.state_of_mut(node) {
            state.set_override(field, value);
        }
    }
}
