//! One record and its fields, with the places they were written at.

use std::sync::Arc;

use crate::job::Origin;
use crate::resource::Resource;

/// A record: its fields in the order they were written. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub(super) fields: Vec<RecordField>,
    pub(super) line_start: u32,
    pub(super) line_end: u32,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordField {
    pub(super) name: Box<str>,
    pub(super) raw: Box<str>,
    pub(super) value: Box<str>,
    pub(super) offset: u32,
}

impl Record {
    /// The fields in order; no name stands twice.
    pub fn fields(&self) -> &[RecordField] {
        &self.fields
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&RecordField> {
        self.fields.iter().find(|field| &*field.name == name)
    }

    /// The normalised value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.field(name).map(RecordField::value)
    }

    /// The line of the first field.
    pub fn line_start(&self) -> u32 {
        self.line_start
    }

    /// The last line of the last field; comments and blank lines behind it do not count.
    pub fn line_end(&self) -> u32 {
        self.line_end
    }

    /// The line at which the value of a field begins.
    pub fn line_of(&self, field: &RecordField) -> u32 {
        self.line_start.saturating_add(field.offset)
    }

    /// Where the record was written, given the name of its source.
    pub fn origin(&self, source: Arc<str>) -> Origin {
        Origin {
            source,
            line_start: self.line_start,
            line_end: self.line_end,
        }
    }

    /// The normalised fields as a resource.
    pub fn to_resource(&self) -> Resource {
        Resource::new(
            self.fields
                .iter()
                .map(|field| (field.name.clone(), field.value.clone())),
        )
    }
}

impl RecordField {
    /// The key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value as it was written, with line ends and without the space that marks a continuation.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The normalised value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// How many lines below the start of the record the value begins: at the key's line, or at the
    /// line after it when nothing stands behind the colon.
    pub fn offset(&self) -> u32 {
        self.offset
    }
}
