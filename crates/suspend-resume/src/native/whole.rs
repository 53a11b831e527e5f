//! Whole structures of wire values: what one call of bincode writes.
//!
//! They exist for writing only. Reading goes value by value, so that every count passes the limits before memory is
//! taken; the bytes are the same.

use std::sync::Arc;

use serde::ser::{SerializeSeq as _, SerializeTuple as _};
use serde::{Serialize, Serializer};
use session_state::{FieldRef, FieldValue, IoLog, IoStream, JobResult, Renderings};

use super::result::{code_to_wire, outcome_to_wire};
use super::value::node;
use super::wire::{self, Bytes, Name};
use crate::log_path::inside;

/// Fields: their number, then each with its value.
#[derive(Debug, Serialize)]
pub(super) struct Fields<'s>(pub(super) Vec<(Name<'s>, Value<'s>)>);

/// A value with all that it holds, as nodes in their order. No recursion, whatever the nesting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'s>(pub(super) FieldRef<'s>);

/// What is still to be written of a list or a map.
enum Pending<'s> {
    Items(std::slice::Iter<'s, FieldValue>),
    Entries(std::slice::Iter<'s, (Box<str>, FieldValue)>),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nested = match self.0 {
            FieldRef::List(items) => Pending::Items(items.iter()),
            FieldRef::Map(entries) => Pending::Entries(entries.iter()),
            FieldRef::Null
            | FieldRef::Bool(_)
            | FieldRef::Int(_)
            | FieldRef::BigInt(_)
            | FieldRef::Float(_)
            | FieldRef::Text(_) => return node(self.0).serialize(serializer),
        };
        // bincode writes the elements of a tuple and nothing else, however many they are.
        let mut nodes = serializer.serialize_tuple(1)?;
        nodes.serialize_element(&node(self.0))?;
        let mut pending = vec![nested];
        while let Some(innermost) = pending.last_mut() {
            let next = match innermost {
                Pending::Items(items) => items.next(),
                Pending::Entries(entries) => match entries.next() {
                    Some((key, value)) => {
                        nodes.serialize_element(&**key)?;
                        Some(value)
                    }
                    None => None,
                },
            };
            let Some(value) = next else {
                pending.pop();
                continue;
            };
            nodes.serialize_element(&node(value.into()))?;
            match value {
                FieldValue::List(items) => pending.push(Pending::Items(items.iter())),
                FieldValue::Map(entries) => pending.push(Pending::Entries(entries.iter())),
                FieldValue::Null
                | FieldValue::Bool(_)
                | FieldValue::Int(_)
                | FieldValue::BigInt(_)
                | FieldValue::Float(_)
                | FieldValue::Text(_) => {}
            }
        }
        nodes.end()
    }
}

/// Something that is written where it is there, and of which something else told whether it is.
#[derive(Debug)]
pub(super) struct Told<T>(pub(super) Option<T>);

impl<T: Serialize> Serialize for Told<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(value) => value.serialize(serializer),
            None => serializer.serialize_unit(),
        }
    }
}

/// A definition.
#[derive(Debug, Serialize)]
pub(super) struct Definition<'s> {
    pub(super) head: wire::Definition<'s>,
    pub(super) fields: Fields<'s>,
    pub(super) parameters: Told<Fields<'s>>,
    pub(super) renderings: Told<MadeTexts<'s>>,
}

/// What an engine made of the texts of a definition.
#[derive(Debug)]
pub(super) struct MadeTexts<'s>(pub(super) &'s Renderings);

impl Serialize for MadeTexts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut texts = serializer.serialize_seq(Some(self.0.len()))?;
        for (text, made) in self.0 {
            let made = match made {
                Ok(made) => wire::Rendering::Text(made),
                Err(error) => wire::Rendering::Fault(&error.message),
            };
            texts.serialize_element(&(&**text, made))?;
        }
        texts.end()
    }
}

/// A template.
#[derive(Debug, Serialize)]
pub(super) struct Template<'s> {
    pub(super) head: wire::Template<'s>,
    pub(super) fields: Fields<'s>,
}

/// A job with all its results.
#[derive(Debug, Serialize)]
pub(super) struct Job<'s> {
    pub(super) definition: Definition<'s>,
    pub(super) job: wire::Job<'s>,
    pub(super) history: History<'s>,
    pub(super) result: Told<Outcome<'s>>,
}

/// The results of a job: their number, then each.
#[derive(Debug)]
pub(super) struct History<'s> {
    pub(super) results: &'s [Arc<JobResult>],
    pub(super) session_dir: Option<&'s str>,
}

impl Serialize for History<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let session_dir = self.session_dir;
        let results = self.results.iter();
        serializer.collect_seq(results.map(|result| Outcome {
            result,
            session_dir,
        }))
    }
}

/// A result with the records of its log.
#[derive(Debug)]
pub(super) struct Outcome<'s> {
    pub(super) result: &'s JobResult,
    /// Names of log files in here are written as seen from here.
    pub(super) session_dir: Option<&'s str>,
}

impl Serialize for Outcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let result = self.result;
        let (log, records) = match &result.io_log {
            IoLog::Memory(records) => (wire::Log::Memory(records.len() as u64), &records[..]),
            IoLog::Stored(stored) => {
                let identity = stored.identity;
                let path = match self.session_dir {
                    Some(dir) => inside(&stored.path, dir).unwrap_or(&stored.path),
                    None => &stored.path,
                };
                (wire::Log::Stored { path, identity }, &[][..])
            }
        };
        let mut parts = serializer.serialize_tuple(1 + records.len())?;
        parts.serialize_element(&wire::JobResult {
            outcome: result.outcome.map(outcome_to_wire),
            comments: result.comments.as_deref(),
            return_code: code_to_wire(result.return_code.as_ref()),
            execution_duration: result.execution_duration,
            log,
        })?;
        for record in records {
            parts.serialize_element(&wire::LogRecord {
                delay: record.delay,
                stream: match record.stream {
                    IoStream::Stdout => wire::Stream::Stdout,
                    IoStream::Stderr => wire::Stream::Stderr,
                },
                data: Bytes(&record.data),
            })?;
        }
        parts.end()
    }
}
