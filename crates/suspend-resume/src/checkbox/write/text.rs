//! JSON text as Checkbox writes it: no blanks, non-ASCII as it is, numbers as Python prints them.

use std::fmt::Write as _;

use crate::checkbox::json::Json;

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
        entries: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.enclosed('{', '}', entries)
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
