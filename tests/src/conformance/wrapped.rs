//! Values that strict JSON cannot express, which the corpus wraps: `$int`, `$float`, `$wtf8`, `$pairs`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use session_state::{FieldRef, FieldValue};

use super::bad::{Unanswered, bad};

/// A number with a fraction.
pub(super) fn float(number: f64) -> Value {
    if number.is_finite() {
        number.into()
    } else {
        json!({ "$float": number.to_string().to_lowercase() })
    }
}

/// A whole number of any size, from its digits.
pub(super) fn whole(digits: &str) -> Value {
    match (digits.parse::<i64>(), digits.parse::<u64>()) {
        (Ok(number), _) => number.into(),
        (Err(_), Ok(number)) => number.into(),
        (Err(_), Err(_)) => json!({ "$int": digits }),
    }
}

/// A value of a definition, in the words of the corpus.
pub(super) fn from_field(field: FieldRef<'_>) -> Value {
    match field {
        FieldRef::Null => Value::Null,
        FieldRef::Bool(value) => value.into(),
        FieldRef::Int(value) => value.into(),
        FieldRef::BigInt(digits) => whole(digits),
        FieldRef::Float(value) => float(value),
        FieldRef::Text(text) => text.into(),
        FieldRef::List(items) => items.iter().map(|item| from_field(item.into())).collect(),
        FieldRef::Map(entries) => entries
            .iter()
            .map(|(key, value)| (key.to_string(), from_field(value.into())))
            .collect(),
    }
}

/// A value of a definition.
pub(super) fn field(value: &Value) -> Result<FieldValue, Unanswered> {
    Ok(match value {
        Value::Null => FieldValue::Null,
        Value::Bool(value) => FieldValue::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => FieldValue::Int(whole),
            (None, Some(float)) if number.is_f64() => FieldValue::Float(float),
            (None, _) => FieldValue::BigInt(number.to_string().into()),
        },
        Value::String(text) => FieldValue::Text(text.as_str().into()),
        Value::Array(items) => FieldValue::List(items.iter().map(field).collect::<Result<_, _>>()?),
        Value::Object(map) => match Wrapper::of(map) {
            Some(Wrapper::Int(digits)) => FieldValue::BigInt(digits.into()),
            Some(Wrapper::Float(text)) => FieldValue::Float(parse_float(text)?),
            Some(Wrapper::Wtf8(_) | Wrapper::Pairs(_)) => return Err(Unanswered::NotUnicode),
            None => FieldValue::Map(
                map.iter()
                    .map(|(key, value)| Ok((key.as_str().into(), field(value)?)))
                    .collect::<Result<_, _>>()?,
            ),
        },
    })
}

/// The fields of a definition, in order.
pub(super) fn fields(data: &Value) -> Result<Vec<(Arc<str>, FieldValue)>, Unanswered> {
    match field(data)? {
        FieldValue::Map(entries) => Ok(entries
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect()),
        FieldValue::Null
        | FieldValue::Bool(_)
        | FieldValue::Int(_)
        | FieldValue::BigInt(_)
        | FieldValue::Float(_)
        | FieldValue::Text(_)
        | FieldValue::List(_) => Err(bad("the fields of a unit are no object")),
    }
}

/// What an object of the corpus may stand for.
pub(super) enum Wrapper<'v> {
    Int(&'v str),
    Float(&'v str),
    Wtf8(&'v str),
    Pairs(&'v [Value]),
}

impl<'v> Wrapper<'v> {
    pub(super) fn of(object: &'v Map<String, Value>) -> Option<Self> {
        let (key, value) = object.iter().next().filter(|_| object.len() == 1)?;
        match (key.as_str(), value) {
            ("$int", Value::String(digits)) => Some(Self::Int(digits)),
            ("$float", Value::String(text)) => Some(Self::Float(text)),
            ("$wtf8", Value::String(text)) => Some(Self::Wtf8(text)),
            ("$pairs", Value::Array(pairs)) => Some(Self::Pairs(pairs)),
            _ => None,
        }
    }
}

fn parse_float(text: &str) -> Result<f64, Unanswered> {
    text.parse()
        .map_err(|_| bad(format!("{text:?} is no number")))
}

/// The JSON text, as Python writes it, of what a value stands for.
pub(super) fn json_text(value: &Value) -> Result<String, Unanswered> {
    let mut text = String::new();
    put(&mut text, value)?;
    Ok(text)
}

fn put(text: &mut String, value: &Value) -> Result<(), Unanswered> {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(text, index);
                put(text, item)?;
            }
            text.push(']');
        }
        Value::Object(object) => match Wrapper::of(object) {
            Some(Wrapper::Int(digits)) => text.push_str(digits),
            Some(Wrapper::Float(number)) => text.push_str(match number {
                "nan" => "NaN",
                "inf" => "Infinity",
                "-inf" => "-Infinity",
                other => other,
            }),
            Some(Wrapper::Wtf8(packed)) => put_wtf8(text, packed)?,
            Some(Wrapper::Pairs(pairs)) => {
                let pairs = pairs.iter().map(|pair| match pair.as_array() {
                    Some(pair) if pair.len() == 2 => Ok((&pair[0], &pair[1])),
                    Some(_) | None => Err(bad("a pair has a key and a value")),
                });
                text.push('{');
                for (index, pair) in pairs.enumerate() {
                    let (key, value) = pair?;
                    separate(text, index);
                    put(text, key)?;
                    text.push(':');
                    put(text, value)?;
                }
                text.push('}');
            }
            None => {
                text.push('{');
                for (index, (key, value)) in object.iter().enumerate() {
                    separate(text, index);
                    text.push_str(&Value::from(key.as_str()).to_string());
                    text.push(':');
                    put(text, value)?;
                }
                text.push('}');
            }
        },
    }
    Ok(())
}

fn separate(text: &mut String, index: usize) {
    if index > 0 {
        text.push(',');
    }
}

/// A text with halves of surrogate pairs: these become escapes.
fn put_wtf8(text: &mut String, packed: &str) -> Result<(), Unanswered> {
    let bytes = bytes(packed)?;
    let mut rest = &bytes[..];
    text.push('"');
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(valid) => valid,
            Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
        };
        let quoted = Value::from(valid).to_string();
        text.push_str(&quoted[1..quoted.len() - 1]);
        rest = &rest[valid.len()..];
        rest = match rest {
            [] => rest,
            [0xed, middle, low, after @ ..] => {
                let unit = 0xd000 | u32::from(middle & 0x3f) << 6 | u32::from(low & 0x3f);
                text.push_str(&format!("\\u{unit:04x}"));
                after
            }
            [_, ..] => return Err(bad(format!("{packed:?} is no text"))),
        };
    }
    text.push('"');
    Ok(())
}

/// Bytes as the corpus packs them.
pub(super) fn bytes(packed: &str) -> Result<Vec<u8>, Unanswered> {
    STANDARD
        .decode(packed)
        .map_err(|error| bad(format!("base64: {error}")))
}

/// Bytes as base64.
pub(super) fn packed(bytes: &[u8]) -> Value {
    STANDARD.encode(bytes).into()
}
