//! Values that many ask for and that are computed once.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Values by name and type.
#[derive(Default)]
pub(super) struct Shared {
    values: HashMap<(Box<str>, TypeId), Arc<dyn Any + Send + Sync>>,
}

impl Shared {
    /// The value of that name and type, computed when there is none.
    pub(super) fn get_or_compute<T: Send + Sync + 'static>(
        &mut self,
        name: &str,
        compute: impl FnOnce() -> T,
    ) -> Arc<T> {
        let key = (Box::from(name), TypeId::of::<T>());
        if let Some(known) = self.values.get(&key)
            && let Ok(known) = Arc::clone(known).downcast::<T>()
        {
            return known;
        }
        let made = Arc::new(compute());
        self.values.insert(key, Arc::clone(&made) as _);
        made
    }

    /// Forgets the values of that name, of any type; answers whether there were any.
    pub(super) fn forget(&mut self, name: &str) -> bool {
        let before = self.values.len();
        self.values.retain(|(known, _), _| **known != *name);
        self.values.len() < before
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.values.keys().map(|(name, _)| name);
        f.debug_set().entries(names).finish()
    }
}
