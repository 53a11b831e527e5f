//! What can be wrong with the text of a record.

use thiserror::Error;

use super::repr::quoted;

/// A line that no record can hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct RecordError {
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong with it.
    pub kind: RecordErrorKind,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RecordErrorKind {
    /// A line begins with a space, but no field is open that it could continue.
    #[error(
        "the line begins with a space but there is no field above it to continue: expected `key: value`"
    )]
    StrayContinuation,
    /// A line is neither a field nor a continuation.
    #[error("{} is no field: expected `key: value`, or one space at the start to continue the value above", quoted(.text.trim_end_matches(['\n', '\r'])))]
    NoColon {
        /// The line with its end.
        text: Box<str>,
    },
    /// A key stands twice in one record.
    #[error("the field {} stands twice in one record, first on line {first_line}: expected each field once, and a blank line between records", quoted(.key))]
    DuplicateKey {
        /// The key.
        key: Box<str>,
        /// The line of the first one, counted from 1.
        first_line: u32,
        /// The raw value it has.
        old: Box<str>,
        /// The raw value on the line of the error.
        new: Box<str>,
    },
}

impl RecordError {
    /// The message of the documented system for the same line, as it stands in recorded answers.
    pub fn documented_message(&self) -> String {
        match &self.kind {
            RecordErrorKind::StrayContinuation => "Unexpected multi-line value".to_owned(),
            RecordErrorKind::NoColon { text } => {
                format!("Unexpected non-empty line: {}", quoted(text))
            }
            RecordErrorKind::DuplicateKey { key, old, new, .. } => format!(
                "Job has a duplicate key {} with old value {} and new value {}",
                quoted(key),
                quoted(old),
                quoted(new)
            ),
        }
    }
}
