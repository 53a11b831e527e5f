//! Values of YAML with their places, before they become fields.

use session_state::FieldValue;

use super::entry::{Entry, EntryField, Spot};
use crate::error::UnitErrorKind;

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: Spot,
    pub(super) kind: NodeKind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Scalar(FieldValue),
    List(Vec<Node>),
    /// No key stands twice.
    Map(Vec<(Box<str>, Node)>),
}

/// What an item costs beside its text, in bytes; about what it takes in memory.
const ITEM_BYTES: u64 = 32;

impl Node {
    /// What a copy of it costs.
    pub(super) fn bytes(&self) -> u64 {
        let mut bytes: u64 = 0;
        let mut left = vec![self];
        while let Some(node) = left.pop() {
            let own = match &node.kind {
                NodeKind::Scalar(FieldValue::Text(text)) => text.len(),
                NodeKind::Scalar(_) => 0,
                NodeKind::List(items) => {
                    left.extend(items);
                    0
                }
                NodeKind::Map(entries) => {
                    left.extend(entries.iter().map(|(_, value)| value));
                    entries.iter().map(|(key, _)| key.len()).sum()
                }
            };
            bytes = bytes.saturating_add(own as u64).saturating_add(ITEM_BYTES);
        }
        bytes
    }

    /// The value alone. It recurses as deep as values may be nested, which the reader bounds.
    fn into_value(self) -> FieldValue {
        match self.kind {
            NodeKind::Scalar(value) => value,
            NodeKind::List(items) => {
                FieldValue::List(items.into_iter().map(Self::into_value).collect())
            }
            NodeKind::Map(entries) => FieldValue::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, value.into_value()))
                    .collect(),
            ),
        }
    }

    /// The units a document holds: itself, or the items of it when it is a list; none when it is empty.
    pub(super) fn into_entries(self, line_end: u32) -> Result<Vec<Entry>, (Spot, UnitErrorKind)> {
        match self.kind {
            NodeKind::Scalar(FieldValue::Null) => Ok(Vec::new()),
            NodeKind::Scalar(_) => Err((self.at, UnitErrorKind::NoUnit)),
            NodeKind::Map(fields) => Ok(vec![entry(self.at, fields, line_end)]),
            NodeKind::List(items) => {
                let starts = items.iter().skip(1).map(|next| next.at.line - 1);
                let ends: Vec<u32> = starts.chain([line_end]).collect();
                let units = items
                    .into_iter()
                    .zip(ends)
                    .map(|(item, end)| match item.kind {
                        NodeKind::Map(fields) => Ok(entry(item.at, fields, end.max(item.at.line))),
                        NodeKind::Scalar(_) | NodeKind::List(_) => {
                            Err((item.at, UnitErrorKind::NoUnit))
                        }
                    });
                units.collect()
            }
        }
    }
}

fn entry(start: Spot, fields: Vec<(Box<str>, Node)>, line_end: u32) -> Entry {
    let field = |(name, node): (Box<str>, Node)| EntryField {
        name,
        at: node.at,
        value: node.into_value(),
    };
    Entry {
        fields: fields.into_iter().map(field).collect(),
        start,
        line_end,
    }
}
