//! What is known of a job before it runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::field::FieldValue;
use crate::id::JobId;

/// Where a definition was written. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// A file, or the job whose output it was.
    pub source: Arc<str>,
    /// First line of the record.
    pub line_start: u32,
    /// Last line of the record.
    pub line_end: u32,
}

/// The values a template instance was made with, sorted by name.
pub type Parameters = BTreeMap<Box<str>, FieldValue>;

/// A job as it was written: raw fields in their order, and what follows from them.
#[derive(Clone, Debug, PartialEq)]
pub struct JobDefinition {
    id: JobId,
    namespace: Option<Arc<str>>,
    fields: Vec<(Arc<str>, FieldValue)>,
    parameters: Option<Box<Parameters>>,
    origin: Option<Origin>,
}

impl JobDefinition {
    /// Makes a definition from its raw fields (keys as written, `_summary` and `summary` being two fields).
    /// Never fails: what is wrong with a field is told when that field is asked for.
    pub fn new(
        namespace: Option<Arc<str>>,
        fields: Vec<(Arc<str>, FieldValue)>,
        parameters: Option<Parameters>,
        origin: Option<Origin>,
    ) -> Self {
        let partial = fields
            .iter()
            .find_map(|(name, value)| match (&**name, value) {
                ("id", FieldValue::Text(text)) => Some(text.to_string()),
                _ => None,
            });
        let id = match (&namespace, partial) {
            (Some(namespace), Some(partial)) => JobId::new(format!("{namespace}::{partial}")),
            (None, Some(partial)) => JobId::new(partial),
            (_, None) => JobId::new(""),
        };
        Self {
            id,
            namespace,
            fields,
            parameters: parameters.map(Box::new),
            origin,
        }
    }

    /// The full id.
    pub fn id(&self) -> &JobId {
        &self.id
    }

    /// The namespace of the provider.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The raw fields, in the order they were written.
    pub fn fields(&self) -> &[(Arc<str>, FieldValue)] {
        &self.fields
    }

    /// The parameters of a template instance.
    pub fn parameters(&self) -> Option<&Parameters> {
        self.parameters.as_deref()
    }

    /// Where it was written.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }
}
