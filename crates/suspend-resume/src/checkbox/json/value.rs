//! A JSON value, and how Python names and prints it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use session_state::FieldValue;

/// A JSON value. Objects are sorted by key; of two equal keys the last one counts.
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

impl Json {
    /// The name of its type in Python.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::BigInt(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Object(_) => "dict",
        }
    }

    /// The text, when it is one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::BigInt(_)
            | Self::Float(_)
            | Self::List(_)
            | Self::Object(_) => None,
        }
    }
}

impl From<&Json> for FieldValue {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Int(value) => Self::Int(*value),
            Json::BigInt(digits) => Self::BigInt(digits.clone()),
            Json::Float(value) => Self::Float(*value),
            Json::Text(text) => Self::Text(text.clone()),
            Json::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Json::Object(entries) => {
                let entries = entries.iter();
                Self::Map(
                    entries
                        .map(|(key, value)| (key.clone(), value.into()))
                        .collect(),
                )
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
