//! A reader for the JSON texts that stand in fields of unit files.

use std::collections::HashMap;

use crate::field::FieldValue;

/// How deep values may be nested; what stands in unit files is two or three deep.
const DEPTH_MAX: usize = 100;

/// A text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at byte {offset}")]
pub struct JsonError {
    /// Where it stops making sense, in bytes from the start of the text.
    pub offset: usize,
}

/// Where a value of a JSON text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonPlace<'a> {
    /// In how many lists and maps the list or map stands that holds it.
    pub depth: usize,
    /// Its key, in a map.
    pub key: Option<&'a str>,
    /// Where it begins, in bytes from the start of the text.
    pub offset: usize,
}

/// Reads one value; nothing but white space may follow it. Of equal keys of a map the last counts. `visit` is
/// told of every value in a list or map, before it is read.
///
/// # Errors
///
/// The text is not JSON, or nested more than a hundred deep.
pub fn read_json(
    text: &str,
    visit: &mut dyn FnMut(JsonPlace<'_>),
) -> Result<FieldValue, JsonError> {
    let mut reader = Reader { text, at: 0, visit };
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at == text.len() {
        Ok(value)
    } else {
        Err(reader.error())
    }
}

struct Reader<'a, 'v> {
    text: &'a str,
    at: usize,
    visit: &'v mut dyn FnMut(JsonPlace<'_>),
}

impl Reader<'_, '_> {
    fn value(&mut self, depth: usize) -> Result<FieldValue, JsonError> {
        if depth > DEPTH_MAX {
            return Err(self.error());
        }
        self.skip_space();
        for (word, value) in [
            ("null", FieldValue::Null),
            ("true", FieldValue::Bool(true)),
            ("false", FieldValue::Bool(false)),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        match self.peek() {
            Some(b'"') => Ok(FieldValue::Text(self.string()?.into())),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.map(depth),
            Some(_) | None => self.number(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<FieldValue, JsonError> {
        let mut items = Vec::new();
        self.at += 1;
        if self.take(b']') {
            return Ok(FieldValue::List(items));
        }
        loop {
            self.tell(depth, None);
            items.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(FieldValue::List(items));
            }
            self.expect(b',')?;
        }
    }

    fn map(&mut self, depth: usize) -> Result<FieldValue, JsonError> {
        let mut entries: Vec<(Box<str>, FieldValue)> = Vec::new();
        let mut places: HashMap<Box<str>, usize> = HashMap::new();
        self.at += 1;
        if self.take(b'}') {
            return Ok(FieldValue::Map(entries));
        }
        loop {
            self.skip_space();
            let key: Box<str> = self.string()?.into();
            self.expect(b':')?;
            self.tell(depth, Some(&key));
            let value = self.value(depth + 1)?;
            match places.get(&key).and_then(|at| entries.get_mut(*at)) {
                Some((_, old)) => *old = value,
                None => {
                    places.insert(key.clone(), entries.len());
                    entries.push((key, value));
                }
            }
            if self.take(b'}') {
                return Ok(FieldValue::Map(entries));
            }
            self.expect(b',')?;
        }
    }

    fn tell(&mut self, depth: usize, key: Option<&str>) {
        self.skip_space();
        let offset = self.at;
        (self.visit)(JsonPlace { depth, key, offset });
    }

    fn string(&mut self) -> Result<String, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.error());
        }
        self.at += 1;
        let mut units: Vec<u16> = Vec::new();
        loop {
            let Some(c) = self.rest().chars().next() else {
                return Err(self.error());
            };
            self.at += c.len_utf8();
            match c {
                '"' => return String::from_utf16(&units).map_err(|_| self.error()),
                '\\' => units.push(self.escape()?),
                '\0'..='\u{1f}' => return Err(self.error()),
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
    }

    fn escape(&mut self) -> Result<u16, JsonError> {
        let byte = self.peek().ok_or_else(|| self.error())?;
        let unit = match byte {
            b'"' | b'\\' | b'/' => u16::from(byte),
            b'b' => 8,
            b'f' => 12,
            b'n' => 10,
            b'r' => 13,
            b't' => 9,
            b'u' => {
                let digits = self
                    .text
                    .get(self.at + 1..self.at + 5)
                    .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
                    .ok_or_else(|| self.error())?;
                let unit = u16::from_str_radix(digits, 16).map_err(|_| self.error())?;
                self.at += 4;
                unit
            }
            _ => return Err(self.error()),
        };
        self.at += 1;
        Ok(unit)
    }

    fn number(&mut self) -> Result<FieldValue, JsonError> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let token = rest.get(..length).unwrap_or("");
        let digits = token.strip_prefix('-').unwrap_or(token);
        let digit = |at: usize| digits.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let leads = digit(0);
        let padded = digits.starts_with('0') && digit(1);
        if !leads || padded || token.ends_with('.') || token.contains(".e") {
            return Err(self.error());
        }
        let value = if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            token
                .parse()
                .map_or_else(|_| FieldValue::BigInt(token.into()), FieldValue::Int)
        } else {
            FieldValue::Float(token.parse().map_err(|_| self.error())?)
        };
        self.at += length;
        Ok(value)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.error())
        }
    }

    fn error(&self) -> JsonError {
        JsonError { offset: self.at }
    }
}
