//! Two answers beside each other: every place at which they differ.

use std::fmt;

use serde_json::Value;

use super::wrapped::Wrapper;

/// A place at which two answers differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The way there from the root of the answer, such as `job_states.a.outcome`.
    pub path: String,
    /// What is recorded there; `None`: nothing.
    pub expected: Option<Value>,
    /// What we say there; `None`: nothing.
    pub actual: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| match value {
            None => "nothing".to_owned(),
            Some(value) => cut(value.to_string()),
        };
        let (expected, actual) = (shown(&self.expected), shown(&self.actual));
        write!(f, "{}: expected {expected}, actual {actual}", self.path)
    }
}

/// How much of a value is shown, in characters.
const SHOWN_MAX: usize = 400;

fn cut(text: String) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        None => text,
        Some((at, _)) => format!("{}… ({} bytes)", &text[..at], text.len()),
    }
}

/// All differences, exactly: `1` is not `1.0`, and `0.0` is not `-0.0`. The order of keys does not count.
pub(crate) fn differences(expected: &Value, actual: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&mut String::new(), Some(expected), Some(actual), &mut found);
    found
}

fn compare(
    path: &mut String,
    expected: Option<&Value>,
    actual: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (expected, actual) {
        (Some(Value::Object(theirs)), Some(Value::Object(ours)))
            if Wrapper::of(theirs).is_none() && Wrapper::of(ours).is_none() =>
        {
            let more = ours.keys().filter(|key| !theirs.contains_key(*key));
            for key in theirs.keys().chain(more) {
                let dot = if path.is_empty() { "" } else { "." };
                step(path, &format!("{dot}{key}"), |path| {
                    compare(path, theirs.get(key), ours.get(key), found);
                });
            }
        }
        (Some(Value::Array(theirs)), Some(Value::Array(ours))) if theirs.len() == ours.len() => {
            for (index, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                step(path, &format!("[{index}]"), |path| {
                    compare(path, Some(theirs), Some(ours), found);
                });
            }
        }
        (Some(Value::Number(theirs)), Some(Value::Number(ours)))
            if theirs == ours && theirs.as_f64() != Some(0.0)
                || theirs.to_string() == ours.to_string() => {}
        (Some(theirs), Some(ours)) if theirs == ours && !theirs.is_number() => {}
        (expected, actual) => found.push(Difference {
            path: path.clone(),
            expected: expected.cloned(),
            actual: actual.cloned(),
        }),
    }
}

fn step(path: &mut String, way: &str, inside: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(way);
    inside(path);
    path.truncate(length);
}
