//! Where units come from.

use std::borrow::Cow;
use std::sync::Arc;

use crate::unit::Unit;

/// A package of units. Data only: what runs them is no concern of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// What it is called; no two of a device have the same name.
    pub name: Arc<str>,
    /// What stands before the ids of its units.
    pub namespace: Option<Arc<str>>,
    /// Its units.
    pub units: Vec<Unit>,
}

impl Provider {
    /// The full id of a partial one; an id with a namespace stays as it is.
    pub fn qualify<'a>(&self, id: &'a str) -> Cow<'a, str> {
        match &self.namespace {
            Some(namespace) if !id.contains("::") => format!("{namespace}::{id}").into(),
            Some(_) | None => id.into(),
        }
    }
}
