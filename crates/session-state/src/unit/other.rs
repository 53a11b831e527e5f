//! A unit that the model keeps and does nothing with.

use crate::field::FieldRef;
use crate::job::{Checksum, JobDefinition};

/// A unit that is neither a job nor a template: a category, a manifest entry, an exporter.
///
/// A session keeps it for those who show or export it, so that they need no unit files.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherUnit {
    fields: JobDefinition,
}

impl OtherUnit {
    /// Takes raw fields as they were written; the field `unit` says what they define.
    pub fn new(fields: JobDefinition) -> Self {
        Self { fields }
    }

    /// The kind: the field `unit`, or `unit` when it has none.
    pub fn kind(&self) -> &str {
        let kind = self.fields.raw("unit").and_then(FieldRef::as_text);
        kind.unwrap_or("unit")
    }

    /// The full id; of a unit without the field `id` there is none.
    pub fn id(&self) -> Option<&str> {
        let has_id = self.fields.value("id").is_some();
        has_id.then(|| self.fields.id().as_str())
    }

    /// The raw fields, with namespace, parameters and place, read as those of a job are.
    pub fn fields(&self) -> &JobDefinition {
        &self.fields
    }

    /// The checksum, by the rule for jobs. It is computed anew at each call.
    pub fn checksum(&self) -> Checksum {
        self.fields.checksum()
    }

    /// Whether it is the same unit, wherever the two were written.
    pub fn is_same_unit(&self, other: &Self) -> bool {
        self.fields.is_same_unit(&other.fields)
    }
}
