//! PXU: the records that `session-state` reads.

use session_state::FieldValue;
use session_state::record::{
    LineRule, Record, RecordError, RecordErrorKind, RecordField, is_space, parse,
};

use super::entry::{Document, Entry, EntryField, Spot};
use super::source::{Source, column_of_text};
use crate::error::UnitErrorKind;

/// The records of a file; all values are texts.
pub(super) fn read(source: &Source) -> Document {
    let parsed = parse(source.text(), LineRule::File);
    Document {
        entries: parsed
            .records
            .iter()
            .map(|record| entry(source, record))
            .collect(),
        error: parsed.error.map(|error| wrong(source, error)),
    }
}

fn entry(source: &Source, record: &Record) -> Entry {
    let fields = record.fields().iter().map(|field| {
        let line = record.line_of(field);
        let text = source.line(line);
        let column = column_of_text(text, value_start(text, field));
        EntryField {
            name: field.name().into(),
            value: FieldValue::Text(field.value().into()),
            at: Spot { line, column },
        }
    });
    Entry {
        fields: fields.collect(),
        start: Spot {
            line: record.line_start(),
            column: 1,
        },
        line_end: record.line_end(),
    }
}

fn wrong(source: &Source, error: RecordError) -> (Spot, UnitErrorKind) {
    let column = match &error.kind {
        RecordErrorKind::StrayContinuation => 1,
        RecordErrorKind::NoColon { .. } | RecordErrorKind::DuplicateKey { .. } => {
            column_of_text(source.line(error.line), 0)
        }
    };
    let spot = Spot {
        line: error.line,
        column,
    };
    (spot, UnitErrorKind::Record(error.kind))
}

/// The byte at which the value may begin: behind the colon when the key stands on the same line.
fn value_start(line: &str, field: &RecordField) -> usize {
    match line.split_once(':') {
        Some((before, _))
            if !line.starts_with(' ') && before.trim_matches(is_space) == field.name() =>
        {
            before.len() + 1
        }
        Some(_) | None => 0,
    }
}
