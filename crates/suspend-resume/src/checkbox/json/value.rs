//! A JSON value that outlives its document, and how Python prints texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use session_state::FieldValue;

use super::tape::{Kind, Sorted, Value};

/// A JSON value of its own. Objects are sorted by key; of two equal keys the last one counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number beyond 64 bits, as its decimal digits.
    BigInt(Box<str>),
    Float(f64),
    Text(Box<str>),
    List(Vec<Json>),
    Object(BTreeMap<Box<str>, Json>),
}

impl From<Value<'_>> for Json {
    fn from(value: Value<'_>) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(value),
            Kind::Int(value) => Self::Int(value),
            Kind::BigInt(digits) => Self::BigInt(digits.into()),
            Kind::Float(value) => Self::Float(value),
            Kind::Text(text) => Self::Text(text.into()),
            Kind::List(items) => Self::List(items.map(Self::from).collect()),
            Kind::Object(members) => {
                let entries = members.map(|(key, value)| (key.into(), value.into()));
                Self::Object(entries.collect())
            }
        }
    }
}

impl From<Value<'_>> for FieldValue {
    fn from(value: Value<'_>) -> Self {
        match value.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(value),
            Kind::Int(value) => Self::Int(value),
            Kind::BigInt(digits) => Self::BigInt(digits.into()),
            Kind::Float(value) => Self::Float(value),
            Kind::Text(text) => Self::Text(text.into()),
            Kind::List(items) => Self::List(items.map(Self::from).collect()),
            Kind::Object(members) => {
                let entries = Sorted::of(members);
                let entries = entries
                    .iter()
                    .map(|(key, value)| (key.into(), value.into()));
                Self::Map(entries.collect())
            }
        }
    }
}

/// A text as Python's `repr` prints it.
pub(crate) fn repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut printed = String::with_capacity(text.len() + 2);
    printed.push(quote);
    for c in text.chars() {
        match c {
            '\\' => printed.push_str("\\\\"),
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\t' => printed.push_str("\\t"),
            c if c == quote => {
                printed.push('\\');
                printed.push(c);
            }
            ' '..='~' => printed.push(c),
            c if is_printable(c) => printed.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(printed, "\\x{code:02x}"),
                    0x100..=0xffff => write!(printed, "\\u{code:04x}"),
                    _ => write!(printed, "\\U{code:08x}"),
                };
            }
        }
    }
    printed.push(quote);
    printed
}

/// Whether a character that is not ASCII is printed as it is. A letter goes before it because Rust escapes
/// combining characters at the beginning of a text, which Python does not.
fn is_printable(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii() && format!("a{c}").escape_debug().count() == 2
}
