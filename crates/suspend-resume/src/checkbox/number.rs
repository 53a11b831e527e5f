//! Delays: whatever Python's `float()` takes.

use super::check::{Checked, Path};
use super::json::{Kind, Value};
use crate::error::Corruption;

/// Reads the delay of the record at `path`, where it has one; in seconds. Number texts with underscores or with digits and blanks beyond ASCII are not
/// read (deviation D14).
pub(super) fn read_delay(delay: Option<Value<'_>>, path: &Path<'_>) -> Result<f64, Corruption> {
    let path = path.index(0);
    let delay = Checked::found(delay, &path)?.some()?;
    let delay = match delay.value.kind() {
        Kind::Bool(value) => f64::from(u8::from(value)),
        Kind::Int(value) => value as f64,
        Kind::Float(value) => value,
        Kind::BigInt(digits) => digits
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .ok_or_else(|| path.corrupted("delay is beyond the range of a float"))?,
        Kind::Text(text) => parse(text)
            .ok_or_else(|| path.corrupted(format!("IOLogRecord has invalid delay {text}")))?,
        Kind::Null | Kind::List(_) | Kind::Object(_) => {
            let type_name = delay.value.type_name();
            return Err(
                path.corrupted(format!("IOLogRecord has invalid delay of type {type_name}"))
            );
        }
    };
    if delay < 0.0 {
        return Err(path.corrupted("delay cannot be negative"));
    }
    Ok(delay)
}

/// A number text. Rust's own parser takes what Python's takes, blanks around it aside.
fn parse(text: &str) -> Option<f64> {
    text.trim_matches([
        '\t', '\n', '\u{b}', '\u{c}', '\r', ' ', '\u{1c}', '\u{1d}', '\u{1e}', '\u{1f}',
    ])
    .parse()
    .ok()
}
