//! The functions that may be called.

use super::number::Integer;
use super::tree::Function;
use super::value::{NoMatch, Value};
use crate::record::trim;

/// Calls a function.
pub(super) fn call<'a>(function: Function, arguments: &[Value<'a>]) -> Result<Value<'a>, NoMatch> {
    match (function, arguments) {
        (Function::Len, [value]) => length(value),
        (Function::Bool, []) => Ok(Value::Bool(false)),
        (Function::Bool, [value]) => Ok(Value::Bool(value.is_true())),
        (Function::Int, []) => Ok(Value::Int(Integer::from(0))),
        (Function::Int, [value]) => whole(value),
        (Function::Int, [Value::Text(text, _), Value::Int(base)]) => {
            let base = base.to_string().parse().map_err(|_| NoMatch)?;
            whole_of_text(text, base)
        }
        (Function::Float, []) => Ok(Value::Float(0.0)),
        (Function::Float, [value]) => float(value),
        (Function::Len | Function::Bool | Function::Int | Function::Float, _) => Err(NoMatch),
    }
}

fn length<'a>(value: &Value<'a>) -> Result<Value<'a>, NoMatch> {
    let length = match value {
        Value::Text(text, _) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) | Value::Tuple(items) => items.len(),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Imaginary(_)
        | Value::Record(_)
        | Value::Ellipsis
        | Value::Own(_) => return Err(NoMatch),
    };
    Ok(Value::Int(Integer::from(length as u64)))
}

fn whole<'a>(value: &Value<'a>) -> Result<Value<'a>, NoMatch> {
    match value {
        Value::Int(value) => Ok(Value::Int(value.clone())),
        Value::Bool(value) => Ok(Value::Int(Integer::from(u64::from(*value)))),
        Value::Float(value) => Integer::from_float(*value).map(Value::Int).ok_or(NoMatch),
        Value::Text(text, _) => whole_of_text(text, 10),
        Value::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes).map_err(|_| NoMatch)?;
            whole_of_text(text, 10)
        }
        Value::None
        | Value::Imaginary(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Record(_)
        | Value::Ellipsis
        | Value::Own(_) => Err(NoMatch),
    }
}

fn whole_of_text<'a>(text: &str, base: u32) -> Result<Value<'a>, NoMatch> {
    let (negative, digits) = split_sign(trim(text));
    let digits = plain_digits(digits);
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match (base, lower.get(..2)) {
        (16 | 0, Some("0x")) => (16, lower.get(2..)),
        (8 | 0, Some("0o")) => (8, lower.get(2..)),
        (2 | 0, Some("0b")) => (2, lower.get(2..)),
        (0, _) => (10, Some(&*lower)),
        (2..=36, _) => (base, Some(&*lower)),
        _ => return Err(NoMatch),
    };
    let digits = digits.ok_or(NoMatch)?;
    let digits = digits
        .strip_prefix('_')
        .filter(|_| digits.len() < lower.len())
        .unwrap_or(digits);
    let digits = without_underscores(digits).ok_or(NoMatch)?;
    let value = Integer::from_base(negative, &digits, base).ok_or(NoMatch)?;
    Ok(Value::Int(value))
}

fn float<'a>(value: &Value<'a>) -> Result<Value<'a>, NoMatch> {
    let value = match value {
        Value::Float(value) => *value,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Int(value) => value.to_float().ok_or(NoMatch)?,
        Value::Text(text, _) => float_of_text(text)?,
        Value::Bytes(bytes) => float_of_text(std::str::from_utf8(bytes).map_err(|_| NoMatch)?)?,
        Value::None
        | Value::Imaginary(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Record(_)
        | Value::Ellipsis
        | Value::Own(_) => return Err(NoMatch),
    };
    Ok(Value::Float(value))
}

fn float_of_text(text: &str) -> Result<f64, NoMatch> {
    let (negative, digits) = split_sign(trim(text));
    let lower = plain_digits(digits).to_ascii_lowercase();
    let value = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            let digits = without_underscores(&lower).ok_or(NoMatch)?;
            let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
            let value = digits.parse().map_err(|_| NoMatch)?;
            if !is_number {
                return Err(NoMatch);
            }
            value
        }
    };
    Ok(if negative { -value } else { value })
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Underscores may stand between digits only.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'_' && !(digit(at.checked_sub(1)) && digit(Some(at + 1))) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}

/// The first of the ten digits of each script whose digits are numbers to Python.
const ZEROS: [u32; 36] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

fn plain_digits(text: &str) -> String {
    text.chars()
        .map(|c| {
            let code = u32::from(c);
            ZEROS
                .iter()
                .find_map(|zero| code.checked_sub(*zero).filter(|digit| *digit < 10))
                .and_then(|digit| char::from_digit(digit, 10))
                .unwrap_or(c)
        })
        .collect()
}
