//! Durations as units write them: a number of seconds, or hours, minutes and seconds.

use super::words::is_space;

/// Seconds of a text such as `1.5`, `2h 30m` or `1m:5s`; `None` when it is neither. An empty text is 0.
pub fn parse_duration(text: &str) -> Option<f64> {
    number(text.trim_matches(is_space)).or_else(|| units(text))
}

/// A number as Python's `float` reads it: white space around it, underscores between digits.
fn number(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
    let well_placed = bytes.iter().enumerate().all(|(at, byte)| {
        *byte != b'_'
            || (at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at.saturating_add(1))))
    });
    well_placed.then(|| text.replace('_', ""))?.parse().ok()
}

/// `[Nh][Nm][Ns]` in this order, blanks and colons between.
fn units(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut seconds = 0.0;
    for (unit, factor) in [('h', 3600.0), ('m', 60.0), ('s', 1.0)] {
        let begin = rest.trim_start_matches([' ', ':']);
        let digits = begin
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(begin.len());
        let (count, after) = begin.split_at(digits);
        if let (Ok(count), Some(after)) = (count.parse::<f64>(), after.strip_prefix(unit)) {
            seconds += count * factor;
            rest = after;
        }
    }
    rest.trim_start_matches([' ', ':'])
        .is_empty()
        .then_some(seconds)
}
