//! A JSON value that outlives its document.

use std::collections::BTreeMap;

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
