//! The JSON text that checksums are made of: no white space, ASCII only, numbers as Python writes them.

use std::fmt::Write as _;

use crate::field::FieldRef;

/// A number the way Python's `repr` writes it.
pub(crate) fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..16).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
        Ok(_) | Err(_) => {
            let mut plain = format!("{value}");
            if !plain.contains('.') {
                plain.push_str(".0");
            }
            plain
        }
    }
}

/// Appends the JSON of a value. Maps keep their own order.
pub(crate) fn write_value(out: &mut String, value: FieldRef<'_>) {
    enum Step<'a> {
        Value(FieldRef<'a>),
        Key(&'a str),
        Mark(char),
    }
    if !matches!(value, FieldRef::List(_) | FieldRef::Map(_)) {
        return write_scalar(out, value);
    }
    let mut steps = vec![Step::Value(value)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Mark(mark) => out.push(mark),
            Step::Key(key) => {
                write_text(out, key);
                out.push(':');
            }
            Step::Value(FieldRef::List(items)) => {
                out.push('[');
                steps.push(Step::Mark(']'));
                for (index, item) in items.iter().enumerate().rev() {
                    steps.push(Step::Value(item.into()));
                    if index > 0 {
                        steps.push(Step::Mark(','));
                    }
                }
            }
            Step::Value(FieldRef::Map(entries)) => {
                out.push('{');
                steps.push(Step::Mark('}'));
                for (index, (key, item)) in entries.iter().enumerate().rev() {
                    steps.push(Step::Value(item.into()));
                    steps.push(Step::Key(key));
                    if index > 0 {
                        steps.push(Step::Mark(','));
                    }
                }
            }
            Step::Value(scalar) => write_scalar(out, scalar),
        }
    }
}

/// Appends a map whose keys were sorted by the caller.
pub(crate) fn write_map<'a>(
    out: &mut String,
    entries: impl IntoIterator<Item = (&'a str, FieldRef<'a>)>,
) {
    out.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, key);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

fn write_scalar(out: &mut String, value: FieldRef<'_>) {
    match value {
        FieldRef::Null => out.push_str("null"),
        FieldRef::Bool(true) => out.push_str("true"),
        FieldRef::Bool(false) => out.push_str("false"),
        FieldRef::Int(value) => {
            let _ = write!(out, "{value}");
        }
        FieldRef::BigInt(digits) => out.push_str(digits),
        FieldRef::Float(value) => out.push_str(&float_text(value)),
        FieldRef::Text(text) => write_text(out, text),
        FieldRef::List(_) | FieldRef::Map(_) => {}
    }
}

/// Whether a text cannot hold this byte as it is.
fn is_escaped(byte: u8) -> bool {
    !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\')
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(is_escaped).unwrap_or(rest.len());
        let (as_it_is, after) = rest.split_at(plain);
        out.push_str(as_it_is);
        let mut chars = after.chars();
        let Some(c) = chars.next() else {
            break;
        };
        rest = chars.as_str();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}
