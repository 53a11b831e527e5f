//! What a plain scalar of YAML means: the rules of YAML 1.1, by which Checkbox reads its unit files. A date
//! stays a text.

use session_state::FieldValue;

/// The value of a plain scalar.
pub(super) fn plain(text: &str) -> FieldValue {
    if let Some(value) = null(text).or_else(|| boolean(text)) {
        return value;
    }
    number(text).unwrap_or_else(|| text.into())
}

/// The value a scalar has by its tag, one of those that YAML defines; `None` when it is none of that type.
pub(super) fn tagged(suffix: &str, text: &str) -> Option<FieldValue> {
    match suffix {
        "str" => Some(text.into()),
        "null" => null(text),
        "bool" => boolean(text),
        "int" => number(text).filter(|value| !matches!(value, FieldValue::Float(_))),
        "float" => match number(text)? {
            FieldValue::Int(value) => Some(FieldValue::Float(value as f64)),
            FieldValue::BigInt(digits) => digits.parse().ok().map(FieldValue::Float),
            value @ (FieldValue::Float(_)
            | FieldValue::Null
            | FieldValue::Bool(_)
            | FieldValue::Text(_)
            | FieldValue::List(_)
            | FieldValue::Map(_)) => Some(value),
        },
        _ => None,
    }
}

fn null(text: &str) -> Option<FieldValue> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then_some(FieldValue::Null)
}

fn boolean(text: &str) -> Option<FieldValue> {
    let value = match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => true,
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => false,
        _ => return None,
    };
    Some(FieldValue::Bool(value))
}

fn number(text: &str) -> Option<FieldValue> {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    match digits {
        ".inf" | ".Inf" | ".INF" => {
            let value = if negative {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
            return Some(FieldValue::Float(value));
        }
        _ if matches!(text, ".nan" | ".NaN" | ".NAN") => return Some(FieldValue::Float(f64::NAN)),
        _ => {}
    }
    integer(negative, digits).or_else(|| float(negative, digits))
}

fn integer(negative: bool, digits: &str) -> Option<FieldValue> {
    if digits.contains(':') {
        return sexagesimal(negative, digits);
    }
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'b', ..] => (2, digits.get(2..)?),
        [b'0', b'x', ..] => (16, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let starts_well = radix != 10 || digits.starts_with(|c: char| c.is_ascii_digit());
    if plain.is_empty() || !starts_well || !plain.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    match i64::from_str_radix(&format!("{sign}{plain}"), radix) {
        Ok(value) => Some(FieldValue::Int(value)),
        Err(_) if radix == 10 => Some(FieldValue::BigInt(format!("{sign}{plain}").into())),
        Err(_) => None,
    }
}

/// Digits of base 60 with colons between them, such as `1:30`.
fn sexagesimal(negative: bool, digits: &str) -> Option<FieldValue> {
    let mut value: i64 = 0;
    for (place, part) in digits.split(':').enumerate() {
        let plain: String = part.chars().filter(|c| place > 0 || *c != '_').collect();
        let leads = place > 0 || plain.starts_with(|c: char| matches!(c, '1'..='9'));
        if !leads || plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let part: i64 = plain.parse().ok()?;
        if place > 0 && (part > 59 || plain.len() > 2) {
            return None;
        }
        value = value.checked_mul(60)?.checked_add(part)?;
    }
    Some(FieldValue::Int(if negative { -value } else { value }))
}

/// A number with a point. An exponent has a sign, as YAML 1.1 wants it.
fn float(negative: bool, digits: &str) -> Option<FieldValue> {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let signed = |exponent: &str| {
        let digits = exponent.strip_prefix(['-', '+'])?;
        let good = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        good.then_some(())
    };
    exponent.map_or(Some(()), signed)?;
    let (whole, fraction) = mantissa.split_once('.')?;
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let leads = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let starts_well = if whole.is_empty() {
        leads(fraction)
    } else {
        leads(whole)
    };
    if !starts_well || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let value: f64 = plain.parse().ok()?;
    Some(FieldValue::Float(if negative { -value } else { value }))
}
