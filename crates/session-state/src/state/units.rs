//! Units that are neither jobs nor templates come and go.

use std::sync::Arc;

use super::session::SessionState;
use crate::change::Change;
use crate::state::observer::Signal;
use crate::unit::OtherUnit;

impl SessionState {
    /// The units that are neither jobs nor templates, in the order they came in.
    pub fn other_units(&self) -> &[Arc<OtherUnit>] {
        self.units.all()
    }

    /// The unit of a kind (neither job nor template) and a full id; of several the one that came last.
    pub fn other_unit(&self, kind: &str, id: &str) -> Option<&Arc<OtherUnit>> {
        self.units.find(kind, id)
    }

    pub(crate) fn has_other_unit(&self, unit: &OtherUnit) -> bool {
        self.units.has(unit)
    }

    /// Adds a unit. One that is there already, wherever it was written, changes nothing.
    #[doc(alias = "add_unit")]
    pub fn add_other_unit(&mut self, unit: Arc<OtherUnit>) {
        if !self.units.has(&unit) {
            self.take_unit(&unit);
            self.record(|_| Change::UnitAdded { unit });
        }
    }

    /// Removes the units of a kind and an id (empty: those without one). Answers how many there were.
    #[doc(alias = "remove_unit")]
    pub fn remove_other_units(&mut self, kind: &str, id: &str) -> usize {
        let removed = self.drop_units(kind, id);
        if removed > 0 {
            self.record(|_| Change::UnitsRemoved {
                kind: kind.into(),
                id: id.into(),
            });
        }
        removed
    }

    /// The door for units that come in.
    pub(super) fn take_unit(&mut self, unit: &Arc<OtherUnit>) {
        if !self.units.has(unit) {
            self.units.push(Arc::clone(unit));
            self.tell(&Signal::OtherUnitAdded(unit));
        }
    }

    /// The door for units that go out.
    pub(super) fn drop_units(&mut self, kind: &str, id: &str) -> usize {
        let removed = self.units.remove(kind, id);
        for unit in &removed {
            self.tell(&Signal::OtherUnitRemoved(unit));
        }
        removed.len()
    }
}
