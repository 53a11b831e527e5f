//! How a definition keeps its fields: one text for all of them, and eight bytes for each.
//!
//! A session of a million jobs holds ten million fields; a name and an allocation of its own for each
//! would cost more than everything else the session knows about its jobs.

use std::sync::Arc;

use super::known::{BITS, KNOWN, KnownField, known};
use crate::field::{FieldRef, FieldValue};

/// Set in [`Entry::end`] when the value stands in [`Side::values`] at the index in the other bits.
const ASIDE: u32 = 1 << 31;

/// One field: its name as an index into [`KNOWN`] or, beyond that, [`Side::names`]; where its text ends.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name: u32,
    end: u32,
}

/// What does not fit the common shape.
#[derive(Clone, Debug, Default)]
struct Side {
    names: Vec<Arc<str>>,
    values: Vec<FieldValue>,
}

/// The raw fields of a definition, in the order they were written.
#[derive(Clone, Debug)]
pub(super) struct FieldStore {
    texts: Box<str>,
    entries: Box<[Entry]>,
    /// Which known names occur, so that asking for an absent field looks at no entry.
    present: u64,
    side: Option<Box<Side>>,
}

impl FieldStore {
    pub(super) fn new(fields: Vec<(Arc<str>, FieldValue)>) -> Self {
        let length = fields
            .iter()
            .map(|(_, value)| FieldRef::from(value).as_text().map_or(0, str::len))
            .sum();
        let mut texts = String::with_capacity(length);
        let mut entries = Vec::with_capacity(fields.len());
        let mut side = Side::default();
        let mut present = 0;
        for (name, value) in fields {
            let name = name_number(name, &mut side);
            present |= BITS.get(name as usize).copied().unwrap_or(0);
            let end = match value {
                FieldValue::Text(text) if texts.len() + text.len() < ASIDE as usize => {
                    texts.push_str(&text);
                    as_u32(texts.len())
                }
                value @ (FieldValue::Text(_)
                | FieldValue::Null
                | FieldValue::Bool(_)
                | FieldValue::Int(_)
                | FieldValue::BigInt(_)
                | FieldValue::Float(_)
                | FieldValue::List(_)
                | FieldValue::Map(_)) => {
                    side.values.push(value);
                    as_u32(side.values.len() - 1) | ASIDE
                }
            };
            entries.push(Entry { name, end });
        }
        let side = (!side.names.is_empty() || !side.values.is_empty()).then(|| Box::new(side));
        Self {
            texts: texts.into_boxed_str(),
            entries: entries.into_boxed_slice(),
            present,
            side,
        }
    }

    /// The value of the first field of that name.
    pub(super) fn get(&self, name: &str) -> Option<FieldRef<'_>> {
        match known(name) {
            Some(number) => self.numbered(number),
            None => self
                .iter()
                .find_map(|(own, value)| (own == name).then_some(value)),
        }
    }

    /// The values of the first field of that name with `_` before it, and of the first without.
    pub(super) fn get_both(&self, name: &str) -> [Option<FieldRef<'_>>; 2] {
        match known(name).and_then(KnownField::at) {
            Some(field) => self.get_both_known(field),
            None => [self.get_marked_aside(name), self.get(name)],
        }
    }

    /// The same for a known name.
    pub(super) fn get_both_known(&self, field: KnownField) -> [Option<FieldRef<'_>>; 2] {
        let marked = match field.marked() {
            Some(number) => self.numbered(number),
            None => self.get_marked_aside(field.name()),
        };
        [marked, self.get_known(field)]
    }

    /// The value of the first field of a known name.
    pub(super) fn get_known(&self, field: KnownField) -> Option<FieldRef<'_>> {
        self.numbered(field.plain())
    }

    /// The value of the first field of that name with `_` before it, which is no known one.
    fn get_marked_aside(&self, name: &str) -> Option<FieldRef<'_>> {
        let names = &self.side.as_ref()?.names;
        let marked = names
            .iter()
            .find(|own| own.strip_prefix('_') == Some(name))?;
        self.get(marked)
    }

    fn numbered(&self, number: usize) -> Option<FieldRef<'_>> {
        if self.present & BITS.get(number)? == 0 {
            return None;
        }
        let at = self
            .entries
            .iter()
            .position(|entry| entry.name as usize == number)?;
        let entry = self.entries.get(at)?;
        if entry.end & ASIDE != 0 {
            return Some(self.aside(entry.end));
        }
        let before = self.entries.get(..at)?;
        let start = before
            .iter()
            .rev()
            .find(|entry| entry.end & ASIDE == 0)
            .map_or(0, |entry| entry.end);
        let text = self.texts.get(start as usize..entry.end as usize);
        Some(FieldRef::Text(text.unwrap_or_default()))
    }

    pub(super) fn iter(&self) -> Fields<'_> {
        Fields {
            store: self,
            next: 0,
            start: 0,
        }
    }

    fn name(&self, number: u32) -> &str {
        let number = number as usize;
        match KNOWN.get(number) {
            Some(name) => name,
            None => self
                .side
                .as_ref()
                .and_then(|side| side.names.get(number - KNOWN.len()))
                .map_or("", |name| name),
        }
    }

    fn aside(&self, end: u32) -> FieldRef<'_> {
        self.side
            .as_ref()
            .and_then(|side| side.values.get((end & !ASIDE) as usize))
            .map_or(FieldRef::Null, FieldRef::from)
    }
}

impl PartialEq for FieldStore {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// The fields of a definition in the order they were written: names as written, and values.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    store: &'a FieldStore,
    next: usize,
    start: u32,
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, FieldRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = *self.store.entries.get(self.next)?;
        self.next += 1;
        let value = if entry.end & ASIDE == 0 {
            let text = self
                .store
                .texts
                .get(self.start as usize..entry.end as usize);
            self.start = entry.end;
            FieldRef::Text(text.unwrap_or_default())
        } else {
            self.store.aside(entry.end)
        };
        Some((self.store.name(entry.name), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.store.entries.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Fields<'_> {}

fn name_number(name: Arc<str>, side: &mut Side) -> u32 {
    if let Some(number) = known(&name) {
        return as_u32(number);
    }
    side.names.push(name);
    as_u32(KNOWN.len() + side.names.len() - 1)
}

/// A count that memory bounds far below the limit; a definition of four thousand million fields loses
/// its last ones to the same number.
fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX >> 1)
}
