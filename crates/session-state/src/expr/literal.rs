//! Texts in quotes: prefixes, escapes, three quotes in a row.

use super::tree::Constant;
use crate::record::universal_newlines;

/// What a literal in quotes is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Constant(Constant),
    /// With expressions in it, which no requirement may hold.
    Format,
}

/// Why there is none.
pub(super) struct IllegalLiteral(pub(super) &'static str);

#[derive(Clone, Copy, Default)]
struct Prefix {
    raw: bool,
    bytes: bool,
    format: bool,
}

/// The length of the prefix of a literal in quotes; `None` when the text does not begin with one.
pub(super) fn prefix_length(text: &str) -> Option<usize> {
    let start = text.as_bytes().iter().take(3);
    let length = start
        .take_while(|byte| !matches!(byte, b'\'' | b'"'))
        .count();
    let quote = text.as_bytes().get(length)?;
    let prefix = text
        .get(..length)
        .filter(|_| matches!(quote, b'\'' | b'"'))?;
    parse_prefix(prefix).map(|_| length)
}

fn parse_prefix(prefix: &str) -> Option<Prefix> {
    let mut found = Prefix::default();
    let lower = prefix.to_ascii_lowercase();
    match lower.as_str() {
        "" | "u" => {}
        "r" => found.raw = true,
        "b" => found.bytes = true,
        "f" => found.format = true,
        "br" | "rb" => (found.raw, found.bytes) = (true, true),
        "fr" | "rf" => (found.raw, found.format) = (true, true),
        _ => return None,
    }
    Some(found)
}

/// Reads the literal the text begins with, its prefix being of the given length: what it is, and its
/// length in bytes.
pub(super) fn read_literal(
    text: &str,
    prefix_length: usize,
) -> Result<(Literal, usize), IllegalLiteral> {
    let illegal = || IllegalLiteral("a text in quotes was expected");
    let prefix = text
        .get(..prefix_length)
        .and_then(parse_prefix)
        .ok_or_else(illegal)?;
    let quoted = text.get(prefix_length..).ok_or_else(illegal)?;
    let quote = quoted.get(..1).ok_or_else(illegal)?;
    let triple = quote.repeat(3);
    let quote = if quoted.starts_with(&triple) {
        &triple
    } else {
        quote
    };
    let body_start = prefix_length + quote.len();
    let body = text.get(body_start..).ok_or_else(illegal)?;
    let length = body_length(body, quote).ok_or(IllegalLiteral("a text in quotes does not end"))?;
    let end = body_start + length + quote.len();
    let body = universal_newlines(body.get(..length).ok_or_else(illegal)?);
    let body = &*body;
    if prefix.format {
        check_format(body)?;
        return Ok((Literal::Format, end));
    }
    let constant = if prefix.bytes {
        Constant::Bytes(bytes_of(body, prefix.raw)?.into())
    } else if prefix.raw {
        Constant::Text(body.into())
    } else {
        Constant::Text(text_of(body)?.into())
    };
    Ok((Literal::Constant(constant), end))
}

/// The bytes before the closing quote; `None` when there is none (on this line, for a single quote).
fn body_length(body: &str, quote: &str) -> Option<usize> {
    let mut rest = body.char_indices();
    while let Some((at, c)) = rest.next() {
        if body.get(at..).is_some_and(|tail| tail.starts_with(quote)) {
            return Some(at);
        }
        if c == '\\' {
            rest.next()?;
        } else if matches!(c, '\n' | '\r') && quote.len() == 1 {
            return None;
        }
    }
    None
}

/// Braces must come in pairs, doubled or around something.
fn check_format(body: &str) -> Result<(), IllegalLiteral> {
    let illegal = Err(IllegalLiteral("a brace of a format text stands alone"));
    let mut open: Option<usize> = None;
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let doubled = chars.peek().is_some_and(|&(_, next)| next == c);
        match (c, open) {
            ('{' | '}', None) if doubled => {
                chars.next();
            }
            ('{', None) => open = Some(at + 1),
            ('}', None) => return illegal,
            ('}', Some(start)) => {
                if body
                    .get(start..at)
                    .is_none_or(|inside| inside.trim().is_empty())
                {
                    return illegal;
                }
                open = None;
            }
            _ => {}
        }
    }
    if open.is_some() { illegal } else { Ok(()) }
}

