//! The templates of a state.

use std::collections::HashMap;
use std::sync::Arc;

use super::unit::Template;
use crate::id::JobId;

/// Templates in the order they came in, found by their resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct TemplateSet {
    all: Vec<Arc<Template>>,
    by_resource: HashMap<JobId, Vec<Arc<Template>>>,
}

impl TemplateSet {
    /// All, in their order.
    pub(crate) fn all(&self) -> &[Arc<Template>] {
        &self.all
    }

    /// Those for the records of one job, in their order.
    pub(crate) fn of(&self, resource: &JobId) -> &[Arc<Template>] {
        self.by_resource.get(resource).map_or(&[], Vec::as_slice)
    }

    /// Whether the same unit is there.
    pub(crate) fn has(&self, template: &Template) -> bool {
        let known = self.of(template.resource());
        known.iter().any(|known| known.is_same_unit(template))
    }

    /// Adds a template.
    pub(crate) fn push(&mut self, template: Arc<Template>) {
        let resource = template.resource().clone();
        let known = self.by_resource.entry(resource).or_default();
        known.push(Arc::clone(&template));
        self.all.push(template);
    }

    /// Removes those of an id, and answers with them.
    pub(crate) fn remove(&mut self, id: &str) -> Vec<Arc<Template>> {
        let named = |template: &mut Arc<Template>| template.id() == id;
        let removed: Vec<Arc<Template>> = self.all.extract_if(.., named).collect();
        for template in &removed {
            if let Some(known) = self.by_resource.get_mut(template.resource()) {
                known.retain(|known| known.id() != id);
            }
        }
        removed
    }
}
