//! JSON text as Checkbox writes it: no blanks, non-ASCII as it is, numbers as Python prints them.

use std::collections::btree_map;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::sync::Arc;

use crate::checkbox::json::Json;
use crate::checkbox::unknown::Entries;

/// A JSON text in the making.
#[derive(Default)]
pub(in crate::checkbox) struct Text {
    text: String,
    /// What stands before `text`: pieces of text, and pieces that were packed before.
    before: Vec<Piece>,
    /// Whether something of the innermost list or object stands there already.
    begun: bool,
}

impl Text {
    /// The text, when nothing was spliced into it.
    pub(in crate::checkbox) fn finish(self) -> String {
        self.text
    }

    /// The pieces of the text in their order.
    pub(super) fn into_pieces(mut self) -> Vec<Piece> {
        self.before.push(Piece::Text(self.text));
        self.before
    }

    /// Whether something of the innermost list or object stands there already.
    pub(super) const fn is_begun(&self) -> bool {
        self.begun
    }

    /// Writes something and takes it out again, as a text of its own.
    pub(super) fn aside<E>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<String, E> {
        let kept = std::mem::take(&mut self.text);
        let written = write(self);
        let aside = std::mem::replace(&mut self.text, kept);
        written.map(|()| aside)
    }

    /// Puts a packed piece at the end; after it the innermost list or object is begun, or is not.
    pub(super) fn splice(&mut self, packed: &Arc<[u8]>, begun: bool) {
        let text = std::mem::take(&mut self.text);
        self.before.push(Piece::Text(text));
        self.before.push(Piece::Packed(Arc::clone(packed)));
        self.begun = begun;
    }

    fn separate(&mut self) {
        if self.begun {
            self.text.push(',');
        }
        self.begun = true;
    }

    /// Writes an object; `entries` writes what it holds, keys in sorted order.
    pub(super) fn object<E>(
        &mut self,
        entries: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.enclosed('{', '}', entries)
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

    /// Begins an entry of an object.
    pub(super) fn key(&mut self, key: &str) -> &mut Self {
        self.separate();
        self.string(key);
        self.text.push(':');
        self
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
        let mut rest = text;
        while let Some(plain) = rest.bytes().position(is_escaped) {
            let (as_it_is, after) = rest.split_at(plain);
            self.text.push_str(as_it_is);
            let mut chars = after.chars();
            match chars.next() {
                Some('\n') => self.text.push_str("\\n"),
                Some('\r') => self.text.push_str("\\r"),
                Some('\t') => self.text.push_str("\\t"),
                Some('\u{8}') => self.text.push_str("\\b"),
                Some('\u{c}') => self.text.push_str("\\f"),
                Some(c @ ('"' | '\\')) => self.text.extend(['\\', c]),
                Some(c) => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(c));
                }
                None => {}
            }
            rest = chars.as_str();
        }
        self.text.push_str(rest);
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

/// A piece of a text.
pub(super) enum Piece {
    Text(String),
    /// A member of the envelope that inflates to a piece.
    Packed(Arc<[u8]>),
}

/// An object in the making, with further entries among those that are written.
pub(super) struct Object<'t, 'o> {
    text: &'t mut Text,
    others: Peekable<btree_map::Iter<'o, Box<str>, Json>>,
}

impl Object<'_, '_> {
    /// Begins an entry; keys come in sorted order.
    pub(super) fn key(&mut self, key: &str) -> &mut Text {
        self.others_before(Some(key));
        self.others.next_if(|(other, _)| ***other == *key);
        self.text.key(key)
    }

    /// Writes the further entries whose keys come before one, or all that are left.
    fn others_before(&mut self, key: Option<&str>) {
        let before = |other: &str| key.is_none_or(|key| other < key);
        while let Some((other, value)) = self.others.next_if(|(other, _)| before(other)) {
            self.text.key(other).json(value);
        }
    }
}

/// Whether a text cannot hold this byte as it is. The bytes of characters beyond ASCII are none of these.
fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..=0x1f)
}

/// A number as Python's `repr` prints it.
fn float(value: f64) -> String {
    // Python turns to exponents below and above these.
    if value == 0.0 || (1e-4..1e16).contains(&value.abs()) {
        return format!("{value:?}");
    }
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
        Some((digits, exponent)) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        None => scientific,
    }
}
