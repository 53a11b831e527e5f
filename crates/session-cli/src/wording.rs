//! Times, counts and foreign texts as people read them.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;

use crate::json::ReturnCode;

/// A text on one line, without anything a terminal would obey.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.trim_end().chars() {
        match character {
            '\n' | '\t' => line.push(' '),
            control if control.is_control() => line.extend(control.escape_default()),
            other => line.push(other),
        }
    }
    line
}

/// How much of a command line is shown, in characters.
const COMMAND_CHARS_MAX: usize = 72;

/// A command line on one line of bearable length.
pub(crate) fn command(text: &str) -> String {
    let line = one_line(text);
    match line.char_indices().nth(COMMAND_CHARS_MAX) {
        Some((cut, _)) => format!("{} …", line.get(..cut).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// A duration: `0.12 s`, `14 s`, `3 min 05 s`, `2 h 07 min`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 10 {
        format!("{:.2} s", duration.as_secs_f64())
    } else if seconds < 60 {
        format!("{seconds} s")
    } else if seconds < 3600 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60)
    }
}

/// A duration in seconds, where it is one.
pub(crate) fn seconds(seconds: f64) -> Option<String> {
    Duration::try_from_secs_f64(seconds).ok().map(duration)
}

/// What follows an outcome where a job returned more than 0.
pub(crate) fn exit_code(code: Option<&ReturnCode>) -> String {
    match code {
        Some(ReturnCode::Number(code)) if *code > 0 => format!(", exit code {code}"),
        Some(ReturnCode::Digits(code)) if !code.starts_with('-') => format!(", exit code {code}"),
        Some(ReturnCode::Number(_) | ReturnCode::Digits(_)) | None => String::new(),
    }
}

/// A number of things: `1 job`, `2 jobs`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// A moment as RFC 3339 in UTC, to the second; `None` beyond the years that can be written.
pub(crate) fn moment(at_ns: i128) -> Option<String> {
    let moment = Timestamp::from_nanosecond(at_ns).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// An error with everything that caused it, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
