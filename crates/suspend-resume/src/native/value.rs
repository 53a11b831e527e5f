//! Field values: a node, and for a list or a map its items after it. No recursion, whatever the nesting.

use std::io;

use session_state::{FieldRef, FieldValue};

use super::decoder::Decoder;
use super::whole::Value;
use super::wire::Node;
use crate::error::Corruption;
use crate::limits::NESTING_MAX;

/// A value as it is written; one nested deeper than any reader takes is refused.
#[inline]
pub(super) fn checked(value: FieldRef<'_>) -> io::Result<Value<'_>> {
    if is_nested(value) {
        check_nesting(value)?;
    }
    Ok(Value(value))
}

fn check_nesting(value: FieldRef<'_>) -> io::Result<()> {
    let mut left = vec![(value, 1)];
    while let Some((outer, depth)) = left.pop() {
        if depth > NESTING_MAX {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a field value is nested more than {NESTING_MAX} deep"),
            ));
        }
        match outer {
            FieldRef::List(items) => {
                let items = items
                    .iter()
                    .map(FieldRef::from)
                    .filter(|item| is_nested(*item));
                left.extend(items.map(|item| (item, depth + 1)));
            }
            FieldRef::Map(entries) => {
                let values = entries.iter().map(|(_, value)| FieldRef::from(value));
                let values = values.filter(|value| is_nested(*value));
                left.extend(values.map(|value| (value, depth + 1)));
            }
            FieldRef::Null
            | FieldRef::Bool(_)
            | FieldRef::Int(_)
            | FieldRef::BigInt(_)
            | FieldRef::Float(_)
            | FieldRef::Text(_) => {}
        }
    }
    Ok(())
}

const fn is_nested(value: FieldRef<'_>) -> bool {
    matches!(value, FieldRef::List(_) | FieldRef::Map(_))
}

pub(super) fn node(value: FieldRef<'_>) -> Node<'_> {
    match value {
        FieldRef::Null => Node::Null,
        FieldRef::Bool(false) => Node::False,
        FieldRef::Bool(true) => Node::True,
        FieldRef::Int(value) => Node::Int(value),
        FieldRef::BigInt(digits) => Node::BigInt(digits),
        FieldRef::Float(value) => Node::Float(value),
        FieldRef::Text(text) => Node::Text(text),
        FieldRef::List(items) => Node::List(items.len() as u64),
        FieldRef::Map(entries) => Node::Map(entries.len() as u64),
    }
}

/// A list or map that is being read.
enum Open {
    List {
        items: Vec<FieldValue>,
        left: usize,
    },
    Map {
        entries: Vec<(Box<str>, FieldValue)>,
        key: Box<str>,
        left: usize,
    },
}

impl Decoder<'_> {
    /// Reads a value.
    pub(super) fn take_value(&mut self) -> Result<FieldValue, Corruption> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = match self.take()? {
                Node::Null => FieldValue::Null,
                Node::False => FieldValue::Bool(false),
                Node::True => FieldValue::Bool(true),
                Node::Int(value) => FieldValue::Int(value),
                Node::BigInt(digits) => FieldValue::BigInt(self.text(digits)?.into()),
                Node::Float(value) => FieldValue::Float(value),
                Node::Text(text) => FieldValue::Text(self.text(text)?.into()),
                Node::List(items) => match self.checked_count(items)? {
                    0 => FieldValue::List(Vec::new()),
                    left => {
                        let items = Vec::new();
                        self.open(&mut open, Open::List { items, left })?;
                        continue;
                    }
                },
                Node::Map(entries) => match self.checked_count(entries)? {
                    0 => FieldValue::Map(Vec::new()),
                    left => {
                        let (entries, key) = (Vec::new(), self.take_key()?);
                        self.open(&mut open, Open::Map { entries, key, left })?;
                        continue;
                    }
                },
            };
            loop {
                value = match open.pop() {
                    None => return Ok(value),
                    Some(Open::List { mut items, left }) => {
                        items.push(value);
                        if left > 1 {
                            let left = left - 1;
                            open.push(Open::List { items, left });
                            break;
                        }
                        FieldValue::List(items)
                    }
                    Some(Open::Map {
                        mut entries,
                        key,
                        left,
                    }) => {
                        entries.push((key, value));
                        if left > 1 {
                            let (key, left) = (self.take_key()?, left - 1);
                            open.push(Open::Map { entries, key, left });
                            break;
                        }
                        FieldValue::Map(entries)
                    }
                };
            }
        }
    }

    fn take_key(&mut self) -> Result<Box<str>, Corruption> {
        let key: &str = self.take()?;
        self.text(key).map(Box::from)
    }

    fn open(&self, open: &mut Vec<Open>, container: Open) -> Result<(), Corruption> {
        open.push(container);
        let most = self.limits.nesting_max.min(NESTING_MAX);
        if open.len() > most as usize {
            return Err(self.corrupted(format!("a value nested more than {most} deep")));
        }
        Ok(())
    }
}
