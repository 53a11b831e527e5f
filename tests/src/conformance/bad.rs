//! Taking entries apart: what is not as the corpus says it should be ends that entry, not the run.

use serde_json::{Map, Value};

/// Why an entry has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unanswered {
    /// The entry is bad in itself.
    #[error("the entry is bad: {0}")]
    Bad(String),
    /// It holds a text that is not Unicode; no such text can be given to us (deviation D15).
    #[error("the entry holds a text that is not Unicode")]
    NotUnicode,
    /// It is about values that our types rule out.
    #[error("our types rule this out")]
    RuledOut,
    /// Our code panicked over it.
    #[error("a panic")]
    Panicked,
}

pub(super) fn bad(what: impl Into<String>) -> Unanswered {
    Unanswered::Bad(what.into())
}

/// A member of an object.
pub(super) fn member<'v>(value: &'v Value, key: &str) -> Result<&'v Value, Unanswered> {
    value
        .get(key)
        .ok_or_else(|| bad(format!("there is no {key:?}")))
}

/// A text in an object.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, Unanswered> {
    unicode(member(value, key)?)
}

/// A value that is a text.
pub(super) fn unicode(value: &Value) -> Result<&str, Unanswered> {
    match value {
        Value::String(text) => Ok(text),
        Value::Object(map) if map.contains_key("$wtf8") => Err(Unanswered::NotUnicode),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(bad(format!("{value} is no text")))
        }
    }
}

/// A list in an object.
pub(super) fn items<'v>(value: &'v Value, key: &str) -> Result<&'v [Value], Unanswered> {
    match member(value, key)?.as_array() {
        Some(items) => Ok(items),
        None => Err(bad(format!("{key:?} is no list"))),
    }
}

/// A list of texts in an object.
pub(super) fn texts<'v>(value: &'v Value, key: &str) -> Result<Vec<&'v str>, Unanswered> {
    items(value, key)?.iter().map(unicode).collect()
}

/// An object in an object.
pub(super) fn object<'v>(
    value: &'v Value,
    key: &str,
) -> Result<&'v Map<String, Value>, Unanswered> {
    match member(value, key)?.as_object() {
        Some(object) => Ok(object),
        None => Err(bad(format!("{key:?} is no object"))),
    }
}

/// A text in an object that may be null or absent.
pub(super) fn optional_text<'v>(
    value: &'v Value,
    key: &str,
) -> Result<Option<&'v str>, Unanswered> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => unicode(value).map(Some),
    }
}