fn text_of(body: &str) -> Result<String, IllegalLiteral> {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (code, used) = escape(after, true)?;
        match code {
            Escape::Nothing => {}
            Escape::Code(code) => {
                let illegal = "an escape gives no Unicode character";
                out.push(char::from_u32(code).ok_or(IllegalLiteral(illegal))?);
            }
            Escape::Itself => out.push('\\'),
        }
        rest = after.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(out)
}

fn bytes_of(body: &str, raw: bool) -> Result<Vec<u8>, IllegalLiteral> {
    if !body.is_ascii() {
        return Err(IllegalLiteral("bytes can only hold ASCII characters"));
    }
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('\\').filter(|_| !raw) {
        out.extend_from_slice(before.as_bytes());
        let (code, used) = escape(after, false)?;
        match code {
            Escape::Nothing => {}
            Escape::Code(code) => out.push((code & 0xff) as u8),
            Escape::Itself => out.push(b'\\'),
        }
        rest = after.get(used..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

enum Escape {
    /// A line end that is skipped.
    Nothing,
    /// A character.
    Code(u32),
    /// The backslash stands for itself.
    Itself,
}

/// What stands behind a backslash, and how many bytes of it are used up.
fn escape(after: &str, is_text: bool) -> Result<(Escape, usize), IllegalLiteral> {
    let code = |c: char| Ok((Escape::Code(u32::from(c)), 1));
    match after.chars().next() {
        Some('\n') => Ok((Escape::Nothing, 1)),
        Some(c @ ('\\' | '\'' | '"')) => code(c),
        Some('a') => code('\u{7}'),
        Some('b') => code('\u{8}'),
        Some('f') => code('\u{c}'),
        Some('n') => code('\n'),
        Some('r') => code('\r'),
        Some('t') => code('\t'),
        Some('v') => code('\u{b}'),
        Some('0'..='7') => {
            let length = after
                .bytes()
                .take(3)
                .take_while(|b| (b'0'..=b'7').contains(b))
                .count();
            let digits = after.get(..length).unwrap_or_default();
            let code = u32::from_str_radix(digits, 8).unwrap_or_default();
            Ok((Escape::Code(code), length))
        }
        Some('x') => hexadecimal(after, 2),
        Some('u') if is_text => hexadecimal(after, 4),
        Some('U') if is_text => hexadecimal(after, 8),
        Some('N') if is_text => named(after),
        Some(_) | None => Ok((Escape::Itself, 0)),
    }
}

fn hexadecimal(after: &str, digits: usize) -> Result<(Escape, usize), IllegalLiteral> {
    let illegal = IllegalLiteral("an escape has too few hexadecimal digits");
    let Some(written) = after.get(1..=digits) else {
        return Err(illegal);
    };
    if !written.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(illegal);
    }
    let code = u32::from_str_radix(written, 16).map_err(|_| illegal)?;
    Ok((Escape::Code(code), digits + 1))
}

/// A character by its name: the letters and digits of ASCII, and the space.
fn named(after: &str) -> Result<(Escape, usize), IllegalLiteral> {
    const DIGITS: [&str; 10] = [
        "ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE",
    ];
    let unknown = IllegalLiteral("an escape names a character that is not known by name");
    let Some((name, _)) = after
        .strip_prefix("N{")
        .and_then(|rest| rest.split_once('}'))
    else {
        return Err(unknown);
    };
    let upper = name.to_ascii_uppercase();
    let letter = |prefix: &str| {
        let rest = upper.strip_prefix(prefix)?;
        let mut letters = rest.chars().filter(char::is_ascii_alphabetic);
        match (letters.next(), rest.len()) {
            (Some(letter), 1) => Some(letter),
            _ => None,
        }
    };
    let digit = |name: &str| {
        DIGITS
            .iter()
            .zip('0'..='9')
            .find(|(known, _)| **known == name)
    };
    let found = if let Some(letter) = letter("LATIN SMALL LETTER ") {
        letter.to_ascii_lowercase()
    } else if let Some(letter) = letter("LATIN CAPITAL LETTER ") {
        letter
    } else if let Some((_, digit)) = upper.strip_prefix("DIGIT ").and_then(digit) {
        digit
    } else if upper == "SPACE" {
        ' '
    } else {
        return Err(unknown);
    };
    Ok((Escape::Code(u32::from(found)), name.len() + 3))
}
