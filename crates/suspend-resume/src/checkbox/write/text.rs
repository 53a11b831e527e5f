//! JSON text as Checkbox writes it: no blanks, non-ASCII as it is, numbers as Python prints them.

use std::collections::btree_map;
use std::fmt::Write as _;
use std::iter::Peekable;

use crate::checkbox::json::Json;
use crate::checkbox::unknown::{Entries, NO_ENTRIES};

/// A JSON text in the making. The caller gives the keys of an object in sorted order.
#[derive(Default)]
pub(in crate::checkbox) struct Text {
    text: String,
    /// Whether something of the innermost list or object stands there already.
    begun: bool,
}

impl Text {
    pub(in crate::checkbox) fn finish(self) -> String {
        self.text
    }

    fn separate(&mut self) {
        if self.begun {
            self.text.push(',');
        }
        self.begun = true;
    }

    /// Writes an object; `entries` writes what it holds.
    pub(super) fn object<E>(
        &mut self,
        entries: impl FnOnce(&mut Object<'_, '_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.object_with(&NO_ENTRIES, entries)
    }

    /// Writes an object with further entries at their places among those that `entries` writes. Of two with
    /// one key the one that `entries` writes stands.
    pub(super) fn object_with<E>(
        &mut self,
        others: &Entries,
        entries: impl FnOnce(&mut Object<'_, '_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.enclosed('{', '}', |text| {
            let others = others.iter().peekable();
            let mut object = Object { text, others };
            entries(&mut object)?;
            object.others_before(None);
            Ok(())
        })
    }

    /// Writes a list; `items` begins each item with [`item`](Self::item).
    pub(super) fn list<E>(
        &mut self,
        items: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.enclosed('[', ']', items)
    }

    fn enclosed<E>(
        &mut self,
        open: char,
        close: char,
        inside: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.text.push(open);
        self.begun = false;
        inside(self)?;
        self.text.push(close);
        self.begun = true;
        Ok(())
    }

    /// Begins an item of a list.
    pub(super) fn item(&mut self) -> &mut Self {
        self.separate();
        self
    }

    pub(super) fn null(&mut self) {
        self.text.push_str("null");
    }

    pub(super) fn truth(&mut self, value: bool) {
        self.text.push_str(if value { "true" } else { "false" });
    }

    pub(super) fn int(&mut self, value: i64) {
        let _ = write!(self.text, "{value}");
    }

    /// Writes a whole number of any size.
    pub(super) fn digits(&mut self, digits: &str) {
        self.text.push_str(digits);
    }

    pub(super) fn float(&mut self, value: f64) {
        self.text.push_str(&float(value));
    }

    pub(super) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\0'..='\u{1f}' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(c));
                }
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }

    /// Writes a list of texts.
    pub(super) fn strings<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let Ok(()) = self.list(|list| {
            for text in texts {
                list.item().string(text);
            }
            Ok::<(), std::convert::Infallible>(())
        });
    }

    /// Writes bytes as base64.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.string(&crate::checkbox::base64::encode(bytes));
    }

    /// Writes any value. Values come from a parser that bounds their nesting.
    pub(super) fn json(&mut self, value: &Json) {
        match value {
            Json::Null => self.null(),
            Json::Bool(value) => self.truth(*value),
            Json::Int(value) => self.int(*value),
            Json::BigInt(digits) => self.digits(digits),
            Json::Float(value) => self.float(*value),
            Json::Text(text) => self.string(text),
            Json::List(items) => {
                let Ok(()) = self.list(|list| {
                    for item in items {
                        list.item().json(item);
                    }
                    Ok::<(), std::convert::Infallible>(())
                });
            }
            Json::Object(entries) => {
                let Ok(()) = self.object(|object| {
                    for (key, value) in entries {
                        object.key(key).json(value);
                    }
                    Ok::<(), std::convert::Infallible>(())
                });
            }
        }
    }
}

/// An object in the making.
pub(super) struct Object<'t, 'o> {
    text: &'t mut Text,
    others: Peekable<btree_map::Iter<'o, Box<str>, Json>>,
}

impl Object<'_, '_> {
    /// Begins an entry; keys come in sorted order.
    pub(super) fn key(&mut self, key: &str) -> &mut Text {
        self.others_before(Some(key));
        self.others.next_if(|(other, _)| ***other == *key);
        self.begin(key)
    }

    /// Writes the further entries whose keys come before one, or all that are left.
    fn others_before(&mut self, key: Option<&str>) {
        let before = |other: &str| key.is_none_or(|key| other < key);
        while let Some((other, value)) = self.others.next_if(|(other, _)| before(other)) {
            self.begin(other).json(value);
        }
    }

    fn begin(&mut self, key: &str) -> &mut Text {
        self.text.separate();
        self.text.string(key);
        self.text.text.push(':');
        self.text
    }
}

/// A number as Python's `repr` prints it.
fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let parts = scientific
        .split_once('e')
        .and_then(|(digits, exponent)| Some((digits, exponent.parse::<i32>().ok()?)));
    match parts {
        Some((digits, exponent)) if !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        Some(_) | None => format!("{value:?}"),
    }
}
