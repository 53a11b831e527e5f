//! JSON and equality as Python has them, which the answers were recorded with.

use serde_json::Value;

use super::bad::{Unanswered, bad};
use super::compare::differences;
use super::wrapped::{Wrapper, whole};

/// A JSON text that may hold `NaN`, infinities and integers of any size, as a value of the corpus.
pub(super) fn parse_json(text: &str) -> Result<Value, Unanswered> {
    let strict = with_wrappers(text);
    serde_json::from_str(&strict).map_err(|error| bad(format!("JSON: {error}")))
}

/// The text with what strict JSON does not know in wrappers.
fn with_wrappers(text: &str) -> String {
    let mut strict = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' | 'A'..='Z' => rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')))
                .unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match token {
            "NaN" => strict.push_str(r#"{"$float":"nan"}"#),
            "Infinity" => strict.push_str(r#"{"$float":"inf"}"#),
            "-Infinity" => strict.push_str(r#"{"$float":"-inf"}"#),
            _ if is_whole(token) => strict.push_str(&whole(token).to_string()),
            _ => strict.push_str(token),
        }
        rest = after;
    }
    strict
}

/// The length of the string literal a text begins with.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

fn is_whole(token: &str) -> bool {
    let digits = token.strip_prefix('-').unwrap_or(token);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether Python takes two values for equal: `true` is 1, and 1 is 1.0.
pub(super) fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| is_equal(value, other)))
        }
        (Value::Bool(_) | Value::Number(_), Value::Bool(_) | Value::Number(_)) => {
            one == other || number(one) == number(other)
        }
        _ => one == other,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Number(number) => number.as_f64(),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What has to be said to get from one answer to another, as the corpus says it: pairs of a path and the new
/// value. Objects are looked into, lists are taken whole. Nothing is said of answers that are equal as a whole.
pub(super) fn difference(base: &Value, other: &Value) -> Value {
    let mut found = Vec::new();
    if !is_equal(base, other) {
        diff(&mut Vec::new(), base, other, &mut found);
    }
    found.into()
}

fn diff(path: &mut Vec<Value>, base: &Value, other: &Value, found: &mut Vec<Value>) {
    match (base, other) {
        (Value::Object(base), Value::Object(other))
            if Wrapper::of(base).is_none() && Wrapper::of(other).is_none() =>
        {
            let added = other.keys().filter(|key| !base.contains_key(*key));
            for key in base.keys().chain(added) {
                path.push(key.as_str().into());
                match (base.get(key), other.get(key)) {
                    (Some(base), Some(other)) => diff(path, base, other, found),
                    (_, Some(other)) => found.push(serde_json::json!([path, other])),
                    (_, None) => found.push(serde_json::json!([path, { "$absent": true }])),
                }
                path.pop();
            }
        }
        _ if differences(base, other).is_empty() => {}
        _ => found.push(serde_json::json!([path, other])),
    }
}
