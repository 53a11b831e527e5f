//! The pieces of JSON as Python takes them: blanks, texts, numbers, words.

use super::tape::{Node, Span};

/// Why the text is not JSON, at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonError {
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
const WORDS: [(&str, Node); 6] = [
    ("null", Node::Null),
    ("true", Node::Bool(true)),
    ("false", Node::Bool(false)),
    ("NaN", Node::Float(f64::NAN)),
    ("Infinity", Node::Float(f64::INFINITY)),
    ("-Infinity", Node::Float(f64::NEG_INFINITY)),
];

/// How many decimal digits fit into 63 bits, whatever they are.
const INT_DIGITS_MAX: usize = 18;

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// The texts so far that had escapes.
    unescaped: String,
    /// How many bytes a text may have.
    text_bytes_max: u64,
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(text: &'a str, text_bytes_max: u64) -> Self {
        Self {
            text,
            at: 0,
            unescaped: String::new(),
            text_bytes_max,
        }
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) const fn length(&self) -> usize {
        self.text.len()
    }

    pub(super) fn into_unescaped(self) -> String {
        self.unescaped
    }

    /// The byte a piece begins with, after blanks; `None` at the end.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.here() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }

    /// Goes on behind the byte that [`peek`](Self::peek) answered.
    #[inline]
    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    #[inline]
    fn here(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Steps over a piece, whatever it is.
    #[cold]
    pub(super) fn step(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            None => Ok(()),
            Some(b'"') => self.text(&mut Vec::new()),
            Some(b'[' | b']' | b'{' | b'}' | b',' | b':') => {
                self.bump();
                Ok(())
            }
            Some(_) => self.word_or_number(&mut Vec::new()),
        }
    }

    /// Puts a word or a number, whose first byte was seen, behind the nodes.
    #[inline]
    pub(super) fn word_or_number(&mut self, nodes: &mut Vec<Node>) -> Result<(), JsonError> {
        if let Some(b'0'..=b'9') = self.here() {
            return self.number(nodes);
        }
        let rest = self.rest();
        for (word, value) in WORDS {
            if rest.starts_with(word) {
                self.at += word.len();
                nodes.push(value);
                return Ok(());
            }
        }
        self.number(nodes)
    }

    /// Steps over digits; answers their number and, of as many as fit, their value.
    #[inline]
    fn digits(&mut self) -> (usize, i64) {
        let (start, mut value) = (self.at, 0_i64);
        while let Some(digit @ b'0'..=b'9') = self.here() {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        (self.at - start, value)
    }

    fn number(&mut self, nodes: &mut Vec<Node>) -> Result<(), JsonError> {
        let start = self.at;
        let is_negative = self.here() == Some(b'-');
        self.at += usize::from(is_negative);
        let (digits, value) = if self.here() == Some(b'0') {
            self.at += 1;
            (1, 0)
        } else {
            self.digits()
        };
        if digits == 0 {
            return Err(JsonError::Grammar);
        }
        // A fraction or an exponent without digits is not part of the number; what follows is then refused.
        let mut whole = true;
        let mut short = None;
        if self.here() == Some(b'.') {
            let dot = self.at;
            self.at += 1;
            match self.digits() {
                (0, _) => self.at = dot,
                (places, fraction) => {
                    whole = false;
                    short = short_float(digits, value, places, fraction);
                }
            }
        }
        if let Some(b'e' | b'E') = self.here() {
            short = None;
            let mark = self.at;
            self.at += 1;
            if let Some(b'+' | b'-') = self.here() {
                self.at += 1;
            }
            match self.digits() {
                (0, _) => self.at = mark,
                _ => whole = false,
            }
        }
        if whole && digits <= INT_DIGITS_MAX {
            nodes.push(Node::Int(if is_negative { -value } else { value }));
            return Ok(());
        }
        if let Some(float) = short {
            nodes.push(Node::Float(if is_negative { -float } else { float }));
            return Ok(());
        }
        let number = self.text.get(start..self.at).unwrap_or_default();
        nodes.push(if whole {
            let big = || Node::BigInt(span(start, number.len()));
            number.parse().map_or_else(|_| big(), Node::Int)
        } else {
            Node::Float(number.parse().map_err(|_| JsonError::Grammar)?)
        });
        Ok(())
    }

    /// Puts a text, whose quote was seen, behind the nodes: there it is made, because moving one takes longer than
    /// making it.
    #[inline]
    pub(super) fn text(&mut self, nodes: &mut Vec<Node>) -> Result<(), JsonError> {
        self.at += 1;
        let start = self.at;
        match self.plain(0)? {
            (length, End::Quote) => nodes.push(Node::Text(span(start, length))),
            (_, End::Backslash) => {
                self.at = start;
                let span = self.text_with_escapes()?;
                nodes.push(Node::Unescaped(span));
            }
        }
        Ok(())
    }

    /// Puts a text together; where it stands beside the document.
    fn text_with_escapes(&mut self) -> Result<Span, JsonError> {
        let kept = self.unescaped.len();
        loop {
            let start = self.at;
            let (length, end) = self.plain(self.unescaped.len() - kept)?;
            let piece = self.text.get(start..start + length).unwrap_or_default();
            self.unescaped.push_str(piece);
            match end {
                End::Quote => {
                    let length = self.unescaped.len() - kept;
                    return Ok(span(kept, length));
                }
                End::Backslash => {
                    let c = self.escape()?;
                    self.unescaped.push(c);
                }
            }
        }
    }

    /// Steps over characters that mean themselves and over what ends them; answers their length. `before` is the
    /// length of what stands before them in the same text.
    #[inline]
    fn plain(&mut self, before: usize) -> Result<(usize, End), JsonError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let plain = plain_length(rest).ok_or(JsonError::Grammar)?;
        if (before + plain) as u64 > self.text_bytes_max {
            return Err(JsonError::TooLong);
        }
        self.at += plain + 1;
        match rest.get(plain) {
            Some(b'"') => Ok((plain, End::Quote)),
            Some(b'\\') => Ok((plain, End::Backslash)),
            Some(_) | None => Err(JsonError::Grammar),
        }
    }

    /// The character an escape stands for, whose backslash was read.
    fn escape(&mut self) -> Result<char, JsonError> {
        let letter = self.here().ok_or(JsonError::Grammar)?;
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

/// Powers of ten, one for each number of digits after the point up to the fifteen that a float holds whatever they are.
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// A number with a fraction, where it has so few digits that a float holds them all as a whole number: dividing that
/// by the power of ten, which a float holds too, rounds once, so it is the float nearest to the number.
fn short_float(digits: usize, value: i64, places: usize, fraction: i64) -> Option<f64> {
    if digits + places >= POWERS.len() {
        return None;
    }
    let power = POWERS.get(places)?;
    Some((value as f64 * power + fraction as f64) / power)
}

/// What ends characters that mean themselves.
#[derive(Clone, Copy)]
enum End {
    Quote,
    Backslash,
}

#[inline]
fn span(start: usize, length: usize) -> Span {
    // Texts are bounded by a limit that fits, and so are the digits of a number.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    Span { start, length }
}

/// How many bytes stand before the first quote, backslash or control character. Eight are looked at a time: in the
/// lowest byte of a group that is one of them, the highest bit of `found` is set, and in none below. With its second
/// lowest bit turned a quote is what follows the control characters, which stay together.
#[inline(never)]
fn plain_length(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let (groups, rest) = bytes.as_chunks::<8>();
    for (number, group) in groups.iter().enumerate() {
        let group = u64::from_le_bytes(*group);
        let quote_or_control = (group ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
        let backslash = (group ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
        let found = (quote_or_control | backslash) & !group & HIGH;
        if found != 0 {
            return Some(number * 8 + (found.trailing_zeros() / 8) as usize);
        }
    }
    let before = bytes.len() - rest.len();
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    rest.iter().position(special).map(|at| before + at)
}
