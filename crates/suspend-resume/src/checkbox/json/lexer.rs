//! The tokens of JSON as Python takes them.

use super::value::Json;

/// A token; texts and numbers are values already.
#[derive(Debug)]
pub(super) enum Token {
    Value(Json),
    ListOpens,
    ListCloses,
    ObjectOpens,
    ObjectCloses,
    Comma,
    Colon,
    End,
}

/// Why the text is not JSON, at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// It breaks the grammar.
    Grammar,
    /// A text holds half a surrogate pair.
    LoneSurrogate,
    /// It nests too deep.
    TooDeep,
    /// A text in it is too long.
    TooLong,
    /// A list or an object in it holds too much.
    TooMany,
}

/// Words without quotes that stand for a value.
const WORDS: [(&str, Json); 6] = [
    ("null", Json::Null),
    ("true", Json::Bool(true)),
    ("false", Json::Bool(false)),
    ("NaN", Json::Float(f64::NAN)),
    ("Infinity", Json::Float(f64::INFINITY)),
    ("-Infinity", Json::Float(f64::NEG_INFINITY)),
];

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// How many bytes a text may have.
    text_bytes_max: u64,
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(text: &'a str, text_bytes_max: u64) -> Self {
        Self {
            text,
            at: 0,
            text_bytes_max,
        }
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Result<Token, JsonError> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
        let mark = match self.peek() {
            None => return Ok(Token::End),
            Some(b'[') => Token::ListOpens,
            Some(b']') => Token::ListCloses,
            Some(b'{') => Token::ObjectOpens,
            Some(b'}') => Token::ObjectCloses,
            Some(b',') => Token::Comma,
            Some(b':') => Token::Colon,
            Some(b'"') => {
                self.at += 1;
                return self.text().map(|text| Token::Value(Json::Text(text)));
            }
            Some(_) => return self.word_or_number().map(Token::Value),
        };
        self.at += 1;
        Ok(mark)
    }

    fn word_or_number(&mut self) -> Result<Json, JsonError> {
        if let Some(b'0'..=b'9') = self.peek() {
            return self.number();
        }
        let rest = self.rest();
        for (word, value) in WORDS {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.number()
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let rest = self.rest();
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if self.digits() == 0 {
            return Err(JsonError::Grammar);
        }
        // A fraction or an exponent without digits is not part of the number; what follows is then refused.
        let mut whole = true;
        if self.peek() == Some(b'.') {
            let dot = self.at;
            self.at += 1;
            match self.digits() {
                0 => self.at = dot,
                _ => whole = false,
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            let mark = self.at;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            match self.digits() {
                0 => self.at = mark,
                _ => whole = false,
            }
        }
        let number = rest.get(..self.at - start).unwrap_or_default();
        if whole {
            Ok(number
                .parse()
                .map_or_else(|_| Json::BigInt(number.into()), Json::Int))
        } else {
            number
                .parse()
                .map(Json::Float)
                .map_err(|_| JsonError::Grammar)
        }
    }

    /// The rest of a text whose quote was read.
    fn text(&mut self) -> Result<Box<str>, JsonError> {
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest
                .bytes()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
                .ok_or(JsonError::Grammar)?;
            if (text.len() + plain) as u64 > self.text_bytes_max {
                return Err(JsonError::TooLong);
            }
            let piece = rest.get(..plain).unwrap_or_default();
            self.at += plain + 1;
            let end = rest.as_bytes().get(plain);
            if end == Some(&b'"') && text.is_empty() {
                return Ok(piece.into());
            }
            text.push_str(piece);
            match end {
                Some(b'"') => return Ok(text.into()),
                Some(b'\\') => text.push(self.escape()?),
                Some(_) | None => return Err(JsonError::Grammar),
            }
        }
    }

    /// The character an escape stands for, whose backslash was read.
    fn escape(&mut self) -> Result<char, JsonError> {
        let letter = self.peek().ok_or(JsonError::Grammar)?;
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                let mut units = vec![first];
                if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
                    self.at += 2;
                    units.push(self.unit()?);
                }
                let mut chars = char::decode_utf16(units);
                match (chars.next(), chars.next()) {
                    (Some(Ok(c)), None) => c,
                    (Some(_) | None, _) => return Err(JsonError::LoneSurrogate),
                }
            }
            _ => return Err(JsonError::Grammar),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, JsonError> {
        let digits = self.rest().get(..4).ok_or(JsonError::Grammar)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(JsonError::Grammar);
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| JsonError::Grammar)
    }
}
