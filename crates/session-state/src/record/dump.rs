//! A record as text.

use super::normalise::is_space;

/// Writes one record, ended by an empty line.
///
/// A value with a newline goes below its key, each line behind one space, an empty line as a dot.
/// A line that is a single dot is written as two and stays two when it is read again, as in the
/// documented system; every other record that [`LineRule::Stream`](super::LineRule::Stream) read is read back
/// by it as it was. The items of a list are given as one value of lines, each ended by a newline.
pub fn dump<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in fields {
        push_key(&mut out, name);
        if value.contains('\n') {
            out.push('\n');
            push_lines(&mut out, value);
        } else {
            out.push(' ');
            out.push_str(value);
            out.push('\n');
        }
    }
    out.push('\n');
    out
}

/// A key that begins with `#` would be read as a comment at the start of a line.
fn push_key(out: &mut String, name: &str) {
    if name.starts_with('#') {
        out.push('\t');
    }
    out.push_str(name);
    out.push(':');
}

fn push_lines(out: &mut String, value: &str) {
    for line in value.strip_suffix('\n').unwrap_or(value).split('\n') {
        out.push(' ');
        out.push_str(line);
        if line == "." || line.chars().all(is_space) {
            out.push('.');
        }
        out.push('\n');
    }
}
