//! The units of a state that are neither jobs nor templates.

use std::collections::HashMap;
use std::sync::Arc;

use super::other::OtherUnit;

/// Units in the order they came in, found by their ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnitSet {
    all: Vec<Arc<OtherUnit>>,
    /// Those without an id stand under the empty one.
    by_id: HashMap<Box<str>, Vec<Arc<OtherUnit>>>,
}

impl UnitSet {
    /// All, in their order.
    pub(crate) fn all(&self) -> &[Arc<OtherUnit>] {
        &self.all
    }

    /// The unit of a kind and an id; of several the last.
    pub(crate) fn find(&self, kind: &str, id: &str) -> Option<&Arc<OtherUnit>> {
        let mut known = self.by_id.get(id)?.iter();
        known.rfind(|unit| unit.kind() == kind)
    }

    /// Whether the same unit is there.
    pub(crate) fn has(&self, unit: &OtherUnit) -> bool {
        let known = self.by_id.get(key(unit));
        known.is_some_and(|known| known.iter().any(|known| known.is_same_unit(unit)))
    }

    /// Adds a unit.
    pub(crate) fn push(&mut self, unit: Arc<OtherUnit>) {
        let known = self.by_id.entry(key(&unit).into()).or_default();
        known.push(Arc::clone(&unit));
        self.all.push(unit);
    }

    /// Removes those of a kind and an id, and answers with them.
    pub(crate) fn remove(&mut self, kind: &str, id: &str) -> Vec<Arc<OtherUnit>> {
        let Some(known) = self.by_id.get_mut(id) else {
            return Vec::new();
        };
        known.retain(|unit| unit.kind() != kind);
        let named = |unit: &mut Arc<OtherUnit>| key(unit) == id && unit.kind() == kind;
        self.all.extract_if(.., named).collect()
    }
}

fn key(unit: &OtherUnit) -> &str {
    unit.id().unwrap_or_default()
}
