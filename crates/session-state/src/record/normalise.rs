//! From the raw value of a field to its normalised value, and the white space all of it rests on.

pub use crate::job::is_space;

/// The text without white space at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Normalises a raw value.
///
/// With more than one newline in it, lines that hold only white space and a dot lose the dot, the
/// spaces and tabs that all lines begin with are removed, and the whole is trimmed. Any other
/// value is trimmed only.
pub fn normalise(raw: &str) -> String {
    if raw.bytes().filter(|&byte| byte == b'\n').nth(1).is_none() {
        return trim(raw).to_owned();
    }
    let lines: Vec<&str> = raw.split('\n').map(without_lone_dot).collect();
    let margin = common_margin(&lines);
    let mut out = String::with_capacity(raw.len());
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if !is_margin_only(line) {
            out.push_str(line.get(margin..).unwrap_or_default());
        }
    }
    trim(&out).to_owned()
}

fn without_lone_dot(line: &str) -> &str {
    match line.strip_suffix('.') {
        Some(rest) if rest.chars().all(is_space) => rest,
        _ => line,
    }
}

fn is_margin(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

fn is_margin_only(line: &str) -> bool {
    line.bytes().all(is_margin)
}

/// The length in bytes of the longest run of spaces and tabs that every line with text begins with.
fn common_margin(lines: &[&str]) -> usize {
    let mut margins = lines
        .iter()
        .filter(|line| !is_margin_only(line))
        .map(|line| {
            let length = line.bytes().take_while(|&byte| is_margin(byte)).count();
            line.get(..length).unwrap_or_default()
        });
    let Some(first) = margins.next() else {
        return 0;
    };
    margins.fold(first.len(), |length, margin| {
        let common = first
            .bytes()
            .zip(margin.bytes())
            .take_while(|(one, other)| one == other)
            .count();
        length.min(common)
    })
}
