//! One entry of a table: what it is called, what we say of it, and how that compares.

use serde_json::{Map, Value};

use super::bad::{Unanswered, text};
use super::compare::{Difference, differences};

/// One entry of the corpus with our answer.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The list it stands in, such as `cases` or `pxu/texts`.
    pub(super) row: &'static str,
    /// What it is called there.
    pub(super) name: String,
    /// What else tells it apart: `id`, `index`, `version`.
    pub(super) marks: Map<String, Value>,
    /// Our answer, in the shape of the recorded one.
    pub(super) actual: Result<Value, Unanswered>,
    /// How it compares; `None` where the recorded answer was taken out.
    pub(super) compared: Option<Compared>,
}

/// An answer beside the recorded one.
#[derive(Clone, Debug, Default)]
pub(super) struct Compared {
    /// Where they differ.
    pub(super) differences: Vec<Difference>,
    /// The recorded one depends on a hash seed and none of those seen is ours, which obeys every rule.
    pub(super) by_rule: bool,
    /// What is recorded.
    pub(super) recorded: Value,
}

impl Entry {
    /// The line of the dump.
    pub(super) fn dumped(&self) -> String {
        let (table, part) = self.row.split_once('/').unwrap_or((self.row, ""));
        let mut line = Map::new();
        line.insert("table".into(), table.into());
        if !part.is_empty() {
            line.insert("part".into(), part.into());
        }
        line.insert("name".into(), self.name.as_str().into());
        line.extend(self.marks.clone());
        match &self.actual {
            Ok(actual) => line.insert("actual".into(), actual.clone()),
            Err(why) => {
                line.insert("actual".into(), Value::Null);
                line.insert("unanswered".into(), why.to_string().into())
            }
        };
        Value::Object(line).to_string()
    }
}

impl Compared {
    /// An answer beside the recorded one, if there is one.
    pub(super) fn of(
        recorded: Option<Value>,
        actual: &Result<Value, Unanswered>,
        differences: impl Fn(&Value, &Value) -> Vec<Difference>,
    ) -> Option<Self> {
        let recorded = recorded?;
        Some(Self {
            differences: match actual {
                Ok(actual) => differences(&recorded, actual),
                Err(_) => Vec::new(),
            },
            by_rule: false,
            recorded,
        })
    }
}

impl Entry {
    /// An entry that is called by the text it is about.
    pub(super) fn of_text(
        row: &'static str,
        given: &Value,
        key: &str,
        index: usize,
        recorded: Option<Value>,
        actual: Result<Value, Unanswered>,
    ) -> Self {
        Self {
            row,
            name: text(given, key).map_or_else(|_| index.to_string(), str::to_owned),
            marks: Map::from_iter([("index".to_owned(), index.into())]),
            compared: Compared::of(recorded, &actual, differences),
            actual,
        }
    }
}
