//! A unit as it was written, whatever the format.

use session_state::FieldValue;

use crate::error::UnitErrorKind;

/// A place in a file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// The fields of one unit in their order.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) fields: Vec<EntryField>,
    pub(crate) start: Spot,
    pub(crate) line_end: u32,
}

/// One field, and where its value begins.
#[derive(Clone, Debug)]
pub(crate) struct EntryField {
    pub(crate) name: Box<str>,
    pub(crate) value: FieldValue,
    pub(crate) at: Spot,
}

/// What a file holds: units up to the end, or up to what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) entries: Vec<Entry>,
    pub(crate) error: Option<(Spot, UnitErrorKind)>,
}

impl Entry {
    /// The field of a name.
    pub(crate) fn field(&self, name: &str) -> Option<&EntryField> {
        self.fields.iter().find(|field| &*field.name == name)
    }
}
