//! A text in quotes, as recorded messages show it.

use std::fmt::Write as _;

/// The text as Python's `repr` prints it: in single quotes (in double ones when it holds single ones only), with
/// what cannot be printed escaped.
pub fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        push_char(&mut out, c, quote);
    }
    out.push(quote);
    out
}

fn push_char(out: &mut String, c: char, quote: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        _ if c == quote => {
            out.push('\\');
            out.push(c);
        }
        ' '..='~' => out.push(c),
        _ if is_printable(c) => out.push(c),
        _ => push_code(out, u32::from(c)),
    }
}

fn push_code(out: &mut String, code: u32) {
    let written = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    debug_assert!(written.is_ok(), "writing into a text cannot fail");
}

/// Asks the escaped form of a text, which escapes what cannot be printed. The letter before keeps a
/// combining mark from being escaped for standing alone.
fn is_printable(c: char) -> bool {
    let mut pair = String::from("x");
    pair.push(c);
    !pair.escape_debug().any(|shown| shown == '\\')
}
