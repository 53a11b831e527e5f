//! The corpus: packed JSON, and its values as fields of definitions.

use std::io::Read as _;
use std::sync::Arc;

use serde_json::Value;
use session_state::{FieldValue, JobDefinition, Parameters};

/// One file of the corpus, as a value.
pub(crate) fn load(name: &str) -> Value {
    parse(&unpack(name))
}

/// The lines of a file of the corpus that hold one of these texts, as values.
pub(crate) fn lines_with(name: &str, texts: &[&str]) -> Vec<Value> {
    unpack(name)
        .lines()
        .filter(|line| texts.iter().any(|text| line.contains(text)))
        .map(parse)
        .collect()
}

fn parse(text: &str) -> Value {
    serde_json::from_str(&with_exact_floats(text)).expect("the text is JSON")
}

fn unpack(name: &str) -> String {
    let path = format!("{}/../../tests/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    #[expect(
        clippy::disallowed_methods,
        reason = "the corpus lies outside of any repository of sessions"
    )]
    let bytes = std::fs::read(path).expect("the corpus is committed");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .expect("the file is gzip over UTF-8");
    text
}

/// Wraps each number with a fraction or an exponent as `{"$float": TEXT}`, since the JSON library reads some
/// of them as a neighbour.
fn with_exact_floats(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.expect("texts end") + 2
            }
            '-' | '0'..='9' => rest
                .find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'))
                .unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        if first != '"' && token.contains(['.', 'e', 'E']) && token.contains(char::is_numeric) {
            out.push_str(&format!("{{\"$float\":\"{token}\"}}"));
        } else {
            out.push_str(token);
        }
        rest = after;
    }
    out
}

/// A value; `None` when it holds a text that is not Unicode.
pub(crate) fn field(value: &Value) -> Option<FieldValue> {
    Some(match value {
        Value::Null => FieldValue::Null,
        Value::Bool(value) => FieldValue::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(value) => FieldValue::Int(value),
            None if number.is_f64() => FieldValue::Float(number.as_f64()?),
            None => FieldValue::BigInt(number.to_string().into()),
        },
        Value::String(text) => FieldValue::Text(text.as_str().into()),
        Value::Array(items) => FieldValue::List(items.iter().map(field).collect::<Option<_>>()?),
        Value::Object(map) => {
            if let Some(Value::String(digits)) = map.get("$int") {
                return Some(FieldValue::BigInt(digits.as_str().into()));
            }
            if let Some(Value::String(text)) = map.get("$float") {
                return Some(FieldValue::Float(text.parse().ok()?));
            }
            if map.contains_key("$wtf8") || map.contains_key("$pairs") {
                return None;
            }
            FieldValue::Map(
                map.iter()
                    .map(|(key, value)| Some((key.as_str().into(), field(value)?)))
                    .collect::<Option<_>>()?,
            )
        }
    })
}

/// A definition from `namespace`, `data` and `parameters` of an entry.
pub(crate) fn definition(
    namespace: &Value,
    data: &Value,
    parameters: Option<&Value>,
) -> Option<JobDefinition> {
    let fields = data
        .as_object()?
        .iter()
        .map(|(name, value)| Some((Arc::from(name.as_str()), field(value)?)))
        .collect::<Option<Vec<_>>>()?;
    let parameters = match parameters.and_then(Value::as_object) {
        None => None,
        Some(map) => Some(
            map.iter()
                .map(|(name, value)| Some((Box::from(name.as_str()), field(value)?)))
                .collect::<Option<Parameters>>()?,
        ),
    };
    let namespace = namespace.as_str().map(Arc::from);
    Some(JobDefinition::new(namespace, fields, parameters, None))
}

pub(crate) fn texts(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
