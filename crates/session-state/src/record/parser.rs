//! Lines into records.

use std::collections::HashMap;

use super::error::{RecordError, RecordErrorKind};
use super::lines::{LineRule, text_lines, universal_newlines};
use super::normalise::{is_space, normalise, trim};
use super::types::{Record, RecordField};
use crate::job::{IoLogRecord, IoStream};
use crate::resource::Resource;

/// What a text held: the records that were complete, and the error that ended the reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The records before the error; the one in progress is not among them.
    pub records: Vec<Record>,
    /// The first error, if there is one.
    pub error: Option<RecordError>,
}

impl Records {
    /// The records, or the error.
    pub fn into_result(self) -> Result<Vec<Record>, RecordError> {
        match self.error {
            None => Ok(self.records),
            Some(error) => Err(error),
        }
    }

    /// The normalised records as resources.
    pub fn to_resources(&self) -> Vec<Resource> {
        self.records.iter().map(Record::to_resource).collect()
    }
}

/// Reads all records of a text.
pub fn parse(text: &str, rule: LineRule) -> Records {
    match rule {
        LineRule::Stream => parse_chunks(universal_newlines(text).split_inclusive('\n')),
        LineRule::Text => parse_chunks(text_lines(text)),
        LineRule::File => parse_chunks(text_lines(&universal_newlines(text))),
    }
}

/// Reads all records, each chunk being one line whatever newlines it holds.
pub fn parse_chunks<S: AsRef<str>>(chunks: impl IntoIterator<Item = S>) -> Records {
    let mut parser = RecordParser::new();
    let mut records = Vec::new();
    for chunk in chunks {
        match parser.push(chunk.as_ref()) {
            Ok(complete) => records.extend(complete),
            Err(error) => {
                return Records {
                    records,
                    error: Some(error),
                };
            }
        }
    }
    records.extend(parser.finish());
    Records {
        records,
        error: None,
    }
}

/// Reads the records a resource job printed: each record of its standard output is one line,
/// decoded as UTF-8 with replacement; standard error is passed over.
///
/// A syntax error ends the reading; what was complete before it stays in the answer.
pub fn parse_log_output(log: &[IoLogRecord]) -> Records {
    parse_chunks(
        log.iter()
            .filter(|record| record.stream == IoStream::Stdout)
            .map(|record| String::from_utf8_lossy(&record.data)),
    )
}

/// Takes one line after the other and gives each record when it is complete.
#[derive(Debug, Default)]
pub struct RecordParser {
    line: u32,
    open: Option<OpenRecord>,
}

/// From how many fields on a record keeps an index of their names.
const MANY: usize = 16;

/// The record in progress; its last field is the one continuations go to.
#[derive(Debug)]
struct OpenRecord {
    fields: Vec<OpenField>,
    /// Where each name is; empty while there are few.
    places: HashMap<Box<str>, usize>,
    line_start: u32,
    line_end: u32,
}

#[derive(Debug)]
struct OpenField {
    name: Box<str>,
    raw: String,
    key_line: u32,
    offset: u32,
}

impl RecordParser {
    /// A parser before the first line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next line, with its end. Gives the record that a blank line completes.
    ///
    /// After an error the record in progress is lost and the parser stands before the next line.
    pub fn push(&mut self, line: &str) -> Result<Option<Record>, RecordError> {
        self.line = self.line.saturating_add(1);
        if line.starts_with('#') {
            return Ok(None);
        }
        if line.chars().all(is_space) {
            return Ok(self.finish());
        }
        let taken = if let Some(rest) = line.strip_prefix(' ') {
            self.continue_value(rest)
        } else if let Some((before, after)) = line.split_once(':') {
            self.open_field(trim(before), after.trim_start_matches(is_space))
        } else {
            Err(RecordErrorKind::NoColon { text: line.into() })
        };
        match taken {
            Ok(()) => Ok(None),
            Err(kind) => {
                self.open = None;
                Err(RecordError {
                    line: self.line,
                    kind,
                })
            }
        }
    }

    /// Ends the record in progress, as a blank line does.
    pub fn finish(&mut self) -> Option<Record> {
        let open = self.open.take()?;
        let fields = open
            .fields
            .into_iter()
            .map(|field| RecordField {
                name: field.name,
                value: normalise(&field.raw).into_boxed_str(),
                raw: field.raw.into_boxed_str(),
                offset: field.offset,
            })
            .collect();
        Some(Record {
            fields,
            line_start: open.line_start,
            line_end: open.line_end,
        })
    }

    fn continue_value(&mut self, rest: &str) -> Result<(), RecordErrorKind> {
        let Some(open) = &mut self.open else {
            return Err(RecordErrorKind::StrayContinuation);
        };
        let Some(field) = open.fields.last_mut() else {
            return Err(RecordErrorKind::StrayContinuation);
        };
        field.raw.push_str(rest);
        open.line_end = self.line;
        Ok(())
    }

    fn open_field(&mut self, name: &str, value: &str) -> Result<(), RecordErrorKind> {
        let line = self.line;
        let open = self.open.get_or_insert_with(|| OpenRecord {
            fields: Vec::new(),
            places: HashMap::new(),
            line_start: line,
            line_end: line,
        });
        if let Some(first) = open.find(name) {
            return Err(RecordErrorKind::DuplicateKey {
                key: name.into(),
                first_line: first.key_line,
                old: first.raw.as_str().into(),
                new: value.into(),
            });
        }
        let below = u32::from(value.is_empty());
        open.add(OpenField {
            name: name.into(),
            raw: value.to_owned(),
            key_line: line,
            offset: (line - open.line_start).saturating_add(below),
        });
        open.line_end = line;
        Ok(())
    }
}

impl OpenRecord {
    fn find(&self, name: &str) -> Option<&OpenField> {
        if self.places.is_empty() {
            return self.fields.iter().find(|field| &*field.name == name);
        }
        self.places.get(name).and_then(|&at| self.fields.get(at))
    }

    fn add(&mut self, field: OpenField) {
        self.fields.push(field);
        let indexed = self.places.len();
        if indexed > 0 || self.fields.len() > MANY {
            let new = self.fields.iter().enumerate().skip(indexed);
            self.places
                .extend(new.map(|(at, field)| (field.name.clone(), at)));
        }
    }
}
